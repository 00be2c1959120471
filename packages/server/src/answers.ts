import type { ServerResponse } from 'node:http'
import type { Clock, Logger } from '@mynah/core'
import { sendResult, type HttpResult, type ServerRequest } from './http-message.ts'

/** An answer that says no, such as `{ status: 401 }`. */
export type Refusal = HttpResult & {
  /** Of HTTP, 400 or above. */
  status: number
}

/** What `authorize` says: `true` lets the request in. */
export type Authorization = true | Refusal

/** Decides from the head of a request alone; throwing refuses with 500. */
export type Authorize = (request: ServerRequest) => Authorization | Promise<Authorization>

/** The answers that the server gives by itself, with what it logs about them. */
export class Answers {
  readonly #logger: Logger
  readonly #clock: Clock

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger
    this.#clock = clock
  }

  /** Too much at a time, or closing. */
  busy(reason?: string): Refusal {
    return { status: 503, headers: { 'retry-after': '1' }, ...(reason === undefined ? {} : { reason }) }
  }

  /** What an owner's code says; 500 when it throws. */
  async of<T>(request: ServerRequest, owner: string, run: () => Promise<T>): Promise<T | Refusal> {
    try {
      return await run()
    } catch (err) {
      this.#logger.error({ err, path: request.path, owner }, 'A request handler threw; the answer is 500.')
      return { status: 500 }
    }
  }

  /** Asks an owner about the head of a request, for no longer than `timeoutMs`. */
  async authorize(
    request: ServerRequest,
    owner: string,
    authorize: Authorize,
    timeoutMs: number,
  ): Promise<Authorization> {
    let cancel = (): void => {}
    const late = new Promise<Refusal>((resolve) => {
      cancel = this.#clock.setTimeout(
        () => resolve(this.busy(`it was not decided within ${timeoutMs} ms whether it may come in`)),
        timeoutMs,
      )
    })
    const decided = this.of(request, owner, async () => authorize(request))
    try {
      return await Promise.race([decided, late])
    } finally {
      cancel()
    }
  }

  send(response: ServerResponse, result: HttpResult): void {
    try {
      sendResult(response, result)
    } catch (err) {
      this.#logger.error({ err }, 'An answer could not be sent: it has a bad status, header or body.')
      for (const name of response.getHeaderNames()) response.removeHeader(name)
      sendResult(response, { status: 500 })
    }
  }
}
