import { readFileSync } from 'node:fs'
import { type App, type ChatEvent, definePlugin, permission, segment, type Session } from '@mynah/core'
import { describe, expect, it } from 'vitest'
import { qq } from '../src/encode/qq-segment.ts'
import type { Dispatch } from '../src/wire/envelope.ts'
import { fastClock } from './clocks.ts'
import { appId, eventually, secret, start, type Started } from './start.ts'

const answering = definePlugin({
  name: 'answering',
  setup(ctx) {
    ctx.command('ping', 'Answers').action(() => 'pong')
    ctx.command('many <n:int>', 'Answers in parts').action(async (invocation) => {
      const [count] = invocation.args
      for (let part = 1; part <= count; part += 1) await invocation.session.reply(`part ${part}`)
    })
    ctx.on('friend-added', (session) => session.reply('thanks for adding me'))
    ctx.on('guild-added', (session) => session.reply('hello group'))
    ctx.on('proactive-message-allowed', (session) => session.reply('back again'))
  },
})

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const withPlugin = (app: App): void => void app.plugin(answering)

/** Waits for the first event of a type. */
function eventOf({ events }: Started, type: string): Promise<ChatEvent> {
  return eventually(() => {
    const found = events.find((event) => event.type === type || event.platformType === type)
    if (found === undefined)
      throw new Error(`No ${type} among ${events.map((event) => event.type).join(' ')}`)
    return found
  })
}

describe.each(['websocket', 'webhook'] as const)('a bot over %s', (transport) => {
  it('answers in a one-to-one chat', async () => {
    const { emulator } = await start({ config: { transport }, setup: withPlugin })
    const alice = emulator.user({ name: 'alice' })
    alice.c2c.say('/ping')
    const reply = await alice.c2c.expectReply('pong')
    expect(reply.body).toMatchObject({ msg_type: 0, content: 'pong', msg_seq: 1 })
    expect(reply.replyTo).toBeDefined()
  })

  it('answers in a group, where it was mentioned', async () => {
    const { emulator } = await start({ config: { transport }, setup: withPlugin })
    const alice = emulator.user({ name: 'alice' })
    const group = emulator.group({ name: 'Readers' })
    alice.in(group).say('/ping')
    expect((await alice.in(group).expectReply('pong')).targetKind).toBe('group')
  })

  it('answers FRIEND_ADD by its outer id', async () => {
    const { emulator } = await start({ config: { transport }, setup: withPlugin })
    const alice = emulator.user({ name: 'alice', friend: false })
    const { id } = alice.addFriend()
    const reply = await alice.c2c.expectReply('thanks for adding me')
    expect(reply.body).toMatchObject({ event_id: id, msg_seq: 1 })
    expect(reply.body).not.toHaveProperty('msg_id')
  })

  it('answers GROUP_ADD_ROBOT by its outer id', async () => {
    const { emulator } = await start({ config: { transport }, setup: withPlugin })
    const alice = emulator.user({ name: 'alice' })
    const group = emulator.group({ name: 'Readers' })
    const { id } = group.addBot(alice)
    const reply = await group.expectReply('hello group')
    expect(reply.body).toMatchObject({ event_id: id })
  })

  it('answers the permission to write again by its outer id', async () => {
    const { emulator } = await start({ config: { transport }, setup: withPlugin })
    const alice = emulator.user({ name: 'alice' })
    const group = emulator.group({ name: 'Readers' })
    const { id } = group.allowPush(alice)
    expect((await group.expectReply('back again')).body).toMatchObject({ event_id: id })
  })

  const fixtures = JSON.parse(
    readFileSync(new URL('./fixtures/qq.events.json', import.meta.url), 'utf8'),
  ) as { name: string; seed: boolean; payload: Dispatch }[]

  it('sees all seed events, asking for nothing but GROUP_AND_C2C_EVENT', async () => {
    const started = await start({ config: { transport, intents: ['GROUP_AND_C2C_EVENT'] } })
    for (const { payload } of fixtures.filter(({ seed }) => seed)) {
      started.emulator.dispatch(payload.t, payload.d as Record<string, unknown>, payload.id)
    }
    for (const { payload } of fixtures.filter(({ seed }) => seed)) {
      const event = await eventOf(started, `qq/${payload.t}`)
      expect(event.raw).toEqual(payload.d)
      expect(event.id).toBe(payload.id)
    }
  })
})

describe('messages that are sent', () => {
  const talk = async (handler: (session: Session) => Promise<unknown>): Promise<Started> =>
    start({
      setup: (app) =>
        void app.plugin(
          definePlugin({
            name: 'talk',
            setup(ctx) {
              ctx.on('message-created', async (session) => void (await handler(session)))
            },
          }),
        ),
    })

  it('number each answer, and refuse none as a duplicate', async () => {
    const { emulator } = await start({ setup: withPlugin })
    const alice = emulator.user()
    alice.c2c.say('/many 4')
    for (const part of [1, 2, 3, 4]) {
      expect((await alice.c2c.expectReply(`part ${part}`)).body['msg_seq']).toBe(part)
    }
  })

  it('go out as proactive messages when answers run short', async () => {
    const { emulator } = await start({ setup: withPlugin })
    const alice = emulator.user()
    alice.c2c.say('/many 6')
    for (const part of [1, 2, 3, 4]) await alice.c2c.expectReply(`part ${part}`)
    const { body } = await alice.c2c.expectReply('part 5')
    expect(body).toEqual({ msg_type: 0, content: 'part 5' })
  })

  it('are joined until they fit into what may be answered', async () => {
    const { emulator, log } = await talk((session) =>
      session.reply(Array.from({ length: 9 }, (_, n) => segment.message({}, `line ${n}`))),
    )
    const alice = emulator.user()
    await emulator.gateway.expect('online').catch(() => {})
    alice.rejectPush()
    alice.c2c.say('tell me')
    const first = await alice.c2c.expectReply()
    expect(first.text).toMatch(/line 0/)
    await eventually(() => {
      const said = emulator.messages.map(({ text }) => text).join('\n')
      for (let line = 0; line < 9; line += 1) expect(said, log.join('')).toContain(`line ${line}`)
    })
    expect(emulator.messages.length).toBeLessThanOrEqual(4)
  })

  it('quote by index in groups, also what the bot said itself', async () => {
    const { emulator, bot } = await talk((session) => session.reply('yes', { quote: true }))
    const alice = emulator.user()
    const group = emulator.group()
    const said = alice.in(group).say('is it?')
    const reply = await alice.in(group).expectReply('yes')
    expect(reply.quoted).toBe(said.id)
    expect(reply.body['message_reference']).toEqual({ message_id: said.quoteIndex })
    await bot.sendMessage(group.openid, [segment.quote(reply.id), 'indeed'])
    expect((await group.expectReply('indeed')).quoted).toBe(reply.id)
  })

  it('carry pictures of ours, with the text in front of them', async () => {
    const { emulator } = await talk((session) => session.reply(['look: ', segment.image(png)]))
    const alice = emulator.user()
    alice.c2c.say('show')
    const reply = await alice.c2c.expectReply('look:')
    expect(reply.file?.content).toEqual(png)
    expect(reply.body).toMatchObject({ msg_type: 7, media: { file_info: expect.any(String) } })
  })

  it('carry buttons together with Markdown', async () => {
    const { emulator } = await talk((session) =>
      session.reply([segment.markdown('**sure?**'), segment.buttons(segment.button('ok', 'OK'))]),
    )
    const alice = emulator.user()
    alice.c2c.say('ask')
    const { body } = await alice.c2c.expectReply('**sure?**')
    expect(body).toMatchObject({
      msg_type: 2,
      keyboard: { content: { rows: [{ buttons: [{ id: 'ok' }] }] } },
    })
    expect(body).not.toHaveProperty('content')
  })

  it('wait for the audit and tell how it ended', async () => {
    const { emulator, bot, events } = await start()
    const alice = emulator.user()
    emulator.holdForAudit(2)
    const passing = await bot.sendMessage(`private:${alice.openid}`, 'one')
    const failing = await bot.sendMessage(`private:${alice.openid}`, 'two')
    if (passing.status !== 'pending' || failing.status !== 'pending') throw new Error('Nothing is pending.')
    const audits = [await emulator.nextAudit(), await emulator.nextAudit()]
    audits.find(({ id }) => id === passing.auditId)?.pass()
    audits.find(({ id }) => id === failing.auditId)?.reject()
    const told = await eventually(() => {
      const receipts = events.flatMap(({ settled }) => (settled === undefined ? [] : [settled]))
      expect(receipts).toHaveLength(2)
      return new Map(receipts.map(({ auditId, receipt }) => [auditId, receipt]))
    })
    expect(told.get(passing.auditId)).toMatchObject({
      status: 'delivered',
      messageIds: [expect.any(String)],
    })
    expect(told.get(failing.auditId)).toMatchObject({ status: 'failed', error: { code: 'API_REJECTED' } })
  })

  it('count as delivered when a repeat is called a duplicate', async () => {
    const started = await start()
    const { emulator, bot } = started
    const alice = emulator.user()
    alice.c2c.say('hi')
    const event = await eventOf(started, 'message-created')
    emulator.faults.call('POST /v2/users/{openid}/messages', {
      kind: 'error-answer',
      status: 500,
      carriedOut: true,
    })
    const receipt = await bot.sendMessage(`private:${alice.openid}`, 'once', { event })
    expect(receipt.status).toBe('delivered')
    expect(emulator.messages.map(({ text }) => text)).toEqual(['once'])
  })

  it.each([
    [3, 'an answer', 'by whose number the platform would know a repetition'],
    [1, 'a proactive message', 'that it could not tell from another one'],
  ])('are sent %i times against a platform that fails where it is %s, %s', async (times, what) => {
    const started = await start({ clock: fastClock(100) })
    const { emulator, bot } = started
    const alice = emulator.user()
    alice.c2c.say('hi')
    const event = await eventOf(started, 'message-created')
    const route = 'POST /v2/users/{openid}/messages'
    emulator.faults.call(route, { kind: 'error-answer', status: 503 }, 9)
    const options = what === 'an answer' ? { event } : {}
    const receipt = await bot.sendMessage(`private:${alice.openid}`, 'hello?', options)
    expect(receipt).toMatchObject({ status: 'failed', error: { code: 'API_UNREACHABLE' } })
    const calls = emulator.calls.filter((call) => call.route === route)
    expect(calls).toHaveLength(times)
    expect(new Set(calls.map(({ body }) => body['msg_seq'])).size).toBe(1)
  })

  it.each([
    ['group', 'POST /v2/groups/{group_openid}/messages', { status: 429 }],
    ['channel', 'POST /channels/{channel_id}/messages', { status: 429, code: 22009 }],
  ] as const)('come to a %s once, though there were too many at first', async (kind, route, answer) => {
    const { emulator, bot } = await start()
    const place = kind === 'group' ? emulator.group() : emulator.guild().channel()
    emulator.faults.call(route, { kind: 'error-answer', ...answer })
    const receipt = await bot.sendMessage('openid' in place ? place.openid : place.id, 'hello')
    expect(receipt).toMatchObject({
      status: 'delivered',
      steps: [{ kind: 'retry', detail: expect.stringMatching(/^after 1000 ms/) }],
    })
    expect(emulator.calls.filter((call) => call.route === route)).toHaveLength(2)
    expect(emulator.messages.map(({ text }) => text)).toEqual(['hello'])
  })

  it('go out in channels as soon as the gateway that they need is there', async () => {
    const { emulator, bot } = await start({ clock: fastClock(100) })
    const channel = emulator.guild().channel()
    const route = 'POST /channels/{channel_id}/messages'
    emulator.faults.call(route, { kind: 'error-answer', code: 304018 })
    expect((await bot.sendMessage(channel.id, 'hello')).status).toBe('delivered')
    expect(emulator.calls.filter((call) => call.route === route)).toHaveLength(2)
  })

  it('take a new number when the first try is called a duplicate', async () => {
    const started = await start()
    const { emulator, bot } = started
    const alice = emulator.user()
    alice.c2c.say('hi')
    const event = await eventOf(started, 'message-created')
    emulator.faults.call('POST /v2/users/{openid}/messages', { kind: 'error-answer', code: 40054005 })
    expect((await bot.sendMessage(`private:${alice.openid}`, 'once', { event })).status).toBe('delivered')
    expect((await alice.c2c.expectReply('once')).body['msg_seq']).toBe(2)
  })

  it.each([40034005, 40034024, 40034025, 40034026, 40034027, 40034128])(
    'go another way after code %i',
    async (code) => {
      const started = await start()
      const { emulator, bot } = started
      const alice = emulator.user()
      alice.c2c.say('hi')
      const event = await eventOf(started, 'message-created')
      emulator.faults.call('POST /v2/users/{openid}/messages', { kind: 'error-answer', code })
      await bot.sendMessage(`private:${alice.openid}`, 'anyway', { event })
      expect((await alice.c2c.expectReply('anyway')).body).toEqual({ msg_type: 0, content: 'anyway' })
      expect((await bot.replyBudget(event))?.replies).toBe(0)
    },
  )

  it('say that nobody wants them', async () => {
    const { emulator, bot } = await start()
    const alice = emulator.user()
    alice.rejectPush()
    await eventually(() => expect(emulator.calls.length).toBeGreaterThan(0))
    const receipt = await bot.sendMessage(`private:${alice.openid}`, 'psst')
    expect(receipt).toMatchObject({
      status: 'failed',
      error: { code: 'REPLY_WINDOW_CLOSED', message: expect.stringMatching(/switched|unasked/) },
    })
  })

  it('report words that the platform takes for an address', async () => {
    const started = await start()
    const { emulator, bot } = started
    const alice = emulator.user()
    const group = emulator.group()
    alice.in(group).say('how?')
    const event = await eventOf(started, 'message-created')
    const receipt = await bot.sendMessage(group.openid, 'run.sh', { event })
    expect(receipt).toMatchObject({
      status: 'failed',
      error: { platformCode: 40054010, message: expect.stringMatching(/takes for a URL/) },
    })
    expect((await bot.replyBudget(event))?.replies).toBe(5)
  })

  it('carry fields of the future as they are', async () => {
    const { emulator, bot } = await start()
    const alice = emulator.user()
    await bot.sendMessage(`private:${alice.openid}`, ['hi', qq.raw({ feature_id: 'f', subscribe_id: 's' })])
    expect((await alice.c2c.expectReply('hi')).body).toMatchObject({ feature_id: 'f', subscribe_id: 's' })
  })

  it('carry the token, which no log shows', async () => {
    const { emulator, bot, log } = await start()
    const alice = emulator.user()
    await bot.sendMessage(`private:${alice.openid}`, 'hi')
    const { headers } = await emulator.expectCall('POST /v2/users/{openid}/messages')
    expect(headers).toMatchObject({
      authorization: expect.stringMatching(/^QQBot AT-/),
      'x-union-appid': appId,
    })
    const token = String(headers['authorization']).slice('QQBot '.length)
    expect(log.join('')).not.toContain(token)
    expect(log.join('')).not.toContain(secret)
  })

  it('wake up without answering anything', async () => {
    const started = await start()
    const { emulator, bot } = started
    const alice = emulator.user()
    alice.c2c.say('hi')
    const event = await eventOf(started, 'message-created')
    const content = ['good morning', qq.raw({ is_wakeup: true })]
    expect(await bot.sendMessage(`private:${alice.openid}`, content, { event })).toMatchObject({
      status: 'delivered',
    })
    expect((await alice.c2c.expectReply('good morning')).body).toEqual({
      msg_type: 0,
      content: 'good morning',
      is_wakeup: true,
    })
  })

  it('show that the bot is typing, in one-to-one chats alone', async () => {
    const started = await start()
    const { emulator, bot } = started
    const alice = emulator.user()
    alice.c2c.say('hm')
    const event = await eventOf(started, 'message-created')
    await bot.api('qq').chats.sendTyping(event, 30)
    expect((await alice.c2c.expectTyping()).body).toMatchObject({
      msg_type: 6,
      input_notify: { input_type: 1, input_second: 30 },
      msg_seq: 1,
    })
    const group = emulator.group()
    alice.in(group).say('hm')
    const inGroup = await eventOf(started, 'qq/GROUP_AT_MESSAGE_CREATE')
    await expect(bot.api('qq').chats.sendTyping(inGroup)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })

  it('are recalled', async () => {
    const { emulator, bot } = await start()
    const alice = emulator.user()
    const group = emulator.group()
    for (const channelId of [`private:${alice.openid}`, group.openid]) {
      const receipt = await bot.sendMessage(channelId, 'oops')
      await bot.deleteMessage(channelId, receipt.messageIds[0]!)
    }
    expect(emulator.messages.every(({ recalled }) => recalled)).toBe(true)
  })

  it('stream while they are made', async () => {
    const started = await start()
    const { emulator, bot } = started
    const alice = emulator.user()
    alice.c2c.say('tell me')
    const event = await eventOf(started, 'message-created')
    async function* words(): AsyncGenerator<string> {
      yield 'Once '
      yield 'upon '
      yield 'a time'
    }
    const receipt = await bot.api('qq').chats.stream(event, words())
    expect(receipt.status).toBe('delivered')
    expect((await alice.c2c.expectReply('Once upon a time')).kind).toBe('stream')
    const frames = emulator.calls.filter(({ route }) => route?.endsWith('/stream_messages'))
    expect(frames.map(({ body }) => body['index'])).toEqual(frames.map((_, index) => index))
    expect(new Set(frames.map(({ body }) => body['msg_seq'])).size).toBe(1)
    expect(frames.at(-1)?.body).toMatchObject({ input_state: 10, stream_msg_id: expect.any(String) })
    for (let index = 1; index < frames.length; index += 1) {
      expect(frames[index]!.receivedAt - frames[index - 1]!.receivedAt).toBeGreaterThanOrEqual(290)
    }
  })
})

describe('a streamed message', () => {
  async function* words(): AsyncGenerator<string> {
    yield 'Once '
    yield 'upon '
    yield 'a time'
  }

  it('goes out as a message when the platform takes no more frames', async () => {
    const started = await start()
    const { emulator, bot } = started
    const alice = emulator.user()
    alice.c2c.say('tell me')
    const event = await eventOf(started, 'message-created')
    emulator.faults.call('POST /v2/users/{openid}/stream_messages', { kind: 'error-answer', code: 40007 }, 9)
    expect((await bot.api('qq').chats.stream(event, words())).status).toBe('delivered')
    await alice.c2c.expectReply((message) => message.text.replaceAll('\\', '').includes('Once upon a time'))
  })

  it('is closed when its source fails', async () => {
    const started = await start()
    const { emulator, bot } = started
    emulator.user().c2c.say('tell me')
    const event = await eventOf(started, 'message-created')
    async function* broken(): AsyncGenerator<string> {
      yield 'Once '
      throw new Error('The source is dry.')
    }
    expect(await bot.api('qq').chats.stream(event, broken())).toMatchObject({ status: 'failed' })
    const frames = emulator.calls.filter(({ route }) => route?.endsWith('/stream_messages'))
    expect(frames.at(-1)?.body['input_state']).toBe(10)
  })

  it('slows down when it is told to', async () => {
    const started = await start({ clock: fastClock(20) })
    const { emulator, bot } = started
    emulator.user().c2c.say('tell me')
    const event = await eventOf(started, 'message-created')
    emulator.faults.call('POST /v2/users/{openid}/stream_messages', { kind: 'error-answer', code: 50002 })
    emulator.faults.call('POST /v2/users/{openid}/stream_messages', { kind: 'error-answer', code: 50001 })
    expect((await bot.api('qq').chats.stream(event, words(), { contentType: 'text' })).status).toBe(
      'delivered',
    )
  })
})

describe('a guild', () => {
  it('answers in a channel', async () => {
    const { emulator } = await start({ setup: withPlugin })
    const alice = emulator.user()
    const channel = emulator.guild().channel()
    alice.in(channel).say('/ping')
    const { body } = await alice.in(channel).expectReply('pong')
    expect(body).toEqual({ content: 'pong', msg_id: expect.any(String) })
  })

  it('answers in a direct message session, which is made once', async () => {
    const { emulator, bot } = await start({ setup: withPlugin })
    const alice = emulator.user()
    const guild = emulator.guild()
    alice.dm(guild).say('/ping')
    expect((await alice.dm(guild).expectReply('pong')).targetKind).toBe('dm')
    const [one, other] = await Promise.all([
      bot.createDirectChannel(alice.id, guild.id),
      bot.createDirectChannel(alice.id, guild.id),
    ])
    expect(one).toEqual(other)
    expect(one).toMatchObject({ id: expect.stringMatching(/^dm:\d+$/), type: 'direct' })
    expect(emulator.calls.filter(({ path }) => path === '/users/@me/dms')).toHaveLength(1)
    expect(await bot.sendMessage(one.id, 'hello there')).toMatchObject({ status: 'delivered' })
    await alice.dm(guild).expectReply('hello there')
  })

  it('shows a picture of ours in a channel', async () => {
    const { emulator, bot } = await start()
    const channel = emulator.guild().channel()
    const receipt = await bot.sendMessage(channel.id, ['look', segment.image(png)])
    expect(receipt).toMatchObject({ status: 'delivered' })
    expect((await channel.expectReply()).file?.content).toEqual(png)
  })

  it('waits for the audit of a channel', async () => {
    const { emulator, bot, events } = await start()
    const channel = emulator.guild().channel()
    emulator.holdForAudit()
    const receipt = await bot.sendMessage(channel.id, 'checked')
    if (receipt.status !== 'pending') throw new Error(`It is ${receipt.status}.`)
    ;(await emulator.nextAudit()).pass()
    await eventually(() =>
      expect(events.some(({ settled }) => settled?.auditId === receipt.auditId)).toBe(true),
    )
  })

  it('greets members by the event of their coming', async () => {
    const started = await start()
    const { emulator, bot } = started
    const guild = emulator.guild()
    const channel = guild.channel()
    guild.addMember(emulator.user())
    const event = await eventOf(started, 'guild-member-added')
    await bot.sendMessage(channel.id, 'welcome', { event })
    expect((await channel.expectReply('welcome')).body).toEqual({ content: 'welcome', event_id: event.id })
  })

  it('has members, roles and channels to look after', async () => {
    const { emulator, bot } = await start()
    const guild = emulator.guild({ name: 'Readers' })
    const channel = guild.channel()
    const alice = emulator.user({ name: 'alice' })
    alice.in(channel).say('hi', { mention: false })
    expect(await bot.getGuild(guild.id)).toMatchObject({ id: guild.id, name: 'Readers' })
    expect((await bot.listGuilds()).data.map(({ id }) => id)).toContain(guild.id)
    expect((await bot.listChannels(guild.id)).data.map(({ id }) => id)).toContain(channel.id)
    expect((await bot.getMember(guild.id, alice.id)).user?.name).toBe('alice')
    const role = await bot.createRole(guild.id, { name: 'reader', color: 0x00ff00 })
    await bot.grantRole(guild.id, alice.id, role.id)
    expect((await bot.getMember(guild.id, alice.id)).roleIds).toContain(role.id)
    await bot.muteMember(guild.id, alice.id, 60_000)
    await bot.muteMember(guild.id, alice.id, 0)
    await bot.kickMember(guild.id, alice.id)
    await expect(bot.leaveGuild(guild.id)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    await expect(bot.kickMember('5A1C7E93B0D24F6889C2E1F7A3B4D5C6', 'M')).rejects.toThrow(/groups have not/)
  })
})

describe('a click', () => {
  it('is acknowledged by itself when the handlers are done, once', async () => {
    const { emulator } = await start({
      setup: (app) =>
        void app.plugin(
          definePlugin({
            name: 'clicks',
            setup: (ctx) =>
              void ctx.on('interaction/button', (session) => session.reply(session.event.button.id)),
          }),
        ),
    })
    const alice = emulator.user()
    const click = alice.c2c.click('ok', 'confirm:42')
    const reply = await alice.c2c.expectReply('ok')
    const { body, params } = await emulator.expectCall('PUT /interactions/{interaction_id}')
    expect(body).toEqual({ code: 0 })
    expect(params['interaction_id']).toBe(click.id)
    expect(reply.body['event_id']).not.toBe(click.id)
    expect(emulator.calls.filter(({ method }) => method === 'PUT')).toHaveLength(1)
  })

  it('can be acknowledged earlier, with another code', async () => {
    const { emulator, app, bot } = await start({
      setup: (app) =>
        void app.plugin(
          definePlugin({
            name: 'clicks',
            setup: (ctx) =>
              void ctx.on('interaction/button', (session) => bot.ackInteraction(session.event, 4)),
          }),
        ),
    })
    expect(app.bots.size).toBe(1)
    emulator.user().c2c.pickMenu('feature')
    expect((await emulator.expectCall('PUT /interactions/{interaction_id}')).body).toEqual({ code: 4 })
    expect(emulator.calls.filter(({ method }) => method === 'PUT')).toHaveLength(1)
  })

  it('of another kind is not acknowledged', async () => {
    const started = await start()
    const { emulator, bot } = started
    const alice = emulator.user()
    const receipt = await bot.sendMessage(`private:${alice.openid}`, 'good?')
    const message = emulator.messages.find(({ id }) => id === receipt.messageIds[0])
    alice.c2c.giveFeedback(message!, 'LIKE')
    await eventOf(started, 'qq/INTERACTION_CREATE')
    expect(emulator.calls.filter(({ method }) => method === 'PUT')).toHaveLength(0)
  })
})

describe('a request to join', () => {
  it('is answered with its id', async () => {
    const { emulator } = await start({
      setup: (app) =>
        void app.plugin(
          definePlugin({
            name: 'door',
            setup: (ctx) => void ctx.on('guild-member-request', (session) => session.approve()),
          }),
        ),
    })
    const group = emulator.group()
    const { id } = group.requestJoin(emulator.user())
    const call = await emulator.expectCall(
      'POST /v2/groups/{group_openid}/approval_join_request/{member_openid}',
    )
    expect(call.body).toEqual({ op: 'approve', join_request_id: id })
    expect(call.status).toBe(200)
  })
})

describe('a rank in a guild', () => {
  const ranks = definePlugin({
    name: 'ranks',
    setup(ctx) {
      ctx
        .command('lead')
        .permission(permission.guildAdmin)
        .action(() => 'may lead')
      ctx
        .command('own')
        .permission(permission.guildOwner)
        .action(() => 'may own')
      ctx.on('reaction-added', async (session) => {
        const mayLead = await ctx.permission.check(session, permission.guildAdmin)
        const mayOwn = await ctx.permission.check(session, permission.guildOwner)
        await session.reply(`lead ${mayLead}, own ${mayOwn}`)
      })
    },
  })

  it.each([
    ['member', [], ['You may not use /lead.', 'You may not use /own.'], 'lead false, own false'],
    [
      'channel administrator',
      ['5'],
      ['You may not use /lead.', 'You may not use /own.'],
      'lead false, own false',
    ],
    ['administrator', ['2'], ['may lead', 'You may not use /own.'], 'lead true, own false'],
    ['owner', ['4'], ['may lead', 'may own'], 'lead true, own true'],
    ['owner with more roles', ['7', '4', '2'], ['may lead', 'may own'], 'lead true, own true'],
  ] as const)('of a %s allows what it should', async (_rank, roles, answers, asked) => {
    const { emulator } = await start({ setup: (app) => void app.plugin(ranks) })
    const guild = emulator.guild()
    const channel = guild.channel()
    const alice = emulator.user({ name: 'alice' })
    guild.addMember(alice)
    for (const role of roles) guild.state.members.get(alice.id)?.roles.add(role)
    for (const [index, command] of ['/lead', '/own'].entries()) {
      alice.in(channel).say(command)
      await alice.in(channel).expectReply(answers[index] ?? '')
    }
    // The event of a reaction has no roles, so the platform is asked.
    const said = alice.in(channel).say('hello')
    alice.in(channel).react(said, { type: 1, id: '4' })
    await alice.in(channel).expectReply(asked)
    expect(emulator.calls.some(({ path }) => path === `/guilds/${guild.id}/members/${alice.id}`)).toBe(true)
  })
})
