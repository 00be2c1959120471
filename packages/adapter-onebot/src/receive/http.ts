import {
  ConnectionReporter,
  describeFailure,
  describeStatus,
  type FailureWords,
  isRecord,
  quote,
  retry,
  shownAddress,
} from '@mynah/adapter-kit'
import { sleep, unlessAborted } from '@mynah/core/adapter'

import type { Account, TransportHost } from './host.ts'
import { readEnvelope } from '../api/envelope.ts'
import { OneBotError } from '../errors.ts'
import { HttpConnection } from '../http.ts'
import type { HttpConfig } from '../config.ts'
import { readId } from '../wire/raw.ts'

/** How an HTTP API is used. */
export interface HttpOptions {
  readonly host: TransportHost
  readonly config: HttpConfig
  readonly timeoutMs: number
}

/** How rarely is tried again what a person has to mend, in ms. */
const slowMs = 60_000
/** How often it is looked whether somebody still answers, and how long that may take, in ms. */
const lookMs = 10_000

/** Somebody answers whose API it is not, or who does not say. */
class WrongAccount extends Error {
  readonly words: FailureWords

  constructor(words: FailureWords) {
    super(words.reason)
    this.words = words
  }
}

/** Finds out whose HTTP API it is, and makes its calls available as long as somebody answers there. */
export class Http {
  readonly #options: HttpOptions
  readonly #name: string
  readonly #address: string
  readonly #reporter: ConnectionReporter
  readonly #connection: HttpConnection
  readonly #stopping = new AbortController()
  /** Aborts when nobody answers any more. */
  #gone = new AbortController()
  #running: Promise<void> | undefined

  constructor(options: HttpOptions) {
    this.#options = options
    const { host, config, timeoutMs } = options
    const { logger, clock } = host
    const token = config.token === '' ? undefined : config.token
    this.#address = shownAddress(config.url)
    this.#name = `OneBot HTTP API at ${this.#address}`
    this.#reporter = new ConnectionReporter({ logger, clock, name: this.#name })
    this.#connection = new HttpConnection({
      ...config,
      token,
      timeoutMs,
      logger,
      clock,
      onDown: () => this.#gone.abort(),
    })
  }

  start(): void {
    this.#running ??= this.#run(this.#stopping.signal)
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#connection.stop()
    await this.#running
  }

  async #run(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        const account = await this.#find(signal)
        this.#reporter.working()
        account.connections.attach(this.#connection)
        await this.#untilGone(signal)
        account.connections.detach(this.#connection)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  /** Nothing comes by itself here: without a look now and then nobody would see that it is gone. */
  async #untilGone(stopping: AbortSignal): Promise<void> {
    this.#gone = new AbortController()
    const over = AbortSignal.any([this.#gone.signal, stopping])
    while (!over.aborted) {
      try {
        await sleep(this.#options.host.clock, lookMs, over)
        const look = this.#connection.call({ action: 'get_status', params: {}, timeoutMs: lookMs })
        await unlessAborted(look, over)
      } catch (error) {
        // Whoever answers at all is there.
        if (OneBotError.is(error, 'token-refused', 'timeout')) this.#gone.abort()
      }
    }
  }

  /** Asks until somebody answers whose account can be used. */
  #find(signal: AbortSignal): Promise<Account> {
    const { clock } = this.#options.host
    return retry(
      {
        decide: (error) =>
          error instanceof WrongAccount || OneBotError.is(error, 'token-refused')
            ? { repeat: true, afterMs: slowMs }
            : { repeat: true },
        maxAttempts: Infinity,
        signal,
        clock,
        onFailure: (error, afterMs) => this.#failed(error, afterMs),
      },
      () => this.#ask(),
    )
  }

  async #ask(): Promise<Account> {
    const { host, config } = this.#options
    const call = { action: 'get_login_info', params: {} }
    const data = readEnvelope(await this.#connection.call(call), call)
    const selfId = isRecord(data) ? readId(data['user_id']) : undefined
    if (selfId === undefined) throw new WrongAccount({ reason: 'it does not tell whose account it is' })
    if (config.selfId !== undefined && config.selfId !== selfId) {
      const reason = `it belongs to the account ${selfId}, not to ${config.selfId}`
      throw new WrongAccount({ reason, hint: 'mend selfId, or the address' })
    }
    const account = host.account(selfId)
    if (account !== undefined) return account
    throw new WrongAccount({ reason: `the account ${selfId} cannot be added` })
  }

  #failed(error: unknown, retryInMs = slowMs): void {
    if (this.#stopping.signal.aborted) return
    const { host, config } = this.#options
    const words = this.#explain(error)
    this.#reporter.failed({ ...words, retryInMs, fields: { err: error } })
    if (!OneBotError.is(error, 'token-refused')) return
    const problem = `${this.#name}: ${words.reason}; ${words.hint}`
    if (config.selfId !== undefined) host.account(config.selfId)?.connections.report(problem)
    host.refused(problem)
  }

  #explain(error: unknown): FailureWords {
    const address = this.#address
    if (error instanceof WrongAccount) return error.words
    if (!OneBotError.is(error)) return describeFailure(error, address)
    const { kind, httpStatus } = error
    if (kind === 'token-refused') {
      return {
        reason: `${address} refuses the token${httpStatus === undefined ? '' : ` (HTTP ${httpStatus})`}`,
        hint: 'put the token of its HTTP server into the config',
      }
    }
    if (httpStatus !== undefined) return describeStatus(httpStatus, address)
    if (kind === 'timeout')
      return { reason: `${address} did not answer in time`, hint: 'look whether the implementation hangs' }
    if (kind === 'malformed') {
      return {
        reason: `${address} answers with something unreadable`,
        hint: 'check that it is the HTTP server of a OneBot implementation',
      }
    }
    return kind === 'failed' ? { reason: quote(error.message) } : describeFailure(error, address)
  }
}
