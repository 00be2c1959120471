import { expect, it } from 'vitest'

import { definePlugin, type SettledReceipt } from '../src/index.ts'
import { startFakeApp } from './fake-bot.ts'

it.each<[string, SettledReceipt, string, (string | undefined)[]]>([
  ['is a reply to the bot', { status: 'delivered', messageIds: ['7'] }, 'lobby', [undefined, 'reply']],
  ['is none in another place', { status: 'delivered', messageIds: ['7'] }, 'kitchen', [undefined, undefined]],
])('a reply to a message that the platform has looked at %s', async (_, receipt, channelId, expected) => {
  const { app, bot } = startFakeApp()
  bot.onDeliver = () => Promise.resolve({ status: 'pending', messageIds: [], auditId: 'a1' })
  const seen: (string | undefined)[] = []
  app.plugin(
    definePlugin({
      name: 'p',
      setup: (ctx) => void ctx.on('message-created', ({ addressed }) => void seen.push(addressed)),
    }),
  )
  await app.start()
  await bot.sendMessage('lobby', 'hello')
  const reply = (id: string): Promise<void> =>
    bot.say('', {
      channel: { id: channelId, type: 'text' },
      message: { id, content: [], quote: { id: '7', content: [] } },
    })
  await reply('1')
  await bot.settled('a1', receipt)
  await reply('2')
  await expect.poll(() => seen).toEqual(expected)
})
