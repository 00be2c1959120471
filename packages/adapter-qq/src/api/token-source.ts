import { ConnectionReporter, describeFailure, isRecord, quote, shownAddress } from '@mynah/adapter-kit'
import { MynahError, type Clock, type Logger } from '@mynah/core'
import { deferred } from '@mynah/core/adapter'
import { codeIn, hintFor } from '../errors.ts'

/** Where calls and logins get their credentials from. */
export interface Credentials {
  /** The value of `Authorization`, and of `token` in Identify and Resume; always the newest. */
  authorization(): Promise<string>
  /** The platform refused the credentials: get new ones before the next {@link authorization}. */
  renew(): Promise<void>
  /** Whether none can be had now, of which an operator was told. */
  readonly isFailing: boolean
}

/** What a {@link TokenSource} needs. */
export interface TokenSourceOptions {
  /** AppID from the console. */
  appId: string
  /** AppSecret from the console. */
  secret: string
  /** Address of the token request. */
  url: string
  /** Time as the bot sees it. */
  clock: Clock
  /** Where an operator reads. */
  logger: Logger
  /** The platform refused AppID or secret: asking again cannot help before somebody mends them. */
  onRefused?: (error: MynahError) => void
  /** A number in [0, 1). @defaultValue Math.random */
  random?: () => number
  /** @defaultValue the runtime's own */
  fetch?: typeof fetch
}

interface Token {
  readonly value: string
  /** By the monotonic clock. */
  readonly expiresAt: number
}

/** Inside the last minute the platform hands out a new token while the old one still works. */
const refreshBeforeEndMs = 50_000
const jitterMs = 500
const requestTimeoutMs = 10_000
const retryDelaysMs = [5000, 10_000, 20_000, 40_000, 60_000]
const rateLimitPauseMs = 60_000
/** Credentials that are wrong may be mended in the console: they are tried again, but seldom. */
const refusedPauseMs = 60_000
/** The platform documents two hours. */
const longestLifeS = 7200

const tooManyRequests = 100001
/** AppID invalid, credentials wrong, bot does not exist. */
const terminalCodes = new Set([100007, 100016, 10004])

/**
 * Keeps one access token fresh: one request at a time, a new one inside the last minute of the old one's life,
 * and the old one in use until its end when that fails (official docs: "Obtaining access_token").
 */
export class TokenSource implements Credentials {
  readonly #options: TokenSourceOptions
  readonly #stopping = new AbortController()
  #token: Token | undefined
  #request: Promise<Token> | undefined
  #cancelTimer: (() => void) | undefined
  #failures = 0
  /** By the monotonic clock. */
  #notBefore = Number.NEGATIVE_INFINITY
  /** Why nobody asks before {@link #notBefore}. */
  #refusal: MynahError | undefined
  readonly #reporter: ConnectionReporter

  constructor(options: TokenSourceOptions) {
    this.#options = options
    const { appId, clock, logger } = options
    this.#reporter = new ConnectionReporter({ name: `QQ access token of ${appId}`, clock, logger })
  }

  /** Whether the last request for a token failed; an operator was told. */
  get isFailing(): boolean {
    return this.#reporter.isFailing
  }

  /** The value of `Authorization`. @throws MynahError `AUTH_FAILED`, `RATE_LIMITED` or `API_UNREACHABLE`. */
  async authorization(): Promise<string> {
    return `QQBot ${await this.get()}`
  }

  /** The token, asking for one when there is none that still works. */
  async get(): Promise<string> {
    const token = this.#token
    if (token !== undefined && token.expiresAt > this.#options.clock.monotonic()) return token.value
    return (await this.#fetchOnce()).value
  }

  /** Drops the token that the platform refused and asks for another. @throws as {@link authorization}. */
  async renew(): Promise<void> {
    this.#token = undefined
    await this.#fetchOnce()
  }

  /** Ends all waiting and leaves no timer. */
  stop(): void {
    this.#stopping.abort(new MynahError('BOT_OFFLINE', 'The bot was stopped.'))
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }

  #fetchOnce(): Promise<Token> {
    this.#request ??= this.#fetch().finally(() => {
      this.#request = undefined
    })
    return this.#request
  }

  async #fetch(): Promise<Token> {
    this.#stopping.signal.throwIfAborted()
    if (this.#refusal !== undefined && this.#options.clock.monotonic() < this.#notBefore) throw this.#refusal
    try {
      const token = await this.#ask()
      const isSame = token.value === this.#token?.value
      this.#failures = 0
      this.#refusal = undefined
      this.#token = token
      this.#reporter.working()
      this.#planRefresh(token, isSame)
      return token
    } catch (error) {
      this.#failed(error)
      throw error
    }
  }

  async #ask(): Promise<Token> {
    const { appId, secret, url, clock } = this.#options
    const askedAt = clock.monotonic()
    const answer = await this.#post(url, { appId, clientSecret: secret })
    const body = isRecord(answer) ? answer : {}
    const { access_token: value } = body
    if (typeof value !== 'string' || value === '') throw this.#refused(body)
    const seconds = Number(body['expires_in'])
    if (!(seconds > 0)) {
      throw new MynahError(
        'API_INVALID_RESPONSE',
        'The token request was answered without a usable expires_in.',
      )
    }
    return { value, expiresAt: askedAt + Math.min(seconds, longestLifeS) * 1000 }
  }

  async #post(url: string, body: object): Promise<unknown> {
    const limit = deferred<never>()
    const cancel = this.#options.clock.setTimeout(() => {
      limit.reject(new MynahError('API_TIMEOUT', `${shownAddress(url)} did not answer.`, { retriable: true }))
    }, requestTimeoutMs)
    try {
      return await Promise.race([this.#exchange(url, body), limit.promise])
    } finally {
      cancel()
    }
  }

  async #exchange(url: string, body: object): Promise<unknown> {
    const { fetch = globalThis.fetch } = this.#options
    let text: string
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: this.#stopping.signal,
      })
      text = await response.text()
    } catch (cause) {
      this.#stopping.signal.throwIfAborted()
      const { reason } = describeFailure(cause, shownAddress(url))
      throw new MynahError('API_UNREACHABLE', `${reason}.`, { cause, retriable: true })
    }
    try {
      return JSON.parse(text)
    } catch {
      throw new MynahError('API_INVALID_RESPONSE', `${shownAddress(url)} did not answer with JSON.`, {
        retriable: true,
      })
    }
  }

  #refused(body: Record<string, unknown>): MynahError {
    const code = codeIn(body)
    const words = typeof body['message'] === 'string' ? body['message'] : 'no access_token in the answer'
    const hint = code === undefined ? '' : hintFor(undefined, code)
    const detail =
      `The token request was refused (code ${code ?? 'none'}): ${quote(words)}. ${hint}`.trimEnd()
    if (code === tooManyRequests) {
      return this.#refuse(new MynahError('RATE_LIMITED', detail, { retriable: true }), rateLimitPauseMs)
    }
    const isTerminal = code !== undefined && terminalCodes.has(code)
    const error = new MynahError('AUTH_FAILED', detail, { retriable: !isTerminal })
    if (!isTerminal) return error
    this.#options.onRefused?.(error)
    return this.#refuse(error, refusedPauseMs)
  }

  #refuse(error: MynahError, pauseMs: number): MynahError {
    this.#refusal = error
    this.#notBefore = this.#options.clock.monotonic() + pauseMs
    return error
  }

  #planRefresh(token: Token, isSame: boolean): void {
    const { clock, random = Math.random } = this.#options
    const remaining = token.expiresAt - clock.monotonic()
    const early = remaining - refreshBeforeEndMs
    // The same token inside its last minute: the new one is due any moment.
    const delay = early > 0 ? early : isSame ? retryDelaysMs[0] : Math.max(1000, remaining / 2)
    this.#schedule((delay ?? 0) + random() * jitterMs)
  }

  #failed(error: unknown): void {
    if (this.#stopping.signal.aborted) return
    const delay = retryDelaysMs[Math.min(this.#failures, retryDelaysMs.length - 1)] ?? 0
    this.#failures += 1
    const retryInMs = Math.max(delay, this.#notBefore - this.#options.clock.monotonic())
    this.#schedule(retryInMs)
    this.#reporter.failed({ reason: wordsOf(error), retryInMs, fields: { err: error } })
  }

  #schedule(delayMs: number): void {
    this.#cancelTimer?.()
    this.#cancelTimer = this.#options.clock.setTimeout(() => {
      this.#cancelTimer = undefined
      this.#fetchOnce().catch(() => this.#options.logger.debug('The token refresh failed'))
    }, delayMs)
  }
}

/** What an error says beyond the sentence of its code. */
function wordsOf(error: unknown): string {
  if (!MynahError.is(error)) return error instanceof Error ? quote(error.message) : 'an unknown error'
  return error.detail
}
