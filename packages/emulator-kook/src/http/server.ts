import type { IncomingMessage, ServerResponse } from 'node:http'
import type { KookClock, Timers } from '../world/clock.ts'
import { isJsonObject } from '@mynah/emulator-kit'
import { ApiRefusal, unauthorized } from '../calls/refusal.ts'
import type { UserState } from '../world/model.ts'
import type { World } from '../world/world.ts'
import { RawReply, type Endpoints, type Platform } from '../calls/endpoint.ts'
import { parseBody, readBytes, type RequestBody } from './body.ts'
import { CallLog, type KookCall } from '../calls/call.ts'
import { HttpFaults, type KookHttpFault } from '../faults/http-faults.ts'
import { OAuth } from './oauth.ts'
import { Params } from '../calls/params.ts'
import { rateHeaders, RateLimits, type KookRateLimits } from './rate-limits.ts'

/** An answer that is about to be written. */
interface Reply {
  status: number
  headers: Record<string, string>
  contentType: string
  body: string | Uint8Array
  code: number | undefined
  data: unknown
}

/** What the HTTP side is made of. */
export interface HttpApiOptions {
  readonly token: string
  readonly clock: KookClock
  readonly timers: Timers
  readonly world: World
  readonly platform: Platform
  readonly endpoints: Endpoints
  readonly rateLimits: KookRateLimits
}

/** Calls that need no Authorization header. */
const open = new Set(['GET badge/guild', 'POST message/send-pipemsg'])

/** The platform's HTTP side: routing, credentials, limits, envelope, faults and the log of calls. */
export class HttpApi {
  readonly calls: CallLog = new CallLog()
  readonly faults: HttpFaults = new HttpFaults()
  readonly oauth: OAuth
  /** Tokens that were valid once; they answer 40103. */
  readonly expiredTokens: Set<string> = new Set()
  readonly #options: HttpApiOptions
  readonly #limits: RateLimits
  readonly #methods = new Map<string, string>()

  constructor(options: HttpApiOptions) {
    this.#options = options
    this.#limits = new RateLimits(options.clock, options.rateLimits)
    this.oauth = new OAuth(options.world, options.clock)
    for (const route of Object.keys(options.endpoints)) {
      const [method = '', path = ''] = route.split(' ')
      this.#methods.set(path, method)
    }
  }

  /** Answers one request; never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    if (url.pathname.startsWith('/assets/')) {
      this.#serveAsset(url.pathname, response)
      return
    }
    const path = url.pathname.replace(/^\/api\/(?:v3\/)?/, '').replace(/^\//, '')
    const method = request.method ?? ''
    const receivedAt = this.#options.clock.now()
    const { body, reply: early } = await this.#read(request)
    const fault = this.faults.take(method, path)
    const reply = early ?? (await this.#reply({ request, method, path, url, body, fault }))
    this.calls.push({
      method,
      path,
      query: Object.fromEntries(url.searchParams),
      body: body.json,
      files: Object.fromEntries(body.files),
      headers: plainHeaders(request),
      status: reply?.status,
      code: reply?.code,
      data: reply?.data ?? null,
      receivedAt,
    } satisfies KookCall)
    this.#send(request, response, reply, fault)
  }

  async #read(request: IncomingMessage): Promise<{ body: RequestBody; reply?: Reply }> {
    const none: RequestBody = { json: {}, files: new Map() }
    try {
      const bytes = await readBytes(request)
      return { body: await parseBody(bytes, request.headers['content-type'] ?? '') }
    } catch (error) {
      return { body: none, reply: failure(request, error) }
    }
  }

  /** The answer to a call; undefined when there will be none. */
  async #reply(call: {
    request: IncomingMessage
    method: string
    path: string
    url: URL
    body: RequestBody
    fault: KookHttpFault | undefined
  }): Promise<Reply | undefined> {
    const { request, method, path, url, body, fault } = call
    const bucket = this.#limits.bucketOf(path)
    if (fault !== undefined) {
      const failed = faultReply(request, bucket, fault)
      if (failed !== 'carry on') return failed === 'no answer' ? undefined : failed
    }
    if (url.pathname === '/api/oauth2/token') return this.#token(request, body)
    try {
      const endpoint = this.#options.endpoints[`${method} ${path}`]
      if (endpoint === undefined) throw this.#noSuchRoute(path)
      const caller = open.has(`${method} ${path}`)
        ? this.#options.world.bot
        : this.#authenticate(request, path)
      const verdict = this.#limits.spend(path)
      if (verdict.refused) return withHeaders(limited(request), verdict.headers)
      const query = new Params(new Map(url.searchParams))
      const params = method === 'GET' ? query : bodyParams(body.json)
      const reply = await Promise.resolve()
        .then(() =>
          endpoint({
            world: this.#options.world,
            params,
            query,
            body: body.json,
            caller,
            files: body.files,
            platform: this.#options.platform,
          }),
        )
        .then(
          (data) => success(request, data),
          (error: unknown) => failure(request, error),
        )
      return withHeaders(reply, verdict.headers)
    } catch (error) {
      return failure(request, error)
    }
  }

  #noSuchRoute(path: string): ApiRefusal {
    return this.#methods.has(path)
      ? new ApiRefusal(405, 40000, { zh: '请求方法不正确', en: 'The method does not fit the path.' })
      : new ApiRefusal(404, 40000, { zh: '接口不存在', en: 'There is no such path.' })
  }

  #authenticate(request: IncomingMessage, path: string): UserState {
    const header = request.headers.authorization
    if (header === undefined || header === '') throw unauthorized(40100)
    const [scheme = '', token = ''] = header.split(' ')
    if (scheme === 'Bearer') return this.oauth.userOf(token, path)
    if (scheme !== 'Bot') throw unauthorized(40101)
    if (this.expiredTokens.has(token)) throw unauthorized(40103)
    if (token !== this.#options.token) throw unauthorized(40101)
    return this.#options.world.bot
  }

  #token(request: IncomingMessage, body: RequestBody): Reply {
    if (request.method !== 'POST') return failure(request, this.#noSuchRoute('gateway/index'))
    try {
      const data = this.oauth.exchange(bodyParams(body.json))
      return jsonReply(200, data, undefined, data)
    } catch (error) {
      return failure(request, error)
    }
  }

  #serveAsset(pathname: string, response: ServerResponse): void {
    const assets = [...this.#options.world.assets.values()]
    const asset = assets.find((candidate) => new URL(candidate.url).pathname === pathname)
    response.writeHead(asset === undefined ? 404 : 200, {
      'Content-Type': asset?.contentType ?? 'text/plain',
      Connection: 'close',
    })
    response.end(asset?.bytes ?? 'not found')
  }

  #send(
    request: IncomingMessage,
    response: ServerResponse,
    reply: Reply | undefined,
    fault: KookHttpFault | undefined,
  ): void {
    if (reply === undefined || fault?.kind === 'lose-answer') {
      if (fault?.kind !== 'hang') request.socket.destroy()
      return
    }
    const write = (): void => {
      response.writeHead(reply.status, { ...reply.headers, 'Content-Type': reply.contentType })
      response.end(reply.body)
    }
    if (fault?.kind === 'late') this.#options.timers.after(fault.delayMs, write)
    else write()
  }
}

const bodyParams = (json: unknown): Params =>
  new Params(new Map(isJsonObject(json) ? Object.entries(json) : []))

const wantsEnglish = (request: IncomingMessage): boolean =>
  (request.headers['accept-language'] ?? '').startsWith('en-US')

function jsonReply(status: number, body: unknown, code: number | undefined, data: unknown): Reply {
  return {
    status,
    headers: {},
    contentType: 'application/json; charset=UTF-8',
    body: JSON.stringify(body),
    code,
    data,
  }
}

function envelope(status: number, code: number, message: string, data: unknown): Reply {
  return jsonReply(status, { code, message, data }, code, data)
}

function success(request: IncomingMessage, data: unknown): Reply {
  if (data instanceof RawReply) {
    return {
      status: 200,
      headers: {},
      contentType: data.contentType,
      body: data.body,
      code: undefined,
      data: null,
    }
  }
  return envelope(200, 0, wantsEnglish(request) ? 'OK' : '操作成功', data)
}

function failure(request: IncomingMessage, error: unknown): Reply {
  if (!(error instanceof ApiRefusal)) {
    return envelope(500, 50000, error instanceof Error ? `emulator: ${error.message}` : 'emulator', {})
  }
  const message = wantsEnglish(request) ? error.text.en : error.text.zh
  return envelope(error.status, error.code, message, {})
}

const limited = (request: IncomingMessage): Reply =>
  envelope(429, 429, wantsEnglish(request) ? 'Too many requests.' : '请求过于频繁', {})

const withHeaders = (reply: Reply, headers: Readonly<Record<string, string>>): Reply => ({
  ...reply,
  headers: { ...reply.headers, ...headers },
})

/** The answer a fault makes, if it makes one; `carry on` when the call is carried out all the same. */
function faultReply(
  request: IncomingMessage,
  bucket: string,
  fault: KookHttpFault,
): Reply | 'no answer' | 'carry on' {
  if (fault.kind === 'status') return plainReply(fault)
  if (fault.kind === 'refuse') {
    return envelope(fault.status ?? 200, fault.code, fault.message ?? '操作失败', {})
  }
  if (fault.kind === 'rate-limit') {
    const headers = rateHeaders(bucket, 120, 0, fault.resetSeconds ?? 1)
    return withHeaders(limited(request), {
      ...headers,
      ...(fault.global === true && { 'X-Rate-Limit-Global': '1' }),
    })
  }
  return fault.kind === 'drop' || fault.kind === 'hang' ? 'no answer' : 'carry on'
}

const plainReply = (fault: { status: number; body?: string; contentType?: string }): Reply => ({
  status: fault.status,
  headers: {},
  contentType: fault.contentType ?? 'text/html',
  body: fault.body ?? `<html><body>${fault.status}</body></html>`,
  code: undefined,
  data: null,
})

function plainHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}
