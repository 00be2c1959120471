import { z } from '@mynah/core'
import { describe, expect, it } from 'vitest'

import { checkValue } from './check.ts'
import { botConfigSchema } from './schema.ts'

function check(value: unknown, schema: z.ZodType = botConfigSchema): unknown {
  const checked = checkValue(schema, value, [], new Set())
  return 'issues' in checked
    ? checked.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    : checked.value
}

describe('ids', () => {
  it('may stand without quotes', () => {
    const filter = { guild: 765_432_109, user: ['a', 10_001], any: [{ channel: 5 }] }
    expect(check({ locales: { en: filter } })).toMatchObject({
      locales: { en: { guild: '765432109', user: ['a', '10001'], any: [{ channel: '5' }] } },
    })
  })

  it.each([Number('7405472097755331634'), 1.5])('that lose digits as numbers (%d) want quotes', (guild) => {
    expect(check({ locales: { en: { guild } } })).toEqual([
      expect.stringMatching(/^locales\.en\.guild: expected text.*put it in quotes/),
    ])
  })

  it('of people want their platform', () => {
    expect(check({ superusers: [10_001] })).toEqual([expect.stringContaining('superusers.0: ')])
    expect(check({ superusers: ['10001'] })).toEqual([
      'superusers.0: expected a person, written platform:user (onebot:10001)',
    ])
  })
})

describe('what may be one of several things', () => {
  it.each<[unknown, string, string]>([
    [{ prefix: 1 }, 'prefix', 'expected text or a list; put it in quotes'],
    [{ prefix: null }, 'prefix', 'a # begins a comment'],
    [{ prefix: {} }, 'prefix', 'expected text or a list'],
    [{ rights: { a: 'guild-admins' } }, 'rights.a', 'expected everyone, superuser, guild-owner, guild-admin'],
    [{ rights: { a: { guilds: '42' } } }, 'rights.a.guilds', 'unknown key; did you mean guild?'],
    [{ locales: { en: 'qq' } }, 'locales.en', 'expected a mapping of keys to values or a list'],
    [{ locales: { en: { guild: true } } }, 'locales.en.guild', 'put it in quotes'],
    [{ commands: { a: { cooldown: 'soon' } } }, 'commands.a.cooldown', 'a length of time, such as 10s'],
    [{ commands: { a: { cooldown: { every: 'x' } } } }, 'commands.a.cooldown.every', 'a length of time'],
  ])('is named when %j is none of them', (value, path, message) => {
    const issues = check(value)
    expect(JSON.stringify(issues)).not.toContain('Invalid input"')
    expect(issues).toEqual(expect.arrayContaining([expect.stringContaining(`${path}: `)]))
    expect(JSON.stringify(issues)).toContain(message)
  })

  it('is named in configs of plugins, too', () => {
    const schema = z.object({ size: z.union([z.number(), z.enum(['small', 'large'])]) })
    expect(check({ size: 'huge' }, schema)).toEqual(['size: expected a number, small or large'])
  })
})

describe('languages', () => {
  it.each(['en', 'zh-CN', 'zh_CN', 'zh-Hant-HK', 'fr', 'pt-BR'])('%s is one', (locale) => {
    expect(check({ locale })).toMatchObject({ locale })
  })

  it.each([
    ['chinese', 'zh-CN'],
    ['Chinese', 'zh-CN'],
    ['中文', 'zh-CN'],
    ['cn', 'zh-CN'],
    ['english', 'en'],
    ['deutsch', 'de'],
    ['日本語', 'ja'],
  ])('%s is none, but %s may be meant', (locale, meant) => {
    expect(check({ locale })).toEqual([
      `locale: "${locale}" is no language; languages are written as en or zh-CN; did you mean ${meant}?`,
    ])
    expect(JSON.stringify(check({ texts: { [locale]: {} }, locales: { [locale]: {} } }))).toContain(
      `did you mean ${meant}?`,
    )
  })

  it('that nobody knows are refused', () => {
    expect(check({ locale: 'blorp' })).toEqual([expect.stringContaining('"blorp" is no language')])
  })
})

describe('secrets', () => {
  const secret = z.string().meta({ secret: true })

  function secretsOf(schema: z.ZodType, value: unknown): readonly string[] {
    return checkValue(schema, value, [], new Set()).secrets
  }

  it('are found wherever a schema marks them', () => {
    const account = z.object({ name: z.string(), token: secret.optional(), keys: z.array(secret).optional() })
    const schema = z.object({
      accounts: z.array(account),
      named: z.record(z.string(), account),
      either: z.union([z.object({ pin: z.int().meta({ secret: true }) }), z.boolean()]),
      whole: z.object({ a: z.string(), b: z.array(z.string()) }).meta({ secret: true }),
      fallback: secret.default('d-1'),
    })
    const value = {
      accounts: [
        { name: 'n', token: 't-1' },
        { name: 'm', keys: ['k-1', 'k-2'] },
      ],
      named: { x: { name: 'o', token: 't-2' } },
      either: { pin: 123_456 },
      whole: { a: 'w-1', b: ['w-2'] },
    }
    expect(secretsOf(schema, value)).toEqual(['t-1', 'k-1', 'k-2', 't-2', '123456', 'w-1', 'w-2'])
  })

  it('are found also where other values are wrong', () => {
    expect(secretsOf(z.object({ token: secret, port: z.int() }), { token: 't-1', port: 'x' })).toEqual([
      't-1',
    ])
  })

  it('are found in schemas that contain themselves', () => {
    const node: z.ZodType = z.lazy(() => z.union([secret, z.array(node)]))
    expect(secretsOf(node, [['a-1'], 'b-1'])).toEqual(['a-1', 'b-1'])
  })

  it('of an address are only what lets somebody in', () => {
    expect(
      secretsOf(z.object({ url: secret }), { url: 'ws://127.0.0.1:3001/?access_token=t%2D1&x=1' }),
    ).toEqual(['t%2D1', 't-1'])
  })
})

it('checks also by a schema that has no JSON Schema', () => {
  const schema = z.object({ a: z.string() })
  const strange: z.ZodType = Object.create(schema, {
    _zod: {
      get: () => {
        throw new Error('another version')
      },
    },
  })
  Object.defineProperty(strange, 'safeParse', { value: schema.safeParse.bind(schema) })
  expect(check({ a: 'x' }, strange)).toEqual({ a: 'x' })
})
