import type { FailureWords } from '@mynah/adapter-kit'
import { giveUpOrder, intentBits, type IntentName } from './intents.ts'
import { type Dispatch, type Envelope, isDispatch, opcodes } from '../wire/envelope.ts'
import { closeRule, saysWhy } from './close-codes.ts'
import { defined, isRecord } from '../wire/read.ts'

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
  /** Close this connection and make another; `failure` is what an operator is told. */
  | { readonly do: 'reconnect'; readonly delayMs: number; readonly failure?: FailureWords }
  /** The platform is about to close: its code tells more. Give it so long before closing. */
  | { readonly do: 'await-close'; readonly limitMs: number }
  /** Logins are refused again and again; something has to be mended. */
  | { readonly do: 'refused'; readonly failure: FailureWords }
  /** The credentials were refused. */
  | { readonly do: 'renew' }
  | { readonly do: 'dropped-intent'; readonly name: IntentName }
  | { readonly do: 'ignore'; readonly why: string }

/** What is to happen after a connection ended. */
export type AfterClose =
  | { readonly next: 'stop'; readonly failure: FailureWords }
  | {
      readonly next: 'connect'
      readonly delayMs: number
      readonly actions: readonly GatewayAction[]
      /** Why, where the code alone does not say it. */
      readonly failure?: FailureWords
    }

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
/** What is refused for good is tried again all the same, but seldom: somebody may mend it. */
const refusedPauseMs = 60_000
/** The close frame comes right behind op 9. */
const closeLimitMs = 1000
/** A platform that asks for more beats than this is not obeyed, in ms. */
const shortestBeatMs = 1000

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
  /** The op 9 whose close frame is awaited. */
  #invalid: { readonly isResumable: boolean; readonly ofIdentify: boolean } | undefined

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
    this.#invalid = undefined
  }

  /** The Hello that opens every connection did not come. */
  helloMissed(): GatewayAction[] {
    if (this.#phase !== 'opened') return []
    return [this.#reconnect({ reason: 'the gateway does not greet; no Hello came' })]
  }

  /** It is time for a heartbeat. Without the ack of the last one the connection is dead. */
  beat(): GatewayAction[] {
    if (this.#isAckDue)
      return [{ do: 'reconnect', delayMs: 0, failure: { reason: 'the gateway answers no heartbeats' } }]
    this.#isAckDue = true
    return [this.#heartbeat()]
  }

  /**
   * A login could not be sent, for lack of a token for instance.
   *
   * @param failure - Why; left out where an operator was told already.
   */
  loginFailed(failure?: FailureWords): GatewayAction[] {
    return [this.#reconnect(failure)]
  }

  /** The close frame that follows op 9 did not come. */
  closeMissed(): GatewayAction[] {
    const invalid = this.#invalid
    if (invalid === undefined) return []
    this.#invalid = undefined
    const { delayMs, actions, failure } = this.#afterInvalid(invalid)
    return [...actions, { do: 'reconnect', delayMs, ...defined({ failure }) }]
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
    const invalid = this.#invalid
    this.#invalid = undefined
    this.#phase = 'closed'
    this.#isAckDue = false
    this.#quickEnds = opened && openMs < quickMs ? this.#quickEnds + 1 : 0
    if (invalid !== undefined) {
      if (!saysWhy(code)) return this.#afterInvalid(invalid)
      if (!invalid.isResumable) this.#clearSession()
    }
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
    const beat: GatewayAction = { do: 'beat', intervalMs: Math.max(shortestBeatMs, interval) }
    const session = this.#session
    this.#phase = session === undefined ? 'identifying' : 'resuming'
    return [beat, session === undefined ? { do: 'identify' } : { do: 'resume', session }]
  }

  #dispatch(frame: Envelope): GatewayAction[] {
    if (!isDispatch(frame)) return [{ do: 'ignore', why: 'an event without a name' }]
    if (Number.isSafeInteger(frame.s)) this.#advance(frame.s ?? 0)
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
      return this.loginFailed({ reason: 'READY came without session_id' })
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
    this.#invalid = { isResumable, ofIdentify: this.#phase === 'identifying' }
    return [{ do: 'await-close', limitMs: closeLimitMs }]
  }

  /** What op 9 means by itself, where no code says more. */
  #afterInvalid({
    isResumable,
    ofIdentify,
  }: {
    readonly isResumable: boolean
    readonly ofIdentify: boolean
  }): Extract<AfterClose, { next: 'connect' }> {
    if (ofIdentify) return this.#identifyRefused()
    if (isResumable) return { next: 'connect', delayMs: this.#nextDelay(), actions: [] }
    this.#clearSession()
    this.#failures += 1
    return { next: 'connect', delayMs: newSessionPauseMs, actions: [] }
  }

  /**
   * Credentials, shard or intents are not right, or the platform cannot do it now, which op 9 does not tell: once
   * more with a new token, then with fewer intents or less often.
   */
  #identifyRefused(): Extract<AfterClose, { next: 'connect' }> {
    this.#clearSession()
    this.#identifyRefusals += 1
    const failure = { reason: 'the gateway refuses the login (op 9)', hint: this.#describeIntents() }
    const renew: GatewayAction = { do: 'renew' }
    if (this.#identifyRefusals === 1) {
      return { next: 'connect', delayMs: newSessionPauseMs, actions: [renew], failure }
    }
    const dropped = this.#dropIntent()
    if (dropped !== undefined) {
      return { next: 'connect', delayMs: newSessionPauseMs, actions: [dropped], failure }
    }
    return { next: 'connect', delayMs: this.#nextDelay(), actions: [renew], failure }
  }

  #intentsRefused(code: number, why: string): AfterClose {
    this.#clearSession()
    const dropped = this.#dropIntent()
    if (dropped === undefined) return stop(code, why, this.#describeIntents())
    return { next: 'connect', delayMs: newSessionPauseMs, actions: [dropped] }
  }

  #authFailed(code: number): AfterClose {
    this.#authFailures += 1
    const failure = {
      reason: `the gateway refuses the credentials (close code ${code})`,
      hint: 'check appId and secret',
    }
    const actions: GatewayAction[] = [{ do: 'renew' }]
    if (this.#authFailures < authFailureLimit) {
      return { next: 'connect', delayMs: this.#nextDelay(), actions, failure }
    }
    return {
      next: 'connect',
      delayMs: refusedPauseMs,
      actions: [...actions, { do: 'refused', failure }],
      failure,
    }
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
    return `the login asked for ${names} (${intentBits(this.#intents)}): apply for them in the console or take them out of intents`
  }

  #clearSession(): void {
    this.#session = undefined
    this.#sequence = undefined
  }

  #heartbeat(): GatewayAction {
    return { do: 'send', frame: { op: opcodes.heartbeat, d: this.#sequence ?? null } }
  }

  #reconnect(failure: FailureWords | undefined): GatewayAction {
    return { do: 'reconnect', delayMs: this.#nextDelay(), ...defined({ failure }) }
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

function stop(code: number, why: string, hint?: string): AfterClose {
  const failure = { reason: `the gateway refuses the bot (close code ${code}): ${why}` }
  return { next: 'stop', failure: { ...failure, ...defined({ hint }) } }
}
