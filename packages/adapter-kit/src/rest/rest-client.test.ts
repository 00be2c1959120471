import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { MynahError } from '@mynah/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { TestClock } from '@mynah/core/testing'
import { RecordingLogger } from '@mynah/core/testing'
import { PlatformError } from './platform-error.ts'
import { RestClient } from './rest-client.ts'
import type { RestClientOptions } from './rest-types.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

let http: Server
let origin: string
let answers: Answer[]
let requests: IncomingMessage[]
let clients: RestClient[]
let logger: RecordingLogger

beforeEach(async () => {
  answers = []
  requests = []
  clients = []
  logger = new RecordingLogger()
  http = createServer((request, response) => {
    requests.push(request)
    void (answers.length > 1 ? answers.shift() : answers[0])?.(request, response)
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
})

afterEach(async () => {
  await Promise.all(clients.map((client) => client.stop()))
  http.closeAllConnections()
  await new Promise((resolve) => http.close(resolve))
})

function build(options: Partial<RestClientOptions> = {}): RestClient {
  const client = new RestClient({
    name: 'the API',
    baseUrl: `${origin}/api/`,
    logger,
    backoff: { baseMs: 1, random: () => 0.5 },
    ...options,
  })
  clients.push(client)
  return client
}

const json =
  (status: number, data: unknown, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    void response.writeHead(status, headers).end(JSON.stringify(data))

/** Moves the clock on until a promise settles. */
async function passing<T>(clock: TestClock, promise: Promise<T>): Promise<T> {
  for (;;) {
    const tick = new Promise<'tick'>((resolve) => setImmediate(() => resolve('tick')))
    const first = await Promise.race([promise, tick])
    if (first !== 'tick') return first
    await clock.advance(50)
  }
}

describe('a call', () => {
  it('joins the base URL and the path, and sends query, headers, credentials and JSON', async () => {
    let body = ''
    answers = [
      async (request, response) => {
        body = await text(request)
        await json(200, { code: 0, data: [1] }, { 'x-trace': 't-1' })(request, response)
      },
    ]
    const client = build({
      headers: { 'accept-language': 'en-US' },
      authorize: async () => ({ authorization: 'Bot a/b+c=' }),
    })
    const response = await client.request('POST', '/message/create', {
      query: { emoji: '[#128;]', page: 1, none: undefined, flag: true },
      json: { content: '你好', dropped: undefined },
      headers: { 'x-extra': '1' },
    })
    expect(response).toMatchObject({ status: 200, data: { code: 0, data: [1] } })
    expect(response.headers['x-trace']).toBe('t-1')
    const { url, headers } = requests[0]!
    expect(url).toBe('/api/message/create?emoji=%5B%23128%3B%5D&page=1&flag=true')
    expect(headers).toMatchObject({
      authorization: 'Bot a/b+c=',
      'accept-language': 'en-US',
      'x-extra': '1',
      'content-type': 'application/json; charset=utf-8',
    })
    expect(body).toBe('{"content":"你好"}')
  })

  it('sends multipart forms, again as a whole after a refusal', async () => {
    const bodies: string[] = []
    const take =
      (next: Answer): Answer =>
      async (request, response) => {
        bodies.push(`${request.headers['content-type']}\n${(await buffer(request)).toString('latin1')}`)
        await next(request, response)
      }
    answers = [take(json(401, {})), take(json(200, {}))]
    const client = build({ authorize: () => ({}) })
    await client.request('POST', 'asset/create', {
      form: { kind: 1, file: { bytes: new Uint8Array([0, 255]), name: 'a.png', mime: 'image/png' } },
    })
    expect(bodies).toHaveLength(2)
    for (const body of bodies) {
      expect(body).toMatch(/^multipart\/form-data; boundary=/)
      expect(body).toContain('name="kind"\r\n\r\n1\r\n')
      expect(body).toContain(
        'name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\u0000\u00ff\r\n',
      )
    }
  })

  it('sends bytes to an address the platform gave, without the credentials', async () => {
    const other = createServer((request, response) => {
      requests.push(request)
      response.end()
    })
    other.listen(0, '127.0.0.1')
    await once(other, 'listening')
    const authorize = vi.fn(() => ({ authorization: 's3cret' }))
    const client = build({ authorize, headers: { 'x-app': '1' } })
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}/part/1?sign=s3cret`
    const { data } = await client.request('PUT', url, { bytes: new Uint8Array(3) })
    expect(data).toBeUndefined()
    expect(requests[0]!.url).toBe('/part/1?sign=s3cret')
    expect(requests[0]!.headers).toMatchObject({ 'content-length': '3' })
    expect(requests[0]!.headers).not.toHaveProperty('authorization')
    expect(requests[0]!.headers).not.toHaveProperty('x-app')
    expect(authorize).not.toHaveBeenCalled()
    expect(logger.text).not.toContain('s3cret')
    other.closeAllConnections()
    await new Promise((resolve) => other.close(resolve))
  })

  it('gives bytes when asked to, and nothing for an empty body', async () => {
    answers = [(_request, response) => void response.end(Buffer.from([1, 2]))]
    expect((await build().request('GET', 'badge', { expect: 'bytes' })).data).toEqual(Buffer.from([1, 2]))
    answers = [(_request, response) => void response.writeHead(204).end()]
    expect((await build().request('DELETE', 'x')).data).toBeUndefined()
  })

  it('does not follow redirects', async () => {
    answers = [
      (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    ]
    await expect(build().request('GET', 'x')).rejects.toMatchObject({ code: 'API_REJECTED', status: 302 })
  })
})

describe('a failure', () => {
  it('carries what is known about it, and no secret', async () => {
    answers = [json(400, { code: 40_000, message: '参数错误' }, { 'x-trace': 't-9' })]
    const client = build({
      authorize: () => ({ authorization: 's3cret' }),
      readFailure: ({ data, headers }) => ({
        ...(data as { message: string }),
        platformCode: 40_000,
        requestId: String(headers['x-trace']),
        code: 'API_REJECTED',
      }),
    })
    const error = await client
      .request('POST', 'message/create', { query: { access_token: 's3cret' }, json: { password: 's3cret' } })
      .catch((error: unknown) => error)
    expect(error).toBeInstanceOf(PlatformError)
    expect(MynahError.is(error)).toBe(true)
    expect(error).toMatchObject({
      name: 'PlatformError',
      code: 'API_REJECTED',
      retriable: false,
      method: 'POST',
      path: '/message/create',
      status: 400,
      platformCode: 40_000,
      requestId: 't-9',
      body: { code: 40_000, message: '参数错误' },
    })
    expect((error as Error).message).toContain(
      'POST /message/create (HTTP 400, code 40000, request t-9): 参数错误',
    )
    expect(JSON.stringify(error) + String((error as Error).stack) + logger.text).not.toContain('s3cret')
    expect(requests).toHaveLength(1)
  })

  it('may come with HTTP 200', async () => {
    answers = [json(200, { code: 40_300 })]
    const client = build({ readFailure: () => ({ platformCode: 40_300 }) })
    await expect(client.request('GET', 'x')).rejects.toMatchObject({ status: 200, platformCode: 40_300 })
  })

  it.each([
    [400, 'API_REJECTED', false],
    [403, 'API_REJECTED', false],
    [404, 'API_REJECTED', false],
    [500, 'API_REJECTED', true],
    [503, 'API_UNREACHABLE', true],
  ])('of HTTP %i has the code %s', async (status, code, retriable) => {
    answers = [(_request, response) => void response.writeHead(status).end('<html>')]
    await expect(build().request('POST', 'x')).rejects.toMatchObject({
      code,
      retriable,
      status,
      body: '<html>',
    })
    expect(requests).toHaveLength(1)
  })

  it('is a success that is no JSON', async () => {
    answers = [(_request, response) => void response.end('<html>'.padEnd(500, 'x'))]
    await expect(build().request('GET', 'x')).rejects.toMatchObject({
      code: 'API_INVALID_RESPONSE',
      status: 200,
      body: expect.stringMatching(/^<html>x{194}$/),
    })
  })

  it('is a response that is too large', async () => {
    answers = [(_request, response) => void response.end('"'.padEnd(5000, 'x'))]
    await expect(build({ maxResponseBytes: 1000 }).request('GET', 'x')).rejects.toMatchObject({
      code: 'API_INVALID_RESPONSE',
      message: expect.stringContaining('1000 bytes'),
    })
  })
})

describe('attempts', () => {
  it('are repeated for idempotent calls when the server fails, up to the limit', async () => {
    answers = [json(500, {}), json(502, {}), json(200, 'yes')]
    expect((await build().request('GET', 'x')).data).toBe('yes')
    answers = [json(500, {})]
    await expect(build({ maxAttempts: 2 }).request('GET', 'x')).rejects.toMatchObject({ status: 500 })
    expect(requests).toHaveLength(5)
  })

  it('are repeated for a call that says it is idempotent', async () => {
    answers = [json(500, {}), json(200, 'yes')]
    expect((await build().request('POST', 'x', { idempotent: true })).data).toBe('yes')
  })

  it('are repeated when no connection was made, whatever the method', async () => {
    const spare = createTcpServer().listen(0, '127.0.0.1')
    await once(spare, 'listening')
    const { port } = spare.address() as AddressInfo
    await new Promise((resolve) => spare.close(resolve))
    const client = build({ baseUrl: `http://127.0.0.1:${port}`, maxAttempts: 3 })
    await expect(client.request('POST', 'x')).rejects.toMatchObject({
      code: 'API_UNREACHABLE',
      retriable: true,
      message: expect.stringContaining('ECONNREFUSED'),
    })
    expect(logger.lines.filter(({ message }) => message === 'Called the platform.')).toHaveLength(3)
  })

  it('are not repeated for a POST whose connection broke, as it may have been carried out', async () => {
    answers = [(request) => void request.socket.destroy()]
    await expect(build().request('POST', 'x')).rejects.toMatchObject({
      code: 'CONNECTION_CLOSED',
      retriable: false,
    })
    expect(requests).toHaveLength(1)
    await expect(build().request('GET', 'x')).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
    expect(requests).toHaveLength(4)
  })

  it('are repeated when the body breaks off, for a GET', async () => {
    answers = [
      (_request, response) => {
        response.writeHead(200, { 'content-length': '100' })
        response.write('{"half":', () => response.destroy())
      },
      json(200, 'whole'),
    ]
    expect((await build().request('GET', 'x')).data).toBe('whole')
  })

  it('get new credentials once when the platform refuses the old ones', async () => {
    const seen: boolean[] = []
    const client = build({
      authorize: ({ refresh }) => {
        seen.push(refresh)
        return { authorization: refresh ? 'new' : 'old' }
      },
    })
    answers = [json(401, {}), json(200, 'yes')]
    expect((await client.request('POST', 'x')).data).toBe('yes')
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(['old', 'new'])
    answers = [json(401, {})]
    await expect(client.request('POST', 'x')).rejects.toMatchObject({ code: 'AUTH_FAILED', status: 401 })
    expect(seen).toEqual([false, true, false, true])
  })

  it('end with the error of the credentials when there are none', async () => {
    const client = build({ authorize: () => Promise.reject(new Error('no token')) })
    await expect(client.request('GET', 'x')).rejects.toMatchObject({ code: 'AUTH_FAILED' })
    expect(requests).toHaveLength(0)
  })
})

const readRateLimit: NonNullable<RestClientOptions['readRateLimit']> = (headers) => ({
  bucket: String(headers['x-rate-limit-bucket']),
  limit: 2,
  remaining: Number(headers['x-rate-limit-remaining']),
  resetMs: Number(headers['x-rate-limit-reset']) * 1000,
  global: headers['x-rate-limit-global'] !== undefined,
})

describe('rate limits', () => {
  it('are waited for as the platform asks, also for a POST', async () => {
    const clock = new TestClock()
    answers = [json(429, {}, { 'retry-after': '3' }), json(200, 'yes')]
    const call = build({ clock }).request('POST', 'x')
    await vi.waitFor(() => expect(clock.delays[0]).toBe(3000))
    await clock.advance(2999)
    expect(requests).toHaveLength(1)
    await clock.advance(1)
    expect((await call).data).toBe('yes')
  })

  it('are not waited for beyond the time of the call', async () => {
    answers = [json(429, {}, { 'retry-after': '60' })]
    await expect(build().request('GET', 'x')).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retriable: true,
      retryAfterMs: 60_000,
    })
  })

  it('double the wait when the platform says nothing', async () => {
    const clock = new TestClock()
    answers = [json(429, {})]
    const call = build({ clock }).request('GET', 'x')
    await vi.waitFor(() => expect(clock.delays[0]).toBe(1000))
    await clock.advance(1000)
    await vi.waitFor(() => expect(clock.delays[0]).toBe(2000))
    const failedCall = call.catch((error: unknown) => error)
    await clock.advance(2000)
    expect(await failedCall).toMatchObject({ code: 'RATE_LIMITED' })
    expect(requests).toHaveLength(3)
  })

  it('are kept from the headers, per bucket', async () => {
    const clock = new TestClock()
    let remaining = 2
    const times: number[] = []
    answers = [
      (request, response) => {
        times.push(clock.monotonic())
        remaining = remaining === 0 ? 1 : remaining - 1
        const headers = {
          'x-rate-limit-bucket': 'b',
          'x-rate-limit-remaining': `${remaining}`,
          'x-rate-limit-reset': '4',
        }
        return json(200, {}, headers)(request, response)
      },
    ]
    const client = build({ clock, readRateLimit })
    const calls = Promise.all(['x', 'x', 'x', 'x'].map((path) => client.request('POST', path)))
    await passing(clock, calls)
    expect(times[1]! - times[0]!).toBeLessThan(4000)
    expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(4000)
    expect(times).toHaveLength(4)
  })

  it('hold everything back after a global refusal', async () => {
    const clock = new TestClock()
    const headers = { 'x-rate-limit-global': '1', 'x-rate-limit-reset': '5', 'x-rate-limit-remaining': '0' }
    answers = [json(429, {}, headers), json(200, {}, { ...headers, 'x-rate-limit-remaining': '1' })]
    const client = build({ clock, readRateLimit })
    const first = client.request('GET', 'x')
    await vi.waitFor(() => expect(clock.delays[0]).toBe(5000))
    const second = client.request('GET', 'y')
    await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(4900)
    expect(requests).toHaveLength(1)
    await passing(clock, Promise.all([first, second]))
    expect(requests).toHaveLength(3)
  })
})

describe('the end of a call', () => {
  it('comes at its deadline; what was sent may have been carried out', async () => {
    const clock = new TestClock()
    const client = build({ clock, timeoutMs: 5000 })
    const call = client.request('POST', 'x')
    await vi.waitFor(() => expect(requests).toHaveLength(1))
    const failedCall = call.catch((error: unknown) => error)
    await clock.advance(5000)
    expect(await failedCall).toMatchObject({
      code: 'API_TIMEOUT',
      retriable: false,
      path: '/x',
    })
    expect(clock.delays).toEqual([])
  })

  it('says that nothing was sent when it did not even get its turn, or its credentials', async () => {
    const clock = new TestClock()
    const limited = build({ clock, readRateLimit })
    answers = [json(200, {}, { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '60' })]
    await limited.request('GET', 'x')
    const late = limited.request('GET', 'x', { timeoutMs: 100 })
    const failedLate = late.catch((error: unknown) => error)
    await clock.advance(100)
    expect(await failedLate).toMatchObject({ code: 'RATE_LIMITED', retriable: true })
    const stuck = build({ clock, authorize: () => new Promise(() => {}) }).request('GET', 'x')
    await new Promise((resolve) => setImmediate(resolve))
    const failedStuck = stuck.catch((error: unknown) => error)
    await clock.advance(10_000)
    expect(await failedStuck).toMatchObject({ code: 'AUTH_FAILED', retriable: true })
    expect(requests).toHaveLength(1)
  })

  it('comes when the caller aborts, with the reason of the caller', async () => {
    const clock = new TestClock()
    const controller = new AbortController()
    const call = build({ clock }).request('GET', 'x', { signal: controller.signal })
    await vi.waitFor(() => expect(requests).toHaveLength(1))
    const reason = new Error('the plugin stops')
    controller.abort(reason)
    await expect(call).rejects.toBe(reason)
    await expect(build().request('GET', 'x', { signal: controller.signal })).rejects.toBe(reason)
    expect(requests).toHaveLength(1)
    expect(clock.delays).toEqual([])
  })

  it('comes when the client stops', async () => {
    const client = build()
    const call = client.request('GET', 'x')
    await vi.waitFor(() => expect(requests).toHaveLength(1))
    const stopped = client.stop()
    await expect(call).rejects.toMatchObject({ code: 'BOT_OFFLINE' })
    await stopped
    await expect(client.request('GET', 'x')).rejects.toMatchObject({ code: 'BOT_OFFLINE' })
  })
})

describe('what an operator is told', () => {
  const told = () =>
    logger.lines.flatMap(({ level, message }) => (level === 'debug' ? [] : [`${level} ${message}`]))
  const shown = () => `${origin}/api/`

  it('is that nobody listens, when it is tried next, and that it works again', async () => {
    answers = [json(200, {})]
    const clock = new TestClock()
    const unreachable = build({
      clock,
      baseUrl: 'http://127.0.0.1:1/?token=s3cret',
      backoff: { baseMs: 4000, random: () => 0.5 },
    })
    await expect(passing(clock, unreachable.request('GET', '/a'))).rejects.toMatchObject({
      code: 'API_UNREACHABLE',
    })
    expect(told()).toEqual([
      'warn the API: nobody listens at http://127.0.0.1:1 (ECONNREFUSED); start it, or check host and port; next try in 2 s',
    ])
    expect(logger.text).not.toContain('s3cret')

    logger = new RecordingLogger()
    let isDown = true
    const client = build({ clock, maxAttempts: 1 })
    answers = [(_request, response) => void (isDown ? response.destroy() : response.end('{}'))]
    await expect(client.request('POST', '/a')).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
    await clock.advance(35_000)
    isDown = false
    await client.request('POST', '/a')
    expect(told()).toEqual([
      `warn the API: ${shown()} cut the connection (UND_ERR_SOCKET)`,
      'info the API works again after 35 s',
    ])
  })

  it('is that the credentials are refused, but not that they ran out', async () => {
    answers = [json(401, {}), json(200, {}), json(401, {})]
    const client = build({ authorize: () => ({ authorization: 's3cret' }) })
    await client.request('GET', '/a')
    expect(told()).toEqual([])
    await expect(client.request('GET', '/a')).rejects.toMatchObject({ code: 'AUTH_FAILED' })
    expect(told()).toEqual([`warn the API: ${shown()} refuses the credentials (HTTP 401); check the token`])
  })

  it('is that there are no credentials', async () => {
    const client = build({ authorize: () => Promise.reject(new Error('the app is locked')) })
    await expect(client.request('GET', '/a')).rejects.toMatchObject({ code: 'AUTH_FAILED' })
    expect(told()).toEqual([`warn the API: there are no credentials for ${shown()}: the app is locked`])
  })

  it('is that no answer came', async () => {
    const clock = new TestClock()
    answers = [() => {}]
    const client = build({ clock })
    const call = client.request('GET', '/a')
    await vi.waitFor(() => expect(requests).toHaveLength(1))
    const failedCall = call.catch((error: unknown) => error)
    await clock.advance(10_000)
    expect(await failedCall).toMatchObject({ code: 'API_TIMEOUT' })
    expect(told()).toEqual([
      `warn the API: ${shown()} did not answer in time; check the network, and the platform`,
    ])
  })

  it('is that somebody else answers', async () => {
    answers = [(_request, response) => void response.end('<html>')]
    await expect(build().request('GET', '/a')).rejects.toMatchObject({ code: 'API_INVALID_RESPONSE' })
    expect(told()).toEqual([
      `warn the API: ${shown()} answers with something unreadable; check the base address`,
    ])
  })

  it('is nothing about a call that was refused, cancelled or stopped', async () => {
    answers = [json(400, {}), () => {}]
    const client = build()
    await expect(client.request('GET', '/a')).rejects.toMatchObject({ code: 'API_REJECTED' })
    const controller = new AbortController()
    const cancelled = client.request('GET', '/a', { signal: controller.signal })
    const stopped = client.request('GET', '/a')
    await vi.waitFor(() => expect(requests).toHaveLength(3))
    controller.abort(new Error('enough'))
    await expect(cancelled).rejects.toThrow('enough')
    await Promise.all([expect(stopped).rejects.toMatchObject({ code: 'BOT_OFFLINE' }), client.stop()])
    expect(told()).toEqual([])
  })
})

it('says shortly and without secrets what the platform said', async () => {
  answers = [json(400, { message: `no such access_token=s3cret\n${'x'.repeat(1000)}` })]
  const client = build({ readFailure: ({ data }) => data as { message: string } })
  const error = await client.request('GET', '/a').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(PlatformError)
  const { message } = error as PlatformError
  expect(message).toContain('no such access_token=<redacted> xxx')
  expect(message.length).toBeLessThan(350)
})

it('lets any number of calls hang on one signal without a warning', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error): void => void warnings.push(warning)
  process.on('warning', onWarning)
  answers = [json(200, {})]
  const { signal } = new AbortController()
  const client = build()
  await Promise.all(Array.from({ length: 30 }, () => client.request('GET', '/a', { signal })))
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', onWarning)
  expect(warnings).toEqual([])
})

it('takes no base that is no URL, and does not repeat it', () => {
  expect(() => build({ baseUrl: 's3cret' })).toThrow(
    /^The configuration is not valid. the API: the base address is no URL.$/,
  )
})
