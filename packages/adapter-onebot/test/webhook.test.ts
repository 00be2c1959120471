import { createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  type App,
  type AppOptions,
  type ChatEvent,
  definePlugin,
  plainText,
  type Receipt,
  segment,
  text,
} from '@mynah/core'
import { deferred } from '@mynah/core/adapter'
import database from '@mynah/database'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'

import { botOf, eventually, lines, selfId, serverOf, start, startEmulator } from './start.ts'
import { onMessage, ping, record } from './plugins.ts'

let events: ChatEvent[]

beforeEach(() => {
  events = []
})

const message = (id = 1) => ({
  time: 1_761_900_000,
  self_id: selfId,
  post_type: 'message',
  message_type: 'private',
  sub_type: 'friend',
  message_id: id,
  user_id: 1,
  message: [{ type: 'text', data: { text: '/ping' } }],
  raw_message: '/ping',
  font: 0,
  sender: { user_id: 1, nickname: '小林' },
})

const host = (webhook: object = {}, plug: (app: App) => void = () => {}, config: object = {}) =>
  start({ webhook: [webhook], ...config }, (app) => {
    app.plugin(record(events))
    plug(app)
  })

const urlOf = (app: App, path = '/onebot'): string => `${serverOf(app).url}${path}`

const post = (url: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: 'POST', body, headers: { 'X-Self-ID': String(selfId), ...headers } })

const sign = (body: string, secret = 's3cret'): string =>
  `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`

describe('a webhook', () => {
  it('keeps all digits of ids of 64 bits', async () => {
    const app = await host()
    for (const id of ['7405472097755331634', '7405472097755331635']) {
      const body = JSON.stringify(message(1)).replace('"message_id":1', `"message_id":${id}`)
      expect((await post(urlOf(app), body)).status).toBe(204)
    }
    await eventually(() => {
      const ids = events.map((event) => event.message?.id)
      expect(ids).toEqual(['7405472097755331634', '7405472097755331635'])
    })
  })

  it('sends quick replies by actions where it is not known what becomes of its answers', async () => {
    const emulator = await startEmulator({ profile: 'go-cqhttp' })
    const api = await emulator.listenHttp()
    const data = { app_name: 'onebots', app_version: '1', protocol_version: 'v11' }
    emulator.faults.call(
      'get_version_info',
      { kind: 'error-answer', answer: { status: 'ok', retcode: 0, data } },
      Infinity,
    )
    const alice = emulator.friend({ userId: 1, nickname: 'Alice' })
    const answer = onMessage((session) => session.reply('pong', { quick: true }))
    const app = await host({}, (made) => void made.plugin(answer), { http: [{ url: api.url }] })
    await eventually(() =>
      expect(emulator.calls.some(({ action }) => action === 'get_version_info')).toBe(true),
    )
    const response = await post(urlOf(app), JSON.stringify(message(1)))
    expect([response.status, await response.text()]).toEqual([204, ''])
    await alice.expectReply('pong')
  })

  it('takes POST with and without a slash, and nothing else', async () => {
    const app = await host()
    expect((await post(urlOf(app), JSON.stringify(message(1)))).status).toBe(204)
    expect((await post(urlOf(app, '/onebot/'), JSON.stringify(message(2)))).status).toBe(204)
    expect((await fetch(urlOf(app))).status).toBe(405)
    expect((await fetch(urlOf(app), { method: 'PUT', body: '{}' })).status).toBe(405)
    await eventually(() => expect(events).toHaveLength(2))
  })

  it.each([
    JSON.stringify(message()),
    JSON.stringify(message(), null, 4),
    JSON.stringify({ ...message(), sender: { nickname: '群主老吴 🎉', user_id: 1 } }),
    `  ${JSON.stringify(Object.fromEntries(Object.entries(message()).reverse()))}\r\n`,
  ])('accepts the signature of the bytes as they are', async (body) => {
    const app = await host({ secret: 's3cret' })
    expect((await post(urlOf(app), body, { 'X-Signature': sign(body) })).status).toBe(204)
    expect(events).toHaveLength(1)
  })

  it.each([
    ['missing', {}, 401],
    ['wrong', { 'X-Signature': sign('other') }, 403],
    ['of another key', { 'X-Signature': sign(JSON.stringify(message()), 'x') }, 403],
    ['too short', { 'X-Signature': 'sha1=abc' }, 403],
    ['empty', { 'X-Signature': '' }, 403],
    [
      'in upper case',
      { 'X-SIGNATURE': sign(JSON.stringify(message())).toUpperCase().replace('SHA1', 'sha1') },
      204,
    ],
    ['in a lower-case header', { 'x-signature': sign(JSON.stringify(message())) }, 204],
  ])('%s signature is answered', async (_, headers, status) => {
    const app = await host({ secret: 's3cret' })
    expect(
      (await post(urlOf(app), JSON.stringify(message()), headers as Record<string, string>)).status,
    ).toBe(status)
    expect(events).toHaveLength(status === 204 ? 1 : 0)
  })

  it('ignores a signature when there is no secret', async () => {
    const app = await host()
    expect((await post(urlOf(app), JSON.stringify(message()), { 'X-Signature': 'sha1=no' })).status).toBe(204)
  })

  it.each(['', '{', '[]', '7', 'null', '"x"'])('answers %j with 400', async (body) => {
    const app = await host()
    expect((await post(urlOf(app), body)).status).toBe(400)
    expect(events).toEqual([])
  })

  it('answers 204 without a body when nothing is asked for', async () => {
    const app = await host()
    const response = await post(urlOf(app), JSON.stringify(message()))
    expect([response.status, await response.text()]).toEqual([204, ''])
  })

  it('answers in time although a handler goes on', async () => {
    const end = deferred()
    const app = await host({ answerWithin: 50 }, (made) => made.plugin(onMessage(() => end.promise)))
    expect((await post(urlOf(app), JSON.stringify(message()))).status).toBe(204)
    end.resolve()
  })

  it('answers with the first message where nothing else is there', async () => {
    const receipts: Receipt[] = []
    const app = await host({}, (made) =>
      made.plugin(
        onMessage(async (session) => {
          receipts.push(await session.reply('no ads'), await session.reply('really'))
        }),
      ),
    )
    const group = { ...message(), message_type: 'group', sub_type: 'normal', group_id: 5 }
    const response = await post(urlOf(app), JSON.stringify(group))
    expect([response.status, await response.json()]).toEqual([
      200,
      { reply: [{ type: 'text', data: { text: 'no ads' } }], at_sender: false },
    ])
    expect(receipts).toMatchObject([{ status: 'delivered' }, { status: 'failed' }])
  })

  it.each([
    ['go-cqhttp', 1],
    ['napcat', 0],
    ['llonebot', 0],
  ] as const)(
    'takes a quick reply of %s along with the answer, where that is a plain one',
    async (profile, answers) => {
      const emulator = await startEmulator({ profile })
      const api = await emulator.listenHttp()
      const quick = onMessage((session) => session.reply('pong', { quick: true }))
      const app = await host({}, (made) => void made.plugin(quick), { http: [{ url: api.url }] })
      await eventually(() => expect(botOf(app).connections.state.implementation).toBe(profile))
      const alice = emulator.friend({ userId: 1, nickname: 'Alice' })
      const hook = await emulator.useWebhook({ url: urlOf(app) })
      await alice.say('hi')
      await alice.expectReply('pong')
      await alice.expectSilence()
      expect(hook.attempts.filter(({ operation }) => operation !== undefined)).toHaveLength(answers)
    },
  )

  it('shows a quick reply to outgoing middlewares before it goes with the answer', async () => {
    const emulator = await startEmulator({ profile: 'go-cqhttp' })
    const api = await emulator.listenHttp()
    const kinds: string[] = []
    const mask = definePlugin({
      name: 'mask',
      setup(ctx) {
        ctx.outgoing((outgoing, next) => {
          kinds.push(outgoing.kind)
          outgoing.elements = [text(plainText(outgoing.elements).replaceAll('secret', 'XXX'))]
          return next()
        })
      },
    })
    const quick = onMessage((session) => session.reply('my secret', { quick: true }))
    const app = await host(
      {},
      (made) => {
        made.plugin(mask)
        made.plugin(quick)
      },
      { http: [{ url: api.url }] },
    )
    await eventually(() => expect(botOf(app).connections.state.implementation).toBe('go-cqhttp'))
    const alice = emulator.friend({ userId: 1, nickname: 'Alice' })
    const hook = await emulator.useWebhook({ url: urlOf(app) })
    await alice.say('hi')
    await alice.expectReply('my XXX')
    expect(kinds).toEqual(['quick'])
    expect(hook.attempts.filter(({ operation }) => operation !== undefined)).toHaveLength(1)
    expect(JSON.stringify(hook.attempts)).not.toContain('secret')
  })

  it('uses the API for a quick reply that is too late', async () => {
    const emulator = await startEmulator({ profile: 'go-cqhttp' })
    const api = await emulator.listenHttp()
    const late = deferred()
    const app = await host(
      { answerWithin: 20 },
      (made) =>
        made.plugin(
          onMessage(async (session) => {
            await late.promise
            await session.reply('late', { quick: true })
          }),
        ),
      { http: [{ url: api.url }] },
    )
    await eventually(() => expect(botOf(app).connections.state.implementation).toBe('go-cqhttp'))
    const alice = emulator.friend({ userId: 1, nickname: 'Alice' })
    const hook = await emulator.useWebhook({ url: urlOf(app) })
    await alice.say('hi')
    late.resolve()
    await alice.expectReply('late')
    await alice.expectSilence()
    expect(hook.attempts.every(({ operation }) => operation === undefined)).toBe(true)
  })

  it('hands a body on once, however often it comes', async () => {
    const app = await host()
    for (let attempt = 0; attempt < 4; attempt += 1) {
      expect((await post(urlOf(app), JSON.stringify(message()))).status).toBe(204)
    }
    expect(events).toHaveLength(1)
  })

  it('believes the event more than the header, and says so once', async () => {
    const app = await host()
    for (const id of [1, 2]) await post(urlOf(app), JSON.stringify(message(id)), { 'X-Self-ID': '42' })
    expect(events.map((event) => event.selfId)).toEqual([String(selfId), String(selfId)])
    expect(lines.like(/X-Self-ID is not the account/)).toHaveLength(1)
  })

  it('answers 404 to events of accounts that are not listed', async () => {
    const app = await host({ accounts: ['42'] })
    expect((await post(urlOf(app), JSON.stringify(message()))).status).toBe(404)
    expect(events).toEqual([])
  })

  it('takes a reply into the answer where there is no API', async () => {
    const app = await host({}, (made) => made.plugin(ping))
    const response = await post(urlOf(app), JSON.stringify(message()))
    expect(await response.json()).toEqual({
      reply: [{ type: 'text', data: { text: 'pong' } }],
      at_sender: false,
    })
    expect(botOf(app).status).toBe('online')
  })

  it('says that a second reply cannot be sent without an API', async () => {
    const receipts: unknown[] = []
    const app = await host({}, (made) =>
      made.plugin(
        onMessage(async (session) => {
          receipts.push(await session.reply('one'), await session.reply('two'))
        }),
      ),
    )
    await post(urlOf(app), JSON.stringify(message()))
    await eventually(() => expect(receipts).toHaveLength(2))
    expect(receipts).toMatchObject([
      { status: 'delivered' },
      { status: 'failed', error: { code: 'BOT_OFFLINE' } },
    ])
  })

  it.each(['napcat', 'go-cqhttp', 'llonebot', 'lagrange'] as const)(
    'chats with %s by webhook and HTTP API',
    async (profile) => {
      const emulator = await startEmulator({ profile })
      const api = await emulator.listenHttp()
      const app = await host({ secret: 's3cret' }, (made) => made.plugin(ping), { http: [{ url: api.url }] })
      await emulator.useWebhook({ url: urlOf(app), secret: 's3cret' })
      await eventually(() => expect(botOf(app).status).toBe('online'))
      const alice = emulator.friend({ userId: 1, nickname: 'Alice' })
      await alice.say('/ping')
      await alice.expectReply('pong')
      await alice.expectSilence()
    },
  )

  it('takes pictures into the answer as they can be sent', async () => {
    const app = await host({}, (made) =>
      made.plugin(onMessage((session) => session.reply(segment.image(new Uint8Array([1, 2]))))),
    )
    const response = await post(urlOf(app), JSON.stringify(message()))
    expect(await response.json()).toEqual({
      reply: [{ type: 'image', data: { file: 'base64://AQI=' } }],
      at_sender: false,
    })
  })

  it('answers requests in the answer', async () => {
    const app = await host({}, (made) =>
      made.plugin(
        definePlugin({
          name: 'friendly',
          setup(ctx) {
            ctx.on('friend-request', (session) => session.bot.answerRequest(session.event, true, 'Bo'))
          },
        }),
      ),
    )
    const request = {
      post_type: 'request',
      request_type: 'friend',
      self_id: selfId,
      user_id: 2,
      comment: '',
      flag: 'f',
    }
    const response = await post(urlOf(app), JSON.stringify(request))
    expect(await response.json()).toEqual({ approve: true, remark: 'Bo' })
  })
})

describe('a webhook of a bot with a database', () => {
  interface Handled {
    readonly id: string | undefined
    readonly redelivered: boolean
  }

  it('hands on after a restart what was not settled, and takes once what is brought again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mynah-onebot-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const emulator = await startEmulator()
    const api = await emulator.listenHttp()
    const run = async (handled: Handled[], options: AppOptions): Promise<App> =>
      start(
        { webhook: [{ answerWithin: 1 }], http: [{ url: api.url }] },
        (app) => {
          app.plugin(database, `sqlite:${join(folder, 'bot.db')}`)
          app.plugin(
            onMessage(async ({ event }) => {
              handled.push({ id: event.message?.id, redelivered: event.redelivered === true })
              if (Number(event.message?.id) >= 10) await deferred().promise
            }),
          )
        },
        { graceMs: 50, ...options },
      )
    const push = async (app: App, id: number): Promise<number> =>
      (await post(urlOf(app), JSON.stringify(message(id)))).status

    const before: Handled[] = []
    const first = await run(before, { limits: { maxRunning: 4, maxQueued: 1 } })
    // One handler has the only place of the conversation, one waits in the queue, the others wait before it.
    for (const id of [1, 2, 10, 11, 12, 13]) expect(await push(first, id)).toBe(204)
    await eventually(() => expect(before.map(({ id }) => id)).toEqual(['1', '2', '10']))
    await first.stop()

    const after: Handled[] = []
    const second = await run(after, {})
    await eventually(() => expect(after.map(({ id }) => id)).toEqual(['10', '11', '12', '13']))
    expect([after[0]?.redelivered, after[3]?.redelivered]).toEqual([true, false])
    for (const id of [1, 13, 3]) expect(await push(second, id)).toBe(204)
    await eventually(() => expect(after.slice(4)).toEqual([{ id: '3', redelivered: false }]))
  })
})
