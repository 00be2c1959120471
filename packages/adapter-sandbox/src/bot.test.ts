import { type Bot, type ChatEvent, definePlugin, segment, text } from '@mynah/core'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { answers, startSandbox } from '../test/sandbox-app.ts'

type Sandbox = Awaited<ReturnType<typeof startSandbox>>
let running: Sandbox | undefined

afterEach(async () => {
  await running?.app.stop()
  running = undefined
})

/** A sandbox after some lines, its bot, and the events since then. */
async function after(...lines: string[]): Promise<{ bot: Bot; sandbox: Sandbox; events: ChatEvent[] }> {
  const events: ChatEvent[] = []
  let seen = 0
  const watch = definePlugin({
    name: 'watch',
    setup(ctx) {
      ctx.on('event', ({ event }) => {
        seen += event.type === 'message-created' ? 1 : 0
        events.push(event)
      })
    },
  })
  running = await startSandbox({}, [answers, watch])
  const sandbox = running
  const bot = sandbox.app.bots.get('sandbox:mynah')
  if (bot === undefined) throw new Error('There is no bot.')
  sandbox.input.write([...lines, 'done', ''].join('\n'))
  const messages = lines.filter((line) => !line.startsWith(':')).length + 1
  await vi.waitFor(() => expect(seen).toBe(messages))
  events.length = 0
  return { bot, sandbox, events }
}

describe('the bot in the sandbox', () => {
  it('is online from the start, under its own name', async () => {
    const { bot } = await after()
    expect(bot).toMatchObject({
      key: 'sandbox:mynah',
      status: 'online',
      user: { name: 'Mynah', isBot: true },
    })
  })

  it('keeps what was said, so that it can be read again as it was sent', async () => {
    const { bot } = await after('hello')
    const content = [segment.at('alice'), text(' look '), segment.image('https://example.com/cat.png')]
    const receipt = await bot.sendMessage('direct:alice', content)
    expect(receipt).toEqual({ status: 'delivered', messageIds: ['3'] })
    expect(await bot.getMessage('direct:alice', '3')).toMatchObject({ content, user: { id: 'mynah' } })
    const { data } = await bot.listMessages('direct:alice')
    expect(data.map(({ id }) => id)).toEqual(['1', '2', '3'])
  })

  it('has what it quotes beside what it says', async () => {
    const { bot } = await after('hello')
    await bot.sendMessage('direct:alice', [segment.quote('1'), 'indeed'])
    const said = { content: [text('indeed')], quote: { id: '1', content: [text('hello')] } }
    expect(await bot.getMessage('direct:alice', '3')).toMatchObject(said)
    await bot.updateMessage('direct:alice', '3', [segment.quote('1'), 'indeed!'])
    const { data } = await bot.listMessages('direct:alice')
    expect(data.at(-1)).toMatchObject({ ...said, content: [text('indeed!')] })
  })

  it('shows what it says as words', async () => {
    const { bot, sandbox } = await after()
    await bot.sendMessage('direct:alice', [
      segment.at('alice', 'Alice'),
      ' ',
      segment.image('https://example.com/cat.png'),
      segment.markdown('**now**'),
    ])
    expect(sandbox.written).toBe('@Alice [image] https://example.com/cat.pngnow\n')
  })

  it('pages through what was said, newest page first', async () => {
    const { bot } = await after(...Array.from({ length: 119 }, (_, index) => `line ${index}`))
    const seen: string[][] = []
    for (let next: string | undefined; ;) {
      const page = await bot.listMessages('direct:alice', next)
      seen.push(page.data.map(({ id }) => id))
      if (page.next === undefined) break
      next = page.next
    }
    expect(seen.map(({ length }) => length)).toEqual([50, 50, 20])
    expect(seen.toReversed().flat()).toEqual(Array.from({ length: 120 }, (_, index) => String(index + 1)))
  })

  it('changes and deletes messages, and shows it on the side', async () => {
    const { bot, sandbox, events } = await after('hello')
    await bot.sendMessage('direct:alice', 'frist')
    await bot.updateMessage('direct:alice', '3', 'first')
    expect(await bot.getMessage('direct:alice', '3')).toMatchObject({ content: [text('first')] })
    await expect(bot.updateMessage('direct:alice', '1', 'x')).rejects.toMatchObject({ code: 'API_REJECTED' })
    await bot.deleteMessage('direct:alice', '1')
    await expect(bot.getMessage('direct:alice', '1')).rejects.toMatchObject({ code: 'API_REJECTED' })
    await vi.waitFor(() => expect(sandbox.told).toBe('Mynah changed 3: first\nMynah deleted 1.\n'))
    expect(events).toMatchObject([{ type: 'message-deleted', user: { id: 'mynah' }, message: { id: '1' } }])
  })

  it('reacts, and takes reactions back', async () => {
    const { bot } = await after('hello', ':react 1 👀')
    await bot.createReaction('direct:alice', '1', '👍')
    await bot.deleteReaction('direct:alice', '1', '👍')
    await bot.deleteReaction('direct:alice', '1', '👀', 'alice')
    await expect(bot.deleteReaction('direct:alice', '1', '👍')).rejects.toMatchObject({
      code: 'API_REJECTED',
    })
  })

  it('knows guilds, channels, members and users', async () => {
    const { bot } = await after(':in home', ':in #lobby', ':as bob')
    expect((await bot.listGuilds()).data).toEqual([{ id: 'home', name: 'home', memberCount: 3 }])
    expect((await bot.listChannels('home')).data.map(({ id }) => id)).toEqual(['home', 'home#lobby'])
    expect((await bot.listMembers('home')).data.map(({ user, role }) => [user?.id, role])).toEqual([
      ['mynah', 'admin'],
      ['alice', 'owner'],
      ['bob', 'member'],
    ])
    expect(await bot.getUser('bob')).toEqual({ id: 'bob', name: 'bob' })
    expect(await bot.getChannel('home#lobby')).toMatchObject({ type: 'text', name: 'lobby' })
    expect(await bot.createDirectChannel('bob')).toMatchObject({ id: 'direct:bob', type: 'direct' })
    await expect(bot.getGuild('away')).rejects.toMatchObject({ code: 'API_REJECTED' })
    await expect(bot.getMember('home', 'zoe')).rejects.toMatchObject({ code: 'API_REJECTED' })
    await expect(bot.createDirectChannel('zoe')).rejects.toMatchObject({ code: 'API_REJECTED' })
  })

  it('looks after members, and platforms tell plugins so', async () => {
    const { bot, sandbox, events } = await after(':in home', ':as bob', ':as carol')
    await bot.setMemberNick('home', 'bob', 'Bobby')
    await bot.setMemberRole('home', 'bob', 'admin')
    expect(await bot.getMember('home', 'bob')).toMatchObject({ nick: 'Bobby', role: 'admin' })
    await bot.muteMember('home', 'carol', 60_000)
    await bot.kickMember('home', 'bob')
    expect((await bot.listMembers('home')).data.map(({ user }) => user?.id)).not.toContain('bob')
    expect(events.map(({ type, user }) => [type, user?.id])).toEqual([
      ['guild-member-updated', 'bob'],
      ['guild-member-updated', 'bob'],
      ['guild-member-muted', 'carol'],
      ['guild-member-removed', 'bob'],
    ])
    sandbox.input.write('/ping\n')
    await vi.waitFor(() => expect(sandbox.told).toContain('carol is muted in home for 60 s more.'))
    await bot.muteMember('home', 'carol', 0)
    sandbox.input.write('/ping\n')
    await vi.waitFor(() => expect(sandbox.written).toBe('pong\n'))
  })

  it('accepts and refuses requests, which come by :raw', async () => {
    const { bot, sandbox, events } = await after(':raw {"type":"friend-request","user":{"id":"zed"}}')
    await bot.poke('alice')
    sandbox.input.write(':raw {"type":"guild-request","user":{"id":"zed"},"guild":{"id":"g"}}\n')
    await vi.waitFor(() => expect(events).toHaveLength(1))
    const [event] = events
    if (event === undefined) throw new Error('There is no event.')
    await bot.answerRequest(event, true)
    await bot.answerRequest(event, false, 'not now')
    expect(sandbox.told).toBe(
      'Mynah poked alice.\nMynah accepted the guild-request of zed\nMynah refused the guild-request of zed: not now\n',
    )
  })

  it('says why a message cannot be sent', async () => {
    const { bot } = await after()
    const receipt = await bot.sendMessage('nowhere', 'hello')
    expect(receipt).toMatchObject({ status: 'failed', error: { code: 'API_REJECTED' } })
  })

  it('tells what it can do', async () => {
    const { bot } = await after()
    expect(Array.from(bot.features).sort()).toMatchInlineSnapshot(`
      [
        "ackInteraction",
        "answerRequest",
        "createDirectChannel",
        "createReaction",
        "deleteMessage",
        "deleteReaction",
        "getChannel",
        "getGuild",
        "getMember",
        "getMessage",
        "getUser",
        "kickMember",
        "leaveGuild",
        "listChannels",
        "listGuilds",
        "listMembers",
        "listMessages",
        "muteMember",
        "poke",
        "setMemberNick",
        "setMemberRole",
        "updateMessage",
      ]
    `)
  })
})
