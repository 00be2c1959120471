import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { groupId, selfId, setStage } from './stage.ts'
import type { ProfileName } from '../src/wire/profile.ts'
import { profiles } from '../src/wire/profiles.ts'

const stage = setStage()
const every = Object.values(profiles)
const lin = { userId: 1_357_924_680, nickname: 'Lin' }
const json = { 'content-type': 'application/json' }

interface Reply {
  status: number
  body: unknown
}

async function ask(url: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5000), ...init })
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text }
}

const post = (url: string, body: string, headers: Record<string, string> = json): Promise<Reply> =>
  ask(url, { method: 'POST', body, headers })

describe('the HTTP API', () => {
  it.each(every)('of $name takes JSON, form and query', async ({ name }) => {
    const emulator = await stage.start({ profile: name })
    const alice = emulator.friend(lin)
    const { url } = await emulator.listenHttp()
    const action = `${url}/send_private_msg`
    const message = [{ type: 'text', data: { text: 'hi' } }]
    expect(await post(action, JSON.stringify({ user_id: lin.userId, message }))).toMatchObject({
      status: 200,
      body: { status: 'ok', retcode: 0, data: { message_id: expect.any(Number) } },
    })
    const form = new URLSearchParams({
      user_id: String(lin.userId),
      message: '[CQ:face,id=1]',
      auto_escape: 'true',
    })
    const formType = { 'content-type': 'application/x-www-form-urlencoded' }
    expect(await post(action, String(form), formType)).toMatchObject({ status: 200, body: { retcode: 0 } })
    expect(await ask(`${action}?${String(form)}`)).toMatchObject({ status: 200, body: { retcode: 0 } })
    expect(alice.unread.map(({ text }) => text)).toEqual(['hi', '[CQ:face,id=1]', '[CQ:face,id=1]'])
  })

  it.each<[ProfileName, number, number, unknown]>([
    ['go-cqhttp', 401, 403, ''],
    ['napcat', 403, 403, { message: 'token verify failed!' }],
    ['llonebot', 403, 403, { message: expect.any(String) }],
    ['lagrange', 401, 403, ''],
  ])(
    'of %s refuses a missing token with %i and a wrong one with %i',
    async (profile, missing, wrong, body) => {
      const emulator = await stage.start({ profile, accessToken: 's3cret' })
      const { url } = await emulator.listenHttp()
      const action = `${url}/get_status`
      expect(await post(action, '{}')).toEqual({ status: missing, body })
      expect(await post(action, '{}', { ...json, authorization: 'Bearer nope' })).toEqual({
        status: wrong,
        body,
      })
      expect(await post(action, '{}', { ...json, authorization: 'Bearer s3cret' })).toMatchObject({
        status: 200,
      })
      expect(await post(`${action}?access_token=s3cret`, '{}')).toMatchObject({ status: 200 })
    },
  )

  it.each(['Token s3cret', 's3cret', 'Basic s3cret'])(
    'of Lagrange refuses the authorization %j as a wrong one',
    async (authorization) => {
      const emulator = await stage.start({ profile: 'lagrange', accessToken: 's3cret' })
      const { url } = await emulator.listenHttp()
      expect(await post(`${url}/get_status`, '{}', { ...json, authorization })).toMatchObject({ status: 403 })
    },
  )

  it('of Lagrange says in which form it wants the token', async () => {
    const emulator = await stage.start({ profile: 'lagrange', accessToken: 's3cret' })
    const { url } = await emulator.listenHttp()
    const response = await fetch(`${url}/get_status`)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
  })

  it('of NapCat lets the token of the query win', async () => {
    const emulator = await stage.start({ accessToken: 's3cret' })
    const { url } = await emulator.listenHttp()
    const headers = { ...json, authorization: 'Bearer s3cret' }
    expect(await post(`${url}/get_status?access_token=nope`, '{}', headers)).toMatchObject({ status: 403 })
  })

  it.each<[ProfileName, object]>([
    ['go-cqhttp', { status: 200, body: { status: 'failed', retcode: 404, msg: 'API_NOT_FOUND' } }],
    [
      'napcat',
      { status: 200, body: { status: 'failed', retcode: 200, message: '不支持的API no_such_action' } },
    ],
    ['llonebot', { status: 404, body: { status: 'failed', retcode: 404 } }],
    ['lagrange', { status: 200, body: { status: 'failed', retcode: 404 } }],
  ])('of %s answers an unknown action', async (profile, expected) => {
    const emulator = await stage.start({ profile })
    const { url } = await emulator.listenHttp()
    expect(await post(`${url}/no_such_action`, '{}')).toMatchObject(expected)
  })

  it.each<[ProfileName, object]>([
    ['go-cqhttp', { status: 400 }],
    ['napcat', { status: 400, body: 'Invalid JSON' }],
    ['llonebot', { status: 200, body: { status: 'failed', retcode: 400 } }],
  ])('of %s answers a body that it cannot read', async (profile, expected) => {
    const emulator = await stage.start({ profile })
    const { url } = await emulator.listenHttp()
    expect(await post(`${url}/get_status`, '{')).toMatchObject(expected)
  })

  it.each(['{', ''])('of Lagrange never answers the body %j', async (body) => {
    const emulator = await stage.start({ profile: 'lagrange' })
    const { url } = await emulator.listenHttp()
    const hanging = fetch(`${url}/get_status`, {
      method: 'POST',
      body,
      headers: json,
      signal: AbortSignal.timeout(50),
    })
    await expect(hanging).rejects.toThrow(/timeout/)
  })

  it.each<[ProfileName, number]>([
    ['go-cqhttp', 404],
    ['napcat', 0],
    ['llonebot', -1],
    ['lagrange', 404],
  ])('of %s takes a trailing slash for retcode %i', async (profile, retcode) => {
    const emulator = await stage.start({ profile })
    const { url } = await emulator.listenHttp()
    const expected = retcode === -1 ? { status: 404, body: '' } : { status: 200, body: { retcode } }
    expect(await post(`${url}/get_status/`, '{}')).toMatchObject(expected)
  })

  it('of Lagrange checks content type and method', async () => {
    const emulator = await stage.start({ profile: 'lagrange' })
    const { url } = await emulator.listenHttp()
    expect(await post(`${url}/get_status`, '{}', { 'content-type': 'text/plain' })).toMatchObject({
      status: 406,
    })
    expect(await ask(`${url}/get_status`, { method: 'PUT' })).toMatchObject({ status: 405 })
  })

  it('of go-cqhttp takes the action in the body, and ignores the suffix _async', async () => {
    const emulator = await stage.start({ profile: 'go-cqhttp' })
    const { url } = await emulator.listenHttp()
    const call = { action: 'get_login_info', params: {} }
    expect(await post(`${url}/`, JSON.stringify(call))).toMatchObject({ body: { data: { user_id: selfId } } })
    expect(await post(`${url}/get_login_info_async`, '{}')).toMatchObject({
      body: { data: { user_id: selfId } },
    })
  })

  it('hangs when an answer is lost, and breaks off when the connection is cut', async () => {
    const emulator = await stage.start()
    const { url } = await emulator.listenHttp()
    emulator.faults.call('*', { kind: 'answer-lost' })
    emulator.faults.call('*', { kind: 'connection-dropped', carriedOut: true })
    const stop = new AbortController()
    const hanging = fetch(`${url}/get_status`, { signal: stop.signal }).catch((error: unknown) => error)
    const { answer } = await emulator.expectCall('get_status')
    stop.abort(new TypeError('gave up'))
    expect([answer, await hanging]).toEqual([undefined, new TypeError('gave up')])
    await expect(fetch(`${url}/get_status`)).rejects.toThrow('fetch failed')
    expect(await ask(`${url}/get_status`)).toMatchObject({ status: 200 })
  })

  it('hands events out by long polling', async () => {
    const emulator = await stage.start({ profile: 'go-cqhttp' })
    const alice = emulator.friend(lin)
    const { url } = await emulator.listenHttp()
    const waiting = ask(`${url}/get_updates?timeout=5`)
    await alice.say('hi')
    expect(await waiting).toMatchObject({ body: { data: [{ raw_message: 'hi' }] } })
    expect(await ask(`${url}/get_updates`)).toMatchObject({ body: { data: [] } })
  })

  it.each(['napcat', 'llonebot'] as const)('of %s streams events', async (profile) => {
    const emulator = await stage.start({ profile })
    const { url } = await emulator.listenHttp()
    const stop = new AbortController()
    const response = await fetch(`${url}/_events`, { signal: stop.signal })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    await emulator.friend(lin).say('hi')
    let read = ''
    for await (const chunk of response.body!) {
      read += Buffer.from(chunk).toString()
      if (read.includes('"raw_message":"hi"')) break
    }
    expect(read).toMatch(/^data: \{.*\}\n\ndata: \{.*\}\n\n$/)
    stop.abort()
  })

  it('writes the frames of a stream into one body', async () => {
    const emulator = await stage.start()
    const { md5 } = emulator.world.media.add(Buffer.from('abcdefgh'), 'a.txt')
    const { url } = await emulator.listenHttp()
    const response = await fetch(`${url}/download_file_stream?file=${md5}&chunk_size=5`)
    const frames = (await response.text()).split('\r\n\r\n').filter((frame) => frame !== '')
    expect(frames.map((frame) => JSON.parse(frame).data.type)).toEqual([
      'stream',
      'stream',
      'stream',
      'response',
    ])
  })
})

describe('a webhook', () => {
  it.each(every)('of $name signs the bytes it sends', async ({ name }) => {
    const receiver = await stage.receiveWebhooks()
    const emulator = await stage.start({ profile: name })
    const alice = emulator.friend({ ...lin, nickname: '林' })
    await emulator.useWebhook({ url: receiver.url, secret: 'key' })
    await alice.say('你好')
    const { headers, body } = await receiver.event(({ post_type: type }) => type === 'message')
    const signature = createHmac('sha1', 'key').update(body).digest('hex')
    expect(headers).toMatchObject({ 'x-self-id': String(selfId), 'x-signature': `sha1=${signature}` })
    expect(headers['content-type']).toBe('application/json')
  })

  it.each<[ProfileName, string | undefined]>([
    ['go-cqhttp', 'enable'],
    ['napcat', undefined],
    ['lagrange', 'connect'],
  ])('of %s begins with the lifecycle event %s', async (profile, subType) => {
    const receiver = await stage.receiveWebhooks()
    const emulator = await stage.start({ profile })
    const alice = emulator.friend(lin)
    await emulator.useWebhook({ url: receiver.url })
    await alice.say('hi')
    const { event, headers } = await receiver.event()
    expect(event['meta_event_type'] === 'lifecycle' ? event['sub_type'] : undefined).toBe(subType)
    expect(headers['x-signature']).toBeUndefined()
  })

  it('of go-cqhttp tries four times, the others once', async () => {
    for (const [profile, attempts] of [
      ['go-cqhttp', 4],
      ['napcat', 1],
    ] as const) {
      const receiver = await stage.receiveWebhooks()
      receiver.answer = () => 500
      const emulator = await stage.start({ profile })
      const alice = emulator.friend(lin)
      const webhook = await emulator.useWebhook({ url: receiver.url, retryDelayMs: 1 })
      const before = webhook.attempts.length
      await alice.say('hi')
      expect(webhook.attempts.slice(before).map(({ status }) => status)).toEqual(Array(attempts).fill(500))
    }
  })

  it('tries again when nobody listens or answers', async () => {
    const receiver = await stage.receiveWebhooks()
    const { url } = receiver
    await receiver.close()
    const emulator = await stage.start({ profile: 'go-cqhttp' })
    const webhook = await emulator.useWebhook({ url, retryDelayMs: 1, timeoutMs: 20 })
    expect(webhook.attempts.map(({ status }) => status)).toEqual([undefined, undefined, undefined, undefined])
  })

  it('carries out the quick operation it is answered with', async () => {
    const receiver = await stage.receiveWebhooks()
    const emulator = await stage.start({ profile: 'go-cqhttp' })
    const alice = emulator.stranger(lin)
    const place = emulator.group({ groupId, name: 'Test', botRole: 'admin' }).add(alice)
    await emulator.useWebhook({ url: receiver.url })
    receiver.answer = (event) =>
      event['post_type'] === 'message'
        ? {
            reply: 'no ads [CQ:face,id=1]',
            auto_escape: true,
            at_sender: true,
            delete: true,
            ban: true,
            ban_duration: 60,
          }
        : 204
    const participant = alice.in(place)
    const message = await participant.say('buy!')
    expect(await participant.expectReply('no ads [CQ:face,id=1]')).toMatchObject({
      mentions: [lin.userId],
      quote: undefined,
    })
    expect(message.recalled).toBe(true)
    expect(place.member(alice).mutedUntil).toBeGreaterThan(emulator.world.time)
    const notices = [
      await receiver.event(({ notice_type: type }) => type === 'group_recall'),
      await receiver.event(({ notice_type: type }) => type === 'group_ban'),
    ]
    expect(notices).toMatchObject([{ event: { message_id: message.id } }, { event: { duration: 60 } }])
  })

  it('of Lagrange does not look at the answer', async () => {
    const receiver = await stage.receiveWebhooks()
    receiver.answer = () => ({ reply: 'hi' })
    const emulator = await stage.start({ profile: 'lagrange' })
    const alice = emulator.friend(lin)
    await emulator.useWebhook({ url: receiver.url })
    await alice.say('hi')
    await alice.expectSilence()
    expect(alice.unread).toEqual([])
  })
})
