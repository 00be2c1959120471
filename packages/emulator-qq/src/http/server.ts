import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

import {
  CallFaults,
  CallLog,
  LoopbackServer,
  refuseUpgrade,
  type RouteMatch,
  Router,
  type Timers,
} from '@mynah/emulator-kit'

import { describeCall, type QQCall } from '../calls/call.ts'
import type { ApiReply, ApiRequest, Endpoint, Endpoints } from '../calls/endpoint.ts'
import { Fields } from '../calls/fields.ts'
import { ApiRefusal } from '../calls/refusal.ts'
import type { QQErrorAnswer } from '../faults/faults.ts'
import { perSecond } from '../world/limits.ts'
import type { Platform } from '../world/platform.ts'
import { readRequestBody, type RequestBody } from './body.ts'

interface HttpServerParts {
  readonly platform: Platform
  readonly timers: Timers
  readonly endpoints: Endpoints
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

interface Answer {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** One request on its way to an endpoint. */
type Incoming = RequestBody &
  Pick<ApiRequest, 'query' | 'headers'> & {
    readonly params: Readonly<Record<string, string>>
    readonly traceId: string
  }

const refusalAnswer = (refusal: ApiRefusal, traceId: string): Answer => {
  const { code, status, message, data } = refusal
  const body = { message, code, err_code: code, trace_id: traceId, ...(data === undefined ? {} : { data }) }
  return { status, body: JSON.stringify(body) }
}

/** The token endpoint, the OpenAPI and the door of the gateway on one loopback port. */
export class HttpServer {
  readonly calls: CallLog<QQCall>
  readonly faults: CallFaults<QQErrorAnswer>
  readonly #platform: Platform
  readonly #router: Router<Endpoint>
  readonly #server: LoopbackServer

  constructor({ platform, timers, endpoints, upgrade }: HttpServerParts) {
    const router = new Router(endpoints)
    this.#platform = platform
    this.#router = router
    this.faults = new CallFaults(timers, (selector) => router.select(selector))
    this.calls = new CallLog({
      describe: describeCall,
      select: (selector) => {
        const isMeant = router.select(selector)
        return ({ route }) => isMeant(route)
      },
    })
    this.#server = new LoopbackServer({
      request: (request, response) => this.#serve(request, response),
      upgrade: (request, socket, head) => {
        const { pathname } = new URL(`http://localhost${request.url ?? '/'}`)
        if (/^\/websocket\/?$/.test(pathname)) upgrade(request, socket, head)
        else refuseUpgrade(socket, 404)
      },
    })
  }

  /** The TCP port. */
  get port(): number {
    return this.#server.port
  }

  /** Starts on a port of 127.0.0.1; 0 takes a free one. */
  async listen(port: number): Promise<void> {
    await this.#server.listen(port)
  }

  close(): Promise<void> {
    return this.#server.close()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const receivedAt = this.#platform.clock.now()
    const traceId = this.#platform.ids.hex()
    const method = request.method ?? 'GET'
    const { pathname, searchParams } = new URL(`http://localhost${request.url ?? '/'}`)
    const match = this.#router.match(method, pathname)
    const body = await readRequestBody(request)
    if (body === undefined) return void response.destroy()

    const params = match.route === undefined ? {} : match.params
    const incoming = { ...body, query: searchParams, headers: request.headers, params, traceId }
    const outcome = await this.faults.run(match.route?.name, {
      carryOut: () => this.#answer(match, incoming),
      errorAnswer: (fault) => errorAnswer(fault, traceId),
      dealtWith: (made) =>
        this.calls.add({
          method,
          path: pathname,
          route: match.route?.name,
          params,
          query: Object.fromEntries(searchParams),
          headers: request.headers,
          body: body.fields,
          status: made?.status,
          answer: made?.body,
          receivedAt,
        }),
    })
    if (outcome === 'drop') response.destroy()
    else if (outcome !== 'silence') write(response, outcome.answer, traceId)
  }

  async #answer(match: RouteMatch<Endpoint>, request: Incoming): Promise<Answer> {
    if (match.route === undefined) return { status: match.status, body: `<h1>${match.status}</h1>` }
    return this.#run(match.route.name, match.route.endpoint, request)
  }

  async #run(name: string, endpoint: Endpoint, request: Incoming): Promise<Answer> {
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
      if (error instanceof ApiRefusal) return refusalAnswer(error, request.traceId)
      throw error
    }
  }

  /** What every call has to get past before its endpoint looks at it. */
  #admit(name: string, endpoint: Endpoint, request: Incoming): void {
    const platform = this.#platform
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
}

function write(response: ServerResponse, { status, body, headers }: Answer, traceId: string): void {
  response.writeHead(status, {
    'X-Tps-trace-ID': traceId,
    ...(status === 204 ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
    ...(/^[[{n]/.test(body) ? { 'Content-Type': 'application/json' } : {}),
    ...headers,
  })
  response.end(body)
}

function errorAnswer(fault: QQErrorAnswer, traceId: string): Answer {
  const { code, body, headers = {} } = fault
  if (body !== undefined) {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return { status: fault.status ?? 200, body: text, headers }
  }
  if (code === undefined) return { status: fault.status ?? 500, body: '<h1>gateway error</h1>', headers }
  const refusal = new ApiRefusal(code, fault.status === undefined ? {} : { status: fault.status })
  return { ...refusalAnswer(refusal, traceId), headers }
}
