import { isRecord } from '@mynah/adapter-kit'
import { definePlugin, type Session } from '@mynah/core'
import server from '@mynah/server'
import type { JsonObject, KookWebhookOptions } from '@mynah/emulator-kook'
import { afterEach, describe, expect, it, vi } from 'vitest'

import kook from '../src/index.ts'
import { start, type Started } from './start.ts'
import { event } from './start-gateway.ts'
import type { KookConfigInput } from '../src/config.ts'

let harness: Started
let started: Started[] = []

afterEach(async () => {
  await Promise.all(started.map((one) => one[Symbol.asyncDispose]()))
  started = []
})

async function prepare(): Promise<void> {
  harness = await start({ config: false })
  started.push(harness)
}

const types = (): string[] => harness.sessions.map(({ event: { platformType } }) => platformType)
const seen = (type: string): Promise<void> => vi.waitFor(() => expect(types()).toContain(type))
const idOf = (raw: unknown): string =>
  isRecord(raw) && typeof raw['msg_id'] === 'string' ? raw['msg_id'] : ''
const logs = (): string => harness.logs.join('')

describe('by WebSocket', () => {
  async function connect(config: Partial<KookConfigInput> = {}): Promise<void> {
    await prepare()
    await harness.connect(config)
    await harness.emulator.online()
  }

  it('is online once it knows itself and was greeted', async () => {
    await prepare()
    harness.emulator.faults.withholdHellos()
    await harness.connect()
    await harness.emulator.gateway.expect('open')
    expect(harness.bot).toMatchObject({
      selfId: harness.emulator.bot.id,
      status: 'connecting',
      user: { name: 'mynah' },
    })
    harness.emulator.faults.dropConnections(1000)
    await harness.emulator.online()
    await vi.waitFor(() => expect(harness.bot.status).toBe('online'))
    await harness.app.stop()
    expect(harness.emulator.gateway.connectionCount).toBe(0)
  })

  it('answers a command in a channel and in private, and does not hear itself', async () => {
    await connect()
    const alice = harness.emulator.user({ username: 'alice' })
    const lobby = harness.emulator.guild({ members: [alice] }).channel('lobby')
    alice.in(lobby).say('/ping')
    await alice.expectReply('pong')
    alice.direct.say('ping')
    await alice.direct.expectReply('pong')
    alice.in(lobby).sayMarkdown(`${harness.emulator.bot.mention} ping`)
    await alice.in(lobby).expectReply('pong')
    await vi.waitFor(() =>
      expect(harness.sessions.filter(({ type }) => type === 'message-sent')).toHaveLength(3),
    )
    await alice.in(lobby).expectSilence(30)
  })

  it('listens to bots and notices only when told to', async () => {
    for (const isWanted of [false, true]) {
      await connect({ ignoreBots: !isWanted, ignoreNotices: !isWanted })
      const robot = harness.emulator.user({ username: 'robot', bot: true })
      const lobby = harness.emulator.guild({ members: [robot] }).channel('lobby')
      lobby.notice('/ping')
      robot.in(lobby).say('/ping')
      await vi.waitFor(() => expect(harness.sessions).toHaveLength(isWanted ? 4 : 2))
      const replies = harness.sessions.filter(({ type }) => type === 'message-sent')
      expect(replies).toHaveLength(isWanted ? 2 : 0)
    }
  })

  it('goes on while a handler fails or takes its time', async () => {
    await connect()
    harness.app.plugin(
      definePlugin({
        name: 'slow',
        setup(ctx) {
          ctx.on('guild-removed', ({ guild, signal }) => {
            if (guild.id === 'throws') throw new Error('on purpose')
            if (guild.id !== 'hangs') return undefined
            return new Promise((resolve) => {
              signal.addEventListener('abort', resolve)
            })
          })
        },
      }),
    )
    for (const id of ['throws', 'hangs', 'next']) harness.emulator.push(event(id))
    await vi.waitFor(() =>
      expect(harness.sessions.map(({ guild }) => guild?.id)).toEqual(['throws', 'hangs', 'next']),
    )
    expect(logs()).toContain('on purpose')
  })

  it('signs off first when it is online elsewhere, if it can', async () => {
    await connect()
    const { emulator } = harness
    for (const isRefused of [false, true]) {
      if (isRefused)
        emulator.faults.call('GET user/get-online-status', { kind: 'error-answer', code: 40_000 })
      const elsewhere = await start({ beside: harness, config: { signOffFirst: true } })
      started.unshift(elsewhere)
      await emulator.gateway.expect('open')
      await vi.waitFor(() => expect(elsewhere.bot.status).toBe('online'))
      expect(elsewhere.logs.join('').includes('could not be signed off')).toBe(isRefused)
    }
    expect(emulator.calls.filter(({ path }) => path === 'user/offline')).toHaveLength(1)
  })

  /** What an operator reads about the connection. */
  const told = (): string[] =>
    logs()
      .split('\n')
      .filter((line) => /"level":[45]0.*KOOK bot/.test(line))
      .map((line) => String(JSON.parse(line).msg))

  it('says so when the token is refused, and tries again in a minute', async () => {
    await prepare()
    harness.emulator.faults.expireTokens()
    await harness.connect()
    expect(harness.instance?.state).toBe('active')
    expect(told()).toEqual([
      'KOOK bot: it cannot sign in: KOOK refuses the token; copy "token" anew from the developer console; next try in 60 s',
    ])
    expect(harness.emulator.calls.filter(({ path }) => path === 'user/me')).toHaveLength(1)
    expect(logs()).not.toContain(harness.emulator.token)
  })

  it.each([
    ['retry' as const, []],
    ['exit' as const, [{ code: 78, reason: 'KOOK refuses the token of the bot' }]],
  ])('asks the program to end for a refused token only when told to: %s', async (onRefused, expected) => {
    await prepare()
    const requests: unknown[] = []
    harness.app.on('exit-requested', (request) => void requests.push(request))
    harness.emulator.faults.expireTokens()
    await harness.connect({ onRefused })
    expect(requests).toEqual(expected)
  })

  it('says that nobody listens, and when it is tried next', async () => {
    await prepare()
    await harness.connect({ baseUrl: 'http://127.0.0.1:1/api/v3' })
    expect(told()).toEqual([
      expect.stringMatching(
        /^KOOK bot: it cannot sign in: nobody listens at http:\/\/127\.0\.0\.1:1\/api\/v3 \(ECONNREFUSED\); start it, or check host and port; next try in [\d.]+ m?s$/,
      ),
    ])
  })

  it('signs in later when KOOK cannot be reached at first', async () => {
    await prepare()
    harness.emulator.faults.call('GET user/me', { kind: 'error-answer', code: 40_000 })
    await harness.connect()
    expect(harness.app.bots.size).toBe(0)
    await harness.emulator.online()
    expect(harness.app.bots.size).toBe(1)
  })

  it('connects once when it is restarted twice in a row', async () => {
    await connect()
    const { instance } = harness
    await Promise.all([instance?.restart(), instance?.restart()])
    await vi.waitFor(() => expect(harness.bot.status).toBe('online'))
    expect(harness.emulator.gateway.connectionCount).toBe(1)
  })

  it('forgets the roles it had in a guild that it left', async () => {
    await connect()
    const guild = harness.emulator.guild({ name: 'Tea House' })
    const { ownRoles } = harness.bot.api('kook')
    const asked = (): number => harness.emulator.calls.filter(({ path }) => path === 'user/view').length
    expect((await ownRoles.in(guild.id)).size).toBe(1)
    await ownRoles.in(guild.id)
    expect(asked()).toBe(1)
    guild.removeBot()
    await seen('kook/self_exited_guild')
    expect((await ownRoles.in(guild.id)).size).toBe(0)
    expect(asked()).toBe(2)
  })

  it('hears what users and guilds do', async () => {
    await connect()
    const alice = harness.emulator.user({ username: 'alice' })
    const guild = harness.emulator.guild({ members: [alice], bot: false })
    guild.addBot('flow-7')
    await seen('kook/self_joined_guild')
    const voice = guild.voiceChannel('talk')
    alice.joinVoice(voice)
    alice.leaveVoice()
    alice.direct.say('hi')
    alice.update({ username: 'alicia' })
    guild.removeBot()
    await seen('kook/self_exited_guild')
    expect(harness.sessions.map(({ type }) => type)).toEqual([
      'guild-added',
      'channel-created',
      'voice-joined',
      'voice-left',
      'message-created',
      'user-updated',
      'guild-removed',
    ])
  })

  it('types the payload of a platform event', async () => {
    await connect()
    const heard: string[] = []
    harness.app.plugin(
      definePlugin({
        name: 'typed',
        setup(ctx) {
          ctx.on('kook/joined_channel', ({ raw }) => void heard.push(raw.extra.body.channel_id))
          ctx.on('kook/message.kmarkdown', ({ raw }) => void heard.push(raw.extra.author?.id ?? raw.content))
        },
      }),
    )
    const alice = harness.emulator.user({ username: 'alice' })
    const guild = harness.emulator.guild({ members: [alice] })
    const voice = guild.voiceChannel('talk')
    alice.joinVoice(voice)
    alice.in(guild.channel('lobby')).say('x')
    await vi.waitFor(() => expect(heard).toEqual([voice.id, alice.id]))
  })
})

describe('by webhook', () => {
  const verifyToken = 'verify-me'

  const configWith = (encryptKey?: string): Pick<KookConfigInput, 'transport' | 'webhook'> => ({
    transport: 'webhook',
    webhook: { verifyToken, path: '/hooks/kook', encryptKey },
  })

  async function listen(encryptKey?: string, options: Partial<KookWebhookOptions> = {}): Promise<void> {
    await prepare()
    await harness.connect(configWith(encryptKey))
    harness.app.plugin(server, { port: 0 })
    let url: string | undefined
    harness.app.plugin(
      definePlugin({ name: 'peek', inject: ['server'], setup: (ctx) => void (url = ctx.server.url) }),
    )
    await vi.waitFor(() => expect(harness.bot.status).toBe('online'))
    await vi.waitFor(() => expect(url).toBeDefined())
    await harness.emulator.useWebhook({
      url: `${url}/hooks/kook`,
      verifyToken,
      ...(encryptKey === undefined ? {} : { encryptKey }),
      ...options,
    })
  }

  it.each([undefined, 'secret-key'])('answers commands, with encrypt key %s', async (encryptKey) => {
    await listen(encryptKey)
    const alice = harness.emulator.user({ username: 'alice' })
    const lobby = harness.emulator.guild({ members: [alice] }).channel('lobby')
    alice.in(lobby).say('/ping')
    await alice.expectReply('pong')
    expect(harness.emulator.calls.map(({ path }) => path)).not.toContain('gateway/index')
    expect(harness.emulator.gateway.opened).toEqual([])
    expect(logs() + JSON.stringify(harness.sessions.map(({ raw }) => raw))).not.toContain(verifyToken)
  })

  it('answers at once although handlers take long, and handles repeats once', async () => {
    await listen()
    const sessions: Session[] = []
    harness.app.plugin(
      definePlugin({
        name: 'slow',
        setup(ctx) {
          ctx.on('guild-removed', (session) => {
            sessions.push(session)
            return new Promise((resolve) => {
              session.signal.addEventListener('abort', resolve)
            })
          })
        },
      }),
    )
    harness.emulator.faults.duplicateEvents()
    harness.emulator.push(event('a'))
    const pushes = [
      await harness.emulator.webhook.expectPush(({ sn }) => sn === 1),
      await harness.emulator.webhook.expectPush(({ sn }) => sn === 1),
    ]
    expect(pushes.map(({ status }) => status)).toEqual([200, 200])
    await vi.waitFor(() => expect(sessions).toHaveLength(1))
  })

  it('takes each event once although it is reloaded meanwhile: what finds nobody comes again', async () => {
    await listen(undefined, { retryDelaysMs: Array.from({ length: 200 }, () => 10) })
    const { app, emulator, instance } = harness
    const { token, baseUrl } = emulator
    if (instance === undefined) throw new Error('the adapter is not there')
    const ids = Array.from({ length: 200 }, (_, index) => `event-${index}`)
    const pushed = (async () => {
      for (const id of ids) {
        emulator.push(event(id))
        await emulator.webhook.idle()
      }
    })()
    for (let count = 0; count < 3; count += 1) {
      await emulator.webhook.expectPush(({ ok }) => ok)
      const swap = { instance, plugin: kook, config: { token, baseUrl, ...configWith() } }
      expect((await app.swap([swap])).results).toMatchObject([{ error: undefined }])
    }
    await pushed
    const { pushes } = emulator.webhook
    const acknowledged = (): number => pushes.filter(({ ok, sn }) => ok && sn !== undefined).length
    await vi.waitFor(() => expect(acknowledged()).toBe(ids.length))
    expect(pushes.some(({ ok }) => !ok)).toBe(true)
    const taken = (): string[] => harness.sessions.map(({ raw }) => idOf(raw))
    await vi.waitFor(() => expect(taken().toSorted()).toEqual(ids.toSorted()))
    expect(logs()).not.toContain('were taken')
  })

  it('refuses what is not from KOOK', async () => {
    await listen()
    const { webhook } = harness.emulator
    const challenge: JsonObject = {
      s: 0,
      d: { channel_type: 'WEBHOOK_CHALLENGE', challenge: 'c', verify_token: 'guess' },
    }
    expect(await webhook.push(challenge)).toMatchObject({ status: 403, body: '' })
    expect(await webhook.push({ s: 0, d: { ...event('a'), verify_token: 'guess' }, sn: 7 })).toMatchObject({
      status: 403,
    })
    expect(await webhook.pushRaw('nonsense')).toMatchObject({ status: 400 })
    expect(await webhook.pushRaw('', 'GET')).toMatchObject({ status: 405 })
    expect(await webhook.pushRaw(Buffer.alloc(2 * 1024 * 1024, 0x20))).toMatchObject({ status: 413 })
    expect(harness.sessions).toEqual([])
    expect(logs()).not.toContain('guess')
  })

  it('needs its verify token in the config', async () => {
    await prepare()
    await harness.connect({ transport: 'webhook' })
    const { instance } = harness
    expect(instance?.state).toBe('failed')
    expect(String(instance?.error)).toContain('webhook.verifyToken')
  })
})

it('refuses a token that was not copied whole', async () => {
  await prepare()
  await harness.connect({ token: 'short' })
  const { instance } = harness
  expect(String(instance?.error)).toContain('developer console')
})
