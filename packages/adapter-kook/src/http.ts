import type { IncomingHttpHeaders } from 'node:http'

import {
  defined,
  type RateLimitReport,
  readText,
  RestClient,
  retry,
  type RetryDecision,
  type RestClientOptions,
  type RestRequest,
} from '@mynah/adapter-kit'
import { type Clock, type Logger, MynahError, systemClock } from '@mynah/core'

import type { KookConfig } from './config.ts'
import { decideRetry, readFailure } from './errors.ts'

/** How the API is called. */
export interface KookHttpOptions extends Readonly<Pick<KookConfig, 'baseUrl' | 'token' | 'language'>> {
  /** Hears about the connection, and of each call at debug. */
  readonly logger: Logger
  /** @defaultValue the clock of the machine */
  readonly clock?: Clock | undefined
  /** Limit for a call with all its waiting, in ms. @defaultValue 30000 */
  readonly timeoutMs?: number | undefined
}

/** Parameters in a query or a body; those that are `undefined` are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>

/** One page of a list as the platform answers it. */
export interface ListPage<T> {
  /** What is on the page. */
  readonly items: readonly T[]
  /** Which page it is; absent where the platform leaves it out. */
  readonly meta?: { readonly page: number; readonly page_total: number; readonly total?: number }
  /** The order, as the platform says it. */
  readonly sort?: unknown
}

/** Uploads may take longer than other calls, in ms. */
const uploadTimeoutMs = 120_000

/** Calls the platform: credentials, envelope, errors, rate limits. */
export class KookHttp {
  readonly #rest: RestClient
  /** Without the bot's credentials. */
  readonly #open: RestClient
  readonly #clock: Clock
  readonly #origin: string
  readonly #stopping = new AbortController()

  /** @param options - Where to call, and with which token. */
  constructor(options: KookHttpOptions) {
    const { baseUrl, token, language, logger, clock = systemClock, timeoutMs = 30_000 } = options
    this.#clock = clock
    this.#origin = baseUrl.replace(/\/v3\/?$/, '')
    const common: RestClientOptions = {
      baseUrl,
      name: 'KOOK API',
      logger,
      timeoutMs,
      maxAttempts: 1,
      clock,
      headers: defined({ 'accept-language': language }),
      readFailure,
      readRateLimit,
    }
    this.#rest = new RestClient({ ...common, authorize: () => ({ authorization: `Bot ${token}` }) })
    this.#open = new RestClient(common)
  }

  /**
   * Reads something. Repeated when that may help.
   *
   * @param signal - Gives up when it aborts; who gives one tries again by itself, so the call is made once.
   * @throws PlatformError with the platform's code, message, method and path.
   */
  get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    if (signal !== undefined) return this.#call<T>('GET', path, { query, signal })
    return this.#repeated(true, () => this.#call<T>('GET', path, { query }))
  }

  /** Does something; repeated only when it was certainly not carried out. @throws PlatformError */
  post<T = void>(path: string, json: object = {}): Promise<T> {
    return this.#repeated(false, () => this.#call<T>('POST', path, { json }))
  }

  /** Sends or changes a message, once: the core alone repeats messages. @throws PlatformError */
  send<T = void>(path: string, json: object): Promise<T> {
    return this.#call<T>('POST', path, { json })
  }

  /** Uploads a form. @throws PlatformError */
  upload<T>(path: string, form: NonNullable<RestRequest['form']>): Promise<T> {
    return this.#repeated(false, () => this.#call<T>('POST', path, { form, timeoutMs: uploadTimeoutMs }))
  }

  /** Reads something that is no JSON. @throws PlatformError */
  async bytes(path: string, query: Query): Promise<Buffer> {
    const { data } = await this.#rest.request<Buffer>('GET', path, { query, expect: 'bytes' })
    return data
  }

  /** Posts to a path outside of the versioned API, which answers without an envelope. @throws PlatformError */
  async postOutside<T>(path: string, json: object): Promise<T> {
    const { data } = await this.#open.request<T>('POST', this.#origin + path, { json })
    return data
  }

  /** Calls a path that bears its own credentials in the query. @throws PlatformError */
  async postOpen<T>(path: string, json: object, query: Query): Promise<T> {
    const { data } = await this.#open.request<Envelope<T>>('POST', path, { json, query })
    return data.data
  }

  /** A list over all its pages. */
  pages<T>(path: string, query: Query = {}): PagedList<T> {
    return new PagedList((page) => this.get<ListPage<T>>(path, { page_size: pageSize, ...query, page }))
  }

  /** Ends all calls. */
  async stop(): Promise<void> {
    this.#stopping.abort(new MynahError('BOT_OFFLINE', 'The bot was stopped.'))
    await Promise.all([this.#rest.stop(), this.#open.stop()])
  }

  #repeated<T>(isRead: boolean, attempt: () => Promise<T>): Promise<T> {
    const decide = (error: unknown, failures: number): RetryDecision => decideRetry(error, failures, isRead)
    return retry({ decide, clock: this.#clock, signal: this.#stopping.signal }, attempt)
  }

  async #call<T>(method: string, path: string, request: RestRequest): Promise<T> {
    const { data } = await this.#rest.request<Envelope<T>>(method, path, request)
    return data.data
  }
}

interface Envelope<T> {
  readonly code: number
  readonly message: string
  readonly data: T
}

const pageSize = 50

/**
 * A list that is read page by page as it is iterated.
 *
 * @example
 * ```ts
 * for await (const guild of bot.api('kook').guilds.list()) console.log(guild.name)
 * ```
 */
export class PagedList<T> implements AsyncIterable<T> {
  /** Reads one page, counted from 1. */
  readonly page: (number: number) => Promise<ListPage<T>>

  /** @param page - Reads one page, counted from 1. */
  constructor(page: (number: number) => Promise<ListPage<T>>) {
    this.page = page
  }

  /** Everything. */
  async all(): Promise<T[]> {
    const result: T[] = []
    for await (const item of this) result.push(item)
    return result
  }

  /** Reads page by page. @throws PlatformError when a page is refused. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (let number = 1; ; number += 1) {
      const page = await this.page(number)
      yield* page.items
      if (!hasNext(page)) return
    }
  }
}

/** Whether a page is followed by another. */
export function hasNext({ items, meta }: ListPage<unknown>): boolean {
  return items.length > 0 && meta !== undefined && meta.page < meta.page_total
}

/**
 * Reads the rate limit of a response.
 *
 * @see KOOK developer documentation, "速率限制" (rate limits).
 */
export function readRateLimit(headers: IncomingHttpHeaders): RateLimitReport {
  const resetSeconds = count(headers['x-rate-limit-reset'])
  return defined({
    bucket: readText(headers['x-rate-limit-bucket']),
    limit: count(headers['x-rate-limit-limit']),
    remaining: count(headers['x-rate-limit-remaining']),
    resetMs: resetSeconds === undefined ? undefined : resetSeconds * 1000,
    global: headers['x-rate-limit-global'] === undefined ? undefined : true,
  })
}

function count(value: string | string[] | undefined): number | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const number = Number(value)
  return Number.isFinite(number) && number >= 0 ? number : undefined
}
