import { TestClock } from '@mynah/core/testing'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import {
  RawApi,
  RawSocket,
  answerOf,
  appId,
  requestToken,
  secret,
  type Answer,
  startedAt,
} from './raw-client.ts'
import { startQQEmulator, type QQErrorAnswer, type QQEmulator, type QQUser } from '../src/index.ts'

const messages = 'POST /v2/users/{openid}/messages'
let emulator: QQEmulator
let api: RawApi
let alice: QQUser

beforeEach(async () => {
  emulator = await startQQEmulator({ appId, secret })
  onTestFinished(() => emulator.close())
  api = await RawApi.login(emulator)
  alice = emulator.user({ name: 'alice' })
})

const send = (content: string): Promise<Answer> =>
  api.call('POST', `/v2/users/${alice.openid}/messages`, { content })

describe('the record of calls', () => {
  test('keeps each call with its route, body and answer', async () => {
    await send('one')
    await api.call('GET', '/gateway?x=1')
    const call = await emulator.expectCall(messages, ({ body }) => body['content'] === 'one')
    expect(call).toMatchObject({
      method: 'POST',
      path: `/v2/users/${alice.openid}/messages`,
      params: { openid: alice.openid },
      status: 200,
    })
    expect((await emulator.expectCall('GET /gateway')).query).toEqual({ x: '1' })
    expect(emulator.calls.map(({ route }) => route)).toEqual([
      'POST /app/getAppAccessToken',
      messages,
      'GET /gateway',
    ])
    emulator.clearRecords()
    expect(emulator.calls).toEqual([])
  })

  test('waits for calls that are still to come', async () => {
    const expected = emulator.expectCall(messages)
    await send('late')
    expect((await expected).body).toEqual({ content: 'late' })
  })

  test('says what came instead, without secrets, and which endpoints there are', async () => {
    const missing = emulator.expectCall('GET /users/@me', undefined, 10)
    await expect(missing).rejects.toThrow(/getAppAccessToken .*\[hidden\]/)
    await expect(missing).rejects.not.toThrow(secret)
    expect(() => emulator.expectCall('POST /v2/users/{id}/messages')).toThrow(
      /POST \/v2\/users\/\{openid\}\/messages/,
    )
    expect(() => emulator.faults.call('GET /nothing', { kind: 'error-answer' })).toThrow(/no endpoint/)
  })
})

describe('faults of calls', () => {
  test.each<[string, QQErrorAnswer, Partial<Answer>]>([
    ['a status', { status: 500 }, { status: 500, text: '<h1>gateway error</h1>' }],
    ['a code', { code: 40054010 }, { status: 400, body: { code: 40054010, err_code: 40054010 } }],
    ['a code with status 200', { status: 200, code: 11242 }, { status: 200, body: { code: 11242 } }],
    ['an unlisted IP', { code: 11298 }, { status: 401, body: { code: 11298 } }],
    ['a body', { body: { id: 'x', timestamp: 1 } }, { status: 200, body: { id: 'x', timestamp: 1 } }],
    ['an empty body', { body: '' }, { status: 200, text: '' }],
  ])('%s comes instead of the answer, and the call is not carried out', async (_, fault, expected) => {
    emulator.faults.call(messages, { kind: 'error-answer', ...fault })
    expect(await send('x')).toMatchObject(expected)
    expect(emulator.messages).toEqual([])
    expect((await send('x')).status).toBe(200)
  })

  test('a call can be carried out although its answer fails', async () => {
    const { id } = alice.c2c.say('hi')
    const reply = (): Promise<Answer> =>
      api.call('POST', `/v2/users/${alice.openid}/messages`, { content: 'x', msg_id: id, msg_seq: 1 })
    emulator.faults.call(messages, { kind: 'error-answer', status: 504, carriedOut: true })
    expect((await reply()).status).toBe(504)
    await alice.c2c.expectReply('x')
    expect((await reply()).body['code']).toBe(40054005)
  })

  test('the connection breaks, before or after the call is carried out', async () => {
    emulator.faults.call(messages, { kind: 'connection-dropped' })
    emulator.faults.call(messages, { kind: 'connection-dropped', carriedOut: true })
    await expect(send('one')).rejects.toThrow()
    await expect(send('two')).rejects.toThrow()
    expect(emulator.messages.map(({ text }) => text)).toEqual(['two'])
    expect(emulator.calls.slice(1).map(({ status }) => status)).toEqual([undefined, 200])
  })

  test('headers and repetitions', async () => {
    emulator.faults.call('*', { kind: 'error-answer', status: 429, headers: { 'Retry-After': '2' } }, 2)
    const answers = [await send('x'), await send('x'), await send('x')]
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 200])
    expect(answers[0]?.headers.get('Retry-After')).toBe('2')
  })

  test('a slow answer comes late, and does not outlive the emulator', async () => {
    emulator.faults.call(messages, { kind: 'late', delayMs: 30 })
    const startedAt = performance.now()
    expect((await send('slow')).status).toBe(200)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(29)
    emulator.faults.call(messages, { kind: 'late', delayMs: 60_000 })
    const never = send('never').then(
      () => 'answered',
      () => 'cut off',
    )
    await expect.poll(() => emulator.messages.length).toBe(2)
    await emulator.close()
    expect(await never).toBe('cut off')
  })

  test('the token request fails like any call', async () => {
    emulator.faults.call('POST /app/getAppAccessToken', { kind: 'error-answer', code: 100001 })
    expect(await requestToken(emulator)).toMatchObject({ status: 200, body: { code: 100001 } })
  })
})

describe('the door', () => {
  test.each([
    ['GET', '/nothing', 404],
    ['DELETE', '/gateway', 405],
  ])('%s %s is answered %i without JSON', async (method, path, status) => {
    const answer = await api.call(method, path)
    expect(answer).toMatchObject({ status, text: `<h1>${status}</h1>` })
    expect(answer.headers.get('X-Tps-trace-ID')).toMatch(/^[0-9a-f]{32}$/)
  })

  test.each([
    ['no JSON', 'application/json', '{', 12002],
    ['a list', 'application/json', '[]', 12002],
    ['plain text', 'text/plain', '{"content":"x"}', 12002],
    ['a broken form', 'multipart/form-data; boundary=x', 'nonsense', 50035],
  ])('%s as body is refused', async (_, type, body, code) => {
    const response = await fetch(`${emulator.baseUrls.api}/v2/users/${alice.openid}/messages`, {
      method: 'POST',
      headers: { Authorization: `QQBot ${api.token}`, 'Content-Type': type },
      body,
    })
    expect((await answerOf(response)).body['code']).toBe(code)
  })

  test('50 calls a second is the most, unless limits are off', async () => {
    const clock = new TestClock(startedAt)
    for (const [rateLimits, most] of [
      [true, 50],
      [false, 60],
    ] as const) {
      await using limited = await startQQEmulator({ appId, secret, clock, rateLimits })
      const limitedApi = await RawApi.login(limited)
      const statuses: number[] = []
      for (let count = 0; count < 60; count += 1)
        statuses.push((await limitedApi.call('GET', '/users/@me')).status)
      expect(statuses.filter((status) => status === 200)).toHaveLength(most)
    }
  })

  test('a banned bot gets nowhere with its token', async () => {
    emulator.setBotState('banned')
    expect((await send('x')).body['code']).toBe(11265)
  })

  test('an address that is none, or a query nobody can read, harms nothing', async () => {
    const guild = emulator.guild()
    const list = await api.call('GET', `/guilds/${guild.id}/members?after=abc&limit=5`)
    expect(list.body['code']).toBe(10000)
    expect((await api.call('GET', '//')).status).toBe(404)
  })

  test('sockets elsewhere are not upgraded', async () => {
    const elsewhere = new RawSocket(emulator.baseUrls.gateway.replace('websocket', 'elsewhere'))
    expect((await elsewhere.closed).code).toBe(1006)
  })
})

describe('expectations', () => {
  test('say what was said instead', async () => {
    await send('pang')
    await expect(alice.c2c.expectReply('pong', 10)).rejects.toThrow(/"pong" from the bot.*\n.*"pang"/)
    await expect(alice.expectSilence(1000)).rejects.toThrow(/Expected silence.*"pang"/)
  })

  test('take text, patterns and functions, oldest first', async () => {
    for (const text of ['one', 'two', 'three']) await send(text)
    await alice.expectReply(/^t/)
    expect((await alice.expectReply()).text).toBe('one')
    await alice.expectReply(({ text }) => text.length === 5)
    await alice.expectSilence(10)
  })
})

describe('the end', () => {
  test('frees the port and every connection, twice without harm', async () => {
    const socket = await RawSocket.login(emulator)
    const { api: url } = emulator.baseUrls
    await Promise.all([emulator.close(), emulator.close()])
    expect((await socket.closed).code).toBe(1006)
    await expect(fetch(`${url}/gateway`)).rejects.toThrow()
    await expect
      .poll(() => process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP')))
      .toEqual([])
  })

  test('two bots share no ids', async () => {
    await using other = await startQQEmulator({ appId: '102000002', secret })
    expect(other.user().openid).not.toBe(alice.openid)
    expect(other.bot.id).not.toBe(emulator.bot.id)
  })
})
