import { type App, type Context, definePlugin, type Plugin, type Swap, type SwapResult } from '@mynah/core'
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
  const { app } = startFakeApp()
  const instances = plugins.map((one) => app.plugin(one))
  await app.start()
  const swap = (versions: readonly Plugin[], settings?: Parameters<App['swap']>[1]): Promise<SwapResult[]> =>
    app.swap(
      versions.flatMap((version): Swap[] => {
        const instance = instances.find(({ name }) => name === version.name)
        return instance === undefined ? [] : [{ instance, plugin: version, config: {} }]
      }),
      settings,
    )
  return { app, instances, swap }
}

/** Whose each name is. */
function owners(app: App, ...names: string[]): (string | undefined)[] {
  return names.map((name) => app.commands.get(name)?.scope.name)
}

describe('plugins that are swapped together', () => {
  it('may exchange the names of commands', async () => {
    const { app, swap } = await start(commands('a', 'one'), commands('b', 'two'))
    const results = await swap([commands('a', 'two'), commands('b', 'one')])
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
    const results = await swap([version('a', 'y'), version('b', 'z'), version('c', 'x')])
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
    const results = await swap([provider('a', 'second', 'blue'), provider('b', 'first', 'red')])
    expect(results.map(({ error }) => error)).toEqual(results.map(() => undefined))
    expect([app.services.get('first'), app.services.get('second')]).toEqual([{ name: 'b' }, { name: 'a' }])
  })

  it('may need each other, in whatever order they are swapped', async () => {
    const user = definePlugin({
      name: 'a',
      inject: ['first'],
      setup: (ctx) => void ctx.command(ctx.first.name).action(() => ''),
    })
    const provider = (word: string): Plugin => plugin('b', (ctx) => void ctx.provide('first', { name: word }))
    const { app, swap } = await start(user, provider('old'))
    const results = await swap([user, provider('new')])
    expect(results.map(({ error }) => error)).toEqual(results.map(() => undefined))
    expect(owners(app, 'old', 'new')).toEqual([undefined, 'a'])
  })

  it('do not take an old version down whose name another one has taken: what fits is swapped', async () => {
    const { app, instances, swap } = await start(
      commands('a', 'one'),
      commands('b', 'two'),
      commands('c', 'three'),
    )
    const [first, second, third] = await swap([
      commands('a', 'two'),
      commands('b', 'two'),
      commands('c', 'four'),
    ])
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
    const [first, second] = await swap([commands('a', 'three'), broken])
    expect([first?.error, String(second?.error)]).toEqual([undefined, 'Error: no start'])
    expect(owners(app, 'one', 'two', 'three')).toEqual([undefined, 'b', 'a'])
  })
})

describe('changes to commands', () => {
  it('may exchange names, too', async () => {
    const { app, swap } = await start(commands('a', 'one'), commands('b', 'two'))
    const results = await swap([], { commands: { 'a/one': { name: 'two' }, 'b/two': { name: 'one' } } })
    expect(results.map(({ error }) => error)).toEqual([undefined, undefined])
    expect(owners(app, 'one', 'two')).toEqual(['b', 'a'])
  })

  it('may fit only together with a new version of a plugin', async () => {
    const { app, swap } = await start(commands('a', 'one'), commands('b', 'two'))
    const results = await swap([commands('b', 'three')], { commands: { 'a/one': { name: 'two' } } })
    expect(results.map(({ error }) => error)).toEqual([undefined, undefined])
    expect(owners(app, 'two', 'three')).toEqual(['a', 'b'])
  })

  it('that do not fit are taken back, and no plugin ends by them', async () => {
    const { app, instances, swap } = await start(commands('a', 'one'), commands('b', 'two'))
    const results = await swap([], { commands: { 'b/two': { name: 'one' } } })
    expect(String(results[0]?.error)).toContain('"one" of plugin b is taken by plugin a')
    expect(app.commandOverrides).toEqual({})
    expect(owners(app, 'one', 'two')).toEqual(['a', 'b'])
    expect(instances.map(({ state }) => state)).toEqual(['active', 'active'])
  })

  it('that do not fit are taken back also where nobody waits for them', async () => {
    const { app, instances } = await start(commands('a', 'one'), commands('b', 'two'))
    app.configure({ commands: { 'b/two': { name: 'one' } } })
    await expect.poll(() => owners(app, 'one', 'two')).toEqual(['a', 'b'])
    await expect.poll(() => instances.map(({ state }) => state)).toEqual(['active', 'active'])
    expect(app.commandOverrides).toEqual({})
  })
})
