import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '@mynah/core'
import type { Answers, Authorize, Refusal } from './answers.ts'
import { addressKey, doorRefusal, type Guard } from './door.ts'
import type { Gate } from './gate.ts'
import { describeRequest, type HttpRequest, type HttpResult, type ServerRequest } from './http-message.ts'
import { hasBody, readBody } from './read-body.ts'
import type { RefusalLog } from './refusals.ts'
import { RouteTable } from './route-table.ts'

/** Answers one request; nothing means 204. One that throws is logged and answered with 500. */
export type HttpHandler = (request: HttpRequest) => HttpResult | void | Promise<HttpResult | void>

/** Options of one HTTP route. */
export interface RouteOptions {
  /** Who owns the route, for logs and conflicts; a plugin's name for instance. */
  label: string
  /**
   * What the owner asks of a request. With `none` the route serves only programs on this machine, and a line
   * says so.
   */
  guard: Guard
  /**
   * Decides from the head alone, before anything of the body is read: whether the token is right, or the
   * signature there. @defaultValue everybody's body is read
   */
  authorize?: Authorize
  /** Largest body taken, in bytes; beyond it the answer is 413. @defaultValue 1048576 (1 MiB) */
  maxBodyBytes?: number
}

/** What the routes need of the server they belong to. */
export interface HttpHost {
  readonly answers: Answers
  readonly gate: Gate
  readonly refusals: RefusalLog
  readonly clock: Clock
  readonly requestTimeoutMs: number
  readonly firstByteTimeoutMs: number
  readonly hasWebSocket: (path: string) => boolean
  /** All paths that are served, to tell who asks for another one. */
  readonly paths: () => string[]
}

interface HttpRoute extends Omit<RouteOptions, 'guard'> {
  /** `open` is for everybody. */
  readonly guard: Guard | 'open'
  readonly handler: HttpHandler
}

const noBody = Buffer.alloc(0)

/** The HTTP half of a server. */
export class HttpRoutes {
  readonly #host: HttpHost
  readonly #routes = new RouteTable<HttpRoute>()

  constructor(host: HttpHost) {
    this.#host = host
  }

  add(method: string, path: string, route: HttpRoute): () => void {
    return this.#routes.add(method.toUpperCase(), path, route.label, route)
  }

  /** The paths that are served. */
  get paths(): string[] {
    return this.#routes.paths
  }

  /**
   * The answer to a request.
   *
   * @param wantsBody - Called when the body will be read; tells a client that waits for it.
   */
  async answer(
    message: IncomingMessage,
    response: ServerResponse,
    wantsBody: () => void,
  ): Promise<HttpResult> {
    const request = describeRequest(message)
    const route = this.#find(request)
    if ('status' in route) return this.#refuse(request, undefined, route)
    const refusal = await this.#refusalOf(request, route)
    if (refusal !== undefined) return this.#refuse(request, route.label, refusal)
    const body = hasBody(message) ? await this.#read(message, request, route, wantsBody) : noBody
    if (!Buffer.isBuffer(body)) return this.#refuse(request, route.label, body)
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const result = await this.#host.answers.of(request, route.label, async () => {
      return (await route.handler({ ...request, body, signal: gone.signal })) ?? {}
    })
    return this.#refuse(request, route.label, result)
  }

  /** Tells the operator, when the answer is a refusal. */
  #refuse(request: ServerRequest, owner: string | undefined, result: HttpResult): HttpResult {
    this.#host.refusals.note(request, owner, result)
    return result
  }

  async #refusalOf(request: ServerRequest, route: HttpRoute): Promise<Refusal | undefined> {
    const { answers, requestTimeoutMs } = this.#host
    const reason = route.guard === 'open' ? undefined : doorRefusal(request, route.guard)
    if (reason !== undefined) return { status: 403, reason }
    if (route.authorize === undefined) return undefined
    const verdict = await answers.authorize(request, route.label, route.authorize, requestTimeoutMs)
    return verdict === true ? undefined : verdict
  }

  async #read(
    message: IncomingMessage,
    request: ServerRequest,
    route: HttpRoute,
    wantsBody: () => void,
  ): Promise<Buffer | Refusal> {
    const { answers, gate, clock, requestTimeoutMs: timeoutMs, firstByteTimeoutMs } = this.#host
    const { maxBodyBytes: maxBytes = 1024 * 1024 } = route
    if (Number(message.headers['content-length'] ?? 0) > maxBytes) return tooLarge(maxBytes)
    const place = gate.enter(route, addressKey(request.remoteAddress))
    if (place === undefined) return answers.busy('too many bodies are under way')
    wantsBody()
    const body = await readBody(message, place, { maxBytes, timeoutMs, firstByteTimeoutMs, clock })
    place.leave()
    if (body === 'gone') return { status: 400 }
    if (body === 413) return tooLarge(maxBytes)
    if (body === 503) return answers.busy('its body was slow, and others needed its place')
    return body === 408 ? { status: body } : body
  }

  #find(request: ServerRequest): HttpRoute | Refusal {
    const { method, path } = request
    const found =
      this.#routes.find(method, path) ?? (method === 'HEAD' ? this.#routes.find('GET', path) : undefined)
    if (found !== undefined) return found.value
    const methods = this.#routes.kinds(path)
    if (methods.length > 0) return { status: 405, headers: { allow: methods.join(', ') } }
    if (this.#host.hasWebSocket(path)) return { status: 426, headers: { upgrade: 'websocket' } }
    return notServed(this.#host.paths())
  }
}

/** The answer to who asks for a path that nobody has. */
export function notServed(paths: readonly string[]): Refusal {
  const served = paths.length === 0 ? 'no path is served' : `served are ${paths.slice(0, 10).join(', ')}`
  return { status: 404, reason: `nobody serves this path; ${served}` }
}

function tooLarge(maxBytes: number): Refusal {
  return { status: 413, reason: `its body is larger than ${maxBytes} bytes` }
}
