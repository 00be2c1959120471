import {
  defined,
  PlatformError,
  RestClient,
  type RestFile,
  type RestRequest,
  retry,
  type RetryPolicy,
} from '@mynah/adapter-kit'
import { type Clock, type Logger, MynahError } from '@mynah/core'
import type { Credentials } from './api/token-source.ts'
import { decideRetry, QQApiError, readFailure, tooMany } from './errors.ts'
import { CallLimits } from './api/call-limits.ts'

/** Options of one call. */
export interface CallOptions {
  /** Values of the placeholders in the path; encoded here. */
  readonly path?: Readonly<Record<string, string | number>>
  /** Query of the address. */
  readonly query?: RestRequest['query']
  /** Body as JSON. */
  readonly json?: unknown
  /** Body as form. */
  readonly form?: Readonly<Record<string, string | number | RestFile>>
  /** Headers beside those of every call. */
  readonly headers?: Readonly<Record<string, string>>
  /**
   * Whether doing it twice does no harm, as with a `msg_seq`.
   *
   * @defaultValue true for GET, PUT and DELETE
   */
  readonly idempotent?: boolean
  /** Whether it is made once, whatever comes back: somebody else tries again. @defaultValue false */
  readonly once?: boolean
  /** Limit of one attempt in ms. @defaultValue 10000 */
  readonly timeoutMs?: number
  /** How the body of a success is read. @defaultValue 'json' */
  readonly expect?: RestRequest['expect']
  /** Gives the call up. */
  readonly signal?: AbortSignal
}

/** What an {@link HttpApi} needs. */
export interface HttpApiOptions {
  /** AppID from the console. */
  readonly appId: string
  /** Base address of the OpenAPI. */
  readonly baseUrl: string
  /** Where logins get their credentials from. */
  readonly credentials: Credentials
  /** Time as the bot sees it. */
  readonly clock: Clock
  /** Where an operator reads. */
  readonly logger: Logger
}

/** How long nobody makes a call of which there were too many, where the platform names no time. */
const tooManyWaitMs = 1000

const safeMethods = new Set(['GET', 'PUT', 'DELETE'])

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
   * Makes a call, again where the table of errors says so.
   *
   * @throws QQApiError when the platform refuses, MynahError when it cannot be reached or the bot stops.
   */
  call<T = unknown>(method: string, path: string, options: CallOptions = {}): Promise<T> {
    const route = `${method} ${path}`
    const { signal, idempotent = safeMethods.has(method), once = false } = options
    const stopping = this.#stopping.signal
    const policy: RetryPolicy = {
      decide: (error, failures) => decideRetry(error, failures, idempotent),
      maxAttempts: once ? 1 : Infinity,
      signal: signal === undefined ? stopping : AbortSignal.any([stopping, signal]),
      clock: this.#options.clock,
    }
    return retry(policy, async () => {
      await this.#limits.acquire(route, targetOf(options), signal)
      try {
        return await this.#send<T>(method, path, options)
      } catch (cause) {
        if (!(cause instanceof PlatformError)) throw cause
        // Whoever tries a call again that is made once here has to be told when.
        const error = new QQApiError(cause, idempotent, once ? tooManyWaitMs : undefined)
        // Whoever calls next waits as well.
        if (error.status === tooMany) this.#limits.pause(route, error.retryAfterMs ?? tooManyWaitMs)
        throw error
      }
    })
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

  async #send<T>(method: string, path: string, options: CallOptions): Promise<T> {
    const { path: values, ...rest } = options
    const request = { ...defined(rest), idempotent: false }
    return (await this.#rest.request<T>(method, fillPath(path, values), request)).data
  }
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
