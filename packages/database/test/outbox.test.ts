import { existsSync } from 'node:fs'

import { App, createLogger, definePlugin, type Receipt, type StoredMessages } from '@mynah/core'
import { LocalBot, type OutgoingMessage } from '@mynah/core/adapter'
import { expect, it, vi } from 'vitest'

import database from '../src/index.ts'
import { outboxContract } from './outbox-contract.ts'
import { sqliteFile, sqliteMemory } from './places.ts'

outboxContract('SQLite in a file', sqliteFile)
outboxContract('SQLite in memory', sqliteMemory)

class Echo extends LocalBot {
  readonly platform = 'echo'
  readonly selfId = 'bot'
  readonly support = { elements: [] }
  readonly texts: unknown[] = []

  deliver({ elements }: OutgoingMessage): Promise<Receipt> {
    this.texts.push(elements[0]?.attrs['content'])
    return Promise.resolve({ status: 'delivered', messageIds: [`${this.texts.length}`] })
  }
  stop(): Promise<void> {
    return Promise.resolve()
  }
}

async function start(
  file: string,
): Promise<{ app: App; bot: Echo; outbox: StoredMessages | undefined; ends: string[] }> {
  const app = new App({ logger: createLogger({ level: 'silent' }) })
  const bot = new Echo()
  const ends: string[] = []
  app.on('message-settled', ({ event }) => ends.push(event.settled.receipt.status))
  app.plugin(database, `sqlite:${file}`)
  let outbox: StoredMessages | undefined
  const operator = definePlugin({
    name: 'operator',
    inject: ['outbox'],
    setup(ctx) {
      outbox = ctx.outbox
    },
  })
  app.plugin(operator)
  await app.start()
  app.addBot(bot)
  return { app, bot, outbox, ends }
}

it('sends after a restart what a bot stored, and opens nothing before', async () => {
  const { file, remove } = await sqliteFile()
  const first = await start(file)
  expect(await first.outbox?.list()).toEqual([])
  expect(existsSync(file)).toBe(false)
  const receipt = await first.bot.sendMessage('lobby', 'tea', { durable: true, expiresIn: '1h', key: 'tea' })
  expect(receipt.status).toBe('stored')
  await first.app.stop()
  expect(first.bot.texts).toEqual([])

  const second = await start(file)
  second.bot.setStatus('online')
  await vi.waitFor(() => expect(second.ends).toEqual(['delivered']), { timeout: 15_000, interval: 5 })
  expect(second.bot.texts).toEqual(['tea'])
  await second.app.stop()
  await remove()
})
