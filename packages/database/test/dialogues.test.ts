import { ask, definePlugin, type GuildSettings, type Plugin, z } from '@mynah/core'
import { createTestApp, type TestApp } from '@mynah/testing'
import { describe, expect, it } from 'vitest'

import database from '../src/index.ts'
import { engineKinds, inSchema, sqliteFile } from './places.ts'

const shape = z.object({ motto: z.string().default('none') })
const held: { settings?: GuildSettings<typeof shape> } = {}

const club: Plugin = definePlugin({
  name: 'club',
  setup(ctx) {
    held.settings = ctx.guildSettings(shape)
    const join = ctx
      .form('join', { timeoutMs: 3_600_000 })
      .step('name', ask.text('Name?'))
      .step('age', ask.number('Age?'))
      .action(({ answers: { name, age } }) => `${name}, ${age}`)
    ctx.command('join').action(({ session }) => session.form(join))
    ctx.command('ask').action(({ session }) => session.prompt('What?', { timeoutMs: 3_600_000 }))
    ctx.command('speak <locale>').action(async ({ session, args: [locale] }) => {
      await session.setLocale(locale)
      return session.locale
    })
    ctx.command('now').action(({ session }) => `${session.locale}, ${held.settings?.of(session).motto}`)
  },
})

describe.each(engineKinds)('what the core keeps on %s', (kind) => {
  it('goes on after a restart: forms, lost questions, languages and settings, as long as their time', async () => {
    const place = await (kind === 'sqlite' ? sqliteFile() : inSchema())
    /** A bot whose clock begins at a time. */
    const from = async (time: string): Promise<TestApp> => {
      const t = createTestApp({ now: Date.parse(time) })
      await t.plugin(database, place.url)
      await t.plugin(club)
      return t
    }
    const first = await from('2024-05-01T09:00:00Z')
    const den = first.guild('den')
    await first.user('ann').fill('/join', 'Ann')
    await first.user('ann').in(den).fill('/join')
    await first.user('bob').fill('/speak zh-CN', '/ask')
    await held.settings?.set({ platform: 'test', guild: { id: 'den' } }, 'motto', 'tea')
    await first.stop()

    const second = await from('2024-05-01T09:59:59Z')
    expect(await second.user('ann').fill('x', '36')).toMatchObject({ text: 'Ann, 36' })
    expect(await second.user('bob').fill('something')).toMatchObject({
      text: '等待你回答时我重启了，请用 /ask 重新开始。',
    })
    expect(await second.user('bob').in(second.guild('den')).fill('/now')).toMatchObject({
      text: 'zh-CN, tea',
    })
    await second.stop()

    const third = await from('2024-05-01T10:00:01Z')
    const late = third.user('ann').in(third.guild('den'))
    await late.say('Ann')
    await late.expectSilence()
    expect(await late.fill('/now')).toMatchObject({ text: 'en, tea' })
    await third.stop()
    await place.remove()
  })
})
