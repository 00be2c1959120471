import type { IncomingMessage, ServerResponse } from 'node:http'

import { isJsonObject, LoopbackServer, parseJson, readBody } from '@mynah/emulator-kit'
import type { RawEvent } from '../wire/wire.ts'
import { checkToken, urlOf } from './auth.ts'
import type { Host, Transport } from '../gateway/host.ts'

const isForm = (type: string): boolean => type.startsWith('application/x-www-form-urlencoded')
const isJson = (type: string): boolean => type.startsWith('application/json')

interface Call {
  action: string
  params: Record<string, unknown>
}

/** A request that gets a bare HTTP status, or no answer at all (status 0). */
interface Refusal {
  status: number
  body?: object | string
  /** Says which scheme the token is expected in. */
  challenge?: string
}

/** The HTTP API, and the stream of server-sent events where the profile has it. */
export class HttpApi implements Transport {
  readonly #host: Host
  readonly #streams = new Set<ServerResponse>()
  readonly #server: LoopbackServer
  readonly #port: number

  constructor(host: Host, port: number) {
    this.#host = host
    this.#port = port
    this.#server = new LoopbackServer({ request: (request, response) => this.#onRequest(request, response) })
  }

  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.port}`
  }

  get takesEvents(): boolean {
    return this.#streams.size > 0
  }

  get takesCalls(): boolean {
    return this.#server.isListening
  }

  async start(): Promise<void> {
    await this.#server.listen(this.#server.port === 0 ? this.#port : this.#server.port)
  }

  stop(): Promise<void> {
    return this.#server.close()
  }

  deliver(_event: RawEvent, text: string): undefined {
    for (const stream of this.#streams) stream.write(`data: ${text}\n\n`)
  }

  async #onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request)
    if (body === undefined) return
    const { http, letter } = this.#host.profile
    const unreadable = letter === 'G' ? this.#unreadable(request, body) : undefined
    const refusal = unreadable ?? this.#unauthorized(request)
    if (refusal !== undefined) {
      respond(response, refusal)
    } else if (http.serverSentEvents && request.method === 'GET' && urlOf(request).pathname === '/_events') {
      this.#openStream(response)
    } else {
      const call = this.#read(request, body)
      if ('status' in call) respond(response, call)
      else await this.#answer(call, response)
    }
  }

  #unauthorized(request: IncomingMessage): Refusal | undefined {
    const { profile, accessToken } = this.#host
    const check = checkToken(request, accessToken, profile)
    if (check === 'ok') return undefined
    const status = check === 'missing' ? profile.http.missingToken : 403
    if (profile.http.refusal !== undefined) return { status, body: profile.http.refusal(`token ${check}`) }
    return profile.letter === 'L' && status === 401 ? { status, challenge: 'Bearer' } : { status }
  }

  #unreadable(request: IncomingMessage, body: Buffer): Refusal | undefined {
    const type = request.headers['content-type'] ?? ''
    const readsAsJson = isJson(type) || (!isForm(type) && this.#host.profile.letter !== 'G')
    if (request.method !== 'POST' || !readsAsJson) return undefined
    const isEmpty = body.length === 0 && this.#host.profile.letter !== 'L'
    if (isEmpty || isJsonObject(parseJson(body.toString()))) return undefined
    const { unparsable } = this.#host.profile.http
    if (unparsable === 'no-answer') return { status: 0 }
    if (unparsable === 'status-400') return { status: 400, body: 'Invalid JSON' }
    return { status: 200, body: this.#host.refusal(400, 'json解析失败') }
  }

  #read(request: IncomingMessage, body: Buffer): Call | Refusal {
    const { http, letter } = this.#host.profile
    const { method } = request
    if (method !== 'GET' && method !== 'POST') return { status: http.otherMethodStatus }
    const { pathname, searchParams } = urlOf(request)
    if (pathname === '/' && method === 'GET' && letter === 'N')
      return { status: 200, body: 'NapCat4 is running' }
    const type = request.headers['content-type'] ?? ''
    if (method === 'POST' && http.checksContentType && !isForm(type) && !isJson(type)) return { status: 406 }
    const unreadable = this.#unreadable(request, body)
    if (unreadable !== undefined) return unreadable
    const hasSlash = pathname.length > 1 && pathname.endsWith('/')
    if (hasSlash && http.trailingSlash === 'status-404') return { status: 404 }
    const path = hasSlash && http.trailingSlash === 'accepted' ? pathname.slice(1, -1) : pathname.slice(1)
    const query = Object.fromEntries(searchParams)
    const given = method === 'POST' ? this.#bodyParams(type, body) : {}
    if (path === '' && letter === 'G' && typeof given['action'] === 'string') {
      return { action: given['action'], params: isJsonObject(given['params']) ? given['params'] : {} }
    }
    return {
      action: decodeURIComponent(path),
      params: letter === 'N' ? { ...given, ...query } : { ...query, ...given },
    }
  }

  #bodyParams(type: string, body: Buffer): Record<string, unknown> {
    const text = body.toString()
    if (isForm(type)) return Object.fromEntries(new URLSearchParams(text))
    const parsed = parseJson(text)
    return isJsonObject(parsed) ? parsed : {}
  }

  async #answer(call: Call, response: ServerResponse): Promise<void> {
    const { profile } = this.#host
    const outcome = await this.#host.call(call.action, call.params, 'http')
    // A lost answer leaves the request hanging, as a dead peer does.
    if (outcome === 'silence' || response.destroyed) return
    if (outcome === 'drop') {
      response.destroy()
      return
    }
    const { answer } = outcome
    const [first] = answer
    if (answer.length > 1 || first?.['stream'] === 'stream-action') {
      response.writeHead(200, { 'content-type': 'application/json' })
      for (const frame of answer) response.write(`${JSON.stringify(frame)}\r\n\r\n`)
      response.end()
      return
    }
    const isUnknown = first?.['retcode'] === profile.retcodes.http.unknownAction
    const echo = profile.emptyEcho ? { echo: '' } : {}
    respond(response, {
      status: isUnknown ? profile.http.unknownActionStatus : 200,
      body: { ...first, ...echo },
    })
  }

  #openStream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    response.flushHeaders()
    response.on('close', () => this.#streams.delete(response))
    this.#streams.add(response)
    response.write(`data: ${JSON.stringify(this.#host.lifecycle('connect'))}\n\n`)
  }
}

function respond(response: ServerResponse, { status, body, challenge }: Refusal): void {
  if (status === 0) return
  if (challenge !== undefined) response.setHeader('www-authenticate', challenge)
  if (body === undefined) response.writeHead(status).end()
  else if (typeof body === 'string') response.writeHead(status, { 'content-type': 'text/plain' }).end(body)
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
