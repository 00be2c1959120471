import { describe, expect, it } from 'vitest'

import { TemporaryFolder } from '../../test/temporary-folder.ts'
import type { ModuleLoader } from '../modules/module-loader.ts'
import { ProjectConfigError } from './issue.ts'
import { readConfigSource } from './source.ts'

function exporting(module: Record<string, unknown>): ModuleLoader {
  return {
    load: (entry) => Promise.resolve({ module, files: [entry] }),
    filesOf: (entry) => [entry],
    fixedFiles: () => [],
    invalidate: () => [],
    close: () => Promise.resolve(),
  }
}

async function read(content: string | Uint8Array, name = 'bot.config.yaml', module = {}): Promise<unknown> {
  await using folder = await TemporaryFolder.create({ [name]: content })
  return (await readConfigSource(folder.path, exporting(module))).data
}

async function problemOf(content: string): Promise<string> {
  try {
    return JSON.stringify(await read(content))
  } catch (error) {
    return error instanceof ProjectConfigError ? error.message : String(error)
  }
}

describe('a config file', () => {
  it.each(['', '   \n', '# only a comment\n', '---\n'])(
    'that holds nothing (%j) leaves everything as it is',
    async (content) => {
      expect(await read(content)).toEqual({})
    },
  )

  it('may take keys from another place by a merge key', async () => {
    const content = 'plugins:\n  a: { common: &c { unit: m, digits: 2 }, hall: { <<: *c, digits: 3 } }\n'
    expect(await read(content)).toMatchObject({ plugins: { a: { hall: { unit: 'm', digits: 3 } } } })
  })

  it('may have variables without quotes, also in braces and brackets', async () => {
    const content = 'a: { b: ${B}, c: [${C:-x}, "${D}"], ${E}: 1 }\nf: g ${H} $${I} { }\n'
    expect(await read(content)).toEqual({
      a: { b: '${B}', c: ['${C:-x}', '${D}'], '${E}': 1 },
      f: 'g ${H} $${I} { }',
    })
    expect(await problemOf('a: { b: ${B} }\nc: ]')).toContain('bot.config.yaml:2:4')
  })

  it.each([
    ['UTF-8 with a mark', Buffer.from('\uFEFFprefix: "#"\n')],
    ['UTF-16', Buffer.from('\uFEFFprefix: "#"\n', 'utf16le')],
    ['UTF-16, the other way round', Buffer.from('\uFEFFprefix: "#"\n', 'utf16le').swap16()],
  ])('is read in %s', async (_, bytes) => {
    expect(await read(bytes)).toEqual({ prefix: '#' })
  })

  it('in package.json may begin with a mark, too', async () => {
    expect(await read('\uFEFF{ "bot": { "prefix": "#" } }', 'package.json')).toEqual({ prefix: '#' })
  })

  it.each([
    ['prefix: !', '1:9 ! is a tag in YAML, so it is no text; put it in quotes: "!"'],
    ['prefix: [!, /]', '1:10 ! is a tag'],
    ['prefix: !p', '1:9 !p is a tag'],
    ['plugins:\n  a:\n    mark: !x y', '3:11 !x is a tag'],
    ['prefix: |', 'put it in quotes'],
    ['prefix: >-', 'put it in quotes'],
    ['prefix: &a', 'nothing stands behind the &a'],
    ['prefix: *', 'put such a mark in quotes'],
    ['prefix: @', 'put such a mark in quotes'],
    ['prefix: `', 'put such a mark in quotes'],
    ['prefix: %', 'put such a mark in quotes'],
  ])('%j is refused, because YAML swallows the mark', async (content, message) => {
    expect(await problemOf(content)).toContain(message)
  })

  it.each(["prefix: ''", 'prefix: ""', 'prefix: "!"', 'prefix: !!str x', 'a: &x { b: 1 }\nc: *x'])(
    '%j means what it says',
    async (content) => {
      expect(await problemOf(content)).not.toContain('CONFIG_INVALID')
      await expect(read(content)).resolves.toBeDefined()
    },
  )

  it('in code is what it exports by default, also when it was compiled to CommonJS', async () => {
    const config = { prefix: '#' }
    expect(await read('', 'bot.config.ts', { default: config })).toBe(config)
    expect(await read('', 'bot.config.js', { default: { __esModule: true, default: config } })).toBe(config)
  })

  it('in code that exports nothing by default is refused', async () => {
    await expect(read('', 'bot.config.ts', { config: {} })).rejects.toThrow('exports nothing by default')
  })

  it('that does not count because another one does is known', async () => {
    await using folder = await TemporaryFolder.create({
      'bot.config.yaml': 'prefix: "#"',
      'bot.config.ts': '',
    })
    const { leftOut, name } = await readConfigSource(folder.path, exporting({}))
    expect({ leftOut, name }).toEqual({ leftOut: ['bot.config.ts'], name: 'bot.config.yaml' })
  })
})
