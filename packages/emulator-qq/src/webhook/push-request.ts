import { once } from 'node:events'
import { request as httpRequest, IncomingMessage, type IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'

/** What the bot answered to a push. */
export interface QQPushAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

interface PushRequest {
  url: string
  headers: Readonly<Record<string, string>>
  content: Buffer
  /** Byte offsets at which the body is cut into chunks of their own. */
  cutAt: readonly number[]
  signal: AbortSignal
}

/** Posts one push on a connection of its own; rejects with the signal's reason when it is aborted. */
export async function postPush({ url, headers, content, cutAt, signal }: PushRequest): Promise<QQPushAnswer> {
  const open = url.startsWith('https:') ? httpsRequest : httpRequest
  const length = cutAt.length === 0 ? { 'Content-Length': String(content.length) } : {}
  const request = open(url, { method: 'POST', headers: { ...headers, ...length }, agent: false, signal })
  // An abort in the middle of the answer is reported on the request too; the answer's loop throws it already.
  request.on('error', () => {})
  try {
    const answered = once(request, 'response')
    const starts = [0, ...cutAt]
    for (const [index, start] of starts.entries()) request.write(content.subarray(start, starts[index + 1]))
    request.end()
    const [response]: unknown[] = await answered
    if (!(response instanceof IncomingMessage)) throw new TypeError('a response is an IncomingMessage')
    const chunks: Buffer[] = []
    for await (const chunk of response) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      text: Buffer.concat(chunks).toString(),
    }
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}
