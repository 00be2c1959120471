import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KookChannel, KookGuild } from '../src/people/guild.ts'
import type { KookUser } from '../src/people/user.ts'
import { TestClock } from '@mynah/core/testing'
import { startKookEmulator, type KookEmulator } from '../src/emulator.ts'
import { callApi, itemsOf, text, upload } from './raw-client.ts'
import type { KookErrorAnswer } from '../src/faults/faults.ts'
import type { CallFault, JsonObject } from '@mynah/emulator-kit'

let clock: TestClock
let emulator: KookEmulator
let alice: KookUser
let guild: KookGuild
let lobby: KookChannel

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

beforeEach(async () => {
  clock = new TestClock()
  emulator = await startKookEmulator({
    clock,
    rateLimits: {
      buckets: { 'user/view': { limit: 2, windowSeconds: 5 }, shared: { limit: 1, windowSeconds: 60 } },
      bucketOf: { game: 'shared', friend: 'shared' },
    },
  })
  alice = emulator.user({ username: 'alice' })
  guild = emulator.guild({ members: [alice] })
  lobby = guild.channel('lobby')
})

afterEach(() => emulator.close())

describe('credentials', () => {
  it.each([
    ['no header', {}, 401, 40100],
    ['another scheme', { authorization: 'Basic abc' }, 401, 40101],
    ['another token', { authorization: 'Bot 1/MTAwMDA=/wrong==' }, 401, 40101],
    ['an unknown user token', { authorization: 'Bearer nobody' }, 401, 40101],
  ])('are refused with %s', async (_what, headers: Record<string, string>, status, code) => {
    expect(await callApi(emulator, 'GET user/me', {}, headers)).toMatchObject({ status, code, data: {} })
  })

  it('are refused when the token was URL-encoded', async () => {
    const authorization = `Bot ${encodeURIComponent(emulator.token)}`
    expect((await callApi(emulator, 'GET user/me', {}, { authorization })).code).toBe(40101)
  })

  it('expire on request', async () => {
    emulator.faults.expireTokens()
    expect(await callApi(emulator, 'GET user/me')).toMatchObject({ status: 401, code: 40103 })
  })

  it('of people come from the authorization-code flow and reach as far as their scopes', async () => {
    const code = emulator.authorize(alice, ['get_user_info'], 'https://bot.example/back')
    const body = {
      grant_type: 'authorization_code',
      client_id: emulator.bot.clientId,
      client_secret: emulator.bot.clientSecret,
      code,
      redirect_uri: 'https://bot.example/back',
    }
    const exchange = (): Promise<Response> =>
      fetch(`${emulator.origin}/api/oauth2/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', connection: 'close' },
        body: JSON.stringify(body),
      })
    const granted: JsonObject = JSON.parse(await (await exchange()).text())
    expect(granted).toMatchObject({ token_type: 'Bearer', expires_in: 604_800, scope: 'get_user_info' })
    const authorization = `Bearer ${text(granted.access_token)}`
    expect((await callApi(emulator, 'GET user/me', {}, { authorization })).data.id).toBe(alice.id)
    expect((await callApi(emulator, 'GET guild/list', {}, { authorization })).code).toBe(40300)
    expect((await exchange()).status).toBe(400)
    await clock.advance(604_800_000)
    expect((await callApi(emulator, 'GET user/me', {}, { authorization })).code).toBe(40103)
  })
})

describe('the envelope', () => {
  it.each([
    ['GET no/such', 404, 40000],
    ['GET message/create', 405, 40000],
    ['POST user/me', 405, 40000],
    ['GET guild/view', 400, 40000],
  ])('of %s says HTTP %s, code %s', async (route, status, code) => {
    expect(await callApi(emulator, route)).toMatchObject({ status, code })
  })

  it.each([
    [{}, '操作成功'],
    [{ 'accept-language': 'en-US' }, 'OK'],
    [{ 'accept-language': 'fr' }, '操作成功'],
  ])('speaks the language of %o', async (headers: Record<string, string>, message) => {
    const answer = await callApi(
      emulator,
      'GET user/me',
      {},
      { authorization: `Bot ${emulator.token}`, ...headers },
    )
    expect(answer).toMatchObject({ code: 0, message })
  })

  it('is the same without the version in the path', async () => {
    const response = await fetch(`${emulator.origin}/api/user/me`, {
      headers: { authorization: `Bot ${emulator.token}`, connection: 'close' },
    })
    expect(await response.json()).toMatchObject({ code: 0, data: { id: emulator.bot.id, bot: true } })
  })

  it.each([
    ['text/plain', '{}'],
    ['application/json', '{'],
    ['multipart/form-data; boundary=x', 'not a form'],
  ])('refuses a body of %s that cannot be read', async (type, body) => {
    const response = await fetch(`${emulator.baseUrl}/message/create`, {
      method: 'POST',
      headers: { authorization: `Bot ${emulator.token}`, 'content-type': type, connection: 'close' },
      body,
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 40000 })
  })

  it('refuses an id that lost its digits on the way through a Number', async () => {
    const target = Number(lobby.id)
    expect(String(target)).not.toBe(lobby.id)
    const answer = await callApi(emulator, 'POST message/create', { target_id: target, content: 'hi' })
    expect(answer).toMatchObject({ status: 400, code: 40000 })
  })
})

describe('lists', () => {
  it.each([
    [{}, { page: 1, page_total: 2, page_size: 50, total: 61 }, 50],
    [{ page: 2 }, { page: 2, page_total: 2, page_size: 50, total: 61 }, 11],
    [{ page: 3, page_size: 20 }, { page: 3, page_total: 4, page_size: 20, total: 61 }, 20],
    [{ page: 9 }, { page: 9, page_total: 2, page_size: 50, total: 61 }, 0],
    [{ page_size: 1000 }, { page: 1, page_total: 2, page_size: 50, total: 61 }, 50],
  ])('are cut into pages by %o', async (params: JsonObject, meta, length) => {
    for (let count = 0; count < 60; count += 1) emulator.guild({ name: `guild ${count}` })
    const answer = await callApi(emulator, 'GET guild/list', params)
    expect(answer.data.meta).toEqual(meta)
    expect(itemsOf(answer)).toHaveLength(length)
    expect(answer.data.sort).toEqual([])
  })

  it.each([
    ['name', ['A', 'B', 'Guild'], { name: 1 }],
    ['-name', ['Guild', 'B', 'A'], { name: -1 }],
  ])('are sorted by %s', async (sort, names, shown) => {
    emulator.guild({ name: 'B' })
    emulator.guild({ name: 'A' })
    const answer = await callApi(emulator, 'GET guild/list', { sort })
    expect(itemsOf(answer).map(({ name }) => name)).toEqual(names)
    expect(answer.data.sort).toEqual(shown)
  })
})

describe('rate limits', () => {
  const view = () => callApi(emulator, 'GET user/view', { user_id: alice.id })
  const rateHeaders = (headers: Headers) =>
    ['limit', 'remaining', 'reset', 'bucket', 'global'].map((name) => headers.get(`x-rate-limit-${name}`))

  it('are told with every answer and enforced until the window is over', async () => {
    expect(rateHeaders((await view()).headers)).toEqual(['2', '1', '5', 'user/view', null])
    await clock.advance(3000)
    expect(rateHeaders((await view()).headers)).toEqual(['2', '0', '2', 'user/view', null])
    const refused = await view()
    expect(refused).toMatchObject({ status: 429, data: {} })
    expect(rateHeaders(refused.headers)).toEqual(['2', '0', '2', 'user/view', null])
    expect((await callApi(emulator, 'GET user/me')).status).toBe(200)
    await clock.advance(2000)
    expect((await view()).status).toBe(200)
  })

  it('can be shared by several routes', async () => {
    expect((await callApi(emulator, 'GET game')).headers.get('x-rate-limit-bucket')).toBe('shared')
    expect((await callApi(emulator, 'GET friend')).status).toBe(429)
  })

  it('can hold for all calls together', async () => {
    await using other = await startKookEmulator({
      clock,
      rateLimits: { global: { limit: 1, windowSeconds: 30 } },
    })
    expect(rateHeaders((await callApi(other, 'GET user/me')).headers).at(-1)).toBeNull()
    const refused = await callApi(other, 'GET gateway/index')
    expect(refused.status).toBe(429)
    expect(rateHeaders(refused.headers)).toEqual(['1', '0', '30', 'gateway/index', '1'])
  })
})

describe('faults', () => {
  const create = () => callApi(emulator, 'POST message/create', { target_id: lobby.id, content: 'hi' })

  it.each<[CallFault<KookErrorAnswer>, number, number, reset: string | null, global: boolean]>([
    [{ kind: 'error-answer', status: 502 }, 502, Number.NaN, null, false],
    [{ kind: 'error-answer', code: 40000 }, 200, 40000, null, false],
    [{ kind: 'error-answer', code: 40300, status: 403 }, 403, 40300, null, false],
    [{ kind: 'error-answer', rateLimit: { resetSeconds: 3 } }, 429, 429, '3', false],
    [{ kind: 'error-answer', rateLimit: { global: true } }, 429, 429, '1', true],
  ])('%o hits one call and no more', async (fault, status, code, reset, global) => {
    emulator.faults.call('POST /message/create', fault)
    const answer = await create()
    expect(answer.status).toBe(status)
    expect(answer.code).toBe(code)
    expect(answer.headers.get('x-rate-limit-reset')).toBe(reset)
    expect(answer.headers.has('x-rate-limit-global')).toBe(global)
    await alice.in(lobby).expectSilence(5)
    expect((await create()).code).toBe(0)
    await alice.in(lobby).expectReply('hi')
  })

  it.each([false, true])('breaks the connection of a call, carried out: %s', async (carriedOut) => {
    emulator.faults.call('message/create', { kind: 'connection-dropped', carriedOut })
    await expect(create()).rejects.toThrow(/fetch failed/)
    const call = await emulator.expectCall('message/create')
    expect(call.status).toBe(carriedOut ? 200 : undefined)
    const heard = alice.in(lobby)
    await (carriedOut ? heard.expectReply('hi') : heard.expectSilence(5))
  })

  it('hang leaves a call without an answer', async () => {
    emulator.faults.call('*', { kind: 'hang' })
    const signal = AbortSignal.timeout(50)
    const call = fetch(`${emulator.baseUrl}/user/me`, {
      signal,
      headers: { authorization: `Bot ${emulator.token}` },
    })
    await expect(call).rejects.toThrow(/timeout/)
  })

  it('late answers when its time comes', async () => {
    emulator.faults.call('message/create', { kind: 'late', delayMs: 30_000 })
    const answer = create()
    await alice.in(lobby).expectReply('hi')
    await emulator.expectCall('message/create')
    await clock.advance(30_000)
    expect((await answer).code).toBe(0)
  })
})

describe('the record of calls', () => {
  it('tells what was asked and answered', async () => {
    await callApi(emulator, 'GET user/view', { user_id: alice.id })
    await upload(emulator, 'asset/create', { field: 'file', name: 'a.png', bytes: png })
    expect(
      await emulator.expectCall('GET /user/view', ({ query }) => query.user_id === alice.id),
    ).toMatchObject({
      method: 'GET',
      path: 'user/view',
      status: 200,
      code: 0,
      data: { username: 'alice' },
    })
    const { files } = await emulator.expectCall('POST asset/create')
    expect(files.file).toMatchObject({ name: 'a.png', bytes: png })
    expect(emulator.calls.map(({ path }) => path)).toEqual(['user/view', 'asset/create'])
    await expect(emulator.expectCall('user/view', undefined, 10)).rejects.toThrow(/a call of user\/view/)
  })
})

describe('uploads', () => {
  it('are served where their URL says and belong to who uploaded them', async () => {
    const { data } = await upload(emulator, 'asset/create', { field: 'file', name: 'a.png', bytes: png })
    const url = text(data.url)
    const response = await fetch(url, { headers: { connection: 'close' } })
    expect(response.headers.get('content-type')).toBe('image/png')
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(png)
    expect(emulator.asset(url)).toMatchObject({ name: 'a.png', ownerId: emulator.bot.id })
    expect((await fetch(`${emulator.origin}/assets/none.png`)).status).toBe(404)
  })

  it.each([
    ['no file', 'attachment', 'a.png'],
    ['no extension', 'file', 'a'],
  ])('are refused with %s', async (_what, field, name) => {
    const answer = await upload(emulator, 'asset/create', { field, name, bytes: png })
    expect(answer).toMatchObject({ status: 400, code: 40000 })
  })

  it('that are too large are refused', async () => {
    const bytes = new Uint8Array(26 * 1024 * 1024)
    const answer = await upload(emulator, 'asset/create', { field: 'file', name: 'a.bin', bytes })
    expect(answer).toMatchObject({ status: 413, code: 40014 })
  })
})
