import { describe, expect, it } from 'vitest'

import { type App, definePlugin, type GuildSettings, MynahError, type Plugin, z } from '../src/index.ts'
import { FakeBot, startFakeApp } from './fake-bot.ts'
import { Kept, keeping } from './kept.ts'

const schema = z.object({
  welcome: z.string().max(20).default('Welcome!').describe('What newcomers are told'),
  tags: z.array(z.string()).default([]),
  quiet: z.object({ on: z.boolean().default(false), from: z.int().min(0).max(23).default(22) }),
  limits: z.object({ count: z.number(), per: z.enum(['day', 'week']) }).default({ count: 3, per: 'day' }),
})

type Settings = GuildSettings<typeof schema>

/** An app with a plugin that has settings, which the test holds. */
async function open(kept = new Kept(), more: readonly Plugin[] = []) {
  const parts = startFakeApp()
  parts.app.plugin(keeping(kept))
  const held: { settings?: Settings } = {}
  const greeter = definePlugin({
    name: 'greeter',
    setup(ctx) {
      const settings = ctx.guildSettings(schema)
      held.settings = settings
      ctx.command('welcome').action(({ session }) => settings.of(session).welcome)
    },
  })
  for (const plugin of [greeter, ...more]) parts.app.plugin(plugin)
  await parts.app.settled()
  const { settings } = held
  if (settings === undefined) throw new Error('The plugin has not started.')
  return { ...parts, kept, greeter, settings }
}

const place = (id: string, platform = 'fake') => ({ platform, guild: { id } })

const complaint = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (MynahError.is(error) ? `${error.code} ${error.message}` : String(error)),
  )

const greeterOf = (app: App) => Array.from(app.instances).find(({ name }) => name === 'greeter')

describe('settings of guilds', () => {
  it('are defaults until a guild sets them, by path, and hold for all accounts of the bot there', async () => {
    const { app, bot, settings } = await open()
    const other = new FakeBot('another account')
    app.addBot(other)
    const changes: unknown[] = []
    app.on('guild-settings-changed', (change) => changes.push(change))
    await settings.set(place('g'), 'welcome', 'Hi!')
    await settings.set(place('g'), 'quiet.on', true)
    await settings.set(place('g'), 'limits.count', 5)
    for (const [who, guild] of [
      [bot, 'g'],
      [bot, 'h'],
      [other, 'g'],
    ] as const) {
      await who.say('/welcome', { guild: { id: guild } })
    }
    await bot.say('/welcome')
    expect([...bot.texts, ...other.texts]).toEqual(['Hi!', 'Welcome!', 'Welcome!', 'Hi!'])
    expect(settings.of(place('g'))).toEqual({
      welcome: 'Hi!',
      tags: [],
      quiet: { on: true, from: 22 },
      limits: { count: 5, per: 'day' },
    })
    expect(settings.of(place('g'))).toBe(settings.of(place('g')))
    expect(settings.of(place('g', 'qq'))).toBe(settings.of({ platform: 'fake' }))
    expect(changes).toEqual([
      { plugin: 'greeter', platform: 'fake', guildId: 'g', path: 'welcome', value: 'Hi!' },
      { plugin: 'greeter', platform: 'fake', guildId: 'g', path: 'quiet.on', value: true },
      { plugin: 'greeter', platform: 'fake', guildId: 'g', path: 'limits.count', value: 5 },
    ])
    expect(settings.guilds()).toEqual([{ platform: 'fake', guildId: 'g' }])
  })

  it('are refused with what is wrong, and nothing changes', async () => {
    const { app, settings } = await open()
    const changes: unknown[] = []
    app.on('guild-settings-changed', (change) => changes.push(change))
    const g = place('g')
    expect(await complaint(settings.set(g, 'welcome', 'x'.repeat(21)))).toMatch(
      /^SETTING_INVALID .*welcome: /,
    )
    expect(await complaint(settings.change(g, 'quiet.from', '8'))).toMatch(/quiet\.from: .*expected number/)
    expect(await complaint(settings.change(g, 'welcom', 'x'))).toContain(
      'There is no setting "welcom"; there are: welcome, tags, quiet.on, quiet.from, limits.count, limits.per.',
    )
    expect(await complaint(settings.change(g, 'quiet', {}))).toContain('There is no setting "quiet"')
    expect(await complaint(settings.set({ platform: 'fake' }, 'welcome', 'x'))).toContain(
      '"welcome" is set for a guild, and this is none',
    )
    expect([changes, settings.guilds()]).toEqual([[], []])
  })

  it('can be listed with what they are, and go back to their defaults', async () => {
    const { app, settings, kept } = await open()
    await settings.set(place('g'), 'quiet.on', true)
    const shown = settings.list(place('g')).map(({ path, value, isDefault, description }) => {
      return [path, value, isDefault, description]
    })
    expect(shown).toEqual([
      ['welcome', 'Welcome!', true, 'What newcomers are told'],
      ['tags', [], true, undefined],
      ['quiet.on', true, false, undefined],
      ['quiet.from', 22, true, undefined],
      ['limits.count', 3, true, undefined],
      ['limits.per', 'day', true, undefined],
    ])
    expect(settings.list({ platform: 'fake' }).every(({ isDefault }) => isDefault)).toBe(true)
    await settings.set(place('g'), 'quiet.on', undefined)
    expect(settings.of(place('g')).quiet.on).toBe(false)
    expect((await kept.of('mynah:guild-settings').entries()).data).toEqual([])
    const [info] = app.inspect.guildSettings
    expect([info?.plugin, info?.settings[0]?.path]).toEqual(['greeter', 'welcome'])
  })

  it('are there after a restart, at the first message already, and stay when the plugin goes', async () => {
    const first = await open()
    await first.settings.set(place('g'), 'welcome', 'Hi!')
    await greeterOf(first.app)?.dispose()
    expect(first.app.inspect.guildSettings).toEqual([])
    await first.app.stop()

    const second = await open(first.kept)
    void second.bot.say('/welcome', { guild: { id: 'g' } })
    await second.app.idle()
    expect(second.bot.texts).toEqual(['Hi!'])
    const instance = greeterOf(second.app)
    if (instance !== undefined) await second.app.swap([{ instance, plugin: second.greeter, config: {} }])
    await second.bot.say('/welcome', { guild: { id: 'g' } })
    expect(second.bot.texts).toEqual(['Hi!', 'Hi!'])
  })

  it('fall back to a default where what is stored is not valid any more, which is told', async () => {
    const kept = new Kept()
    const stored = { welcome: 7, tags: ['a', 1], quiet: { from: 8 }, gone: true }
    await kept.of('mynah:guild-settings').set('["greeter","fake","g"]', stored)
    const { app, bot, settings, logs } = await open(kept)
    await bot.say('/welcome')
    await app.idle()
    expect(settings.of(place('g'))).toMatchObject({ welcome: 'Welcome!', tags: [], quiet: { from: 8 } })
    expect(settings.of(place('g')).welcome).toBe('Welcome!')
    const told = logs.filter((line) => line.includes('does not take any more'))
    expect(told).toHaveLength(2)
    await settings.set(place('g'), 'welcome', 'Hi!')
    expect(settings.of(place('g')).welcome).toBe('Hi!')
    const [entry] = (await kept.of('mynah:guild-settings').entries()).data
    expect(entry?.value).toEqual({ ...stored, welcome: 'Hi!' })
  })

  it('need a default each, and are declared once by a plugin', async () => {
    const problems: string[] = []
    await open(new Kept(), [
      definePlugin({
        name: 'odd',
        setup(ctx) {
          for (const shape of [{ size: z.number() }, { size: z.number().default(1) }, {}]) {
            try {
              ctx.guildSettings(z.object(shape))
            } catch (error) {
              problems.push(String(error))
            }
          }
        },
      }),
    ])
    expect(problems).toEqual([
      expect.stringContaining('each has to have a .default(): size ('),
      expect.stringContaining('odd declares its settings of guilds twice'),
    ])
  })
})
