import { openSync, closeSync, existsSync } from 'node:fs'

import { describe, expect, it, vi } from 'vitest'

import { answering, runProject, sandboxConfig } from './bot-process.ts'

vi.setConfig({ testTimeout: 60_000 })

const ping = { 'bot.config.yaml': sandboxConfig, 'plugins/ping.js': answering('ping', 'pong') }

/** A plugin whose command does something when it is called. */
function onCommand(action: string): string {
  return `import { definePlugin } from '@mynah/core'
const fails = () => { throw new Error('not even this') }
export default definePlugin({
  name: 'bad',
  setup(ctx) { ctx.command('bad').action(() => { ${action}; return 'ok' }) },
})
`
}

describe('what nobody caught ends nothing', () => {
  it.each(['start', 'dev'])(
    'in bot %s: a rejection at import, in the name of the plugin',
    async (command) => {
      await using bot = await runProject([command], {
        ...ping,
        'plugins/a.ts': `void Promise.reject(new Error('at import'))\n${onCommand('')}`,
      })
      await bot.expectLog('Plugin a failed in a promise that nobody awaited: at import')
      await bot.ask('/ping', 'pong')
    },
  )

  it('an exception at import, while another module is still being imported', async () => {
    await using bot = await runProject(['start'], {
      ...ping,
      'plugins/a.js': `setTimeout(() => { throw new Error('at import') })
await new Promise((resolve) => setTimeout(resolve, 1500))
${onCommand('')}`,
    })
    await bot.expectLog('at import')
    await bot.ask('/ping', 'pong')
  })

  it.each([
    ['an object without a prototype', 'Object.create(null)'],
    ['an object that becomes no text', '{ toString: fails }'],
    ['an error that cannot be read', `Object.defineProperty(new Error(), 'message', { get: fails })`],
    [
      'an error with a field that cannot be read',
      `Object.assign(new Error('x'), { extra: { toJSON: fails } })`,
    ],
    ['a proxy that refuses everything', 'new Proxy({}, { get: fails, has: fails, getPrototypeOf: fails })'],
    ['nothing', 'undefined'],
  ])('%s that is thrown from a callback or rejected', async (_, value) => {
    await using bot = await runProject(['start'], {
      ...ping,
      'plugins/bad.js': onCommand(
        `setTimeout(() => { throw ${value} }); setTimeout(() => { void Promise.reject(${value}) })`,
      ),
    })
    await bot.ask('/bad', 'ok')
    await bot.expectLog('failed in a callback')
    await bot.expectLog('failed in a promise that nobody awaited')
    await bot.ask('/ping', 'pong')
  })
})

describe('a log that cannot be written ends nothing', () => {
  const noisy = {
    ...ping,
    'plugins/bad.js': onCommand(`for (let n = 0; n < 1000; n += 1) ctx.logger.error('x'.repeat(500))`),
  }

  it.runIf(existsSync('/dev/full'))('because the disk is full', async () => {
    const full = openSync('/dev/full', 'w')
    await using bot = await runProject(['start'], noisy, { stderr: full })
    closeSync(full)
    await bot.ask('/bad', 'ok')
    await bot.ask('/ping', 'pong')
    bot.kill('SIGTERM')
    expect(await bot.exited()).toBe(0)
  })

  it('because nobody reads the pipe any more', async () => {
    await using bot = await runProject(['start'], noisy)
    await bot.expectLog('Started with')
    bot.closeLog()
    await bot.ask('/bad', 'ok')
    await bot.ask('/ping', 'pong')
    bot.kill('SIGTERM')
    expect(await bot.exited()).toBe(0)
  })
})
it('is not held up for seconds by 20000 rejections at once', async () => {
  await using bot = await runProject(['start'], {
    ...ping,
    'plugins/bad.js': onCommand(
      `setTimeout(() => {
        for (let n = 0; n < 20_000; n += 1) void Promise.reject(new Error('rejected'))
        const start = performance.now()
        setTimeout(() => ctx.logger.info('blocked for ' + Math.round(performance.now() - start) + ' ms'))
      })`,
    ),
  })
  await bot.ask('/bad', 'ok')
  const [, ms] = /(\d+) ms/.exec((await bot.expectLog('blocked for')).msg) ?? []
  expect(Number(ms)).toBeLessThan(5000)
  await bot.ask('/ping', 'pong')
})
