import {
  ConnectionReporter,
  describeFailure,
  describeStatus,
  type FailureWords,
  isRecord,
  quote,
  shownAddress,
} from '@mynah/adapter-kit'
import { backoffDelay, deferred } from '@mynah/core/adapter'

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
  /** How often a look is taken whether somebody still answers, in ms. @defaultValue 10000 */
  readonly lookEveryMs?: number
}

/** How rarely a refused token is tried again, in ms. */
const slowMs = 60_000
/** How often it is looked whether somebody still answers, and how long that may take, in ms. */
const lookMs = 10_000

/** Finds out whose HTTP API it is, and makes its calls available as long as somebody answers there. */
export class Http {
  readonly #options: HttpOptions
  readonly #name: string
  readonly #reporter: ConnectionReporter
  readonly #stopping = new AbortController()
  /** Every connection that may still have calls under way. */
  readonly #connections = new Set<HttpConnection>()
  #running: Promise<void> | undefined
  #wake: (() => void) | undefined

  constructor(options: HttpOptions) {
    this.#options = options
    const { host, config } = options
    const { logger, clock } = host
    this.#name = `OneBot HTTP API at ${shownAddress(config.url)}`
    this.#reporter = new ConnectionReporter({ logger, clock, name: this.#name })
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#wake?.()
    await Promise.all(Array.from(this.#connections, (connection) => connection.stop()))
    await this.#running
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stopping.signal.aborted; failures += 1) {
      const down = deferred()
      const connection = this.#makeConnection(() => down.resolve())
      const account = await this.#identify(connection, failures)
      if (account !== undefined) {
        failures = -1
        this.#reporter.working()
        account.connections.attach(connection)
        const stopLooking = this.#lookAfter(connection, () => down.resolve())
        this.#wake = () => down.resolve()
        if (this.#stopping.signal.aborted) down.resolve()
        await down.promise
        stopLooking()
        account.connections.detach(connection)
      }
      connection.close()
    }
  }

  /** Nothing comes by itself here: without a look now and then nobody would see that it is gone. */
  #lookAfter(connection: HttpConnection, onDown: () => void): () => void {
    const { host } = this.#options
    const look = (): Promise<void> =>
      connection.call({ action: 'get_status', params: {}, timeoutMs: lookMs }).then(
        () => {},
        (error: unknown) => {
          // Whoever answers at all is there.
          if (OneBotError.is(error, 'token-refused', 'timeout')) onDown()
        },
      )
    let isLooking = false
    return host.clock.setInterval(() => {
      if (isLooking) return
      isLooking = true
      void look().finally(() => {
        isLooking = false
      })
    }, this.#options.lookEveryMs ?? lookMs)
  }

  #makeConnection(onDown: () => void): HttpConnection {
    const { config, host, timeoutMs } = this.#options
    const { logger, clock } = host
    const { url, tokenIn } = config
    const token = config.token === '' ? undefined : config.token
    for (const connection of this.#connections)
      if (connection.pending === 0) this.#connections.delete(connection)
    const connection = new HttpConnection({ url, token, tokenIn, timeoutMs, logger, clock, onDown })
    this.#connections.add(connection)
    return connection
  }

  /** @returns `undefined` when nobody answered, after a pause. */
  async #identify(connection: HttpConnection, failures: number): Promise<Account | undefined> {
    const { host, config } = this.#options
    try {
      const call = { action: 'get_login_info', params: {} }
      const data = readEnvelope(await connection.call(call), call)
      const selfId = isRecord(data) ? readId(data['user_id']) : undefined
      if (selfId !== undefined && selfId === (config.selfId ?? selfId)) return host.account(selfId)
      this.#reporter.failed({
        ...(selfId === undefined
          ? { reason: 'it does not tell whose account it is' }
          : {
              reason: `it belongs to the account ${selfId}, not to ${config.selfId}`,
              hint: 'mend selfId, or the address',
            }),
        retryInMs: slowMs,
      })
      await this.#pause(slowMs)
    } catch (err) {
      if (this.#stopping.signal.aborted) return undefined
      const isRefused = OneBotError.is(err, 'token-refused')
      const words = this.#explain(err)
      const retryInMs = isRefused ? slowMs : backoffDelay(failures)
      this.#reporter.failed({ ...words, retryInMs, fields: { err } })
      if (isRefused) {
        const problem = `${this.#name}: ${words.reason}; ${words.hint}`
        if (config.selfId !== undefined) host.account(config.selfId)?.connections.report(problem)
        host.refused(problem)
      }
      await this.#pause(retryInMs)
    }
    return undefined
  }

  #explain(error: unknown): FailureWords {
    const address = shownAddress(this.#options.config.url)
    const { httpStatus } = error instanceof OneBotError ? error : {}
    if (OneBotError.is(error, 'token-refused')) {
      return {
        reason: `${address} refuses the token${httpStatus === undefined ? '' : ` (HTTP ${httpStatus})`}`,
        hint: 'put the token of its HTTP server into the config',
      }
    }
    if (httpStatus !== undefined) return describeStatus(httpStatus, address)
    if (OneBotError.is(error, 'timeout'))
      return { reason: `${address} did not answer in time`, hint: 'look whether the implementation hangs' }
    if (OneBotError.is(error, 'malformed')) {
      return {
        reason: `${address} answers with something unreadable`,
        hint: 'check that it is the HTTP server of a OneBot implementation',
      }
    }
    if (OneBotError.is(error, 'failed')) return { reason: quote(error.message) }
    return describeFailure(error, address)
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#stopping.signal.aborted) return resolve()
      const cancel = this.#options.host.clock.setTimeout(resolve, delayMs)
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
  }
}
