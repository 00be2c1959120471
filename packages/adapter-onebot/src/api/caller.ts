import { Semaphore } from '@mynah/adapter-kit'

import { aliases } from './quirks.ts'
import { checkStream, readEnvelope } from './envelope.ts'
import { OneBotError, type OneBotErrorDetails } from '../errors.ts'
import type { Connection } from '../receive/connection.ts'

/** How a call is made. */
export interface CallOptions {
  /** How long the answer may take, in ms. @defaultValue the adapter's `timeout` */
  readonly timeoutMs?: number | undefined
  /** Takes the parts of an answer that comes in several frames, before the last one. */
  readonly onPart?: ((part: unknown) => void) | undefined
}

/** What a caller needs of its account. */
export interface CallerHost {
  /** The connection to call through; `undefined` when there is none. */
  readonly callConnection: Connection | undefined
}

/** Makes the calls of one account: at most `limit` at a time, the others wait in order. */
export class Caller {
  readonly #host: CallerHost
  readonly #places: Semaphore
  /** Names that work here in place of the usual ones. */
  readonly #renamed = new Map<string, string>()

  constructor(host: CallerHost, limit: number) {
    this.#host = host
    this.#places = new Semaphore(limit)
  }

  /** Calls that wait for a place. */
  get queued(): number {
    return this.#places.waiting
  }

  /** Another program may answer from now on: what was learnt about names is forgotten. */
  forgetNames(): void {
    this.#renamed.clear()
  }

  /** Makes a call; the result is `data` of the answer. @throws OneBotError */
  async call(action: string, params: object, options: CallOptions = {}): Promise<unknown> {
    const name = this.#renamed.get(action) ?? action
    try {
      return await this.#perform(name, params, options)
    } catch (error) {
      if (!OneBotError.is(error, 'unknown-action') || name !== action) throw error
      return this.#callAlias(action, params, options, error)
    }
  }

  async #callAlias(action: string, params: object, options: CallOptions, first: Error): Promise<unknown> {
    for (const alias of aliases[action] ?? []) {
      try {
        const data = await this.#perform(alias, params, options)
        this.#renamed.set(action, alias)
        return data
      } catch (error) {
        if (!OneBotError.is(error, 'unknown-action')) throw error
      }
    }
    throw first
  }

  #perform(name: string, params: object, options: CallOptions): Promise<unknown> {
    return this.#places.run(() => this.#send(name, params, options))
  }

  async #send(action: string, params: object, { timeoutMs, onPart }: CallOptions): Promise<unknown> {
    const connection = this.#host.callConnection
    if (connection === undefined)
      throw new OneBotError('not-connected', 'no connection takes calls.', { action, params })
    const answer = await connection.call({ action, params, timeoutMs, onPart })
    const details: OneBotErrorDetails = { action, params, transport: connection.transport }
    checkStream(answer, details)
    return readEnvelope(answer, details)
  }
}
