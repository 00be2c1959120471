import {
  defined,
  doFirst,
  type FailureWords,
  type GatewayInput,
  type GatewayMachine,
  gatewayStep as step,
  isRecord,
  type SocketClose,
} from '@mynah/adapter-kit'
import { type Envelope, isDispatch, opcodes } from '../wire/envelope.ts'
import { closeRule, saysWhy, tooManyGuilds } from './close-codes.ts'
import type { Action, GatewayNote, GatewaySession, GatewayState, GatewayTask, Step } from './gateway-state.ts'
import { giveUpOrder, intentBits, type IntentName } from './intents.ts'

/** Options of a {@link QQGatewayMachine}. */
export interface GatewayMachineOptions {
  /** The intents that are asked for. */
  readonly intents: readonly IntentName[]
  /** Whether refused intents are given up one by one. */
  readonly dropRefusedIntents: boolean
  /** A session of an earlier run. */
  readonly session?: GatewaySession | undefined
  /** A number in [0, 1). @defaultValue Math.random */
  readonly random?: () => number
}

const helloLimitMs = 30_000
const backoffMs = [1000, 2000, 5000, 10_000, 30_000, 60_000]
const jitter = 0.2
const quickMs = 5000
const quickLimit = 3
const quickPauseMs = 60_000
const newSessionPauseMs = 3000
const authFailureLimit = 3
/** What is refused for good is tried again all the same, but seldom: somebody may mend it. */
const refusedPauseMs = 60_000
/** The close frame comes right behind op 9. */
const closeLimitMs = 1000
/** A platform that asks for more beats than this is not obeyed, in ms. */
const shortestBeatMs = 1000

/** The next connection is made when there is room. */
const full = { reason: 'too many events wait to be handled; the platform sends the others again later' }

const perform = (action: GatewayTask): Action => ({ do: 'perform', action })
const renew = perform({ task: 'renew' })

/** What one gateway connection does next (official docs: "WebSocket"). */
export class QQGatewayMachine implements GatewayMachine<GatewayState, Envelope, GatewayNote, GatewayTask> {
  /** Before the first connection. */
  readonly initial: GatewayState
  readonly #dropRefusedIntents: boolean
  readonly #random: () => number

  constructor({ intents, session, dropRefusedIntents, random = Math.random }: GatewayMachineOptions) {
    this.initial = {
      phase: 'closed',
      intents,
      session,
      beatMs: 0,
      isAckDue: false,
      failures: 0,
      quickEnds: 0,
      authFailures: 0,
      identifyRefusals: 0,
      invalid: undefined,
    }
    this.#dropRefusedIntents = dropRefusedIntents
    this.#random = random
  }

  /** What comes next. */
  step(state: GatewayState, input: GatewayInput<Envelope, GatewayNote>): Step {
    const next = this.#next(state, input)
    const { session } = next.state
    return session?.sessionId === state.session?.sessionId
      ? next
      : doFirst(perform({ task: 'session', id: session?.sessionId }), next)
  }

  #next(state: GatewayState, input: GatewayInput<Envelope, GatewayNote>): Step {
    switch (input.on) {
      case 'connecting':
        return step(state)
      case 'opened':
        return step(
          { ...state, phase: 'opened', isAckDue: false, invalid: undefined },
          wait('hello', helloLimitMs),
        )
      case 'frame':
        return this.#frame(state, input.frame)
      case 'timer':
        return this.#timer(state, input.timer)
      case 'note':
        return this.#note(state, input.note)
      case 'closed':
        break
    }
    return this.#closed(state, input.close)
  }

  #timer(state: GatewayState, timer: string): Step {
    if (timer === 'hello')
      return this.#reconnect(state, { reason: 'the gateway does not greet; no Hello came' })
    if (timer === 'close')
      return state.invalid === undefined ? step(state) : this.#afterInvalid(state, state.invalid)
    if (state.isAckDue) return step(state, again(0, { reason: 'the gateway answers no heartbeats' }))
    return step({ ...state, isAckDue: true }, heartbeat(state), wait('beat', state.beatMs))
  }

  #note(state: GatewayState, note: GatewayNote): Step {
    if ('full' in note) return step(state, again(0, full))
    if ('loginFailed' in note) return this.#reconnect(state, note.loginFailed)
    const { session } = state
    // What comes again after a resumption may be behind what was taken meanwhile.
    const isAhead = session?.sessionId === note.sessionId && note.taken > (session?.seq ?? Infinity)
    if (session === undefined || !isAhead || !Number.isSafeInteger(note.taken)) return step(state)
    return step({ ...state, session: { ...session, seq: note.taken } })
  }

  #frame(state: GatewayState, frame: Envelope): Step {
    switch (frame.op) {
      case opcodes.dispatch:
        return this.#dispatch(state, frame)
      case opcodes.heartbeat:
        return step(state, heartbeat(state))
      case opcodes.reconnect:
        return step(state, again(0))
      case opcodes.invalidSession: {
        const invalid = { isResumable: frame.d === true, ofIdentify: state.phase === 'identifying' }
        return step({ ...state, invalid }, wait('close', closeLimitMs))
      }
      case opcodes.hello:
        return this.#hello(state, frame.d)
      case opcodes.heartbeatAck:
        return step({ ...state, isAckDue: false })
      default:
        return ignore(state, `opcode ${frame.op}`)
    }
  }

  #hello(state: GatewayState, d: unknown): Step {
    const interval = isRecord(d) ? Number(d['heartbeat_interval']) : Number.NaN
    if (!(interval > 0)) return ignore(state, 'a Hello without heartbeat_interval')
    const { session, intents } = state
    const beatMs = Math.max(shortestBeatMs, interval)
    return step(
      { ...state, beatMs, phase: session === undefined ? 'identifying' : 'resuming' },
      { do: 'cancel', timer: 'hello' },
      wait('beat', beatMs),
      perform({ task: 'login', session, intents }),
    )
  }

  #dispatch(state: GatewayState, frame: Envelope): Step {
    if (!isDispatch(frame)) return ignore(state, 'an event without a name')
    const event = perform({ task: 'event', envelope: frame })
    if (frame.t === 'RESUMED') return step(online(state), { do: 'online' }, event)
    if (frame.t !== 'READY') return step(state, event)
    const sessionId = isRecord(frame.d) ? frame.d['session_id'] : undefined
    if (typeof sessionId !== 'string' || sessionId === '') {
      const { state: after, actions } = this.#reconnect(state, { reason: 'READY came without session_id' })
      return step(after, ...actions, event)
    }
    const session = { sessionId, seq: frame.s ?? 0 }
    return step({ ...online(state), session }, { do: 'online' }, event)
  }

  #closed(before: GatewayState, { code, opened, openMs, error }: SocketClose): Step {
    const { invalid } = before
    const quickEnds = opened && openMs < quickMs ? before.quickEnds + 1 : 0
    let state: GatewayState = { ...before, phase: 'closed', isAckDue: false, invalid: undefined, quickEnds }
    if (invalid !== undefined) {
      if (!saysWhy(code)) return this.#afterInvalid(state, invalid)
      if (!invalid.isResumable) state = forget(state)
    }
    const rule = closeRule(code)
    if ('stop' in rule) return stop(state, code, rule.stop)
    if ('intents' in rule) return this.#intentsRefused(forget(state), code, rule.intents)
    if (rule.session === 'clear') state = forget(state)
    if (rule.isAuthFailure === true) return this.#authFailed(state, code)
    // Where to connect is not told to credentials that are refused; they are tried again, but seldom.
    const isRefused = error?.code === 'AUTH_FAILED' && !error.retriable
    const waitMs = isRefused ? refusedPauseMs : rule.wait
    return waitMs === 'backoff' ? this.#reconnect(state) : step(state, again(waitMs))
  }

  /** What op 9 means by itself, where no code says more. */
  #afterInvalid(before: GatewayState, invalid: NonNullable<GatewayState['invalid']>): Step {
    const state: GatewayState = { ...before, invalid: undefined }
    if (invalid.ofIdentify) return this.#identifyRefused(forget(state))
    if (invalid.isResumable) return this.#reconnect(state)
    return step({ ...forget(state), failures: state.failures + 1 }, again(newSessionPauseMs))
  }

  /**
   * Credentials, shard or intents are not right, or the platform cannot do it now, which op 9 does not tell: once
   * more with a new token, then with fewer intents or less often.
   */
  #identifyRefused(before: GatewayState): Step {
    const state = { ...before, identifyRefusals: before.identifyRefusals + 1 }
    const failure = { reason: 'the gateway refuses the login (op 9)', hint: describeIntents(state) }
    if (state.identifyRefusals === 1) return step(state, renew, again(newSessionPauseMs, failure))
    const name = this.#intentToDrop(state)
    if (name !== undefined) return dropIntent(state, name, again(newSessionPauseMs, failure))
    return doFirst(renew, this.#reconnect(state, failure))
  }

  #intentsRefused(state: GatewayState, code: number, why: string): Step {
    const name = this.#intentToDrop(state)
    if (name !== undefined) return dropIntent(state, name, again(newSessionPauseMs))
    return stop(state, code, why, describeIntents(state))
  }

  #authFailed(before: GatewayState, code: number): Step {
    const state = { ...before, authFailures: before.authFailures + 1 }
    const failure = {
      reason: `the gateway refuses the credentials (close code ${code})`,
      hint: 'check appId and secret',
    }
    if (state.authFailures < authFailureLimit) return doFirst(renew, this.#reconnect(state, failure))
    return step(state, renew, perform({ task: 'refused', failure }), again(refusedPauseMs, failure))
  }

  #intentToDrop({ intents }: GatewayState): IntentName | undefined {
    if (!this.#dropRefusedIntents || intents.length === 1) return undefined
    return giveUpOrder.find((name) => intents.includes(name))
  }

  /** Connects again, later each time. */
  #reconnect(state: GatewayState, failure?: FailureWords): Step {
    const failures = state.failures + 1
    if (state.quickEnds >= quickLimit)
      return step({ ...state, failures, quickEnds: 0 }, again(quickPauseMs, failure))
    const pauseMs = backoffMs[Math.min(state.failures, backoffMs.length - 1)] ?? 0
    const delayMs = Math.round(pauseMs * (1 - jitter + 2 * jitter * this.#random()))
    return step({ ...state, failures }, again(delayMs, failure))
  }
}

const again = (delayMs: number, failure?: FailureWords): Action => ({
  do: 'connect',
  mode: 'resume',
  delayMs,
  ...defined({ failure }),
})

const wait = (timer: string, delayMs: number): Action => ({ do: 'wait', timer, delayMs })

const ignore = (state: GatewayState, why: string): Step => step(state, perform({ task: 'ignore', why }))

const heartbeat = ({ session }: GatewayState): Action => ({
  do: 'send',
  data: JSON.stringify({ op: opcodes.heartbeat, d: session?.seq ?? null }),
})

const forget = (state: GatewayState): GatewayState => ({ ...state, session: undefined })

const online = (state: GatewayState): GatewayState => ({
  ...state,
  phase: 'online',
  failures: 0,
  authFailures: 0,
  identifyRefusals: 0,
})

function dropIntent(state: GatewayState, name: IntentName, then: Action): Step {
  const intents = state.intents.filter((other) => other !== name)
  return step({ ...state, intents }, perform({ task: 'dropped-intent', name }), then)
}

function describeIntents({ intents }: GatewayState): string {
  return `the login asked for ${intents.join(', ')} (${intentBits(intents)}): apply for them in the console or take them out of intents`
}

function stop(state: GatewayState, code: number, why: string, hint?: string): Step {
  const failure = { reason: `the gateway refuses the bot (close code ${code}): ${why}`, ...defined({ hint }) }
  const told: Action[] = code === tooManyGuilds ? [perform({ task: 'too-many-guilds' })] : []
  return step(state, ...told, { do: 'stop', failure })
}
