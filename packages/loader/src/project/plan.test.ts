import { describe, expect, it } from 'vitest'

import { TemporaryFolder } from '../../test/temporary-folder.ts'
import { type Mode, ProjectEnvironment } from '../config/env-files.ts'
import { NativeLoader } from '../modules/native-loader.ts'
import { type Plan, readPlan } from './plan.ts'

type Files = Readonly<Record<string, string>>

async function plan(
  files: Files,
  variables: NodeJS.ProcessEnv = {},
  mode: Mode = 'production',
): Promise<Plan & { readonly root: string }> {
  await using folder = await TemporaryFolder.create({ 'bot.config.yaml': '', ...files })
  const environment = new ProjectEnvironment(folder.path, mode, variables)
  return { ...(await readPlan(folder.path, environment, new NativeLoader(folder.path))), root: folder.path }
}

/** What is wrong, a line each. */
async function problems(
  config: string,
  files: Files = {},
  variables: NodeJS.ProcessEnv = {},
): Promise<string[]> {
  try {
    await plan({ 'bot.config.yaml': config, ...files }, variables)
    return []
  } catch (error) {
    return String(error)
      .split('\n')
      .slice(1)
      .map((line) => line.trim())
  }
}

const dice = { 'plugins/dice.js': '' }

describe('the entries of a plan', () => {
  it.each<[string, Files, string[]]>([
    ['no folder', {}, []],
    ['files and folders, by name', { 'plugins/b.ts': '', 'plugins/a/index.js': '' }, ['a', 'b']],
    ['but not those that begin with _ or .', { 'plugins/_a.ts': '', 'plugins/.b.ts': '' }, []],
    ['nor tests and declarations', { 'plugins/a.test.ts': '', 'plugins/b.d.ts': '' }, []],
    ['nor folders without an index', { 'plugins/a/b.ts': '' }, []],
  ])('are the plugins of the folder: %s', async (_, files, names) => {
    expect((await plan(files)).entries.map(({ name }) => name)).toEqual(names)
  })

  it.each<[string, { config: unknown } | undefined]>([
    ['plugins: {}', { config: {} }],
    ['plugins:', { config: {} }],
    ['plugins: { dice: }', { config: {} }],
    ['plugins: { dice: true }', { config: {} }],
    ['plugins: { dice: { sides: 6 } }', { config: { sides: 6 } }],
    ['plugins: { dice: { sides: 6, enabled: true } }', { config: { sides: 6 } }],
    ['plugins: { dice: "${YES}" }', { config: {} }],
    ['plugins: { dice: { enabled: "${YES}" } }', { config: {} }],
    ['plugins: { dice: false }', undefined],
    ['plugins: { dice: "${NO}" }', undefined],
    ['plugins: { dice: { sides: 6, enabled: false } }', undefined],
    ['plugins: { dice: { enabled: "${NO}" } }', undefined],
  ])('%s: means %j', async (content, expected) => {
    const { entries } = await plan({ ...dice, 'bot.config.yaml': content }, { YES: 'true', NO: 'false' })
    expect(entries).toMatchObject(expected === undefined ? [] : [{ id: 'plugins.dice', ...expected }])
  })

  it('come before adapters, and may be several of one file, or anywhere', async () => {
    const content = 'adapters: { ./wire: }\nplugins: { "dice:second": { sides: 20 }, ./more/x: }\n'
    const { entries, root } = await plan({
      ...dice,
      'bot.config.yaml': content,
      'wire.js': '',
      'more/x/index.ts': '',
    })
    expect(entries.map(({ id, file }) => [id, file.slice(root.length + 1)])).toEqual([
      ['plugins.dice:second', 'plugins/dice.js'],
      ['plugins../more/x', 'more/x/index.ts'],
      ['plugins.dice', 'plugins/dice.js'],
      ['adapters../wire', 'wire.js'],
    ])
    expect(entries.every(({ isLocal }) => isLocal)).toBe(true)
  })

  it('see only what `when` lets through', async () => {
    const { entries } = await plan({
      ...dice,
      'bot.config.yaml': 'plugins: { dice: { when: { guild: 42 } } }',
    })
    expect(entries[0]?.config).toEqual({})
    expect(entries[0]?.whenSpec).toEqual({ guild: 42 })
    expect(entries[0]?.when).toBeTypeOf('function')
  })
})

describe('what nobody has', () => {
  it('is left out as a plugin, with a hint', async () => {
    const { entries, absent } = await plan({ ...dice, 'bot.config.yaml': 'plugins:\n  dise: {}\n' })
    expect(entries.map(({ name }) => name)).toEqual(['dice'])
    expect(absent).toMatchObject([{ id: 'plugins.dise', name: 'dise', error: { code: 'MODULE_NOT_FOUND' } }])
    expect(absent[0]?.error.message).toMatch(/bot\.config\.yaml:2:3 plugins\.dise: .*did you mean dice\?/)
  })

  it('is refused as an adapter and as the server', async () => {
    expect(await problems('adapters:\n  onebott: {}\nserver: {}\n')).toEqual([
      expect.stringMatching(/^bot\.config\.yaml:3:1 server: .*npm install @mynah\/server/),
      expect.stringMatching(/^bot\.config\.yaml:2:3 adapters\.onebott: .*did you mean onebot\?/),
    ])
  })
})

describe('what is wrong', () => {
  it.each<[string, string]>([
    ['prefx: "#"', 'bot.config.yaml:1:1 prefx: unknown key; did you mean prefix?'],
    ['log:\n  level: loud', 'bot.config.yaml:2:3 log.level: '],
    ['plugins: { dice: 6 }', 'plugins.dice: expected the config of the plugin, nothing, true or false'],
    ['plugins: { dice: { enabled: 1 } }', 'plugins.dice.enabled: expected true or false'],
    ['plugins: { dice: { when: { gild: 1 } } }', 'plugins.dice.when.gild: unknown key; did you mean guild?'],
    ['plugins: { dice: { token: ${NOT} } }', 'plugins.dice.token: the environment variable NOT is not set'],
    ['prefix: "a${EMPTY}"', 'prefix: the environment variable EMPTY is set but empty'],
    ['log: { level: "${WORD}" }', 'log.level: '],
  ])('%s: is told with its place', async (config, line) => {
    expect(await problems(config, dice, { EMPTY: '', WORD: 'loud' })).toEqual([expect.stringContaining(line)])
  })

  it('is told all at once', async () => {
    expect(await problems('prefx: 1\nplugins: { dice: 6 }\nadapters: { nobody: }\n', dice)).toHaveLength(3)
  })
})

describe('a plan', () => {
  it.each([
    ['production', false],
    ['development', true],
  ] as const)('shows messages in %s: %j, unless the config says otherwise', async (mode, messages) => {
    expect((await plan({}, {}, mode)).settings.log?.messages).toBe(messages)
    const { settings } = await plan({ 'bot.config.yaml': `log: { messages: ${!messages} }` }, {}, mode)
    expect(settings.log?.messages).toBe(!messages)
  })

  it('has the variables of the files, which all code finds', async () => {
    const target: NodeJS.ProcessEnv = { REAL: 'r' }
    const { settings } = await plan(
      {
        'bot.config.yaml': 'nicknames: ["${REAL}", "${FILE}", "${LOCAL}"]',
        '.env': 'REAL=x\nFILE=f\nLOCAL=x',
        '.env.local': 'LOCAL=l',
      },
      target,
    )
    expect(settings.nicknames).toEqual(['r', 'f', 'l'])
    expect(target).toEqual({ REAL: 'r', FILE: 'f', LOCAL: 'l' })
  })

  it('knows secrets by the names of variables and in addresses', async () => {
    const { secrets } = await plan(
      {
        ...dice,
        'bot.config.yaml': 'plugins: { dice: { a: "${API_TOKEN}", b: "${COLOUR}", c: "ws://u:pass@h/" } }',
      },
      { API_TOKEN: 'hush', COLOUR: 'red' },
    )
    expect(secrets).toEqual(['hush', 'pass'])
  })

  it('warns of what does not count', async () => {
    const { warnings } = await plan({ 'bot.config.json': '{}', 'plugins/a.ts': '', 'plugins/a.js': '' })
    expect(warnings).toEqual([
      'bot.config.json does not count, because bot.config.yaml is there, too',
      'plugins/a.js is not loaded, because plugins/a.ts has the same name',
    ])
  })
})

describe('the database of a plan', () => {
  const installed = {
    'node_modules/@mynah/database/package.json': '{ "type": "module", "exports": "./index.js" }',
    'node_modules/@mynah/database/index.js': '',
  }

  it.each<[string, Files, unknown]>([
    ['', installed, { mode: 'production' }],
    ['', {}, undefined],
    ['database: false', installed, undefined],
    ['database:', installed, { mode: 'production' }],
    ['database: sqlite:tea.db', installed, { url: 'sqlite:tea.db', mode: 'production' }],
    ['database: ${ADDRESS}', installed, { url: 'sqlite:milk.db', mode: 'production' }],
    ['database: ${OFF}', installed, undefined],
    ['database: { url: "sqlite:tea.db" }', installed, { url: 'sqlite:tea.db', mode: 'production' }],
    ['database: { mode: development }', installed, { mode: 'development' }],
  ])('of "%s" is there where it is installed and not turned off', async (config, files, expected) => {
    const variables = { ADDRESS: 'sqlite:milk.db', OFF: 'false' }
    const { entries } = await plan({ 'bot.config.yaml': config, ...files }, variables)
    expect(entries.map(({ id, config: value }) => [id, value])).toEqual(
      expected === undefined ? [] : [['database', expected]],
    )
  })

  it('stands before the plugins and knows whether the bot is under development', async () => {
    const { entries } = await plan({ ...installed, ...dice }, {}, 'development')
    expect(entries.map(({ id, config }) => [id, config])).toEqual([
      ['database', { mode: 'development' }],
      ['plugins.dice', {}],
    ])
  })

  it('says how to get it where it is asked for and not installed', async () => {
    expect(await problems('database: sqlite:tea.db\n')).toEqual([
      expect.stringMatching(/^bot\.config\.yaml:1:1 database: .*npm install @mynah\/database/),
    ])
  })
})
