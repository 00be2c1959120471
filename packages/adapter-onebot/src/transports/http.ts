import { backoffDelay, deferred } from '@mynah/core'

import type { Account } from '../account.ts'
import type { Accounts } from '../accounts.ts'
import { readEnvelope } from '../calls/envelope.ts'
import { AuthError } from '../calls/errors.ts'
import { HttpLine } from '../calls/http-line.ts'
import type { HttpConfig } from '../config.ts'
import { isRaw, readId } from '../wire/raw.ts'

/** How an HTTP API is used. */
export interface HttpOptions {
  readonly accounts: Accounts
  readonly config: HttpConfig
  readonly timeoutMs: number
}

/** How rarely a refused token is tried again, in ms. */
const slowMs = 60_000

/** Finds out whose HTTP API it is, and makes its calls available as long as somebody answers there. */
export class Http {
  readonly #options: HttpOptions
  readonly #stopping = new AbortController()
  /** Every line that may still have calls under way. */
  readonly #lines = new Set<HttpLine>()
  #running: Promise<void> | undefined
  #wake: (() => void) | undefined

  constructor(options: HttpOptions) {
    this.#options = options
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#wake?.()
    await Promise.all(Array.from(this.#lines, (line) => line.stop()))
    await this.#running
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stopping.signal.aborted; failures += 1) {
      const down = deferred()
      const line = this.#makeLine(() => down.resolve())
      const account = await this.#identify(line, failures)
      if (account !== undefined) {
        failures = -1
        account.attach(line)
        this.#wake = () => down.resolve()
        if (this.#stopping.signal.aborted) down.resolve()
        await down.promise
        account.detach(line)
      }
      line.close()
    }
  }

  #makeLine(onDown: () => void): HttpLine {
    const { config, accounts, timeoutMs } = this.#options
    const { logger, clock } = accounts
    const { url, tokenIn } = config
    const token = config.token === '' ? undefined : config.token
    for (const line of this.#lines) if (line.pending === 0) this.#lines.delete(line)
    const line = new HttpLine({ url, token, tokenIn, timeoutMs, logger, clock, onDown })
    this.#lines.add(line)
    return line
  }

  /** @returns `undefined` when nobody answered, after a pause. */
  async #identify(line: HttpLine, failures: number): Promise<Account | undefined> {
    const { accounts, config } = this.#options
    try {
      const call = { action: 'get_login_info', params: {} }
      const { data } = readEnvelope(await line.call(call), call)
      const selfId = isRaw(data) ? readId(data['user_id']) : undefined
      if (selfId !== undefined && selfId === (config.selfId ?? selfId)) return accounts.get(selfId)
      accounts.logger.error({ selfId, expected: config.selfId }, 'The HTTP API belongs to another account')
      await this.#pause(slowMs)
    } catch (err) {
      const isRefused = err instanceof AuthError
      if (isRefused)
        accounts.logger.error({ err }, 'The HTTP API refuses the token; put its token into the config')
      else accounts.logger.debug({ err }, 'The HTTP API does not answer yet')
      if (config.selfId !== undefined && isRefused) accounts.get(config.selfId)?.report(err.message)
      await this.#pause(isRefused ? slowMs : backoffDelay(failures))
    }
    return undefined
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#stopping.signal.aborted) return resolve()
      const cancel = this.#options.accounts.clock.setTimeout(resolve, delayMs)
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
  }
}
