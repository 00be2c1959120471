import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it came. */
export interface ScriptedRequest {
  readonly method: string
  readonly path: string
  /** The raw query, to look at its encoding. */
  readonly search: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  readonly json: unknown
}

/** An answer; `undefined` gives none. */
export type ScriptedAnswer =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  | undefined

/** An HTTP API that answers as a test says. */
export class ScriptedServer implements AsyncDisposable {
  readonly requests: ScriptedRequest[] = []
  readonly baseUrl: string
  readonly #server: Server
  /** Answers a request; by default every call succeeds. */
  answer: (request: ScriptedRequest, index: number) => ScriptedAnswer = () => success({})

  private constructor(server: Server) {
    this.#server = server
    this.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3`
    server.on('request', (message, response) => void this.#answer(message, response))
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of message) chunks.push(Buffer.from(chunk))
    const url = new URL(message.url ?? '/', 'http://127.0.0.1')
    const body = Buffer.concat(chunks).toString()
    const isJson = message.headers['content-type']?.startsWith('application/json') === true
    const request: ScriptedRequest = {
      method: message.method ?? '',
      path: url.pathname.replace(/^\/api(?:\/v3)?\//, ''),
      search: url.search,
      query: Object.fromEntries(url.searchParams),
      headers: message.headers,
      json: isJson ? JSON.parse(body) : body,
    }
    const answer = this.answer(request, this.requests.push(request) - 1)
    if (answer === undefined) return
    const { status = 200, headers = {}, body: content = '' } = answer
    const isText = typeof content === 'string'
    response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers })
    response.end(isText ? content : JSON.stringify(content))
  }

  static async start(): Promise<ScriptedServer> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new ScriptedServer(server)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

/** An answer with the envelope of a success. */
export function success(data: unknown, headers: Record<string, string> = {}): ScriptedAnswer {
  return { body: { code: 0, message: '操作成功', data }, headers }
}

/** An answer with the envelope of a failure. */
export function failure(status: number, code: number, headers: Record<string, string> = {}): ScriptedAnswer {
  return { status, headers, body: { code, message: 'refused', data: {} } }
}
