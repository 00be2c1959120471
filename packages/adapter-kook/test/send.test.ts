import { writeFile, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type Content, element, file as localFile, plainText, type Receipt, segment } from '@mynah/core'
import type { KookChannel, KookGuild, KookUser } from '@mynah/emulator-kook'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { start, type Started } from './start.ts'
import { card, cardMessage } from '../src/encode/card-makers.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const dataUrl = `data:image/png;base64,${png.toString('base64')}`

let harness: Started
let alice: KookUser
let guild: KookGuild
let lobby: KookChannel

beforeEach(async () => {
  harness = await start()
  alice = harness.emulator.user({ username: 'alice' })
  guild = harness.emulator.guild({ name: 'Tea House', members: [alice] })
  lobby = guild.channel('lobby')
})

afterEach(() => harness[Symbol.asyncDispose]())

const send = (content: Content, channelId = lobby.id): Promise<Receipt> =>
  harness.bot.sendMessage(channelId, content)
const delivered = async (content: Content, channelId = lobby.id): Promise<readonly string[]> => {
  const receipt = await send(content, channelId)
  if (receipt.status === 'failed') throw new Error(receipt.error.message)
  return receipt.messageIds
}
const bodies = (path: string): unknown[] =>
  harness.emulator.calls.filter((call) => call.path === path).map(({ body }) => body)
const uploads = (): number => bodies('asset/create').length

describe('sending', () => {
  it('text is KMarkdown with its type, in channels and in private', async () => {
    const [id] = await delivered('a*b')
    expect(bodies('message/create')).toEqual([{ type: 9, target_id: lobby.id, content: String.raw`a\*b` }])
    expect(await alice.in(lobby).expectReply('a*b')).toMatchObject({ id })
    await delivered('hi', alice.chatCode)
    await delivered('ho', `user:${alice.id}`)
    expect(bodies('direct-message/create')).toEqual([
      { type: 9, chat_code: alice.chatCode, content: 'hi' },
      { type: 9, target_id: alice.id, content: 'ho' },
    ])
    await alice.direct.expectReply('hi')
    await alice.direct.expectReply('ho')
  })

  it('pings nobody whom nobody named', async () => {
    await delivered(['(met)all(met) ', segment.at(alice.id)])
    const message = await alice.in(lobby).expectReply()
    expect(message.mentionsAll).toBe(false)
    expect(message.mentions).toEqual([alice.id])
  })

  it('pictures are uploaded from wherever they are, and only once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mynah-kook-'))
    const file = join(folder, 'cat.png')
    await writeFile(file, png)
    await delivered(segment.image(png))
    expect(await alice.in(lobby).expectReply()).toMatchObject({ type: 2 })
    await delivered(segment.image(dataUrl))
    await delivered(segment.image(localFile(file)))
    expect(uploads()).toBe(1)
    const bobs = alice.in(lobby).sendImage({ name: 'b.png', bytes: Buffer.concat([png, Buffer.from('b')]) })
    await delivered(segment.image(bobs.content))
    expect(uploads()).toBe(2)
    const [, own] = harness.emulator.calls.filter(({ path }) => path === 'asset/create')
    const { url } = (own?.data ?? {}) as { url: string }
    expect(url).not.toBe(bobs.content)
    await delivered(segment.image(url))
    expect(uploads()).toBe(2)
  })

  it('a failed upload fails the message', async () => {
    harness.emulator.faults.call('POST asset/create', { kind: 'error-answer', code: 40_014 })
    const receipt = await send(segment.image(png))
    expect(receipt).toMatchObject({ status: 'failed', error: { platformCode: 40_014 } })
    expect(await send(segment.image(localFile('/no/such/file.png')))).toMatchObject({
      status: 'failed',
      error: { code: 'MEDIA_REFUSED' },
    })
    expect(bodies('message/create')).toEqual([])
  })

  it.each<[string, Content]>([
    ['a picture', element('image', { src: 'file:///etc/hostname' })],
    ['a video', element('video', { src: 'file:///etc/hostname' })],
    ['a picture among words', ['look', element('image', { src: 'file:///etc/hostname' })]],
    ['a path', element('image', { src: '/etc/hostname' })],
    ['a file', element('file', { src: 'FILE:///etc/hostname' })],
    ['a sound', element('audio', { src: 'base64://aGk=' })],
    ['a picture of a card', element('kook-card', {}, element('kook-image', { src: 'file:///etc/hostname' }))],
    [
      'a card as JSON',
      element('kook-cards', {
        content: JSON.stringify({ type: 'card', modules: [{ type: 'file', src: 'file:///etc/hostname' }] }),
      }),
    ],
    [
      'what came as JSON',
      JSON.parse('{"type":"image","attrs":{"src":"file:///etc/hostname"},"children":[]}'),
    ],
  ])('a text never names a file of this machine: %s', async (_what, content) => {
    expect(await send(content)).toMatchObject({ status: 'failed', error: { code: 'MEDIA_REFUSED' } })
    expect(await send([content, segment.file(localFile('/no/such/other.txt'))])).toMatchObject({
      status: 'failed',
      error: { code: 'MEDIA_REFUSED' },
    })
    expect(uploads()).toBe(0)
  })

  it.each(['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', '169.254.169.254'])(
    'media is not fetched from %s, which is not the internet',
    async (host) => {
      await using other = await start({ config: { media: {} } })
      const user = other.emulator.user({ username: 'bob' })
      const channel = other.emulator.guild({ members: [user] }).channel('lobby')
      const src = `http://${host}:${new URL(other.emulator.origin).port}/admin`
      for (const content of [segment.image(src), ['look', segment.image(src)], segment.file(src)]) {
        expect(await other.bot.sendMessage(channel.id, content)).toMatchObject({
          status: 'failed',
          error: { code: 'MEDIA_REFUSED' },
        })
      }
      expect(other.emulator.calls.filter(({ path }) => path.includes('asset'))).toEqual([])
    },
  )

  it('a file is called as it is called where nobody gave it a title', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mynah-kook-'))
    const file = join(folder, 'Report 2.txt')
    await writeFile(file, 'hello')
    await delivered(segment.file(localFile(file)))
    const { cards } = await alice.in(lobby).expectReply()
    expect(cards[0]?.['modules']).toMatchObject([{ type: 'file', title: 'Report 2.txt' }])
  })

  it('mixed content is one message of cards whose media was uploaded', async () => {
    await delivered(['look', segment.image(png), segment.file(`data:text/plain,hello`, { title: 'a.txt' })])
    const message = await alice.in(lobby).expectReply()
    expect(message.type).toBe(10)
    expect(message.cards[0]?.['modules']).toMatchObject([
      { type: 'section', text: { content: 'look' } },
      { type: 'container', elements: [{ src: expect.stringContaining(harness.emulator.origin) }] },
      { type: 'file', title: 'a.txt', src: expect.stringContaining(harness.emulator.origin) },
    ])
  })

  it('long text is several messages, the first of which quotes', async () => {
    const question = alice.in(lobby).say('tell me')
    const ids = await delivered([segment.quote(question.id), 'word '.repeat(4000)])
    expect(ids).toHaveLength(3)
    expect(bodies('message/create').map((body) => (body as { quote?: string }).quote)).toEqual([
      question.id,
      undefined,
      undefined,
    ])
  })

  it('an answer names what it answers for the quota, and quotes when asked to', async () => {
    const question = alice.in(lobby).say('/ping')
    await alice.expectReply('pong')
    await vi.waitFor(() => expect(bodies('message/create')).toMatchObject([{ reply_msg_id: question.id }]))
    expect(bodies('message/create')[0]).not.toHaveProperty('quote')
    const session = harness.sessions.find(({ event }) => event.message?.id === question.id)
    await session?.reply('again', { quote: true })
    expect(bodies('message/create')[1]).toMatchObject({ reply_msg_id: question.id, quote: question.id })
    expect(await alice.in(lobby).expectReply('again')).toMatchObject({ quoteId: question.id })
  })

  it('temporary messages are for one user of a channel', async () => {
    const bob = harness.emulator.user({ username: 'bob' })
    bob.join(guild)
    const only = element('kook-send', { temp: alice.id })
    const here = alice.in(lobby)
    await delivered([only, 'secret'])
    expect(await here.expectReply('secret')).toMatchObject({ isTemporary: true })
    await bob.in(lobby).expectSilence(30)
    const [id = ''] = await delivered('for all')
    await harness.bot.updateMessage(lobby.id, id, [only, 'for alice'])
    await vi.waitFor(() => expect(bodies('message/update')).toMatchObject([{ temp_target_id: alice.id }]))
    expect(await send([only, 'x'], alice.chatCode)).toMatchObject({
      status: 'failed',
      error: { code: 'UNSUPPORTED' },
    })
    await expect(harness.bot.updateMessage(alice.chatCode, id, [only, 'x'])).rejects.toMatchObject({
      code: 'UNSUPPORTED',
    })
  })

  it('a template is filled with its input', async () => {
    const id = harness.emulator.template({
      type: 9,
      title: 'hello',
      content: 'Hello {{ data.name }}!',
    } as never)
    await delivered(element('kook-template', { id, input: '{"name":"Alice"}' }))
    expect(await alice.in(lobby).expectReply('Hello Alice!')).toMatchObject({ type: 9 })
  })

  it('tells id, time, nonce and content of what was sent', async () => {
    const before = Date.now()
    const ids = await delivered([element('kook-send', { nonce: 'n-1' }), 'a*b'])
    const sent = await vi.waitFor(() => {
      const own = harness.sessions.find(({ type }) => type === 'message-sent')
      expect(own).toBeDefined()
      return own
    })
    expect(sent?.event.raw).toMatchObject({ nonce: 'n-1' })
    expect(ids).toEqual([sent?.message?.id])
    expect(sent?.message?.createdAt).toBeGreaterThanOrEqual(before)
    expect(sent?.text).toBe('a*b')
    expect(await send(' ')).toMatchObject({ status: 'failed', error: { code: 'SEND_EMPTY' } })
  })

  it('nothing is not sent', async () => {
    expect(await send(['', ' \n'])).toMatchObject({ status: 'failed', error: { code: 'SEND_EMPTY' } })
    expect(bodies('message/create')).toEqual([])
  })

  it.each([40_011, 40_300])('a refusal with code %i is told once', async (code) => {
    harness.emulator.faults.call('POST message/create', { kind: 'error-answer', code }, 2)
    expect(await send('x')).toMatchObject({
      status: 'failed',
      error: { code: 'API_REJECTED', platformCode: code },
    })
    expect(bodies('message/create')).toHaveLength(1)
  })

  it('a message whose answer got lost is not sent twice', async () => {
    harness.emulator.faults.call('POST message/create', { kind: 'connection-dropped', carriedOut: true })
    expect(await send('once')).toMatchObject({ status: 'failed' })
    expect(bodies('message/create')).toHaveLength(1)
  })

  it('a card over a limit is refused with its path and the limit before anything is sent', async () => {
    const content = element('kook-card', {}, element('kook-header', {}, 'x'.repeat(101)))
    const receipt = await send(['hello', content])
    expect(receipt.status === 'failed' && receipt.error.message).toContain(
      'cards[1].modules[0].text has 101 characters; KOOK takes at most 100.',
    )
    expect(harness.emulator.calls.some(({ path }) => path === 'message/create')).toBe(false)
  })
})

describe('buttons', () => {
  it('come back from a channel and from a private chat, where they can be answered', async () => {
    const { app } = harness
    app.plugin(
      (await import('@mynah/core')).definePlugin({
        name: 'vote',
        setup(ctx) {
          ctx.on('interaction/button', async (session) => {
            await session.ack()
            const message = session.message?.id ?? ''
            await session.bot.updateMessage(
              session.channel?.id ?? '',
              message,
              cardMessage(card.make({}, card.section(`you said ${session.event.button.id}`))),
            )
            await session.reply(`thanks, ${session.user.name}`)
          })
        },
      }),
    )
    const question = segment.card(
      { title: 'Vote' },
      segment.buttons(segment.button('vote:yes', 'Yes'), segment.button('vote:no', 'No')),
    )
    await delivered(question)
    const inLobby = alice.in(lobby)
    inLobby.click(await inLobby.expectReply(), 'Yes')
    await inLobby.expectReply('thanks, alice')
    await inLobby.expectEdit(/you said vote:yes/)
    await delivered(question, alice.chatCode)
    alice.direct.click(await alice.direct.expectReply(({ type }) => type === 10), 'vote:no')
    await alice.direct.expectEdit(/you said vote:no/)
    await alice.direct.expectReply('thanks, alice')
    const clicks = harness.sessions.filter(({ type }) => type === 'interaction/button')
    expect(clicks.map(({ channel, isDirect }) => [channel?.id, isDirect])).toEqual([
      [lobby.id, false],
      [alice.chatCode, true],
    ])
  })
})

describe('messages', () => {
  it('are changed in their own place, and lose their answer on demand', async () => {
    const question = alice.in(lobby).say('hello?')
    const [id = ''] = await delivered([segment.quote(question.id), 'one'])
    await harness.bot.updateMessage(lobby.id, id, 'two')
    await harness.bot.updateMessage(lobby.id, id, [segment.quote(''), 'three'])
    expect(bodies('message/update')).toEqual([
      { msg_id: id, content: 'two' },
      { msg_id: id, content: 'three', quote: '' },
    ])
    const [privateId = ''] = await delivered('x', alice.chatCode)
    await harness.bot.updateMessage(alice.chatCode, privateId, 'y')
    expect(bodies('direct-message/update')).toEqual([{ msg_id: privateId, content: 'y' }])
    await expect(harness.bot.updateMessage(lobby.id, id, segment.image(png))).rejects.toMatchObject({
      code: 'UNSUPPORTED',
    })
    await expect(harness.bot.updateMessage(lobby.id, id, '')).rejects.toMatchObject({ code: 'SEND_EMPTY' })
  })

  it('are deleted, read, pinned and reacted to in their own place', async () => {
    const { bot } = harness
    for (const place of [lobby.id, alice.chatCode]) {
      const [id = ''] = await delivered('hello', place)
      await bot.createReaction(place, id, '📢')
      await bot.deleteReaction(place, id, '📢')
      expect(await bot.getMessage(place, id)).toMatchObject({
        id,
        user: { id: bot.selfId },
        content: [{ attrs: { content: 'hello' } }],
      })
      await bot.deleteMessage(place, id)
      await expect(bot.getMessage(place, id)).rejects.toMatchObject({ code: 'API_REJECTED' })
    }
    expect(bodies('message/add-reaction')).toMatchObject([{ emoji: '[#128226;]' }])
    expect(bodies('direct-message/delete-reaction')).toMatchObject([{ emoji: '[#128226;]' }])
    const [pinned = ''] = await delivered('pin me')
    await bot.pinMessage(lobby.id, pinned)
    await bot.unpinMessage(lobby.id, pinned)
    await vi.waitFor(() => expect(harness.sessions.map(({ type }) => type)).toContain('message-unpinned'))
    expect(() => bot.pinMessage(alice.chatCode, pinned)).toThrow(/private chats/)
  })

  it('are listed page by page, newest page first', async () => {
    for (let index = 0; index < 60; index += 1) alice.in(lobby).say(`${index}`)
    const first = await harness.bot.listMessages(lobby.id)
    expect(first.data).toHaveLength(50)
    expect(plainText(first.data.at(-1)?.content ?? [])).toBe('59')
    const second = await harness.bot.listMessages(lobby.id, first.next)
    expect(second.data.map(({ content }) => plainText(content))).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
    ])
    expect(second.next).toBeUndefined()
    await delivered('hi', `user:${alice.id}`)
    expect((await harness.bot.listMessages(`user:${alice.id}`)).data).toHaveLength(1)
    expect((await harness.bot.listMessages(alice.chatCode)).data).toHaveLength(1)
  })
})
