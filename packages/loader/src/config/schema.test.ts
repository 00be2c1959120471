import { App, z } from '@mynah/core'
import { describe, expect, it } from 'vitest'

import { botConfigSchema } from './schema.ts'

const written = {
  locale: 'zh-CN',
  locales: { en: { guild: '42' }, 'zh-CN': [{ platform: 'qq' }, { user: ['1', '2'] }] },
  texts: { 'zh-CN': { 'command.missing': '缺少 {{name}}', 'dice:hello': '你好' } },
  superusers: ['onebot:10001'],
  rights: {
    'music.skip': ['guild-admin', 'onebot:10002', { guild: '42', role: 'admin' }],
    'music.*': 'direct',
  },
  commands: {
    'dice/roll': { name: 'throw', aliases: ['扔'], hidden: true, permission: 'guild-admin', cooldown: '10s' },
    ping: { enabled: false },
    draw: { cooldown: { every: 5000, per: 'conversation', exempt: ['superuser'] } },
  },
  answers: { refused: false, limited: true },
}

describe('the config of commands, rights and languages', () => {
  it('is taken as it is written, and an app takes it', async () => {
    const config = botConfigSchema.parse(written)
    expect(config).toMatchObject(written)
    await using app = new App(config)
    expect(app.inspect.commandOverrides).toEqual(written.commands)
  })

  it.each([
    ['superusers', ['10001']],
    ['rights', { a: 'guild-admins' }],
    ['rights', { a: {} }],
    ['rights', { a: { guilds: '42' } }],
    ['commands', { a: { rename: 'b' } }],
    ['commands', { a: { name: '/b c' } }],
    ['commands', { a: { cooldown: 'soon' } }],
    ['commands', { a: { cooldown: { per: 'user' } } }],
    ['answers', { refused: 'no' }],
    ['locales', { en: { guilds: '42' } }],
    ['texts', { en: { a: 1 } }],
  ])('%s: %j is refused', (key, value) => {
    const { success, error } = botConfigSchema.safeParse({ [key]: value })
    expect(success).toBe(false)
    expect(error?.issues[0]?.path[0]).toBe(key)
  })

  it('has a JSON Schema for editors', () => {
    const schema = z.toJSONSchema(botConfigSchema, { io: 'input' })
    expect(Object.keys(schema.properties ?? {})).toEqual(expect.arrayContaining(Object.keys(written)))
  })
})
