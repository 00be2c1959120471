import { type Clock, type ErrorCode, MynahError, systemClock } from '@mynah/core'
import { abortReason, backoffDelay, onAbort, unlessAborted } from '@mynah/core/adapter'
import type { Dispatcher } from 'undici'
import { RateBuckets, type RateLimitReport, type RateTicket } from '../limits/rate-buckets.ts'
import { retry, type RetryPolicy } from '../retry/retry.ts'
import { ConnectionReporter } from '../shared/connection-reporter.ts'
import { shownAddress } from '../shared/shown-address.ts'
import { loadUndici } from '../shared/undici.ts'
import { encodeBody } from './encode-body.ts'
import { describeOutage } from './outage.ts'
import { PlatformError } from './platform-error.ts'
import { readResponse, readRetryAfter, type ReadResponse } from './read-response.ts'
import type { RestClientOptions, RestRequest, RestResponse } from './rest-types.ts'
import { buildUrl, type RestUrl } from './rest-url.ts'
import { type Failure, interrupted, refused, unreadable } from './failure.ts'

const idempotentMethods = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])

/** The shortest wait after a refusal for too many calls, in ms; it doubles with each attempt. */
const minWaitMs = 1000

interface Call {
  readonly method: string
  /** For errors and logs. */
  readonly path: string
  readonly url: RestUrl
  readonly options: RestRequest
  readonly route: string
  readonly idempotent: boolean
  readonly timeoutMs: number
  readonly life: AbortController
  attempt: number
  stage: 'queued' | 'authorizing' | 'sent'
  /** Whether the platform refused the credentials: `due` for the next attempt, `done` when that was made. */
  refresh: 'no' | 'due' | 'done'
  /** When another attempt makes sense after the one that failed, in ms; `Infinity` for never. */
  waitMs: number
}

/** What a call that ran out of time was waiting for. */
const timeouts: Record<Call['stage'], readonly [ErrorCode, string]> = {
  queued: ['RATE_LIMITED', 'nothing was sent, because no turn came'],
  authorizing: ['AUTH_FAILED', 'nothing was sent, because no credentials came'],
  sent: ['API_TIMEOUT', 'no answer came'],
}

/**
 * Calls a platform's JSON API: credentials, rate limits, time-outs, typed errors, and attempts repeated only
 * where that cannot do a thing twice.
 *
 * @example
 * ```ts
 * const rest = new RestClient({
 *   baseUrl: 'https://www.kookapp.cn/api/v3',
 *   name: 'the API of KOOK',
 *   authorize: () => ({ Authorization: `Bot ${token}` }),
 *   readFailure: ({ data }) => readEnvelope(data), // { platformCode: 40000, message: '…' } or undefined
 *   logger,
 * })
 * const { data } = await rest.request('POST', '/message/create', { json: { target_id, content } })
 * ```
 */
export class RestClient {
  readonly #options: RestClientOptions
  readonly #clock: Clock
  #agent: Dispatcher | undefined
  readonly #buckets: RateBuckets
  readonly #running = new Set<AbortController>()
  readonly #reporter: ConnectionReporter
  readonly #address: string
  #stopped: Promise<void> | undefined

  /** @throws MynahError `CONFIG_INVALID` when the base is no URL. */
  constructor(options: RestClientOptions) {
    // The error of `new URL` quotes it whole, and it may hold a secret.
    if (!URL.canParse(options.baseUrl)) {
      throw new MynahError('CONFIG_INVALID', `${options.name}: the base address is no URL.`)
    }
    this.#options = options
    this.#address = shownAddress(options.baseUrl)
    this.#clock = options.clock ?? systemClock
    this.#reporter = new ConnectionReporter({
      logger: options.logger,
      clock: this.#clock,
      name: options.name,
    })
    this.#buckets = new RateBuckets(this.#clock)
  }

  /**
   * Makes a call and reads its response.
   *
   * @param path - Appended to the base URL, or an absolute URL that the platform gave; one of another origin
   * gets no credentials.
   * @returns the response, its data typed as the platform documents it; nothing checks that.
   * @throws PlatformError `API_REJECTED`, `AUTH_FAILED`, `RATE_LIMITED`, `API_UNREACHABLE` (nothing was
   * carried out), `API_TIMEOUT` or `CONNECTION_CLOSED` (it may have been carried out),
   * `API_INVALID_RESPONSE`; MynahError `BOT_OFFLINE` when stopped; the reason of the signal when it aborts.
   */
  async request<T = unknown>(
    method: string,
    path: string,
    options: RestRequest = {},
  ): Promise<RestResponse<T>> {
    if (this.#stopped !== undefined) throw stoppedError()
    const call = this.#prepare(method, path, options)
    const { life } = call
    const { signal } = options
    const leave = signal === undefined ? undefined : onAbort(signal, () => life.abort(abortReason(signal)))
    if (signal?.aborted === true) life.abort(abortReason(signal))
    const cancel = this.#clock.setTimeout(() => {
      const error = timeoutError(call)
      this.#report(call, error)
      life.abort(error)
    }, call.timeoutMs)
    this.#running.add(life)
    try {
      // The one cast: the platform's documentation stands behind the shape.
      return (await this.#attempts(call)) as RestResponse<T>
    } catch (error) {
      throw life.signal.aborted ? abortReason(life.signal) : error
    } finally {
      this.#running.delete(life)
      cancel()
      leave?.()
    }
  }

  /** Ends all calls with `BOT_OFFLINE` and closes the connections. May be called any number of times. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    const error = stoppedError()
    for (const life of this.#running) life.abort(error)
    this.#buckets.stop(error)
    await this.#agent?.destroy()
  }

  #prepare(method: string, path: string, options: RestRequest): Call {
    const url = buildUrl(this.#options.baseUrl, path, options.query)
    const timeoutMs = options.timeoutMs ?? this.#options.timeoutMs ?? 10_000
    return {
      method,
      path: url.shown,
      url,
      options,
      route: options.route ?? `${method} ${url.shown}`,
      idempotent: options.idempotent ?? idempotentMethods.has(method),
      timeoutMs,
      life: new AbortController(),
      attempt: 0,
      stage: 'queued',
      refresh: 'no',
      waitMs: Infinity,
    }
  }

  #attempts(call: Call): Promise<RestResponse> {
    const policy: RetryPolicy = {
      decide: () => ({ repeat: call.waitMs < Infinity, afterMs: call.waitMs }),
      maxAttempts: this.#options.maxAttempts ?? 3,
      totalMs: call.timeoutMs,
      signal: call.life.signal,
      clock: this.#clock,
      onFailure: (error, afterMs) => this.#failed(call, error, afterMs),
    }
    return retry(policy, () => this.#attempt(call))
  }

  #failed(call: Call, error: unknown, afterMs: number | undefined): void {
    // Credentials run out: that is no failure yet.
    const isRenewing = call.refresh === 'due' && afterMs !== undefined
    if (!call.life.signal.aborted && !isRenewing && MynahError.is(error)) this.#report(call, error, afterMs)
  }

  async #attempt(call: Call): Promise<RestResponse> {
    call.stage = 'queued'
    call.waitMs = Infinity
    const ticket = await this.#pass(call)
    let report: RateLimitReport | undefined
    try {
      call.attempt += 1
      const { response, readable } = await this.#exchange(call)
      report = this.#options.readRateLimit?.(response.headers, response.status)
      this.#judge(call, response, readable, report)
      if (call.url.own) this.#reporter.working()
      return response
    } finally {
      ticket?.done(report)
    }
  }

  async #exchange(call: Call): Promise<ReadResponse> {
    const startedAt = this.#clock.monotonic()
    const { maxResponseBytes = 16 * 1024 * 1024 } = this.#options
    try {
      const raw = await this.#send(call)
      const read = await readResponse(raw, call.options.expect, maxResponseBytes)
      this.#log(call, { status: raw.statusCode, ms: Math.round(this.#clock.monotonic() - startedAt) })
      return read
    } catch (cause) {
      if (call.life.signal.aborted) throw cause
      const failure = interrupted(call, cause)
      this.#log(call, { err: failure.error })
      this.#plan(call, failure, undefined)
      throw failure.error
    }
  }

  async #pass(call: Call): Promise<RateTicket | undefined> {
    const { signal } = call.life
    return this.#options.readRateLimit === undefined ? undefined : this.#buckets.acquire(call.route, signal)
  }

  async #send(call: Call): Promise<Dispatcher.ResponseData> {
    const { json, headers } = call.options
    call.stage = 'authorizing'
    const credentials = await this.#authorize(call)
    const { Agent, FormData, request } = await loadUndici()
    call.life.signal.throwIfAborted()
    this.#agent ??= new Agent()
    call.stage = 'sent'
    return request(call.url.href, {
      dispatcher: this.#agent,
      // The time limit is that of the call.
      headersTimeout: 0,
      bodyTimeout: 0,
      method: call.method,
      signal: call.life.signal,
      headers: {
        ...(call.url.own ? this.#options.headers : {}),
        ...(json === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
        ...credentials,
        ...headers,
      },
      body: encodeBody(call.options, FormData),
    })
  }

  async #authorize(call: Call): Promise<Record<string, string>> {
    if (!call.url.own || this.#options.authorize === undefined) return {}
    const refresh = call.refresh === 'due'
    if (refresh) call.refresh = 'done'
    try {
      const { signal } = call.life
      return await unlessAborted(Promise.resolve(this.#options.authorize({ refresh, signal })), signal)
    } catch (error) {
      const failure = MynahError.from(error, 'AUTH_FAILED')
      if (!call.life.signal.aborted) this.#report(call, failure)
      throw failure
    }
  }

  /** @param retryInMs - Until the next attempt; `undefined` when there is none. */
  #report(call: Call, error: MynahError, retryInMs?: number): void {
    if (!call.url.own || this.#options.isQuiet === true) return
    const outage = describeOutage(error, call.stage === 'authorizing', this.#address)
    if (outage === 'none') return
    if (outage === 'over') return this.#reporter.working()
    this.#reporter.failed({
      ...outage,
      ...(retryInMs === undefined ? {} : { retryInMs }),
      fields: { method: call.method, path: call.path },
    })
  }

  /** @throws PlatformError when the response says no. */
  #judge(call: Call, response: RestResponse, readable: boolean, report: RateLimitReport | undefined): void {
    const { status, headers } = response
    if (!readable && status < 300) throw unreadable(call, response)
    const said = this.#options.readFailure?.(response) ?? (status < 300 ? undefined : {})
    if (said === undefined) return
    const asked = said.retryAfterMs ?? readRetryAfter(headers, this.#clock.now()) ?? report?.resetMs
    const failure = refused(call, response, said, asked)
    this.#plan(call, failure, asked)
    if (failure.helps === 'wait') this.#buckets.pause(call.route, call.waitMs, report?.global === true)
    throw failure.error
  }

  /** Notes when another attempt makes sense: `Infinity` for never. */
  #plan(call: Call, { error, helps }: Failure, askedMs: number | undefined): void {
    if (helps === 'credentials' && call.refresh === 'no' && this.#hasCredentials(call)) {
      call.refresh = 'due'
      call.waitMs = 0
    } else if (helps === 'wait' && error.code !== 'API_UNREACHABLE') {
      call.waitMs = Math.max(minWaitMs, askedMs ?? minWaitMs * 2 ** (call.attempt - 1))
    } else if (helps === 'wait' || (helps === 'repeat' && call.idempotent)) {
      call.waitMs = backoffDelay(call.attempt - 1, this.#options.backoff)
    }
  }

  #hasCredentials(call: Call): boolean {
    return call.url.own && this.#options.authorize !== undefined
  }

  #log(call: Call, fields: object): void {
    const { method, path, attempt } = call
    this.#options.logger.debug({ method, path, attempt, ...fields }, 'Called the platform.')
  }
}

function stoppedError(): MynahError {
  return new MynahError('BOT_OFFLINE', 'The API client was stopped.')
}

function timeoutError({ stage, timeoutMs, method, path }: Call): PlatformError {
  const [code, what] = timeouts[stage]
  return new PlatformError(code, `${what} within ${timeoutMs} ms.`, {
    method,
    path,
    retriable: stage !== 'sent',
  })
}
