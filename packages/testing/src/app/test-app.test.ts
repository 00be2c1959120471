import { ask, definePlugin, type Message, MynahError, segment, text, UserError, z } from '@mynah/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { createTestApp, expectNoLeaks, type TestApp, type TestAppOptions } from '../index.ts'

declare module '@mynah/core' {
  interface Services {
    forecast: { of(city: string): string }
  }
}

const echo = definePlugin({
  name: 'echo',
  setup(ctx) {
    ctx.command('ping').action(() => 'pong')
    ctx.command('echo <words:text>').action(({ args: [words] }) => words)
    ctx.command('name').action(async ({ session }) => `Hello, ${await session.prompt('Name?')}!`)
    ctx.command('size').action(({ session }) => session.select('Size?', ['small', 'big']))
    ctx.command('cat').action(() => ['A cat: ', segment.image('https://example.com/cat.png')])
  },
})

/** The message of the error that a promise rejects with. */
const complaint = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (MynahError.is(error) ? error.message : String(error)),
  )

let t: TestApp

async function begin(options: TestAppOptions = {}): Promise<void> {
  t = createTestApp(options)
  await t.plugin(echo)
}

beforeEach(() => begin())
afterEach(() => expectNoLeaks(t))

describe('people', () => {
  it('talk one to one, and need no prefix there', async () => {
    const alice = t.user('alice')
    await alice.say('ping')
    const reply = await alice.expectReply('pong')
    expect(reply).toMatchObject({ channelId: 'direct-alice', text: 'pong', buttons: [] })
    expect(reply.event).toMatchObject({ user: { id: 'alice', name: 'alice' }, channel: { type: 'direct' } })
    await alice.expectSilence()
  })

  it('fill in a form by one line, which a reload does not end', async () => {
    const club = definePlugin({
      name: 'club',
      setup(ctx) {
        const join = ctx
          .form('join')
          .step('name', ask.text('Name?'))
          .step('age', ask.number('Age?'))
          .action(async ({ answers: { name, age }, session }) => {
            await session.reply('Thank you.')
            return `${name}, ${age}`
          })
        ctx.command('join').action(({ session }) => session.form(join))
        ctx.command('quiet').action(() => undefined)
      },
    })
    await t.plugin(club)
    const alice = t.user('alice')
    expect(await alice.fill('/join', 'Ann', 'x', '36')).toMatchObject({ text: 'Ann, 36' })
    expect(await alice.fill('/join', 'Bob')).toMatchObject({ text: 'Age?' })
    await t.reload(club)
    expect(await alice.fill('7')).toMatchObject({ text: 'Bob, 7' })
    expect(await complaint(alice.fill('/quiet'))).toContain('Expected a message')
    expect(await complaint(alice.fill())).toContain('There is no line to say')
    await alice.fill('/join')
  })

  it('talk in guilds and channels, as the members they are', async () => {
    const seen: unknown[] = []
    await t.plugin(
      definePlugin({
        name: 'spy',
        setup: (ctx) =>
          void ctx.on('message-created', ({ member, guild, channel }) =>
            seen.push({ member, guild, channel }),
          ),
      }),
    )
    const den = t.guild('den', { name: 'The den' })
    const alice = t.user('alice', { name: 'Alice' })
    await alice.in(den, { role: 'admin', nick: 'Boss' }).say('hi')
    await t.user('bob').in(den.channelOf('rules')).say('/ping')
    await t.user('bob').in(den.channelOf('rules')).expectReply('pong')
    await alice.in(den).expectSilence()
    expect(seen).toEqual([
      {
        member: { user: { id: 'alice', name: 'Alice' }, role: 'admin', nick: 'Boss' },
        guild: { id: 'den', name: 'The den' },
        channel: { id: 'den', type: 'text', name: 'den' },
      },
      {
        member: { user: { id: 'bob', name: 'bob' }, role: 'member' },
        guild: { id: 'den', name: 'The den' },
        channel: { id: 'rules', type: 'text' },
      },
    ])
  })

  it('need not be waited for', async () => {
    const alice = t.user('alice')
    void alice.say('/echo one')
    void alice.say('/echo two')
    await alice.expectReply('two')
    await alice.expectReply((message) => message.text.length === 3)
    await alice.expectSilence()
  })

  it('answer questions, in words or by a press', async () => {
    const alice = t.user('alice')
    await alice.say('/name')
    await alice.expectReply('Name?')
    await alice.say('Ann')
    await alice.expectReply('Hello, Ann!')
    await alice.say('/size')
    expect((await alice.expectReply('Size?')).buttons.map(({ label }) => label)).toEqual(['small', 'big'])
    await alice.press('big')
    await alice.expectReply('big')
    await t.expectCall('ackInteraction', (event) => event.user?.id === 'alice')
  })

  it('press what is under a message now: a button that an edit brought, and none that it took', async () => {
    const editor = definePlugin({
      name: 'editor',
      setup(ctx) {
        ctx.command('page').action(async ({ session }) => {
          const { messageIds } = await session.reply(['first', segment.button('next', 'Next')])
          const [id = ''] = messageIds
          await session.bot.updateMessage(session.channel.id, id, ['second', segment.button('back', 'Back')])
        })
      },
    })
    await t.plugin(editor)
    const alice = t.user('alice')
    await alice.say('/page')
    const pressed: unknown[] = []
    t.app.on('interaction/button', ({ event }) => pressed.push(event.button?.id))
    await alice.press('Back')
    expect(pressed).toEqual(['back'])
    expect(await complaint(alice.press('Next'))).toContain('There is no button "Next"')
  })

  it('learn what failed in a plugin where a call is missing', async () => {
    const broken = definePlugin({
      name: 'broken',
      setup(ctx) {
        ctx.command('kick').action(() => {
          throw new Error('no such member')
        })
      },
    })
    await t.plugin(broken)
    await t.user('alice').say('/kick')
    const missing = await complaint(t.expectCall('kickMember', () => true, { timeoutMs: 10 }))
    expect(missing).toContain('broken, command kick: no such member')
  })

  it('cannot press what is not there, or not for them', async () => {
    const den = t.guild('den')
    const alice = t.user('alice').in(den)
    await alice.say('/size')
    expect(await complaint(alice.press('huge'))).toContain(
      'no button "huge" in den; there are: "small", "big"',
    )
    expect(await complaint(t.user('bob').in(den).press('big'))).toContain('is for alice, not for bob')
    await alice.press('small')
    await alice.expectReply('small')
  })

  it('come, go and ask', async () => {
    const seen: string[] = []
    await t.plugin(
      definePlugin({
        name: 'door',
        setup(ctx) {
          ctx.on('guild-member-added', (session) => session.reply(`Welcome, ${session.user.name ?? ''}!`))
          ctx.on('guild-member-removed', ({ user, operator }) =>
            seen.push(`${user.id} by ${operator?.id ?? ''}`),
          )
          ctx.on('friend-request', (session) => session.approve())
          ctx.on('poke', ({ type, platform, raw }) =>
            seen.push(`${type} on ${platform} ${JSON.stringify(raw)}`),
          )
          ctx.on('event', ({ event }) => seen.push(event.platformType))
        },
      }),
    )
    const den = t.guild('den')
    const alice = t.user('alice', { name: 'Alice' })
    await den.add(alice)
    await alice.in(den).expectReply('Welcome, Alice!')
    await den.remove(alice, t.user('bob'))
    expect(den.member(alice)).toBeUndefined()
    await alice.requestFriend('It is me')
    const [request, isApproved] = await t.expectCall('answerRequest')
    expect([request.comment, isApproved]).toEqual(['It is me', true])
    expect((await t.bot.listFriends()).data).toEqual([{ id: 'alice', name: 'Alice' }])
    await t.bot.handle(t.bot.event('poke', { user: alice.data, raw: { strength: 3 } }))
    await t.emit('test/special', { user: alice.data })
    expect(seen).toEqual(
      [
        'test/guild-member-added',
        'test/guild-member-removed',
        'alice by bob',
        'test/friend-request',
        'test/poke',
        'poke on test {"strength":3}',
        'test/special',
      ].sort((a, b) => seen.indexOf(a) - seen.indexOf(b)),
    )
  })
})

describe('an expectation', () => {
  it('that is not met tells what was said instead, and what went wrong', async () => {
    await t.plugin(
      definePlugin({
        name: 'broken',
        setup(ctx) {
          ctx.command('break').action(() => Promise.reject(new TypeError('no such thing')))
        },
      }),
    )
    const alice = t.user('alice')
    await alice.say('/break')
    const story = await complaint(alice.expectReply('fine', { timeoutMs: 10 }))
    expect(story).toContain(
      'Expected "fine" in the direct chat with alice within 10 ms, but the bot said only:\n  "Something went wrong',
    )
    expect(story).toContain('The chat:\n  alice: "/break"\n  mynah: "Something went wrong')
    expect(story).toContain('Errors:\n  broken, command break: no such thing')
    expect(await complaint(alice.expectSilence())).toContain(
      'Expected silence in the direct chat with alice, but',
    )
    expect(t.errors).toHaveLength(1)
    expect(t.logs.find(({ level }) => level === 'error')).toMatchObject({ plugin: 'broken' })
  })

  it('of silence waits for handlers that are still busy', async () => {
    await t.plugin(
      definePlugin({
        name: 'slow',
        setup(ctx) {
          ctx.command('slow').action(async () => {
            await new Promise((resolve) => setTimeout(resolve, 20))
            return 'done'
          })
        },
      }),
    )
    const alice = t.user('alice')
    void alice.say('/slow')
    expect(await complaint(alice.expectSilence())).toContain('but the bot said:\n  "done"')
  })

  it('knows elements', async () => {
    const alice = t.user('alice')
    await alice.say('/cat')
    const { content } = await alice.expectReply(({ content }) => content.some(({ type }) => type === 'image'))
    expect(content).toHaveLength(2)
    await begin({ lacks: ['image'] })
    await t.user('alice').say('/cat')
    await t.user('alice').expectReply('A cat: [image] https://example.com/cat.png')
  })
})

describe('a platform that lacks something', () => {
  it('shows what it can, and has no such methods', async () => {
    await begin({ lacks: ['button', 'kickMember'], platform: 'onebot', maxTextLength: 30 })
    const alice = t.user('alice')
    await alice.say('/size')
    await alice.expectReply('Size?\n1. small\n2. big')
    await alice.say('2')
    expect((await alice.expectReply('big')).event?.platformType).toBe('onebot/message-created')
    expect(t.bot.features).not.toContain('kickMember')
    expect(t.bot.features).toContain('muteMember')
    expect(await complaint(t.bot.kickMember('den', 'alice'))).toContain('onebot has no kickMember')
    await alice.say('/echo twenty characters and ten and more')
    await alice.expectReply(/^twenty/)
    await alice.expectReply(/more$/)
  })
})

describe('the bot', () => {
  it('notes calls, does what it is told, and fails when it is told', async () => {
    const den = t.guild('den')
    const alice = t.user('alice')
    den.join(alice)
    await t.bot.setMemberNick('den', 'alice', 'Al')
    expect((await t.bot.getMember('den', 'alice')).nick).toBe('Al')
    await t.bot.muteMember('den', 'alice', 1000)
    expect(await t.expectCall('muteMember', (_, userId) => userId === 'alice')).toEqual([
      'den',
      'alice',
      1000,
    ])
    const restore = t.bot.on('getUser', (id) => ({ id, name: 'Somebody' }))
    expect(await t.bot.getUser('9')).toEqual({ id: '9', name: 'Somebody' })
    restore()
    expect(await complaint(t.bot.getUser('9'))).toContain('There is no user 9')
    t.bot.failNext('poke', new MynahError('RATE_LIMITED', 'Slowly!'))
    expect(await complaint(t.bot.poke('alice'))).toContain('Slowly!')
    await t.bot.poke('alice')
    expect(t.calls.map(({ method }) => method)).toEqual([
      'setMemberNick',
      'getMember',
      'muteMember',
      'getUser',
      'getUser',
      'poke',
      'poke',
    ])
    const missing = await complaint(t.expectCall('kickMember', () => true, { timeoutMs: 10 }))
    expect(missing).toContain('Expected a call of kickMember that fits within 10 ms')
    expect(missing).toContain('muteMember("den", "alice", 1000)')
  })

  it('fails to send when it is told, and tries again when that is safe', async () => {
    const alice = t.user('alice')
    t.bot.failNext('deliver')
    await alice.say('/ping')
    await alice.expectSilence()
    expect(t.errors).toHaveLength(1)
    t.bot.failNext('deliver', new MynahError('API_UNREACHABLE', '', { retriable: true }))
    const said = alice.say('/ping')
    await t.advance(60_000)
    await said
    await alice.expectReply('pong')
    const restore = t.bot.on('deliver', () => ({ status: 'delivered', messageIds: ['mine'] }))
    await alice.say('/ping')
    restore()
    expect((await alice.expectReply('pong')).id).toBe('mine')
  })

  it('has what a message quotes beside what it says, and both where it is shown', async () => {
    const den = t.guild('den', { ownerId: 'alice' })
    const alice = t.user('alice')
    await alice.in(den).say('hello')
    const [hello] = (await t.bot.listMessages('den')).data
    await t.bot.sendMessage('den', [segment.quote(hello?.id ?? ''), 'indeed'])
    const { data } = await t.bot.listMessages('den')
    expect(data[1]).toMatchObject({ content: [text('indeed')], quote: hello })
    expect(t.bot.shown('den')).toMatchObject([{ text: 'indeed', quoteId: hello?.id }])
  })

  it('keeps the world that its methods change', async () => {
    const den = t.guild('den', { ownerId: 'alice' })
    const alice = t.user('alice')
    await alice.in(den).say('/ping')
    const { id } = await alice.in(den).expectReply('pong')
    await alice.in(den).say('again', { quote: t.bot.sent[0]! })
    await t.bot.updateMessage('den', id, 'changed')
    const { data } = await t.bot.listMessages('den')
    expect(data.map(({ content, quote }: Message) => [content[0]?.attrs['content'], quote?.id])).toEqual([
      ['/ping', undefined],
      ['changed', undefined],
      ['again', id],
    ])
    await t.bot.deleteMessage('den', id)
    expect(await complaint(t.bot.getMessage('den', id))).toContain('There is no message')
    const { id: channelId } = await t.bot.createChannel('den', { type: 'text', name: 'new' })
    await t.bot.updateChannel(channelId, { name: 'newer' })
    expect((await t.bot.getChannel(channelId)).name).toBe('newer')
    await t.bot.deleteChannel(channelId)
    expect((await t.bot.listChannels('den')).data).toHaveLength(1)
    const role = await t.bot.createRole('den', { name: 'staff' })
    await t.bot.updateRole('den', role.id, { color: 255 })
    await t.bot.grantRole('den', 'alice', role.id)
    expect(den.member(alice)?.roleIds).toEqual([role.id])
    await t.bot.revokeRole('den', 'alice', role.id)
    expect((await t.bot.listRoles('den')).data).toEqual([{ id: role.id, name: 'staff', color: 255 }])
    await t.bot.deleteRole('den', role.id)
    await t.bot.kickMember('den', 'alice', { permanent: true })
    expect((await t.bot.listMembers('den')).data).toHaveLength(1)
    expect(await t.bot.getGuild('den')).toMatchObject({ ownerId: 'alice', memberCount: 1 })
    await t.bot.leaveGuild('den')
    expect((await t.bot.listGuilds()).data).toEqual([])
  })
})

describe('a plugin under test', () => {
  const counter = (step: number) =>
    definePlugin({
      name: 'counter',
      config: z.object({ start: z.int().default(0) }),
      setup(ctx, { start }) {
        if (step === 13) throw new Error('unlucky')
        const { data } = ctx.hot
        data['count'] ??= start
        ctx.command('count').action(() => (data['count'] = Number(data['count']) + step))
      },
    })

  it('gets its config, and tells when it is wrong', async () => {
    const alice = t.user('alice')
    await t.plugin(counter(1), { start: 5 })
    await alice.say('/count')
    await alice.expectReply('6')
    await expect(t.plugin(counter(1), { start: 0.5 }, { name: 'other' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    })
    expect(await complaint(t.plugin(counter(13), {}, { name: 'third' }))).toBe(
      'A plugin failed to start. unlucky',
    )
  })

  it('is swapped while it runs, and rolled back when it cannot start', async () => {
    const alice = t.user('alice')
    const first = counter(1)
    await t.plugin(first)
    await alice.say('/count')
    await alice.expectReply('1')
    const instance = await t.reload(first, counter(10))
    await alice.say('/count')
    await alice.expectReply('11')
    expect(await complaint(t.reload(instance, counter(13)))).toBe('A plugin failed to start. unlucky')
    await t.reload(instance)
    await alice.say('/count')
    await alice.expectReply('21')
    expect(await complaint(t.reload(first))).toContain('counter is not running')
  })

  it('gets services of the test', async () => {
    const weather = definePlugin({
      name: 'weather',
      inject: ['forecast'],
      setup: (ctx) => void ctx.command('weather').action(() => ctx.forecast.of('Paris')),
    })
    expect(await complaint(t.plugin(weather))).toContain('it waits for forecast')
    const alice = t.user('alice')
    const remove = t.provide('forecast', { of: (city) => `Rain in ${city}` })
    await t.app.start()
    await alice.say('/weather')
    await alice.expectReply('Rain in Paris')
    await remove()
    await alice.say('/weather')
    await alice.expectSilence()
  })

  it('runs by the clock of the test', async () => {
    await t.plugin(
      definePlugin({
        name: 'tea',
        setup(ctx) {
          ctx.command('tea').action(({ session }) => {
            ctx.setTimeout(() => session.reply('Tea!'), 180_000)
          })
          ctx.command('guess').action(({ session }) =>
            session.prompt('Guess!', {
              timeoutMs: 10_000,
              validate: (text: string) => {
                if (text !== '7') throw new UserError('No.')
                return 'Yes!'
              },
            }),
          )
        },
      }),
    )
    const alice = t.user('alice')
    await alice.say('/tea')
    await t.advance(179_999)
    await alice.expectSilence()
    expect(await complaint(alice.expectReply('Tea!', { timeoutMs: 10 }))).toContain(
      'Timers that t.advance() would fire:\n  in 1 ms',
    )
    await t.advance(1)
    await alice.expectReply('Tea!')
    await alice.say('/guess')
    await alice.expectReply('Guess!')
    await t.advance(10_000)
    await alice.expectReply('There was no answer, so I stopped waiting.')
  })
})
