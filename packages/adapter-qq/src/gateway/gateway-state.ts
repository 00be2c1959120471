import { MynahError } from '@mynah/core'
import { giveUpOrder, intentBits, type IntentName } from '../intents.ts'
import { type Dispatch, type Envelope, isDispatch, isRecord, opcodes } from '../wire/envelope.ts'
import { closeRule } from './close-codes.ts'

/** What a session is continued with. */
export interface GatewaySession {
  readonly sessionId: string
  /** Sequence of the last event that was taken. */
  readonly seq: number
}

/** What the driver has to do, in order. */
export type GatewayAction =
  | { readonly do: 'identify' }
  | { readonly do: 'resume'; readonly session: GatewaySession }
  | { readonly do: 'send'; readonly frame: Envelope }
  /** Beat so often, from now on. */
  | { readonly do: 'beat'; readonly intervalMs: number }
  | { readonly do: 'event'; readonly envelope: Dispatch }
  | { readonly do: 'online'; readonly isResumed: boolean }
  /** Close this connection and make another; `resumable` keeps the platform from ending the session. */
  | { readonly do: 'reconnect'; readonly delayMs: number }
  /** The credentials were refused. */
  | { readonly do: 'renew' }
  | { readonly do: 'dropped-intent'; readonly name: IntentName }
  | { readonly do: 'stop'; readonly error: MynahError }
  | { readonly do: 'ignore'; readonly why: string }

/** What is to happen after a connection ended. */
export type AfterClose =
  | { readonly next: 'stop'; readonly error: MynahError }
  | { readonly next: 'connect'; readonly delayMs: number; readonly actions: readonly GatewayAction[] }

/** How a connection ended. */
export interface Ended {
  readonly code: number
  readonly opened: boolean
  readonly openMs: number
}

/** Options of a {@link GatewayState}. */
export interface GatewayStateOptions {
  readonly intents: readonly IntentName[]
  /** Whether refused intents are given up one by one. */
  readonly dropRefusedIntents: boolean
  /** A session of an earlier run. */
  readonly session?: GatewaySession | undefined
  /** A number in [0, 1). @defaultValue Math.random */
  readonly random?: () => number
}

type Phase = 'closed' | 'opened' | 'identifying' | 'resuming' | 'online'

const backoffMs = [1000, 2000, 5000, 10_000, 30_000, 60_000]
const jitter = 0.2
const quickMs = 5000
const quickLimit = 3
const quickPauseMs = 60_000
const newSessionPauseMs = 3000
const authFailureLimit = 3

/**
 * What one gateway connection does next (official docs: "WebSocket"). Knows no socket, no timer and no token:
 * frames and ends go in, actions come out.
 */
export class GatewayState {
  readonly #dropRefusedIntents: boolean
  readonly #random: () => number
  #intents: readonly IntentName[]
  #session: GatewaySession | undefined
  #sequence: number | undefined
  #phase: Phase = 'closed'
  #isAckDue = false
  /** Failures since the last READY or RESUMED. */
  #failures = 0
  #quickEnds = 0
  #authFailures = 0
  #identifyRefusals = 0

  constructor(options: GatewayStateOptions) {
    this.#intents = options.intents
    this.#dropRefusedIntents = options.dropRefusedIntents
    this.#session = options.session
    this.#sequence = options.session?.seq
    this.#random = options.random ?? Math.random
  }

  get phase(): Phase {
    return this.#phase
  }

  /** The intents that are asked for. */
  get intents(): readonly IntentName[] {
    return this.#intents
  }

  /** What the session could be continued with now. */
  get session(): GatewaySession | undefined {
    return this.#session
  }

  /** A connection was made; the platform speaks first. */
  opened(): void {
    this.#phase = 'opened'
    this.#isAckDue = false
  }

  /** The Hello that opens every connection did not come. */
  helloMissed(): GatewayAction[] {
    if (this.#phase !== 'opened') return []
    return [{ do: 'reconnect', delayMs: this.#nextDelay() }]
  }

  /** It is time for a heartbeat. Without the ack of the last one the connection is dead. */
  beat(): GatewayAction[] {
    if (this.#isAckDue) return [{ do: 'reconnect', delayMs: 0 }]
    this.#isAckDue = true
    return [this.#heartbeat()]
  }

  /** A login could not be sent, for lack of a token for instance. */
  loginFailed(): GatewayAction[] {
    return [{ do: 'reconnect', delayMs: this.#nextDelay() }]
  }

  /** A frame came in. */
  frame(frame: Envelope): GatewayAction[] {
    switch (frame.op) {
      case opcodes.dispatch:
        return this.#dispatch(frame)
      case opcodes.heartbeat:
        return [this.#heartbeat()]
      case opcodes.reconnect:
        return [{ do: 'reconnect', delayMs: 0 }]
      case opcodes.invalidSession:
        return this.#invalidSession(frame.d === true)
      case opcodes.hello:
        return this.#hello(frame.d)
      case opcodes.heartbeatAck:
        this.#isAckDue = false
        return []
      default:
        return [{ do: 'ignore', why: `opcode ${frame.op}` }]
    }
  }

  /** A connection, or the attempt to make one, ended. */
  closed({ code, opened, openMs }: Ended): AfterClose {
    this.#phase = 'closed'
    this.#isAckDue = false
    this.#quickEnds = opened && openMs < quickMs ? this.#quickEnds + 1 : 0
    const rule = closeRule(code)
    if ('stop' in rule) return stop(code, rule.stop)
    if ('intents' in rule) return this.#intentsRefused(code, rule.intents)
    if (rule.session === 'clear') this.#clearSession()
    if (rule.isAuthFailure === true) return this.#authFailed(code)
    const delayMs = rule.wait === 'backoff' ? this.#nextDelay() : rule.wait
    return { next: 'connect', delayMs, actions: [] }
  }

  #hello(d: unknown): GatewayAction[] {
    const interval = isRecord(d) ? Number(d['heartbeat_interval']) : Number.NaN
    if (!(interval > 0)) return [{ do: 'ignore', why: 'a Hello without heartbeat_interval' }]
    const beat: GatewayAction = { do: 'beat', intervalMs: interval }
    const session = this.#session
    this.#phase = session === undefined ? 'identifying' : 'resuming'
    return [beat, session === undefined ? { do: 'identify' } : { do: 'resume', session }]
  }

  #dispatch(frame: Envelope): GatewayAction[] {
    if (!isDispatch(frame)) return [{ do: 'ignore', why: 'an event without a name' }]
    if (typeof frame.s === 'number') this.#advance(frame.s)
    const event: GatewayAction = { do: 'event', envelope: frame }
    if (frame.t === 'READY') return [...this.#ready(frame), event]
    if (frame.t === 'RESUMED') return [this.#online(true), event]
    return [event]
  }

  #advance(sequence: number): void {
    this.#sequence = sequence
    if (this.#session !== undefined) this.#session = { ...this.#session, seq: sequence }
  }

  #ready({ s = 0, d }: Dispatch): GatewayAction[] {
    const id = isRecord(d) ? d['session_id'] : undefined
    if (typeof id !== 'string' || id === '') {
      return [{ do: 'ignore', why: 'READY without session_id' }, ...this.loginFailed()]
    }
    this.#session = { sessionId: id, seq: s }
    return [this.#online(false)]
  }

  #online(isResumed: boolean): GatewayAction {
    this.#phase = 'online'
    this.#failures = 0
    this.#authFailures = 0
    this.#identifyRefusals = 0
    return { do: 'online', isResumed }
  }

  #invalidSession(isResumable: boolean): GatewayAction[] {
    if (this.#phase === 'identifying') return this.#identifyRefused()
    if (isResumable) return [{ do: 'reconnect', delayMs: this.#nextDelay() }]
    this.#clearSession()
    this.#failures += 1
    return [{ do: 'reconnect', delayMs: newSessionPauseMs }]
  }

  /** Credentials, shard or intents are not right: once more with a new token, then with fewer intents or not. */
  #identifyRefused(): GatewayAction[] {
    this.#clearSession()
    this.#identifyRefusals += 1
    if (this.#identifyRefusals === 1) {
      return [{ do: 'renew' }, { do: 'reconnect', delayMs: newSessionPauseMs }]
    }
    const dropped = this.#dropIntent()
    if (dropped !== undefined) return [dropped, { do: 'reconnect', delayMs: newSessionPauseMs }]
    return [{ do: 'stop', error: refusal('op 9', `the login was refused; ${this.#describeIntents()}`) }]
  }

  #intentsRefused(code: number, why: string): AfterClose {
    this.#clearSession()
    const dropped = this.#dropIntent()
    if (dropped === undefined) return stop(code, `${why}; ${this.#describeIntents()}`)
    return { next: 'connect', delayMs: newSessionPauseMs, actions: [dropped] }
  }

  #authFailed(code: number): AfterClose {
    this.#authFailures += 1
    if (this.#authFailures >= authFailureLimit) {
      return stop(code, 'the credentials were refused three times; check appId and secret')
    }
    return { next: 'connect', delayMs: this.#nextDelay(), actions: [{ do: 'renew' }] }
  }

  #dropIntent(): GatewayAction | undefined {
    if (!this.#dropRefusedIntents) return undefined
    const name = giveUpOrder.find((candidate) => this.#intents.includes(candidate))
    if (name === undefined || this.#intents.length === 1) return undefined
    this.#intents = this.#intents.filter((candidate) => candidate !== name)
    return { do: 'dropped-intent', name }
  }

  #describeIntents(): string {
    const names = this.#intents.join(', ')
    return `asked for ${names} (${intentBits(this.#intents)}); apply for them in the console or remove them from the config`
  }

  #clearSession(): void {
    this.#session = undefined
    this.#sequence = undefined
  }

  #heartbeat(): GatewayAction {
    return { do: 'send', frame: { op: opcodes.heartbeat, d: this.#sequence ?? null } }
  }

  #nextDelay(): number {
    const step = backoffMs[Math.min(this.#failures, backoffMs.length - 1)] ?? 0
    this.#failures += 1
    if (this.#quickEnds >= quickLimit) {
      this.#quickEnds = 0
      return quickPauseMs
    }
    return Math.round(step * (1 - jitter + 2 * jitter * this.#random()))
  }
}

function refusal(what: string, why: string): MynahError {
  return new MynahError('CONNECTION_CLOSED', `The gateway will not take the bot back (${what}): ${why}.`)
}

function stop(code: number, why: string): AfterClose {
  return { next: 'stop', error: refusal(`close code ${code}`, why) }
}
