import { Mailbox } from '@mynah/core/testing'
import type { JsonObject } from '@mynah/emulator-kit'
import type { Router } from '../http/router.ts'

/** One call that the bot made. */
export interface QQCall {
  readonly method: string
  readonly path: string
  /** The endpoint, `METHOD /path/{placeholder}`; undefined when there is none. */
  readonly route: string | undefined
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The JSON object or form fields sent. */
  readonly body: JsonObject
  /** HTTP status of the answer; 0 when the connection was broken instead. */
  readonly status: number
  readonly answer: unknown
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly at: number
}

const secretFields = new Set(['clientSecret', 'access_token'])
const describeCall = ({ method, path, status, body }: QQCall): string =>
  `${method} ${path} ${JSON.stringify(body, (key, value: unknown) => (secretFields.has(key) ? '[hidden]' : value))} -> ${status}`

/** The record of all calls, to look at or to wait for. */
export class Calls {
  readonly #router: Router
  readonly #mailbox = new Mailbox<QQCall>(describeCall)
  #all: QQCall[] = []

  constructor(router: Router) {
    this.#router = router
  }

  get all(): readonly QQCall[] {
    return this.#all
  }

  add(call: QQCall): void {
    this.#all.push(call)
    this.#mailbox.push(call)
  }

  take(route: string, accepts: (call: QQCall) => boolean, timeoutMs?: number): Promise<QQCall> {
    this.#router.assertRoute(route)
    const fits = (call: QQCall): boolean => (route === '*' || call.route === route) && accepts(call)
    return this.#mailbox.take(fits, `a call ${route}`, timeoutMs)
  }

  clear(): void {
    this.#all = []
    this.#mailbox.clear()
  }
}
