import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { expect, it } from 'vitest'

import { App, createLogger, definePlugin, parse } from '../src/index.ts'
import { FakeBot } from './fake-bot.ts'

declare module '@mynah/core' {
  interface Services {
    leaky: object
  }
}

/** Plugins that hold one of everything; all but the first wait for a service of it. */
const plugins = Array.from({ length: 100 }, (_, index) =>
  definePlugin({
    name: `plugin ${index}`,
    inject: index === 0 ? [] : ['leaky'],
    async setup(ctx) {
      ctx.on('message-created', () => {})
      ctx.on('bot-status', () => {})
      ctx.use((_session, next) => next())
      ctx.outgoing((_message, next) => next())
      ctx.component(`part-${index}`, () => 'x')
      ctx.command(`do${index} <words:text>`).action(({ args: [words] }) => parse(`<part-${index}/> ${words}`))
      ctx.setInterval(() => {}, 1000)
      ctx.setTimeout(() => {}, 60_000)
      ctx.cron('0 9 * * *', () => {}, { timezone: 'Asia/Shanghai' })
      ctx.plugin(
        definePlugin({ name: `child ${index}`, setup: (child) => void child.once('ready', () => {}) }),
      )
      ctx.signal.addEventListener('abort', () => {})
      await Promise.resolve()
      if (index === 0) ctx.provide('leaky', {})
    },
  }),
)

/** An app from its start to its stop. */
async function live(): Promise<void> {
  const app = new App({ logger: createLogger({ stream: { write: () => true } }), breaker: {} })
  const bot = new FakeBot()
  app.addBot(bot)
  for (const plugin of plugins) app.plugin(plugin)
  await app.start()
  const idle = Array.from(app.instances).filter(({ state }) => state !== 'active')
  for (let index = 0; index < 10; index += 1) await bot.say(`/do${index} it`)
  const said = bot.texts.join()
  await app.stop()
  const { load } = app.inspect
  const left = load.listeners + load.middlewares + load.components
  if (idle.length > 0 || said !== 'x it,'.repeat(10).slice(0, -1) || left > 0) {
    throw new Error(`${idle.length} plugins did not start, ${left} things are left, and it said ${said}`)
  }
}

/** Bytes in use once everything that nobody needs has been collected. */
async function heapUsed(collect: () => void): Promise<number> {
  for (let round = 0; round < 5; round += 1) {
    await turn()
    collect()
  }
  return process.memoryUsage().heapUsed
}

function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('The collector cannot be called.')
  return () => void collect()
}

const countListeners = (): number =>
  process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)

it('starting and stopping an app with 100 plugins 100 times leaves nothing behind', async () => {
  const collect = exposedCollector()
  for (let round = 0; round < 20; round += 1) await live()
  const handles = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const listeners = countListeners()
  const heap = await heapUsed(collect)
  for (let round = 0; round < 100; round += 1) await live()
  const growth = (await heapUsed(collect)) - heap
  expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length).toBeLessThanOrEqual(
    handles,
  )
  expect(countListeners()).toBe(listeners)
  expect(growth).toBeLessThan(1024 * 1024)
}, 120_000)
