import { once } from 'node:events'
import { type IncomingHttpHeaders, IncomingMessage, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { buffer } from 'node:stream/consumers'

/** What a webhook is sent. */
export interface PushRequest {
  /** Where it is sent. */
  readonly url: string
  /** @defaultValue 'POST' */
  readonly method?: string
  /** Beside `Content-Length`. */
  readonly headers: Readonly<Record<string, string>>
  /** What is sent. */
  readonly body: Uint8Array
  /** Byte offsets at which the body is cut into chunks of their own. @defaultValue none: one piece of known length */
  readonly cutAt?: readonly number[]
  /** Gives up. */
  readonly signal: AbortSignal
}

/** What a webhook answered. */
export interface PushAnswer {
  /** HTTP status. */
  readonly status: number
  /** Header names are in lower case. */
  readonly headers: IncomingHttpHeaders
  /** The whole body. */
  readonly text: string
}

/**
 * Makes one request on a connection of its own.
 *
 * @throws What aborted `signal`, or the error of the connection.
 */
export async function exchange(request: PushRequest): Promise<PushAnswer> {
  const { url, method = 'POST', headers, body, cutAt = [], signal } = request
  const open = url.startsWith('https:') ? httpsRequest : httpRequest
  const length = cutAt.length === 0 ? { 'Content-Length': String(body.length) } : {}
  const sent = open(url, { method, headers: { ...length, ...headers }, agent: false, signal })
  // An abort in the middle of the answer is reported on the request too; reading the answer throws it already.
  sent.on('error', () => {})
  try {
    const answered = once(sent, 'response')
    for (const [index, start] of [0, ...cutAt].entries()) sent.write(body.subarray(start, cutAt[index]))
    sent.end()
    const [response]: unknown[] = await answered
    if (!(response instanceof IncomingMessage)) throw new TypeError('a response is an IncomingMessage')
    const text = (await buffer(response)).toString()
    return { status: response.statusCode ?? 0, headers: response.headers, text }
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}
