import type { ServerResponse } from 'node:http'
import { sendResult, type HttpResult, type ServerRequest } from './http-message.ts'
import type { ServerLogger } from './logger.ts'

/** An answer that says no, such as `{ status: 401 }`. */
export type Refusal = HttpResult & { status: number }

/** The answers that the server gives by itself, with what it logs about them. */
export class Answers {
  readonly #logger: ServerLogger

  constructor(logger: ServerLogger) {
    this.#logger = logger
  }

  /** Too much at a time, or closing. */
  busy(): Refusal {
    return { status: 503, headers: { 'retry-after': '1' } }
  }

  notFound({ method, path }: ServerRequest): Refusal {
    this.#logger.debug({ method, path }, 'Nobody serves the requested path.')
    return { status: 404 }
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
