import { expect, it } from 'vitest'

import { definePlugin } from '../src/index.ts'
import { deferred } from '../src/shared/deferred.ts'
import { MemoryStore } from '../src/storage/memory-store.ts'
import { TestClock } from '../src/testing/index.ts'
import { startFakeApp } from './fake-bot.ts'
import { Kept, keeping } from './kept.ts'

const speaker = definePlugin({
  name: 'speaker',
  setup(ctx) {
    ctx.command('speak').action(({ session }) => session.locale)
    ctx.command('choose <locale>').action(async ({ session, args: [locale] }) => session.setLocale(locale))
  },
})

/** A bot whose store of languages the test can spoil; alice has chosen Chinese. */
async function open() {
  const kept = new Kept()
  const store = kept.of('mynah:locales')
  await store.set('user:fake:alice', 'zh-CN')
  const clock = new TestClock(0)
  const parts = startFakeApp({ clock })
  for (const plugin of [keeping(kept), speaker]) parts.app.plugin(plugin)
  const told: string[] = []
  parts.app.on('plugin-error', ({ where, error }) => told.push(`${where}: ${String(error)}`))
  await parts.app.settled()
  return { ...parts, store, clock, told }
}

const bob = { user: { id: 'bob' } }

it('lets events go on where what is stored cannot be read, tells that once, and reads it later', async () => {
  const { bot, store, clock, logs } = await open()
  const entries = store.entries.bind(store)
  let isAway = true
  store.entries = () => (isAway ? Promise.reject(new Error('away')) : entries())
  void bot.say('/speak')
  await bot.say('/speak', bob)
  await bot.say('/choose fr', bob)
  await clock.advance(9999)
  await bot.say('/speak')
  expect(bot.texts).toEqual(['en', 'en', 'en'])
  expect(logs.filter((line) => line.includes('reading what is stored'))).toHaveLength(1)
  isAway = false
  await clock.advance(1)
  await bot.say('/speak')
  await expect.poll(() => store.get('user:fake:bob')).toBe('fr')
  await bot.say('/speak')
  await bot.say('/speak', bob)
  expect(bot.texts.slice(4)).toEqual(['zh-CN', 'fr'])
})

it('lets events wait five seconds at most for a slow store', async () => {
  const { app, bot, store, clock } = await open()
  const gate = deferred()
  store.entries = async () => {
    await gate.promise
    return MemoryStore.prototype.entries.call(store)
  }
  void bot.say('/speak')
  await clock.advance(4999)
  expect(app.inspect.load.queued).toBe(1)
  await clock.advance(1)
  await app.idle()
  expect(bot.texts).toEqual(['en'])
  gate.resolve()
  await expect.poll(() => app.inspect.load.queued).toBe(0)
  await bot.say('/speak')
  expect(bot.texts).toEqual(['en', 'zh-CN'])
})

it('opens nothing before the first event', async () => {
  const { bot, store } = await open()
  const read: unknown[] = []
  const entries = store.entries.bind(store)
  store.entries = () => {
    read.push('read')
    return entries()
  }
  await Promise.resolve()
  expect(read).toEqual([])
  await bot.say('/speak')
  await bot.say('/speak')
  expect(read).toHaveLength(1)
})
