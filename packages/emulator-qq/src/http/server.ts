import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { ApiRefusal } from '../calls/refusal.ts'
import type { Calls } from '../calls/call.ts'
import type { ApiReply, ApiRequest, Endpoint } from '../calls/endpoint.ts'
import type { QQCallFault, QQFaults } from '../faults/faults.ts'
import { Fields } from '../calls/fields.ts'
import { perSecond } from '../world/limits.ts'
import type { Platform } from '../world/platform.ts'
import { readRequestBody, type RequestBody } from './body.ts'
import type { Router } from './router.ts'

interface HttpServerParts {
  platform: Platform
  router: Router
  calls: Calls
  faults: QQFaults
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

interface Answer {
  status: number
  body: string
  headers?: Readonly<Record<string, string>>
}

const errorAnswer = (fault: ApiRefusal, traceId: string): Answer => {
  const { code, status, message, data } = fault
  const body = { message, code, err_code: code, trace_id: traceId, ...(data === undefined ? {} : { data }) }
  return { status, body: JSON.stringify(body) }
}

/** The token endpoint, the OpenAPI and the door of the gateway on one loopback port. */
export class HttpServer {
  readonly #parts: HttpServerParts
  readonly #server: Server
  readonly #cancels = new Set<() => void>()

  constructor(parts: HttpServerParts) {
    this.#parts = parts
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
    })
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => {})
      const { pathname } = new URL(`http://localhost${request.url ?? '/'}`)
      if (/^\/websocket\/?$/.test(pathname)) parts.upgrade(request, socket, head)
      else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    })
  }

  /** Starts on a free port of 127.0.0.1 and gives the port. */
  async listen(port: number): Promise<number> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    const address: AddressInfo | string | null = this.#server.address()
    if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port')
    return address.port
  }

  async close(): Promise<void> {
    for (const cancel of this.#cancels) cancel()
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { platform, router, calls, faults } = this.#parts
    const at = platform.clock.now()
    const traceId = platform.ids.hex()
    const method = request.method ?? 'GET'
    const { pathname, searchParams } = new URL(`http://localhost${request.url ?? '/'}`)
    const match = router.match(method, pathname)
    const body = await readRequestBody(request)
    if (body === undefined) return void response.destroy()

    const fault = match.route && faults.take(match.route.name)
    const answer = await this.#answer(match, { request, query: searchParams, body, traceId }, fault)
    if (fault?.delayMs !== undefined) await this.#pause(fault.delayMs)
    calls.add({
      method,
      path: pathname,
      route: match.route?.name,
      params: match.route === undefined ? {} : match.params,
      query: Object.fromEntries(searchParams),
      headers: request.headers,
      body: body.fields,
      status: fault?.hangUp ? 0 : answer.status,
      answer: answer.body,
      at,
    })
    if (fault?.hangUp) return void response.destroy()
    response.writeHead(answer.status, {
      'X-Tps-trace-ID': traceId,
      ...(answer.status === 204 ? {} : { 'Content-Length': String(Buffer.byteLength(answer.body)) }),
      ...(/^[[{n]/.test(answer.body) ? { 'Content-Type': 'application/json' } : {}),
      ...answer.headers,
    })
    response.end(answer.body)
  }

  async #answer(
    match: ReturnType<Router['match']>,
    incoming: { request: IncomingMessage; query: URLSearchParams; body: RequestBody; traceId: string },
    fault: QQCallFault | undefined,
  ): Promise<Answer> {
    if (match.route === undefined) return { status: match.status, body: `<h1>${match.status}</h1>` }
    const isSpoilt = fault !== undefined && isRefusal(fault)
    if (isSpoilt && !fault.carriedOut) return faultAnswer(fault, incoming.traceId)
    const answer = await this.#run(match.route.name, match.route.endpoint, {
      ...incoming.body,
      query: incoming.query,
      headers: incoming.request.headers,
      params: match.params,
      traceId: incoming.traceId,
    })
    return isSpoilt ? faultAnswer(fault, incoming.traceId) : answer
  }

  async #run(
    name: string,
    endpoint: Endpoint,
    request: RequestBody &
      Pick<ApiRequest, 'query' | 'headers'> & { params: Record<string, string>; traceId: string },
  ): Promise<Answer> {
    try {
      this.#admit(name, endpoint, request)
      const reply: ApiReply = await endpoint.handle({
        query: request.query,
        headers: request.headers,
        fields: new Fields(request.fields),
        files: request.files,
        rawBody: request.raw,
        param: (param) => request.params[param] ?? '',
      })
      return { status: reply.status, body: reply.body === undefined ? '' : JSON.stringify(reply.body) }
    } catch (error) {
      if (error instanceof ApiRefusal) return errorAnswer(error, request.traceId)
      throw error
    }
  }

  /** What every call has to get past before its endpoint looks at it. */
  #admit(
    name: string,
    endpoint: Endpoint,
    request: RequestBody & Pick<ApiRequest, 'headers'> & { params: Record<string, string> },
  ): void {
    const { platform } = this.#parts
    if (!endpoint.open) {
      platform.tokens.verify(request.headers.authorization)
      if (platform.botState === 'banned') throw new ApiRefusal(11265)
    }
    if (request.problem !== undefined && !endpoint.binary) throw request.problem
    for (const { grant, code } of endpoint.needs ?? []) {
      if (!platform.grants[grant]) throw new ApiRefusal(code)
    }
    const scope = endpoint.limitBy === undefined ? '' : request.params[endpoint.limitBy]
    const key = `call:${name}:${scope}`
    if (!endpoint.open)
      platform.limits.spend(key, endpoint.limit ?? perSecond(50), endpoint.limitCode ?? 22009)
  }

  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        this.#cancels.delete(cancel)
        resolve()
      }
      const timer = setTimeout(finish, ms)
      const cancel = (): void => {
        clearTimeout(timer)
        finish()
      }
      this.#cancels.add(cancel)
    })
  }
}

const isRefusal = (fault: QQCallFault): boolean =>
  fault.status !== undefined || fault.code !== undefined || fault.body !== undefined || fault.hangUp === true

function faultAnswer(fault: QQCallFault, traceId: string): Answer {
  const { code, body, headers = {} } = fault
  if (body !== undefined) {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return { status: fault.status ?? 200, body: text, headers }
  }
  if (code === undefined) return { status: fault.status ?? 500, body: '<h1>gateway error</h1>', headers }
  const refusal = new ApiRefusal(code, fault.status === undefined ? {} : { status: fault.status })
  return { ...errorAnswer(refusal, traceId), headers }
}
