import { describe, expect, it } from 'vitest'

import {
  App,
  createLogger,
  definePlugin,
  perPlugin,
  type PluginInstance,
  type ServiceHolder,
} from '../src/index.ts'
import { startFakeApp } from './fake-bot.ts'

interface Shelf<T> {
  readonly owner: string
  readonly jars: T
}

declare module '@mynah/core' {
  interface Services {
    shelf: Shelf<unknown>
  }

  interface DeclaredServices<_D> {
    shelf: Shelf<_D>
  }

  interface Declarations<_D> {
    readonly jars?: _D
  }
}

type AnyPlugin = ReturnType<typeof definePlugin>

/** Provides shelves, and tells what it was asked for. */
function shelves(log: string[], prepare: (holder: ServiceHolder) => Promise<void>): AnyPlugin {
  return definePlugin({
    name: 'shelves',
    provides: ['shelf'],
    setup: (ctx) =>
      void ctx.provide(
        'shelf',
        perPlugin({
          prepare: async (holder) => {
            await prepare(holder)
            log.push(`prepared for ${holder.name}: ${JSON.stringify(holder.declares)}`)
          },
          create: ({ name, declares }) => {
            log.push(`made for ${name}`)
            return { owner: name, jars: declares['jars'] }
          },
        }),
      ),
  })
}

const ready = (): Promise<void> => Promise.resolve()

function tea(log: string[], jars: readonly string[]): AnyPlugin {
  return definePlugin({
    name: 'tea',
    inject: ['shelf'],
    jars,
    setup(ctx) {
      const { shelf } = ctx
      // What it declares gives the service its type.
      const names: readonly string[] = shelf.jars
      log.push(`${shelf.owner} has ${names.join(', ')}`)
      ctx.command('jars').action(() => names.join(', '))
    },
  })
}

describe('a service of which each plugin has its own', () => {
  it('knows the name of the instance and what it declares, and is made ready before the plugin starts', async () => {
    const { app } = startFakeApp()
    const log: string[] = []
    app.plugin(tea(log, ['green']))
    app.plugin(tea(log, ['black']), undefined, { name: 'tea:second' })
    app.plugin(shelves(log, ready))
    await app.start()
    expect(log.toSorted()).toEqual([
      'made for tea',
      'made for tea:second',
      'prepared for tea: {"jars":["green"]}',
      'prepared for tea:second: {"jars":["black"]}',
      'tea has green',
      'tea:second has black',
    ])
    expect(log.indexOf('prepared for tea: {"jars":["green"]}')).toBeLessThan(log.indexOf('made for tea'))
    await app.stop()
  })

  it('is made once for a run, and not at all while nobody uses it', async () => {
    const { app } = startFakeApp()
    const log: string[] = []
    app.plugin(shelves(log, ready))
    const seen: unknown[] = []
    app.plugin(
      definePlugin({
        name: 'twice',
        inject: { shelf: 'optional' },
        setup: (ctx) => void seen.push(ctx.shelf, ctx.shelf),
      }),
    )
    app.plugin(definePlugin({ name: 'never', inject: ['shelf'], setup: () => {} }))
    await app.start()
    expect(seen[0]).toBe(seen[1])
    expect(log.filter((line) => line.startsWith('made'))).toEqual(['made for twice'])
    await app.stop()
  })

  it('that cannot be made ready fails the start of that plugin alone, with the reason', async () => {
    const { app } = startFakeApp()
    const log: string[] = []
    const refuse = ({ name }: ServiceHolder): Promise<void> =>
      name === 'tea' ? Promise.reject(new Error('The shelf is full.')) : ready()
    app.plugin(shelves(log, refuse))
    const first = app.plugin(tea(log, ['green']))
    const second = app.plugin(tea(log, ['black']), undefined, { name: 'tea:second' })
    await app.start()
    expect([first.state, second.state]).toEqual(['failed', 'active'])
    expect(first.error).toMatchObject({ message: 'The shelf is full.' })
    await app.stop()
  })
})

describe('a swap', () => {
  interface Kitchen {
    readonly app: App
    readonly instance: PluginInstance
    readonly log: string[]
  }

  async function kitchen(prepare: (holder: ServiceHolder) => Promise<void>): Promise<Kitchen> {
    const app = new App({ logger: createLogger({ level: 'silent' }) })
    const log: string[] = []
    app.plugin(shelves(log, prepare))
    const instance = app.plugin(tea(log, ['green']))
    await app.start()
    log.length = 0
    return { app, instance, log }
  }

  it('makes ready what the new version declares while the old one still runs', async () => {
    const states: string[] = []
    const watched: { instance?: PluginInstance } = {}
    const { app, instance, log } = await kitchen(() => {
      if (watched.instance !== undefined) states.push(watched.instance.state)
      return ready()
    })
    watched.instance = instance
    const { results } = await app.swap([{ instance, plugin: tea(log, ['black']), config: undefined }])
    expect(states[0]).toBe('active')
    expect(results).toMatchObject([{ state: 'active', error: undefined }])
    expect(log.at(-1)).toBe('tea has black')
    await app.stop()
  })

  it('leaves the old version alone, without stopping it, when the new one cannot be made ready', async () => {
    const { app, instance, log } = await kitchen(({ declares }) =>
      JSON.stringify(declares).includes('black') ? Promise.reject(new Error('No black tea.')) : ready(),
    )
    const { scope } = instance
    const green = tea(log, ['green', 'white'])
    const other = app.plugin(definePlugin({ name: 'other', setup: () => {} }))
    await other.settled()
    const { results } = await app.swap([
      { instance, plugin: tea(log, ['black']), config: undefined },
      { instance: other, plugin: definePlugin({ name: 'other', setup: () => {} }), config: undefined },
    ])
    expect(results.map(({ instance: { name }, state }) => `${name} ${state}`)).toEqual([
      'tea active',
      'other active',
    ])
    expect(results[0]?.error).toMatchObject({ message: 'No black tea.' })
    expect(instance.scope).toBe(scope)
    await app.swap([{ instance, plugin: green, config: undefined }])
    expect(log.at(-1)).toBe('tea has green, white')
    await app.stop()
  })
})
