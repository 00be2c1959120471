import {
  PlatformError,
  RestClient,
  type KitLogger,
  type RestFile,
  type RestRequest,
} from '@mynah/adapter-kit'
import { type Clock, deferred, MynahError } from '@mynah/core'
import type { Credentials } from './api/token-source.ts'
import { QQApiError, readFailure } from './errors.ts'
import { CallLimits } from './api/call-limits.ts'

/** Options of one call. */
export interface CallOptions {
  /** Values of the placeholders in the path; encoded here. */
  readonly path?: Readonly<Record<string, string | number>>
  readonly query?: RestRequest['query']
  readonly json?: unknown
  readonly form?: Readonly<Record<string, string | number | RestFile>>
  readonly headers?: Readonly<Record<string, string>>
  /**
   * Whether doing it twice does no harm, as with a `msg_seq`.
   *
   * @defaultValue true for GET, PUT and DELETE
   */
  readonly idempotent?: boolean
  /** Limit of one attempt in ms. @defaultValue 10000 */
  readonly timeoutMs?: number
  /** How the body of a success is read. @defaultValue 'json' */
  readonly expect?: RestRequest['expect']
  readonly signal?: AbortSignal
}

/** What a call was answered with. */
export interface CallResult<T> {
  readonly status: number
  readonly data: T
}

/** A call that failed, and whether one of its attempts may have been carried out. */
export interface CallFailure {
  readonly error: QQApiError
  readonly mayHaveArrived: boolean
}

/** What an {@link HttpApi} needs. */
export interface HttpApiOptions {
  readonly appId: string
  /** Base address of the OpenAPI. */
  readonly baseUrl: string
  readonly credentials: Credentials
  readonly clock: Clock
  readonly logger: KitLogger
  /** Resolves when the gateway is there again, for calls that need it. */
  readonly whenOnline?: (signal: AbortSignal | undefined) => Promise<void>
}

/** Attempts after the first one, by what helps. */
const retries = { wait: 3, repeat: 3, once: 1 } as const

const waitMs = [1000, 2000, 4000]
const repeatMs = [500, 1000, 2000]

const safeMethods = new Set(['GET', 'PUT', 'DELETE'])

/** Failures after which nobody knows whether the call was carried out. */
const uncertainCodes: ReadonlySet<string> = new Set([
  'API_TIMEOUT',
  'CONNECTION_CLOSED',
  'API_INVALID_RESPONSE',
])

/**
 * The OpenAPI over HTTP: credentials, rates, and for every kind of failure what the official docs say helps.
 * Paths are templates such as `/guilds/{guild_id}`; rates belong to templates.
 */
export class HttpApi {
  readonly #options: HttpApiOptions
  readonly #rest: RestClient
  readonly #limits: CallLimits
  readonly #stopping = new AbortController()

  constructor(options: HttpApiOptions) {
    this.#options = options
    this.#limits = new CallLimits(options.clock)
    this.#rest = new RestClient({
      baseUrl: options.baseUrl,
      name: 'QQ API',
      logger: options.logger,
      headers: { 'x-union-appid': options.appId },
      authorize: ({ refresh }) => this.#authorize(refresh),
      readFailure,
      // What helps is decided here; the client only asks for new credentials once.
      maxAttempts: 2,
    })
  }

  /**
   * Makes a call.
   *
   * @throws QQApiError when the platform refuses, MynahError when it cannot be reached or the bot stops.
   */
  async call<T = unknown>(method: string, path: string, options: CallOptions = {}): Promise<T> {
    return (await this.exchange<T>(method, path, options)).data
  }

  /** As {@link call}, with the status. */
  async exchange<T = unknown>(
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<CallResult<T>> {
    const outcome = await this.attempt<T>(method, path, options)
    if ('error' in outcome) throw outcome.error
    return outcome
  }

  /**
   * As {@link exchange}, but a refusal is a value which tells whether an earlier attempt may have arrived.
   *
   * @throws MynahError when the bot stops or the signal aborts.
   */
  async attempt<T = unknown>(
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<CallResult<T> | CallFailure> {
    const route = `${method} ${path}`
    const tries = { wait: 0, repeat: 0, once: 0 }
    let mayHaveArrived = false
    for (;;) {
      await this.#limits.acquire(route, targetOf(options), options.signal)
      try {
        return await this.#send<T>(method, path, options)
      } catch (cause) {
        if (!(cause instanceof PlatformError)) throw cause
        const error = new QQApiError(cause)
        const remedy = this.#remedyFor(error, method, options)
        const isLast = remedy === undefined || tries[remedy] >= retries[remedy]
        mayHaveArrived ||= isUncertain(error)
        if (isLast) return { error, mayHaveArrived }
        await this.#prepareRetry(error, remedy, tries[remedy], route, options.signal)
        tries[remedy] += 1
      }
    }
  }

  /** Ends all calls with `BOT_OFFLINE`. */
  async stop(): Promise<void> {
    this.#stopping.abort(new MynahError('BOT_OFFLINE', 'The bot was stopped.'))
    this.#limits.stop()
    await this.#rest.stop()
  }

  async #authorize(refresh: boolean): Promise<Record<string, string>> {
    const { credentials } = this.#options
    if (refresh) await credentials.renew()
    return { authorization: await credentials.authorization() }
  }

  async #send<T>(method: string, path: string, options: CallOptions): Promise<CallResult<T>> {
    const { query, json, form, headers, timeoutMs, expect, signal } = options
    const { status, data } = await this.#rest.request<T>(method, fillPath(path, options.path), {
      idempotent: false,
      ...(query === undefined ? {} : { query }),
      ...(json === undefined ? {} : { json }),
      ...(form === undefined ? {} : { form }),
      ...(headers === undefined ? {} : { headers }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(expect === undefined ? {} : { expect }),
      ...(signal === undefined ? {} : { signal }),
    })
    return { status, data }
  }

  #remedyFor(error: QQApiError, method: string, options: CallOptions): keyof typeof retries | undefined {
    if (error.action === 'wait' && error.status === 429) return 'wait'
    if (error.action === 'retry') return 'once'
    if (error.action === 'reconnect') return this.#options.whenOnline === undefined ? undefined : 'once'
    const isSafe = options.idempotent ?? safeMethods.has(method)
    return isSafe && (isUncertain(error) || error.code === 'API_UNREACHABLE') ? 'repeat' : undefined
  }

  async #prepareRetry(
    error: QQApiError,
    remedy: keyof typeof retries,
    tried: number,
    route: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (error.action === 'reconnect') return this.#options.whenOnline?.(signal)
    if (remedy === 'wait') {
      const delayMs = error.retryAfterMs ?? waitMs[tried] ?? 0
      this.#limits.pause(route, delayMs)
      return
    }
    await this.#sleep(repeatMs[tried] ?? 0, signal)
  }

  #sleep(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
    const signals = [this.#stopping.signal, ...(signal === undefined ? [] : [signal])]
    return sleep(this.#options.clock, delayMs, AbortSignal.any(signals))
  }
}

/** Waits; rejects with the reason of the signal when that aborts first. */
export function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  const done = deferred()
  const cancel = clock.setTimeout(() => done.resolve(), delayMs)
  const onAbort = (): void => {
    cancel()
    done.reject(MynahError.from(signal.reason, 'BOT_OFFLINE'))
  }
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  return done.promise.finally(() => signal.removeEventListener('abort', onAbort))
}

/** A server that failed may have done the work before. */
function isUncertain({ code, status }: QQApiError): boolean {
  return uncertainCodes.has(code) || (status !== undefined && status >= 500)
}

function targetOf({ path }: CallOptions): string | undefined {
  const id = path?.['channel_id']
  return id === undefined ? undefined : String(id)
}

/**
 * Puts values into a path.
 *
 * @throws MynahError `API_REJECTED` for a placeholder without a value.
 */
export function fillPath(path: string, values: Readonly<Record<string, string | number>> = {}): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined || value === '') {
      throw new MynahError('API_REJECTED', `The path ${path} needs a ${name}.`)
    }
    // The other end would take these for steps to another call.
    if (value === '.' || value === '..') {
      throw new MynahError('API_REJECTED', `"${value}" is no ${name} for the path ${path}.`)
    }
    return encodeURIComponent(value)
  })
}
