import { type Context, definePlugin, type Element, text } from '@mynah/core'
import type { KookChannel, KookGuild, KookUser } from '@mynah/emulator-kook'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { start, type Started } from './start.ts'

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

const texts = (path: string): unknown[] =>
  harness.emulator.calls
    .filter((call) => call.path === path)
    .map(({ body }) => (body as { content?: unknown } | undefined)?.content)

function masked(nodes: readonly Element[]): Element[] {
  return nodes.map((node) =>
    node.type === 'text'
      ? text(String(node.attrs['content']).replaceAll('secret', 'XXX'))
      : { ...node, children: masked(node.children) },
  )
}

async function plug(
  setup: (ctx: Context) => void,
  when?: (event: { guild?: { id: string } }) => boolean,
): Promise<void> {
  const mask = definePlugin({
    name: 'mask',
    setup(ctx) {
      ctx.outgoing((message, next) => {
        message.elements = masked(message.elements)
        return next()
      })
    },
  })
  harness.app.plugin(mask, {}, { when })
  harness.app.plugin(definePlugin({ name: 'chatty', setup }))
  await harness.app.settled()
}

describe('a word that a plugin masks', () => {
  it('is masked in messages, quick replies, edits, questions and components', async () => {
    await plug((ctx) => {
      ctx.component('gossip', () => 'the secret')
      ctx.command('all').action(async ({ session }) => {
        const receipt = await session.reply('a secret')
        const [id = ''] = receipt.messageIds
        await session.reply('quick secret', { quick: true })
        await session.bot.updateMessage(session.channel.id, id, 'edited secret')
        await session.bot.sendMessage(session.channel.id, { type: 'gossip', attrs: {}, children: [] })
        await session.prompt('Which secret?')
      })
    })
    alice.in(lobby).say('/all')
    await alice.in(lobby).expectEdit('edited XXX')
    for (const said of ['quick XXX', 'the XXX', 'Which XXX?']) await alice.in(lobby).expectReply(said)
    expect(texts('message/create')[0]).toBe('a XXX')
    expect(JSON.stringify(harness.emulator.calls)).not.toContain('secret')
  })

  it('is masked in the later states of an answer that grows', async () => {
    await plug((ctx) => {
      ctx.command('go').action(async function* pieces() {
        yield 'my '
        yield 'sec'
        yield 'ret'
      })
    })
    alice.in(lobby).say('/go')
    await alice.in(lobby).expectEdit('my XXX')
    expect(texts('message/create')).toEqual(['my '])
    await expect.poll(() => texts('message/update').at(-1)).toBe('my XXX')
    expect(JSON.stringify(harness.emulator.calls)).not.toContain('secret')
  })

  it('is masked by the guild of the place, also where nothing is answered', async () => {
    await plug(
      () => {},
      (event) => event.guild?.id === guild.id,
    )
    alice.in(lobby).say('hello')
    await expect.poll(() => harness.sessions.some(({ text: said }) => said === 'hello')).toBe(true)
    await harness.bot.sendMessage(lobby.id, 'secret of the guild')
    await harness.bot.sendMessage(alice.chatCode, 'secret of the two')
    expect(texts('message/create')).toEqual(['XXX of the guild'])
    expect(texts('direct-message/create')).toEqual(['secret of the two'])
  })
})

describe('an answer that grows', () => {
  it('goes on in a message of its own when the platform refuses an edit', async () => {
    await plug((ctx) => {
      ctx.command('go').action(async function* pieces() {
        yield 'one '
        yield 'two '
        yield 'three'
      })
    })
    harness.emulator.faults.call('POST message/update', { kind: 'error-answer', code: 40_000 }, 5)
    alice.in(lobby).say('/go')
    await alice.in(lobby).expectReply('two three')
    await expect.poll(() => texts('message/create')).toEqual(['one ', 'two three'])
    expect(texts('message/update')).toHaveLength(1)
  })
})

describe('an edit', () => {
  it('is degraded as a message is, and one that would be several is refused as too long', async () => {
    const receipt = await harness.bot.sendMessage(lobby.id, 'short')
    const [id = ''] = receipt.messageIds
    await harness.bot.updateMessage(lobby.id, id, { type: 'sup', attrs: {}, children: [text('high')] })
    expect(texts('message/update')).toEqual(['high'])
    await expect(harness.bot.updateMessage(lobby.id, id, 'long words '.repeat(1000))).rejects.toMatchObject({
      code: 'SEND_TOO_LONG',
    })
    expect(texts('message/update')).toEqual(['high'])
  })
})
