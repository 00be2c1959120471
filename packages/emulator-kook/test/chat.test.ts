import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { KookChannel, KookGuild } from '../src/people/guild.ts'
import type { KookUser } from '../src/people/user.ts'
import { startKookEmulator, type KookEmulator } from '../src/emulator.ts'
import { callApi, login, type RawGatewayClient } from './raw-client.ts'

let emulator: KookEmulator
let alice: KookUser
let guild: KookGuild
let lobby: KookChannel
let client: RawGatewayClient

beforeEach(async () => {
  emulator = await startKookEmulator()
  alice = emulator.user({ username: 'alice', identifyNum: '0042' })
  guild = emulator.guild({ name: 'Tea House', members: [alice] })
  lobby = guild.channel('lobby')
  ;({ client } = await login(emulator))
})

afterEach(() => emulator.close())

describe('people who talk', () => {
  it('hear what the bot answers in their channel', async () => {
    alice.in(lobby).say('/ping')
    const { d } = await client.event(9)
    expect(d).toMatchObject({
      channel_type: 'GROUP',
      target_id: lobby.id,
      author_id: alice.id,
      content: '/ping',
    })
    await callApi(emulator, 'POST message/create', { type: 9, target_id: lobby.id, content: '**pong**' })
    const reply = await alice.expectReply('pong')
    expect(reply).toMatchObject({ type: 9, content: '**pong**', authorId: emulator.bot.id })
    await alice.expectSilence(20)
  })

  it('talk to the bot in private', async () => {
    alice.direct.say('hello')
    const { d } = await client.event(9)
    expect(d).toMatchObject({
      channel_type: 'PERSON',
      target_id: emulator.bot.id,
      author_id: alice.id,
      extra: { code: alice.chatCode },
    })
    await callApi(emulator, 'POST direct-message/create', { type: 9, target_id: alice.id, content: 'hi' })
    await alice.direct.expectReply('hi')
    await expect(alice.in(lobby).expectReply('hi', 20)).rejects.toThrow(
      /Expected the bot to have sent the message "hi"/,
    )
  })

  it('find what the bot said before they looked', async () => {
    await callApi(emulator, 'POST message/create', { target_id: lobby.id, content: 'early' })
    expect((await alice.in(lobby).expectReply(/^ear/)).text).toBe('early')
  })

  it('take replies by text, source, pattern or predicate, each reply once', async () => {
    for (const content of ['**a**', '**b**', 'c', 'd']) {
      await callApi(emulator, 'POST message/create', { target_id: lobby.id, content })
    }
    alice.in(lobby)
    expect((await alice.expectReply((message) => message.text === 'd')).content).toBe('d')
    await alice.expectReply('**b**')
    await alice.expectReply('a')
    await alice.expectReply(/c/)
    await alice.expectSilence(5)
  })

  it('complain of a bot that should be silent', async () => {
    await callApi(emulator, 'POST message/create', { target_id: lobby.id, content: 'noise' })
    await expect(alice.in(lobby).expectSilence(5)).rejects.toThrow(
      /Expected silence, but the bot said: noise/,
    )
  })

  it('do not take each other for the bot', async () => {
    const bob = emulator.user({ username: 'bob', bot: true })
    bob.join(guild)
    expect((await client.event('joined_guild')).d.target_id).toBe(guild.id)
    bob.in(lobby).say('pong')
    expect((await client.event(9)).d.extra).toMatchObject({ author: { id: bob.id, bot: true } })
    await alice.in(lobby).expectSilence(5)
  })

  it('reply, send files and cards', async () => {
    const first = alice.in(lobby).say('first')
    await client.event()
    alice.say('second', { quote: first })
    expect((await client.event()).d.extra).toMatchObject({ quote: { rong_id: first.id } })
    const card = alice.direct.sayCard([{ type: 'card', modules: [{ type: 'header', text: 'Hi' }] }])
    expect(card).toMatchObject({ type: 10, text: 'Hi', buttons: [] })
    expect(card.cards).toMatchObject([{ theme: 'primary', modules: [{ type: 'header' }] }])
  })

  it.each<[string, () => void, RegExp]>([
    ['speak where they are not', () => alice.in(emulator.guild().channel('lobby')).say('hi'), /no member/],
    ['speak without saying where', () => emulator.user({ username: 'eve' }).say('hi'), /Say where/],
    ['leave a voice channel they are not in', () => alice.leaveVoice(), /no voice channel/],
    ['name a channel that is not there', () => emulator.guild().channel('attic'), /No channel attic/],
    ['accept a friendship nobody offered', () => alice.acceptFriendship(), /no friend request/],
    [
      'edit what others said',
      () => {
        const bob = emulator.user({ username: 'bob' })
        const room = emulator.guild({ members: [alice, bob] }).channel('lobby')
        alice.in(room).edit(bob.in(room).say('hi'), 'ho')
      },
      /not by alice/,
    ],
    [
      'touch what is gone',
      () => {
        const message = alice.direct.say('hi')
        alice.direct.remove(message)
        alice.direct.react(message, '📢')
      },
      /gone/,
    ],
  ])('cannot %s', (_what, act, why) => {
    expect(act).toThrow(why)
  })
})

describe('raw events', () => {
  it('reach the bot with a number of the emulator, given bare or as a frame', async () => {
    emulator.push({ type: 99, content: 'bare' })
    emulator.push({ s: 0, sn: 777, d: { type: 99, content: 'framed' } })
    expect(await client.event(99)).toMatchObject({ sn: 1, d: { type: 99, content: 'bare' } })
    expect(await client.event(99)).toMatchObject({ sn: 2, d: { type: 99, content: 'framed' } })
  })
})

describe('closing', () => {
  const held = (): string[] =>
    process.getActiveResourcesInfo().filter((name) => /^(TCP|Timeout|HTTP)/i.test(name))

  it('leaves no socket and no timer, whatever is under way', async () => {
    await emulator.close()
    const before = held()
    const other = await startKookEmulator()
    const { client: guest } = await login(other)
    const gone = guest.closed()
    other.faults.call('user/me', { kind: 'hang' })
    other.faults.call('user/view', { kind: 'late', delayMs: 60_000 })
    const calls = [callApi(other, 'GET user/me'), callApi(other, 'GET user/view', { user_id: other.bot.id })]
    const settled = Promise.allSettled(calls)
    await other.expectCall('user/me')
    await other.expectCall('user/view')
    await Promise.all([other.close(), other.close(), other[Symbol.asyncDispose]()])
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await gone
    await vi.waitFor(() => expect(held().length).toBeLessThanOrEqual(before.length))
  })
})
