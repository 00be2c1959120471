import type { ConnectMode } from '@mynah/adapter-kit'

/**
 * Where a connection stands, in the words of the platform's documentation (section "连接流程" of "Websocket"):
 * `init` a gateway is asked for, `gateway` its URL is known, `greeting` the socket is open and HELLO is due,
 * `connected`, `retrying` a PONG was missed, `resuming` the link is dead and its session is not.
 */
export type GatewayPhase = 'init' | 'gateway' | 'greeting' | 'connected' | 'retrying' | 'resuming'

/** When and how the next connection is made. */
export interface Reconnection {
  /** Whether the session goes on. */
  readonly mode: ConnectMode
  /** The wait before it, in ms. */
  readonly delayMs: number
}

/** Another connection takes the place of this one. */
export interface Replacement extends Reconnection {
  /** In words for an operator. */
  readonly why: string
  /** Nothing is wrong with this connection. */
  readonly isPlanned?: true
}

/** What is to be done now; what is absent stays as it is. */
export interface GatewayStep {
  /** Wait so long for what comes next; the step replaces the timer that runs. */
  readonly timerMs?: number
  readonly ping?: true
  /** Close this connection and make another. */
  readonly close?: Replacement
  /** The session is good: HELLO, or the end of a resume. */
  readonly greeted?: true
  /** The numbers of events begin again. */
  readonly forget?: true
  /** The credentials were refused with this code. */
  readonly refused?: number
}

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

/**
 * The rules of a connection to the gateway: what to wait for, when to ping, when to give up, and whether the
 * session goes on. It owns no socket and no timer; {@link Gateway} does what it says.
 *
 * @see KOOK developer documentation, "Websocket".
 */
export class GatewayState {
  readonly #random: () => number
  #phase: GatewayPhase = 'init'
  #sessionId: string | undefined
  /** Fruitless rounds since a connection last proved good; they make the pauses longer. */
  #rounds = 0
  #connectTries = 0
  #pingTries = 0
  #resumeTries = 0
  #awaitsPong = false
  #isResume = false

  /** @param random - A number in [0, 1). */
  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  get phase(): GatewayPhase {
    return this.#phase
  }

  /** The session that may be resumed. */
  get sessionId(): string | undefined {
    return this.#sessionId
  }

  /** Whether the connection being made continues the session. */
  get isResume(): boolean {
    return this.#isResume
  }

  /** A connection is about to be made. */
  connecting(mode: ConnectMode): { readonly needsGateway: boolean } {
    this.#awaitsPong = false
    this.#isResume = mode === 'resume' && this.#sessionId !== undefined
    if (this.#isResume) {
      this.#phase = 'resuming'
      return { needsGateway: true }
    }
    const needsGateway = this.#phase !== 'gateway'
    if (needsGateway) this.#phase = 'init'
    return { needsGateway }
  }

  /** The URL of a gateway is known. */
  found(): void {
    if (!this.#isResume) this.#phase = 'gateway'
  }

  /** The socket is open. */
  opened(): GatewayStep {
    this.#phase = 'greeting'
    return { timerMs: helloLimitMs }
  }

  /** The server said HELLO. */
  hello(code: number, sessionId: string | undefined): GatewayStep {
    if (this.#phase !== 'greeting') return {}
    if (code !== 0) return this.#refusedHello(code)
    this.#sessionId = sessionId ?? this.#sessionId
    this.#connectTries = 0
    return { ...this.#connected(), greeted: true, ...(this.#isResume ? {} : { forget: true }) }
  }

  /** The server answered a ping: the connection is good. */
  pong(): GatewayStep {
    if (!this.#awaitsPong && this.#phase !== 'retrying') return {}
    this.#rounds = 0
    this.#isResume = false
    return this.#connected()
  }

  /** The server has sent everything that was missed. */
  resumed(sessionId: string | undefined): GatewayStep {
    this.#sessionId = sessionId ?? this.#sessionId
    this.#isResume = false
    return this.#phase === 'connected' || this.#phase === 'retrying' ? this.#connected() : {}
  }

  /** The server asks for a new session, or the events cannot be put in order. */
  restart(why: string): GatewayStep {
    return { forget: true, close: { ...this.#fresh(), why } }
  }

  /** Closes the connection on purpose; the session goes on. */
  renew(why: string): GatewayStep {
    return { close: { mode: 'resume', delayMs: 0, why, isPlanned: true } }
  }

  /** The timer of the last step ran out. */
  timeUp(): GatewayStep {
    if (this.#phase === 'greeting') return { close: { ...this.#lost(), why: 'no HELLO came within 6 s' } }
    if (this.#phase !== 'connected' && this.#phase !== 'retrying') return {}
    return this.#awaitsPong ? this.#missedPong() : this.#ping()
  }

  /** The connection, or the attempt to make one, ended without our doing. */
  closed(wasOpen: boolean): Reconnection & { readonly forget?: true } {
    this.#awaitsPong = false
    if (wasOpen) return this.#lost()
    if (this.#isResume) return this.#resume()
    if (this.#phase === 'gateway') return this.#retryGateway()
    return this.#fresh()
  }

  #ping(): GatewayStep {
    this.#awaitsPong = true
    return { ping: true, timerMs: pongLimitMs }
  }

  #missedPong(): GatewayStep {
    const delayMs = pingDelaysMs[this.#pingTries]
    if (delayMs === undefined) return { close: { ...this.#lost(), why: 'no PONG came' } }
    this.#pingTries += 1
    this.#phase = 'retrying'
    this.#awaitsPong = false
    return { timerMs: delayMs }
  }

  #connected(): GatewayStep {
    this.#phase = 'connected'
    this.#awaitsPong = false
    this.#pingTries = 0
    if (!this.#isResume) this.#resumeTries = 0
    return { timerMs: pingEveryMs + Math.round((this.#random() * 2 - 1) * pingJitterMs) }
  }

  #refusedHello(code: number): GatewayStep {
    const next = this.#lost()
    const close = {
      mode: next.mode,
      delayMs: Math.max(next.delayMs, refusedPauseMs),
      why: `HELLO with code ${code}`,
    }
    return {
      close,
      ...(next.forget === undefined ? {} : { forget: next.forget }),
      ...(credentialCodes.has(code) ? { refused: code } : {}),
    }
  }

  /** An open connection is of no use any more. */
  #lost(): Reconnection & { readonly forget?: true } {
    const wasGreeted = this.#phase === 'connected' || this.#phase === 'retrying'
    this.#awaitsPong = false
    if (this.#sessionId !== undefined && (wasGreeted || this.#isResume)) return this.#resume()
    return this.#fresh()
  }

  #resume(): Reconnection & { readonly forget?: true } {
    const delayMs = resumeDelaysMs[this.#resumeTries]
    if (delayMs === undefined) return { ...this.#fresh(), forget: true }
    this.#resumeTries += 1
    this.#phase = 'resuming'
    return { mode: 'resume', delayMs }
  }

  #retryGateway(): Reconnection {
    const delayMs = connectDelaysMs[this.#connectTries]
    if (delayMs === undefined) return this.#fresh()
    this.#connectTries += 1
    return { mode: 'fresh', delayMs }
  }

  /** From the beginning, at once the first time, then with pauses of 1, 2, 4 … 60 s. */
  #fresh(): Reconnection {
    const delayMs = this.#rounds === 0 ? 0 : Math.min(maxPauseMs, 1000 * 2 ** (this.#rounds - 1))
    this.#rounds = Math.min(this.#rounds + 1, 10)
    this.#phase = 'init'
    this.#sessionId = undefined
    this.#isResume = false
    this.#connectTries = 0
    this.#resumeTries = 0
    this.#pingTries = 0
    this.#awaitsPong = false
    return { mode: 'fresh', delayMs }
  }
}
