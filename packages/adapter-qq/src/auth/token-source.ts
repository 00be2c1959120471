import { deferred, MynahError, type Clock, type Logger } from '@mynah/core'
import { isRecord } from '../wire/envelope.ts'
import { codeIn } from '../errors/qq-api-error.ts'
import { hintFor } from '../errors/error-actions.ts'
import type { Credentials } from './credentials.ts'

/** What a {@link TokenSource} needs. */
export interface TokenSourceOptions {
  appId: string
  secret: string
  /** Address of the token request. */
  url: string
  clock: Clock
  logger: Pick<Logger, 'debug' | 'warn'>
  /** A number in [0, 1). @defaultValue Math.random */
  random?: () => number
  /** @defaultValue the runtime's own */
  fetch?: typeof fetch
}

interface Token {
  readonly value: string
  /** By the clock. */
  readonly expiresAt: number
}

/** Inside the last minute the platform hands out a new token while the old one still works. */
const refreshBeforeEndMs = 50_000
const jitterMs = 500
const requestTimeoutMs = 10_000
const retryDelaysMs = [5000, 10_000, 20_000, 40_000, 60_000]
const rateLimitPauseMs = 60_000

const tooManyRequests = 100001
/** AppID invalid, credentials wrong, bot does not exist: asking again cannot help. */
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
  #notBefore = 0
  #terminal: MynahError | undefined

  constructor(options: TokenSourceOptions) {
    this.#options = options
  }

  /** The value of `Authorization`. @throws MynahError `AUTH_FAILED`, `RATE_LIMITED` or `API_UNREACHABLE`. */
  async authorization(): Promise<string> {
    return `QQBot ${await this.get()}`
  }

  /** The token, asking for one when there is none that still works. */
  async get(): Promise<string> {
    const token = this.#token
    if (token !== undefined && token.expiresAt > this.#options.clock.now()) return token.value
    return (await this.#fetchOnce()).value
  }

  /** Drops the token that the platform refused and asks for another. */
  async renew(): Promise<void> {
    this.#token = undefined
    await this.#fetchOnce()
  }

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
    if (this.#terminal !== undefined) throw this.#terminal
    if (this.#options.clock.now() < this.#notBefore) {
      throw new MynahError('RATE_LIMITED', 'Tokens were asked for too often; wait a minute.', {
        retriable: true,
      })
    }
    try {
      const token = await this.#ask()
      const isSame = token.value === this.#token?.value
      this.#failures = 0
      this.#token = token
      this.#planRefresh(token, isSame)
      return token
    } catch (error) {
      this.#failed(error)
      throw error
    }
  }

  async #ask(): Promise<Token> {
    const { appId, secret, url, clock } = this.#options
    const askedAt = clock.now()
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
    return { value, expiresAt: askedAt + seconds * 1000 }
  }

  async #post(url: string, body: object): Promise<unknown> {
    const limit = deferred<never>()
    const cancel = this.#options.clock.setTimeout(() => {
      limit.reject(new MynahError('API_TIMEOUT', 'The token request had no answer.', { retriable: true }))
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
      throw new MynahError(
        'API_UNREACHABLE',
        'The token address could not be reached; check endpoints.token.',
        {
          cause,
          retriable: true,
        },
      )
    }
    try {
      return JSON.parse(text)
    } catch {
      throw new MynahError('API_INVALID_RESPONSE', 'The token request was not answered with JSON.', {
        retriable: true,
      })
    }
  }

  #refused(body: Record<string, unknown>): MynahError {
    const code = codeIn(body)
    const words = typeof body['message'] === 'string' ? body['message'] : 'no access_token in the answer'
    const detail = `The token request was refused (code ${code ?? 'none'}): ${words}. ${code === undefined ? '' : hintFor(undefined, code)}`
    if (code === tooManyRequests) {
      this.#notBefore = this.#options.clock.now() + rateLimitPauseMs
      return new MynahError('RATE_LIMITED', detail, { retriable: true })
    }
    const isTerminal = code !== undefined && terminalCodes.has(code)
    const error = new MynahError('AUTH_FAILED', detail.trimEnd(), { retriable: !isTerminal })
    if (isTerminal) this.#terminal = error
    return error
  }

  #planRefresh(token: Token, isSame: boolean): void {
    const { clock, random = Math.random } = this.#options
    const remaining = token.expiresAt - clock.now()
    const early = remaining - refreshBeforeEndMs
    // The same token inside its last minute: the new one is due any moment.
    const delay = early > 0 ? early : isSame ? retryDelaysMs[0] : Math.max(1000, remaining / 2)
    this.#schedule((delay ?? 0) + random() * jitterMs)
  }

  #failed(error: unknown): void {
    if (this.#stopping.signal.aborted || this.#terminal !== undefined) return
    const delay = retryDelaysMs[Math.min(this.#failures, retryDelaysMs.length - 1)] ?? 0
    this.#failures += 1
    this.#schedule(Math.max(delay, this.#notBefore - this.#options.clock.now()))
    this.#options.logger.warn({ err: error }, 'No new access token; the old one is used until its end')
  }

  #schedule(delayMs: number): void {
    this.#cancelTimer?.()
    this.#cancelTimer = this.#options.clock.setTimeout(() => {
      this.#cancelTimer = undefined
      this.#fetchOnce().catch(() => this.#options.logger.debug('The token refresh failed'))
    }, delayMs)
  }
}
