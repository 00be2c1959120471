import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Clock } from '@mynah/core'
import {
  CallFaults,
  CallLog,
  isJsonObject,
  type JsonObject,
  readBody,
  type RouteMatch,
  Router,
  type Timers,
} from '@mynah/emulator-kit'

import { ApiRefusal, unauthorized } from '../calls/refusal.ts'
import type { UserState } from '../world/model.ts'
import type { World } from '../world/world.ts'
import { type Endpoint, type Endpoints, type Platform, RawReply } from '../calls/endpoint.ts'
import { parseBody, type RequestBody } from './body.ts'
import { describeCall, type KookCall } from '../calls/call.ts'
import type { KookErrorAnswer } from '../faults/faults.ts'
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
  readonly clock: Clock
  readonly timers: Timers
  readonly world: World
  readonly platform: Platform
  readonly endpoints: Endpoints
  readonly rateLimits: KookRateLimits
}

/** One request on its way to an endpoint. */
interface Incoming {
  readonly request: IncomingMessage
  readonly match: RouteMatch<Endpoint>
  readonly method: string
  readonly path: string
  readonly url: URL
  readonly body: RequestBody
}

/** Calls that need no Authorization header. */
const open = new Set(['GET badge/guild', 'POST message/send-pipemsg', 'POST oauth2/token'])

/** The platform's HTTP side: routing, credentials, limits, envelope, faults and the log of calls. */
export class HttpApi {
  readonly calls: CallLog<KookCall>
  readonly faults: CallFaults<KookErrorAnswer>
  readonly oauth: OAuth
  /** Tokens that were valid once; they answer 40103. */
  readonly expiredTokens: Set<string> = new Set()
  readonly #options: HttpApiOptions
  readonly #limits: RateLimits
  readonly #router: Router<Endpoint>

  constructor(options: HttpApiOptions) {
    this.#options = options
    this.#limits = new RateLimits(options.clock, options.rateLimits)
    this.oauth = new OAuth(options.world, options.clock)
    const router = new Router<Endpoint>({
      ...options.endpoints,
      'POST oauth2/token': ({ body }) => tokenReply(this.oauth.exchange(bodyParams(body))),
    })
    this.#router = router
    this.faults = new CallFaults(options.timers, (selector) => router.select(selector))
    this.calls = new CallLog({
      describe: describeCall,
      select: (selector) => {
        const isMeant = router.select(selector)
        return ({ route }) => isMeant(route)
      },
    })
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
    const bytes = await readBody(request)
    if (bytes === undefined) return
    const { body, reply: early } = await this.#parse(request, bytes)
    // The token is the one call that has no version in its path.
    const match = this.#router.match(method, url.pathname === '/api/v3/oauth2/token' ? '/' : `/${path}`)
    const incoming = { request, match, method, path, url, body }
    const call = {
      method,
      path,
      route: match.route?.name,
      query: Object.fromEntries(url.searchParams),
      body: body.json,
      files: Object.fromEntries(body.files),
      headers: plainHeaders(request),
      receivedAt,
    }
    const outcome = await this.faults.run(match.route?.name, {
      carryOut: () => early ?? this.#reply(incoming),
      errorAnswer: (fault) => errorReply(request, this.#limits.bucketOf(path), fault),
      dealtWith: (reply) => {
        this.calls.add({ ...call, status: reply?.status, code: reply?.code, data: reply?.data ?? null })
      },
    })
    if (outcome === 'drop') request.socket.destroy()
    else if (outcome !== 'silence') write(response, outcome.answer)
  }

  async #parse(request: IncomingMessage, bytes: Buffer): Promise<{ body: RequestBody; reply?: Reply }> {
    try {
      return { body: await parseBody(bytes, request.headers['content-type'] ?? '') }
    } catch (error) {
      return { body: { json: {}, files: new Map() }, reply: failure(request, error) }
    }
  }

  /** The answer to a call. */
  async #reply({ request, match, method, path, url, body }: Incoming): Promise<Reply> {
    try {
      if (match.route === undefined) throw noSuchRoute(match.status)
      const { endpoint } = match.route
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

  #serveAsset(pathname: string, response: ServerResponse): void {
    const assets = [...this.#options.world.assets.values()]
    const asset = assets.find((candidate) => new URL(candidate.url).pathname === pathname)
    response.writeHead(asset === undefined ? 404 : 200, {
      'Content-Type': asset?.contentType ?? 'text/plain',
      Connection: 'close',
    })
    response.end(asset?.bytes ?? 'not found')
  }
}

function write(response: ServerResponse, { status, headers, contentType, body }: Reply): void {
  response.writeHead(status, { ...headers, 'Content-Type': contentType })
  response.end(body)
}

const noSuchRoute = (status: 404 | 405): ApiRefusal =>
  status === 405
    ? new ApiRefusal(405, 40000, { zh: '请求方法不正确', en: 'The method does not fit the path.' })
    : new ApiRefusal(404, 40000, { zh: '接口不存在', en: 'There is no such path.' })

const tokenReply = (data: JsonObject): RawReply =>
  new RawReply('application/json; charset=UTF-8', JSON.stringify(data), data)

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
      data: data.data,
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

/** The answer that a fault makes. */
function errorReply(request: IncomingMessage, bucket: string, fault: KookErrorAnswer): Reply {
  const { code, rateLimit } = fault
  if (rateLimit !== undefined) {
    const headers = rateHeaders(bucket, 120, 0, rateLimit.resetSeconds ?? 1)
    return withHeaders(limited(request), {
      ...headers,
      ...(rateLimit.global === true && { 'X-Rate-Limit-Global': '1' }),
    })
  }
  if (code !== undefined) return envelope(fault.status ?? 200, code, fault.message ?? '操作失败', {})
  const { status = 500 } = fault
  return {
    status,
    headers: {},
    contentType: fault.contentType ?? 'text/html',
    body: fault.body ?? `<html><body>${status}</body></html>`,
    code: undefined,
    data: null,
  }
}

function plainHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}
