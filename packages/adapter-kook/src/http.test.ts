import { MynahError } from '@mynah/core'
import { PlatformError } from '@mynah/adapter-kit'
import { RecordingLogger, TestClock } from '@mynah/core/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { failure, ScriptedServer, success } from '../test/scripted-server.ts'
import { KookApi } from './api/kook-api.ts'
import { KookHttp, type KookHttpOptions, readRateLimit } from './http.ts'

const token = '1/MTAwMDA=/kO0k+EmUlAtOr/tOkEn0123456789=='
let server: ScriptedServer
let clock: TestClock
let logger: RecordingLogger
let https: KookHttp[]

beforeEach(async () => {
  server = await ScriptedServer.start()
  clock = new TestClock()
  logger = new RecordingLogger()
  https = []
})

afterEach(async () => {
  await Promise.all(https.map((http) => http.stop()))
  await server[Symbol.asyncDispose]()
})

function connect(options: Partial<KookHttpOptions> = {}): KookHttp {
  const http = new KookHttp({ baseUrl: server.baseUrl, token, logger, clock, ...options })
  https.push(http)
  return http
}

async function errorOf(call: Promise<unknown>): Promise<PlatformError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof PlatformError) return error
  throw new Error('the call was not refused', { cause: error })
}

const requested = (count: number): Promise<void> =>
  vi.waitFor(() => expect(server.requests).toHaveLength(count))

describe('requests', () => {
  it('carry the token as it is, and the language', async () => {
    await connect({ language: 'en-US' }).get('/user/me')
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: `Bot ${token}`,
      'accept-language': 'en-US',
    })
    await connect().post('/user/offline')
    expect(server.requests[1]?.headers['accept-language']).toBeUndefined()
    expect(server.requests[1]).toMatchObject({
      json: {},
      headers: { 'content-type': expect.stringContaining('application/json') },
    })
  })

  it('go below the base URL, those of OAuth2 beside it and without the token', async () => {
    server.answer = () => ({
      body: { access_token: 'a', token_type: 'Bearer', scope: 'get_user_info', expire_in: 60 },
    })
    const grant = { client_id: 'c', client_secret: 's', code: 'x', redirect_uri: 'https://a.b' }
    const answer = await new KookApi(connect(), 'bot').platform.token(grant)
    expect(answer).toEqual({
      access_token: 'a',
      token_type: 'Bearer',
      scope: 'get_user_info',
      expires_in: 60,
    })
    expect(server.requests[0]).toMatchObject({
      path: 'oauth2/token',
      json: { grant_type: 'authorization_code', ...grant },
    })
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
    server.answer = () => ({ body: { access_token: 'a', token_type: 'Bearer', scope: '', expires_in: 7 } })
    expect((await new KookApi(connect(), 'bot').platform.token(grant)).expires_in).toBe(7)
  })

  it('encode their queries', async () => {
    const { messages } = new KookApi(connect(), 'bot')
    await messages.reactions('m1', '[#128226;]')
    await messages.reactions('m1', '123/abc')
    expect(server.requests.map(({ search }) => search)).toEqual([
      '?msg_id=m1&emoji=%5B%23128226%3B%5D',
      '?msg_id=m1&emoji=123%2Fabc',
    ])
    expect(server.requests[0]?.query['emoji']).toBe('[#128226;]')
  })
})

describe('answers', () => {
  it.each([200, 400, 403, 404, 500])(
    'with status %i and a code are errors with that code',
    async (status) => {
      server.answer = () => failure(status, 40_300)
      const error = await errorOf(connect({ clock: undefined }).post('/guild/kickout', { a: 'private body' }))
      expect(error).toMatchObject({
        code: 'API_REJECTED',
        status,
        platformCode: 40_300,
        method: 'POST',
        path: '/guild/kickout',
      })
      expect(error.message).toContain('refused')
      expect(error.message).not.toContain('private body')
    },
  )

  it('that are no JSON are errors with their status', async () => {
    server.answer = () => ({ status: 502, body: '<html>Bad Gateway</html>' })
    expect(await errorOf(connect().post('/user/offline'))).toMatchObject({
      status: 502,
      platformCode: undefined,
    })
    server.answer = () => ({ body: 'hello' })
    expect(await errorOf(connect().post('/user/offline'))).toMatchObject({ code: 'API_INVALID_RESPONSE' })
  })

  it('of calls that say nothing may be {} or []', async () => {
    for (const data of [{}, []]) {
      server.answer = () => success(data)
      await expect(connect().post('/guild/leave', { guild_id: '1' })).resolves.toEqual(data)
    }
  })

  it.each([40_100, 40_101, 40_102, 40_103])('with code %i are about the credentials', async (code) => {
    for (const status of [200, 401]) {
      server.answer = () => failure(status, code)
      expect(await errorOf(connect().get('/user/me'))).toMatchObject({
        code: 'AUTH_FAILED',
        platformCode: code,
      })
    }
    expect(server.requests).toHaveLength(2)
  })
})

describe('lists', () => {
  const page = (
    number: number,
    total: number,
    items: unknown[],
    sort: unknown = [],
  ): ReturnType<typeof success> =>
    success({ items, meta: { page: number, page_total: total, page_size: 50, total: 3 }, sort })

  it('are read page by page, whatever the sort is', async () => {
    server.answer = ({ query }) => page(Number(query['page']), 3, [{ id: query['page'] }], { id: 1 })
    const guilds = await new KookApi(connect(), 'bot').guilds.list({ sort: '-id' }).all()
    expect(guilds).toEqual([{ id: '1' }, { id: '2' }, { id: '3' }])
    expect(server.requests.map(({ query }) => query)).toEqual(
      ['1', '2', '3'].map((number) => ({ page_size: '50', sort: '-id', page: number })),
    )
  })

  it('end with an empty page or without figures', async () => {
    server.answer = () => page(1, 9, [])
    expect(await new KookApi(connect(), 'bot').guilds.list().all()).toEqual([])
    server.answer = () => success({ items: [{ id: '1' }] })
    expect(await new KookApi(connect(), 'bot').guilds.list().all()).toEqual([{ id: '1' }])
    expect(server.requests).toHaveLength(2)
  })

  it('are read only as far as somebody asks', async () => {
    server.answer = ({ query }) => page(Number(query['page']), 9, [{ id: query['page'] }])
    for await (const guild of new KookApi(connect(), 'bot').guilds.list()) if (guild.id === '2') break
    expect(server.requests).toHaveLength(2)
  })

  it('histories are walked back until a page is short', async () => {
    server.answer = ({ query }) => {
      const newest = query['msg_id'] === undefined ? 120 : Number(query['msg_id']) - 1
      const items = Array.from({ length: Math.min(50, newest) }, (_, index) => ({
        id: String(newest - Math.min(50, newest) + 1 + index),
      }))
      return success({ items })
    }
    const ids: string[] = []
    for await (const { id } of new KookApi(connect(), 'bot').messages.history('c')) ids.push(id)
    expect(ids).toHaveLength(120)
    expect(new Set(ids).size).toBe(120)
    expect(server.requests.map(({ query }) => [query['msg_id'], query['flag']])).toEqual([
      [undefined, undefined],
      ['71', 'before'],
      ['21', 'before'],
    ])
  })
})

describe('rate limits', () => {
  const limits = (remaining: number, bucket: string, reset = 3): Record<string, string> => ({
    'X-Rate-Limit-Limit': '5',
    'x-rate-limit-remaining': String(remaining),
    'X-RATE-LIMIT-RESET': String(reset),
    'X-Rate-Limit-Bucket': bucket,
  })

  it('are read whatever the case of their names; what is broken is left out', () => {
    expect(
      readRateLimit({
        'x-rate-limit-limit': '120',
        'x-rate-limit-remaining': '0',
        'x-rate-limit-reset': '3',
        'x-rate-limit-bucket': 'user/info',
      }),
    ).toEqual({ bucket: 'user/info', limit: 120, remaining: 0, resetMs: 3000 })
    expect(readRateLimit({ 'x-rate-limit-global': '' })).toEqual({ global: true })
    expect(
      readRateLimit({
        'x-rate-limit-limit': 'many',
        'x-rate-limit-remaining': '',
        'x-rate-limit-reset': '-1',
      }),
    ).toEqual({})
  })

  it('an empty bucket waits, another one does not', async () => {
    server.answer = ({ path }) => success({}, path === 'user/me' ? limits(0, 'user/me') : {})
    const http = connect()
    await http.get('/user/me')
    const waiting = http.get('/user/me')
    await http.get('/guild/view')
    expect(server.requests.map(({ path }) => path)).toEqual(['user/me', 'guild/view'])
    await clock.advance(2999)
    expect(server.requests).toHaveLength(2)
    await clock.advance(1)
    await waiting
    expect(server.requests).toHaveLength(3)
  })

  it('routes with the same bucket wait together', async () => {
    server.answer = ({ path }) => success({}, limits(path === 'channel/view' ? 0 : 4, 'shared'))
    const http = connect()
    await http.get('/channel/list')
    await http.get('/channel/view')
    const waiting = http.get('/channel/list')
    await http.get('/other')
    expect(server.requests).toHaveLength(3)
    await clock.advance(3000)
    await waiting
  })

  it.each([
    ['GET', 2],
    ['POST', 2],
  ])('a 429 is waited out: %s', async (method, count) => {
    server.answer = (_request, index) =>
      index === 0 ? failure(429, 429, limits(0, 'x', 2)) : success({ done: true })
    const http = connect()
    const call = method === 'GET' ? http.get('/x') : http.post('/x')
    await requested(1)
    await vi.waitFor(() => expect(clock.delays).toContain(2000))
    await clock.advance(2000)
    await expect(call).resolves.toEqual({ done: true })
    expect(server.requests).toHaveLength(count)
  })

  it('a global one holds every route', async () => {
    server.answer = (_request, index) =>
      index === 0 ? failure(429, 429, { ...limits(0, 'x', 2), 'X-Rate-Limit-Global': '1' }) : success({})
    const http = connect()
    const first = http.get('/x')
    await requested(1)
    await vi.waitFor(() => expect(clock.delays).toContain(2000))
    const second = http.get('/y')
    expect(server.requests).toHaveLength(1)
    await clock.advance(2000)
    await Promise.all([first, second])
    expect(server.requests).toHaveLength(3)
  })

  it('one that never ends is an error', async () => {
    server.answer = () => failure(429, 429, limits(0, 'x', 1))
    const failed = errorOf(connect().post('/x'))
    for (let attempt = 1; attempt < 3; attempt += 1) {
      await requested(attempt)
      await vi.waitFor(() => expect(clock.delays[0]).toBeLessThanOrEqual(1000))
      await clock.advance(1000)
    }
    expect(await failed).toMatchObject({ code: 'RATE_LIMITED', status: 429 })
    expect(server.requests).toHaveLength(3)
  })
})

describe('no answer', () => {
  it('a GET is repeated, a POST is not', async () => {
    server.answer = () => undefined
    const http = connect({ timeoutMs: 1000 })
    const post = errorOf(http.post('/message/create', {}))
    await requested(1)
    await clock.advance(1000)
    expect(await post).toMatchObject({ code: 'API_TIMEOUT', retriable: false })
    const get = http.get('/user/me')
    await requested(2)
    server.answer = () => success({ id: '1' })
    await clock.advance(1000)
    await vi.waitFor(async () => {
      await clock.advance(0)
      expect(server.requests).toHaveLength(3)
    })
    await expect(get).resolves.toEqual({ id: '1' })
    expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET'])
  })

  it('a stopped client ends its calls', async () => {
    server.answer = () => undefined
    const http = connect()
    const call = http.get('/user/me').catch((error: unknown) => MynahError.is(error) && error.code)
    await requested(1)
    await http.stop()
    expect(await call).toBe('BOT_OFFLINE')
  })
})

it('neither errors nor logs tell secrets', async () => {
  const http = connect({ clock: undefined })
  server.answer = () => failure(403, 40_300)
  const errors = await Promise.all([
    errorOf(http.get('/user/me')),
    errorOf(new KookApi(http, 'bot').messages.sendPipe('pipe-secret', { content: 'x' })),
    errorOf(
      new KookApi(http, 'bot').platform.token({
        client_id: 'c',
        client_secret: 'client-secret',
        code: 'x',
        redirect_uri: 'y',
      }),
    ),
  ])
  const told =
    logger.text + errors.map((error) => `${error.message} ${error.stack} ${JSON.stringify(error)}`).join()
  for (const secret of [token, 'pipe-secret', 'client-secret']) expect(told).not.toContain(secret)
})
