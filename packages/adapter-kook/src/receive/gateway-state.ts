import {
  type ConnectMode,
  doFirst,
  type GatewayAction,
  type GatewayInput,
  type GatewayMachine,
  gatewayStep as step,
  type GatewayStep,
  isRecord,
  readText,
} from '@mynah/adapter-kit'

import { tokenHint } from '../errors.ts'
import { type KookFrame, signals } from '../wire/frames.ts'

/**
 * Where a connection stands, in the words of the platform's documentation (section "连接流程" of "Websocket"):
 * `init` a gateway is asked for, `gateway` its URL is known, `greeting` the socket is open and HELLO is due,
 * `connected`, `retrying` a PONG was missed, `resuming` the link is dead and its session is not.
 */
export type GatewayPhase = 'init' | 'gateway' | 'greeting' | 'connected' | 'retrying' | 'resuming'

/** What is known between two steps. */
export interface GatewayState {
  /** Where the connection stands. */
  readonly phase: GatewayPhase
  /** The session that may be resumed. */
  readonly sessionId: string | undefined
  /** Whether the connection being made continues the session. */
  readonly isResume: boolean
  /** Whether a PONG is due. */
  readonly awaitsPong: boolean
  /** Fruitless rounds since a connection last proved good; they make the pauses longer. */
  readonly rounds: number
  /** Tries to connect to the gateway that is known. */
  readonly connectTries: number
  /** Pings that stayed unanswered. */
  readonly pingTries: number
  /** Tries to resume the session. */
  readonly resumeTries: number
}

/** What the receiving side tells: a gateway is known, there is room for events again, an event never came. */
export type GatewayNote = 'found' | 'room' | { readonly missing: number }

/** What only the receiving side can do. */
export type GatewayTask =
  /** Take an event. */
  | { readonly event: KookFrame }
  /** A session began, or cannot be continued. */
  | { readonly session: string | undefined }
  /** What was missed has come. */
  | 'resumed'
  /** Ping with the number of the last event that was taken. */
  | 'ping'
  /** The numbers of events begin again. */
  | 'forget'
  /** Tell that the token was refused. */
  | 'refused'

/** Settings of the {@link gatewayMachine}. */
export interface GatewayMachineOptions {
  /** A session of an earlier run, which the first connection is to continue. */
  readonly sessionId?: string | undefined
  /** A number in [0, 1). @defaultValue Math.random */
  readonly random?: (() => number) | undefined
  /** Renew a connection after so many ms; never when absent. */
  readonly maxAgeMs?: number | undefined
}

type Action = GatewayAction<GatewayTask>
type Step = GatewayStep<GatewayState, GatewayTask>

const helloLimitMs = 6000
const pongLimitMs = 6000
const pingEveryMs = 30_000
const pingJitterMs = 5000
const refusedPauseMs = 6000
const maxPauseMs = 60_000
/** Waits before another try: to connect to a gateway, to ping again, to resume. */
const connectDelaysMs = [2000, 4000]
const pingDelaysMs = [2000, 4000]
const resumeDelaysMs = [8000, 16_000]

const credentialCodes = new Set([40_101, 40_102])

const initial: GatewayState = {
  phase: 'init',
  sessionId: undefined,
  isResume: false,
  awaitsPong: false,
  rounds: 0,
  connectTries: 0,
  pingTries: 0,
  resumeTries: 0,
}

const perform = (action: GatewayTask): Action => ({ do: 'perform', action })
const wait = (delayMs: number): Action => ({ do: 'wait', timer: 'next', delayMs })

/**
 * The rules of a connection to the gateway: what to wait for, when to ping, when to give up, and whether the
 * session goes on.
 *
 * @see KOOK developer documentation, "Websocket".
 */
export function gatewayMachine({
  random = Math.random,
  maxAgeMs,
  sessionId: oldId,
}: GatewayMachineOptions): GatewayMachine<GatewayState, KookFrame, GatewayNote, GatewayTask> {
  const pingWait = (): Action => wait(pingEveryMs + Math.round((random() * 2 - 1) * pingJitterMs))
  const age = (delayMs: number): Action => ({ do: 'wait', timer: 'age', delayMs })

  const connected = (state: GatewayState, ...actions: readonly Action[]): Step =>
    step(
      {
        ...state,
        phase: 'connected',
        awaitsPong: false,
        pingTries: 0,
        resumeTries: state.isResume ? state.resumeTries : 0,
      },
      ...actions,
      pingWait(),
    )

  const onFrame = (state: GatewayState, frame: KookFrame): Step => {
    const data = isRecord(frame.d) ? frame.d : {}
    const sessionId = sessionIdIn(data) ?? state.sessionId
    const isConnected = state.phase === 'connected' || state.phase === 'retrying'
    switch (frame.s) {
      case signals.event:
        return step(state, perform({ event: frame }))
      case signals.hello: {
        if (state.phase !== 'greeting') return step(state)
        const { code = 0 } = data
        if (code !== 0) return refusedHello(state, Number(code))
        const greeted = connected({ ...state, sessionId, connectTries: 0 }, { do: 'online' })
        return state.isResume ? greeted : doFirst(perform('forget'), greeted)
      }
      case signals.pong:
        if (!state.awaitsPong && state.phase !== 'retrying') return step(state)
        return connected({ ...state, rounds: 0, isResume: false })
      case signals.resumeAck: {
        const resumed = { ...state, sessionId, isResume: false }
        return doFirst(perform('resumed'), isConnected ? connected(resumed) : step(resumed))
      }
      case signals.reconnect: {
        const { code } = data
        return restart(state, `the server asked for it${typeof code === 'number' ? ` (${code})` : ''}`)
      }
      default:
        return step(state)
    }
  }

  const onTimer = (state: GatewayState, timer: string): Step => {
    if (timer === 'age') {
      if (state.phase !== 'connected') return step(state, age(pingEveryMs))
      return step(state, { do: 'connect', mode: 'resume', delayMs: 0 })
    }
    if (state.phase === 'greeting') return lost(state, 'no HELLO came within 6 s')
    if (state.phase !== 'connected' && state.phase !== 'retrying') return step(state)
    if (!state.awaitsPong) return ping(state)
    const delayMs = pingDelaysMs[state.pingTries]
    if (delayMs === undefined) return lost(state, 'no PONG came')
    const retrying: GatewayState = { ...state, phase: 'retrying', awaitsPong: false }
    return step({ ...retrying, pingTries: state.pingTries + 1 }, wait(delayMs))
  }

  const onNote = (state: GatewayState, note: GatewayNote): Step => {
    if (note === 'found') return step(state.phase === 'init' ? { ...state, phase: 'gateway' } : state)
    if (note === 'room') return state.phase === 'connected' && !state.awaitsPong ? ping(state) : step(state)
    return restart(state, `event ${note.missing} is missing`)
  }

  const next = (state: GatewayState, input: GatewayInput<KookFrame, GatewayNote>): Step => {
    switch (input.on) {
      case 'connecting':
        return step(connecting(state, input.mode))
      case 'opened':
        return step(
          { ...state, phase: 'greeting' },
          wait(helloLimitMs),
          ...(maxAgeMs === undefined ? [] : [age(maxAgeMs)]),
        )
      case 'frame':
        return onFrame(state, input.frame)
      case 'timer':
        return onTimer(state, input.timer)
      case 'note':
        return onNote(state, input.note)
      case 'closed':
        break
    }
    return closed(state, input.close.opened)
  }

  return {
    initial: oldId === undefined ? initial : { ...initial, phase: 'resuming', sessionId: oldId },
    step(state, input): Step {
      const after = next(state, input)
      const { sessionId: session } = after.state
      return session === state.sessionId ? after : step(after.state, ...after.actions, perform({ session }))
    },
  }
}

function connecting(state: GatewayState, mode: ConnectMode): GatewayState {
  const isResume = (mode === 'resume' || state.phase === 'resuming') && state.sessionId !== undefined
  const phase = isResume ? 'resuming' : state.phase === 'gateway' ? 'gateway' : 'init'
  return { ...state, isResume, phase, awaitsPong: false }
}

/** The connection, or the attempt to make one, ended without our doing. */
function closed(state: GatewayState, wasOpen: boolean): Step {
  if (wasOpen) return lost(state)
  if (state.isResume) return resume(state)
  const delayMs = state.phase === 'gateway' ? connectDelaysMs[state.connectTries] : undefined
  if (delayMs === undefined) return fresh(state)
  const next = { ...state, awaitsPong: false, connectTries: state.connectTries + 1 }
  return step(next, { do: 'connect', mode: 'fresh', delayMs })
}

function ping(state: GatewayState): Step {
  return step({ ...state, awaitsPong: true }, perform('ping'), wait(pongLimitMs))
}

/** The server asks for a new session, or the events cannot be put in order. */
function restart(state: GatewayState, reason?: string): Step {
  return doFirst(perform('forget'), fresh(state, reason))
}

function refusedHello(state: GatewayState, code: number): Step {
  const isRefused = credentialCodes.has(code)
  const { state: next, actions } = lost(state, `HELLO with code ${code}`)
  const failure = { reason: `the gateway refused the token (code ${code})`, hint: tokenHint }
  const paused = actions.map((action) =>
    action.do === 'connect'
      ? { ...action, delayMs: Math.max(action.delayMs, refusedPauseMs), ...(isRefused && { failure }) }
      : action,
  )
  return step(next, ...paused, ...(isRefused ? [perform('refused')] : []))
}

/** An open connection is of no use any more. */
function lost(state: GatewayState, reason?: string): Step {
  const wasGreeted = state.phase === 'connected' || state.phase === 'retrying'
  const canResume = state.sessionId !== undefined && (wasGreeted || state.isResume)
  return canResume ? resume(state, reason) : fresh(state, reason)
}

function resume(state: GatewayState, reason?: string): Step {
  const delayMs = resumeDelaysMs[state.resumeTries]
  if (delayMs === undefined) return restart(state, reason)
  const next: GatewayState = { ...state, phase: 'resuming', awaitsPong: false }
  return step({ ...next, resumeTries: state.resumeTries + 1 }, connect('resume', delayMs, reason))
}

/** From the beginning, at once the first time, then with pauses of 1, 2, 4 … 60 s. */
function fresh({ rounds }: GatewayState, reason?: string): Step {
  const delayMs = rounds === 0 ? 0 : Math.min(maxPauseMs, 1000 * 2 ** (rounds - 1))
  return step({ ...initial, rounds: Math.min(rounds + 1, 10) }, connect('fresh', delayMs, reason))
}

function connect(mode: ConnectMode, delayMs: number, reason: string | undefined): Action {
  return { do: 'connect', mode, delayMs, ...(reason !== undefined && { failure: { reason } }) }
}

/** Real frames bear both names. */
function sessionIdIn(data: Readonly<Record<string, unknown>>): string | undefined {
  return readText(data['session_id'] ?? data['sessionId'])
}
