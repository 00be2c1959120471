import { type App, type Context, definePlugin, type Plugin, type Swap, type SwapReport } from '@mynah/core'
import { describe, expect, it } from 'vitest'

import { startFakeApp } from './fake-bot.ts'

declare module '@mynah/core' {
  interface Services {
    first: { name: string }
    second: { name: string }
  }
}

function plugin(name: string, setup: (ctx: Context) => void): Plugin {
  return definePlugin({ name, setup })
}

/** A plugin with commands of these names. */
function commands(name: string, ...names: string[]): Plugin {
  return plugin(name, (ctx) => {
    for (const command of names) ctx.command(command).action(() => name)
  })
}

async function start(...plugins: Plugin[]) {
  const { app, logs } = startFakeApp()
  const instances = plugins.map((one) => app.plugin(one))
  await app.start()
  const swap = (versions: readonly Plugin[], settings?: Parameters<App['swap']>[1]): Promise<SwapReport> =>
    app.swap(
      versions.flatMap((version): Swap[] => {
        const instance = instances.find(({ name }) => name === version.name)
        return instance === undefined ? [] : [{ instance, plugin: version, config: {} }]
      }),
      settings,
    )
  return { app, instances, logs, swap }
}

/** Whose each name is. */
function owners(app: App, ...names: string[]): (string | undefined)[] {
  return names.map((name) => app.inspect.command(name)?.plugin)
}

describe('plugins that are swapped together', () => {
  it('may exchange the names of commands', async () => {
    const { app, swap } = await start(commands('a', 'one'), commands('b', 'two'))
    const { results } = await swap([commands('a', 'two'), commands('b', 'one')])
    expect(results.map(({ error, state }) => [error, state])).toEqual([
      [undefined, 'active'],
      [undefined, 'active'],
    ])
    expect(owners(app, 'one', 'two')).toEqual(['b', 'a'])
  })

  it('may hand names on in a circle, also aliases and phrases', async () => {
    const version = (name: string, part: string): Plugin =>
      plugin(name, (ctx) => {
        ctx
          .command(part)
          .alias(`${part}s`)
          .shortcut(`the ${part}`)
          .action(() => name)
      })
    const { app, swap } = await start(version('a', 'x'), version('b', 'y'), version('c', 'z'))
    const { results } = await swap([version('a', 'y'), version('b', 'z'), version('c', 'x')])
    expect(results.map(({ error }) => error)).toEqual(results.map(() => undefined))
    expect(owners(app, 'x', 'y', 'z', 'xs', 'ys', 'zs')).toEqual(['c', 'a', 'b', 'c', 'a', 'b'])
  })

  it('may exchange services and components', async () => {
    const provider = (name: string, service: 'first' | 'second', component: string): Plugin =>
      plugin(name, (ctx) => {
        ctx.provide(service, { name })
        ctx.component(component as 'text', () => name)
      })
    const { app, swap } = await start(provider('a', 'first', 'red'), provider('b', 'second', 'blue'))
    const { results } = await swap([provider('a', 'second', 'blue'), provider('b', 'first', 'red')])
    expect(results.map(({ error }) => error)).toEqual(results.map(() => undefined))
    expect([app.service('first'), app.service('second')]).toEqual([{ name: 'b' }, { name: 'a' }])
  })

  it('may need each other, in whatever order they are swapped', async () => {
    const user = definePlugin({
      name: 'a',
      inject: ['first'],
      setup: (ctx) => void ctx.command(ctx.first.name).action(() => ''),
    })
    const provider = (word: string): Plugin => plugin('b', (ctx) => void ctx.provide('first', { name: word }))
    const { app, swap } = await start(user, provider('old'))
    const { results } = await swap([user, provider('new')])
    expect(results.map(({ error }) => error)).toEqual(results.map(() => undefined))
    expect(owners(app, 'old', 'new')).toEqual([undefined, 'a'])
  })

  it('do not take an old version down whose name another one has taken: what fits is swapped', async () => {
    const { app, instances, swap } = await start(
      commands('a', 'one'),
      commands('b', 'two'),
      commands('c', 'three'),
    )
    const { results } = await swap([commands('a', 'two'), commands('b', 'two'), commands('c', 'four')])
    const [first, second, third] = results
    expect(String(first?.error)).toContain('"two" of plugin a is taken by plugin b')
    expect([second?.error, third?.error]).toEqual([undefined, undefined])
    expect(owners(app, 'one', 'two', 'four')).toEqual(['a', 'b', 'c'])
    expect(instances.map(({ state }) => state)).toEqual(['active', 'active', 'active'])
  })

  it('are rolled back one by one when one of them throws', async () => {
    const broken = plugin('b', () => {
      throw new Error('no start')
    })
    const { app, swap } = await start(commands('a', 'one'), commands('b', 'two'))
    const { results } = await swap([commands('a', 'three'), broken])
    expect(results.map(({ error }) => String(error))).toEqual(['undefined', 'Error: no start'])
    expect(owners(app, 'one', 'two', 'three')).toEqual([undefined, 'b', 'a'])
  })
})

describe('changes to commands', () => {
  it('may exchange names, too', async () => {
    const { app, swap } = await start(commands('a', 'one'), commands('b', 'two'))
    const { issues } = await swap([], { commands: { 'a/one': { name: 'two' }, 'b/two': { name: 'one' } } })
    expect(issues).toEqual([])
    expect(owners(app, 'one', 'two')).toEqual(['b', 'a'])
  })

  it('may fit only together with a new version of a plugin', async () => {
    const { app, swap } = await start(commands('a', 'one'), commands('b', 'two'))
    const report = await swap([commands('b', 'three')], { commands: { 'a/one': { name: 'two' } } })
    expect([report.results.map(({ error }) => error), report.issues]).toEqual([[undefined], []])
    expect(owners(app, 'two', 'three')).toEqual(['a', 'b'])
  })

  it('start no plugin again', async () => {
    let starts = 0
    const counted = plugin('a', (ctx) => {
      starts += 1
      ctx.command('one').action(() => 'one')
    })
    const { app } = await start(counted)
    app.configure({ commands: { one: { name: 'two', permission: 'superuser', cooldown: 1000 } } })
    app.configure({ commands: { one: { enabled: false } } })
    expect(owners(app, 'one', 'two')).toEqual([undefined, undefined])
    app.configure({})
    expect(owners(app, 'one', 'two')).toEqual(['a', undefined])
    expect(starts).toBe(1)
  })

  it('that cannot be are told; the command keeps its name, and the other changes count', async () => {
    const { app, instances, swap } = await start(commands('a', 'one'), commands('b', 'two', 'three'))
    const settings = { commands: { 'b/two': { name: 'one' }, three: { name: 'drei' } } }
    const { issues } = await swap([], settings)
    expect(issues).toEqual([
      {
        plugin: 'b',
        command: 'two',
        message:
          'commands.b/two: the name "one" is taken by "one" of plugin a; the command keeps the name "two". Choose another one.',
      },
    ])
    expect(app.configure(settings)).toEqual(issues)
    expect(owners(app, 'one', 'two', 'drei', 'three')).toEqual(['a', 'b', 'b', undefined])
    expect(instances.map(({ state }) => state)).toEqual(['active', 'active'])
  })

  it('give way to a plugin that comes later and declares the name, which is told once', async () => {
    const { app, logs } = await start(commands('a', 'one'))
    app.configure({ commands: { one: { name: 'two' } } })
    const other = app.plugin(commands('b', 'two'))
    await other.settled()
    await app.plugin(commands('c', 'three')).settled()
    expect(owners(app, 'one', 'two')).toEqual(['a', 'b'])
    expect(logs.filter((line) => line.includes('commands.a/one: the name'))).toHaveLength(1)
    await other.dispose()
    expect(owners(app, 'one', 'two')).toEqual([undefined, 'a'])
  })

  it('leave a command without a name where the one that it was given is taken back', async () => {
    const { app } = startFakeApp({ commands: { 'b/one': { name: 'two' } } })
    const instances = [app.plugin(commands('a', 'one')), app.plugin(commands('b', 'one'))]
    await app.start()
    expect(owners(app, 'one', 'two')).toEqual(['a', 'b'])
    expect(app.configure({})).toMatchObject([{ plugin: 'b', command: 'one' }])
    expect(owners(app, 'one', 'two')).toEqual(['a', undefined])
    expect(instances.map(({ state }) => state)).toEqual(['active', 'active'])
    expect(app.configure({ commands: { 'a/one': { enabled: false } } })).toEqual([])
    expect(owners(app, 'one')).toEqual(['b'])
  })

  it('in a chain of names fall back together', async () => {
    const { app } = await start(commands('a', 'one'), commands('b', 'two'), commands('c', 'three'))
    const issues = app.configure({ commands: { one: { name: 'two' }, two: { name: 'three' } } })
    expect(issues.map(({ command }) => command)).toEqual(['two', 'one'])
    expect(owners(app, 'one', 'two', 'three')).toEqual(['a', 'b', 'c'])
  })

  it('keep what is below a command below it', async () => {
    const guild = plugin(
      'a',
      (ctx) =>
        void ctx
          .command('guild')
          .subcommand('ban')
          .action(() => ''),
    )
    const { app } = await start(guild, commands('b', 'group'))
    expect(app.configure({ commands: { guild: { name: 'group' } } })).toMatchObject([{ command: 'guild' }])
    expect(owners(app, 'guild ban', 'group ban')).toEqual(['a', undefined])
  })

  it('that cannot be read change nothing', async () => {
    const { app } = await start(commands('a', 'one'))
    app.configure({ commands: { one: { name: 'two' } } })
    for (const one of [{ name: 'two words' }, { cooldown: 'soon' }, { permission: 'nobody' }]) {
      expect(() => app.configure({ commands: { one } })).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID' }),
      )
    }
    expect(owners(app, 'two')).toEqual(['a'])
  })
})
