import { type BotFeature, definePlugin, type Element, parse, text } from '@mynah/core'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { createTestApp, expectNoLeaks, type TestApp } from '../index.ts'

function masked(nodes: readonly Element[]): Element[] {
  return nodes.map((node) =>
    node.type === 'text'
      ? text(String(node.attrs['content']).replaceAll('secret', 'XXX'))
      : { ...node, children: masked(node.children) },
  )
}

const mask = definePlugin({
  name: 'mask',
  setup(ctx) {
    ctx.outgoing(
      (message, next) => {
        message.elements = masked(message.elements)
        return next()
      },
      { name: 'words' },
    )
  },
})

const chatty = definePlugin({
  name: 'chatty',
  setup(ctx) {
    ctx.component('gossip', () => parse('<b>secret</b>'))
    ctx.command('say').action(() => parse('a secret, <gossip/>'))
    ctx.command('quick').action(({ session }) => void session.reply('quick secret', { quick: true }))
    ctx.command('ask').action(async ({ session }) => `${await session.prompt('Which secret?')}: secret`)
    ctx.command('story').action(async function* tell() {
      yield 'my '
      yield 'sec'
      yield 'ret'
    })
    ctx.command('edit').action(async ({ session }) => {
      const [id = ''] = (await session.reply('first')).messageIds
      await session.bot.updateMessage(session.channel.id, id, 'then a secret')
    })
    ctx.cron('* * * * *', async () => {
      for (const bot of ctx.bots) await bot.sendMessage('board', 'hourly secret')
    })
  },
})

let t: TestApp

async function begin(lacks: readonly BotFeature[] = []): Promise<void> {
  t = createTestApp({ lacks })
  await t.plugin(mask)
  await t.plugin(chatty)
}

beforeEach(() => begin())
afterEach(() => expectNoLeaks(t))

it('an outgoing middleware masks a word in every way that a plugin has to say it', async () => {
  const alice = t.user('alice')
  await alice.say('/say')
  await alice.expectReply('a XXX, XXX')
  await alice.say('/quick')
  await alice.expectReply('quick XXX')
  await alice.say('/ask')
  await alice.expectReply('Which XXX?')
  await alice.say('this secret')
  await alice.expectReply('this XXX: XXX')
  await alice.say('/edit')
  await alice.say('/story')
  await t.advance(60_000)
  const shown = t.bot.sent.flatMap(({ channelId }) => t.bot.shown(channelId)).map(({ text: words }) => words)
  expect(shown).toEqual(expect.arrayContaining(['then a XXX', 'my XXX', 'hourly XXX']))
  const out = t.bot.sent.map(({ content }) => content)
  expect(JSON.stringify([out, t.bot.calls])).not.toContain('secret')
})

it('an answer in pieces is messages where the bot cannot edit, and one that grows where it can', async () => {
  const alice = t.user('alice')
  await alice.say('/story')
  const { channelId } = await alice.expectReply('my')
  expect(t.bot.shown(channelId).map(({ text: words }) => words)).toEqual(['my XXX'])
  await expectNoLeaks(t)
  await begin(['updateMessage'])
  const bob = t.user('bob')
  await bob.say('/story')
  for (const piece of ['my', 'sec', 'ret']) await bob.expectReply(piece)
})
