import { setImmediate as settle } from 'node:timers/promises'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { type App, definePlugin, MynahError, type Plugin } from '../src/index.ts'
import { stackSites } from '../src/shared/stack.ts'
import { startFakeApp } from './fake-bot.ts'
import { TestClock } from '../src/testing/index.ts'

describe('frames of a stack trace', () => {
  it.each([
    ['a plain call', '    at setup (/bot/plugins/a.ts:3:9)', '/bot/plugins/a.ts'],
    ['the top of a module', '    at /bot/plugins/a.ts:3:9', '/bot/plugins/a.ts'],
    ['an async call', '    at async Object.setup (/bot/plugins/a.ts:3:9)', '/bot/plugins/a.ts'],
    ['an async arrow', '    at async /bot/plugins/a.ts:3:9', '/bot/plugins/a.ts'],
    ['a constructor', '    at new Dice (file:///bot/plugins/a.ts:3:9)', '/bot/plugins/a.ts'],
    ['a renamed method', '    at Dice.roll [as action] (/bot/plugins/a.ts:3:9)', '/bot/plugins/a.ts'],
    ['tsx', '    at setup (file:///bot/plugins/a.ts?namespace=1732:3:9)', '/bot/plugins/a.ts'],
    ['the runner of Vite', '    at setup (/bot/plugins/a.ts?t=1732:3:9)', '/bot/plugins/a.ts'],
    [
      'a folder with odd characters',
      '    at setup (file:///bot/my%20bot%20(1)/a.ts:3:9)',
      '/bot/my bot (1)/a.ts',
    ],
    ['a path with brackets', '    at setup (/bot (1)/plugins/a.ts:3:9)', '/bot (1)/plugins/a.ts'],
  ])('are read: %s', (_, line, file) => {
    expect(stackSites(`Error: x\n${line}`)).toEqual([{ file, line: 3, column: 9 }])
  })

  it.each([
    '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
    '    at async Promise.all (index 0)',
    '    at Array.forEach (<anonymous>)',
    '    at eval (eval at load (/bot/evil.js:1:1), <anonymous>:1:7)',
    'Error: at /bot/plugins/a.ts:3:9',
  ])('are skipped where they are no place in a file: %s', (line) => {
    expect(stackSites(line)).toEqual([])
  })
})

describe('the owner of an error', () => {
  let folder = ''
  let app: App
  let logs: string[]

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'mynah-owner-')))
    ;({ app, logs } = startFakeApp())
    const plugin = (name: string, body: string, imports = ''): string =>
      `${imports}\nexport default (definePlugin, calls) =>\n` +
      `  definePlugin({ name: '${name}', setup() { calls.${name} = ${body} } })\n`
    const files: Record<string, string> = {
      'shared/help.js': `export function fail() { throw new Error('shared') }\n`,
      'plugins/one.js': plugin('one', '() => fail()', `import { fail } from '../shared/help.js'`),
      'plugins/two.js': plugin(
        'two',
        'async () => { await null; fail() }',
        `import { fail } from '../shared/help.js'`,
      ),
      'plugins/three/index.js': plugin('three', 'work', `import { work } from './work.js'`),
      'plugins/three/work.js': `export const work = () => { throw new Error('work') }\n`,
      'node_modules/mynah-plugin-four/package.json': '{ "type": "module" }',
      'node_modules/mynah-plugin-four/dist/main.js': plugin(
        'four',
        'work',
        `import { work } from '../lib/work.js'`,
      ),
      'node_modules/mynah-plugin-four/lib/work.js': `export const work = () => {
        throw new Error('outer', { cause: new Error('work') })
      }\n`,
    }
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(folder, name, '..'), { recursive: true })
      await writeFile(join(folder, name), text)
    }
  })

  afterEach(async () => {
    await app.stop()
    await rm(folder, { recursive: true })
  })

  it.each([
    ['one', 'through a helper that several plugins share'],
    ['two', 'through a helper, after an await'],
    ['three', 'in another file of its folder'],
    ['four', 'in another file of its package'],
  ])('is plugin %s: %s', async (name) => {
    const calls: Record<string, () => unknown> = {}
    for (const file of [
      'plugins/one.js',
      'plugins/two.js',
      'plugins/three/index.js',
      'node_modules/mynah-plugin-four/dist/main.js',
    ]) {
      const loaded: { default: (define: typeof definePlugin, to: typeof calls) => Plugin<object> } =
        await import(/* @vite-ignore */ join(folder, file))
      app.plugin(loaded.default(definePlugin, calls))
    }
    await app.start()
    const error = await Promise.resolve()
      .then(() => calls[name]?.())
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(app.inspect.ownerOf(error)).toBe(name)
    expect(app.inspect.ownerOf(new Error('wrapped elsewhere', { cause: error }))).toBe(name)
    expect(app.inspect.ownerOf(new AggregateError([new Error('other'), error], 'several'))).toBe(name)
    app.reportUnowned(error, 'a promise that nobody awaited')
    expect(logs.join()).toContain(`Plugin ${name} failed in a promise that nobody awaited`)
  })

  it('is nobody for errors that no plugin threw', () => {
    expect(app.inspect.ownerOf(new Error('ours'))).toBeUndefined()
    expect(app.inspect.ownerOf('a text')).toBeUndefined()
  })
})

describe('a plugin that fails again and again', () => {
  const settings = { failures: 3, withinMs: 10_000, pauseMs: 60_000 }

  it('is paused, says so, and sees nothing until its time is over', async () => {
    const clock = new TestClock(0)
    const { app, bot, logs } = startFakeApp({ clock, breaker: settings })
    const told: string[] = []
    const seen: string[] = []
    app.on(
      'plugin-paused',
      ({ plugin, failures, pauseMs }) => void told.push(`${plugin} ${failures} ${pauseMs}`),
    )
    app.on('plugin-resumed', ({ plugin }) => void told.push(`${plugin} is back`))
    app.plugin(
      definePlugin({
        name: 'shaky',
        setup(ctx) {
          ctx.on('message-created', ({ text }) => {
            seen.push(`heard ${text}`)
            if (text === 'boom') throw new Error('bang')
          })
          ctx.use((_, next) => {
            seen.push('middleware')
            return next()
          })
          ctx.on('bot-status', () => void seen.push('bot-status'))
          ctx.command('ping').action(() => 'pong')
          ctx.setInterval(() => void seen.push('tick'), 20_000)
          ctx.cron('* * * * *', () => void seen.push('job'))
        },
      }),
    )
    app.plugin(definePlugin({ name: 'calm', setup: (ctx) => void ctx.command('calm').action(() => 'yes') }))
    await app.start()
    for (let count = 0; count < 3; count += 1) await bot.say('boom')
    expect(told).toEqual(['shaky 3 60000'])
    expect(logs.join()).toContain(
      'Plugin shaky has failed 3 times in a short while; it sees nothing for the next 60000 ms',
    )
    seen.length = 0
    await bot.say('/ping')
    await bot.say('/calm')
    bot.setStatus('reconnecting')
    bot.setStatus('online')
    await clock.advance(59_000)
    expect(seen).toEqual([])
    expect(bot.texts).toEqual(['yes'])
    const trace = Array.from(app.inspect.traces).find(({ event }) => event.id === 'm4')
    expect(trace?.steps).toContainEqual(expect.objectContaining({ kind: 'paused', label: 'shaky' }))
    await clock.advance(2000)
    expect(told.at(-1)).toBe('shaky is back')
    await bot.say('/ping')
    expect(bot.texts).toEqual(['yes', 'pong'])
    await app.stop()
    expect(clock.pending.length).toBe(0)
  })

  it('is on probation when it is back: one failure pauses it again, a quiet while makes up for all', async () => {
    const clock = new TestClock(0)
    const { app, bot } = startFakeApp({ clock, breaker: settings })
    let pauses = 0
    app.on('plugin-paused', () => void (pauses += 1))
    app.plugin(
      definePlugin({
        name: 'shaky',
        setup: (ctx) =>
          void ctx.on('message-created', () => {
            throw new Error('bang')
          }),
      }),
    )
    for (let count = 0; count < 3; count += 1) await bot.say('boom')
    await clock.advance(61_000)
    await bot.say('boom')
    expect(pauses).toBe(2)
    await clock.advance(75_000)
    await bot.say('boom')
    await bot.say('boom')
    expect(pauses).toBe(2)
    await bot.say('boom')
    expect(pauses).toBe(3)
    await app.stop()
  })

  it('is not blamed for what is not its fault, for failures far apart, or while that is switched off', async () => {
    const clock = new TestClock(0)
    const { app, bot } = startFakeApp({ clock, breaker: settings })
    let pauses = 0
    let error: Error = new MynahError('BOT_OFFLINE', '', { retriable: true })
    app.on('plugin-paused', () => void (pauses += 1))
    app.plugin(
      definePlugin({
        name: 'unlucky',
        setup: (ctx) => void ctx.on('message-created', () => Promise.reject(error)),
      }),
    )
    for (let count = 0; count < 5; count += 1) await bot.say('x')
    error = new Error('bang')
    for (let count = 0; count < 5; count += 1) {
      await bot.say('x')
      await clock.advance(6000)
    }
    app.configure({})
    for (let count = 0; count < 5; count += 1) await bot.say('x')
    await settle()
    expect(pauses).toBe(0)
    await app.stop()
  })
})
