import { chmod, lstat, readdir, readFile, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'

import { MynahError } from '@mynah/core'
import { describe, expect, it } from 'vitest'

import { TemporaryFolder } from '../../test/temporary-folder.ts'
import type { ModuleLoader } from '../modules/module-loader.ts'
import { ProjectConfigError } from './issue.ts'
import { ConfigFile } from './config-file.ts'

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
  return (await ConfigFile.read(folder.path, exporting(module))).data
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
    const { leftOut, name } = await ConfigFile.read(folder.path, exporting({}))
    expect({ leftOut, name }).toEqual({ leftOut: ['bot.config.ts'], name: 'bot.config.yaml' })
  })
})

describe('a config file that cannot be parsed', () => {
  it.each([
    ['bot.config.yaml', 'prefix: "#"\nplugins: [\n', 'bot.config.yaml:3:1', '> 3 | '],
    ['bot.config.yaml', 'a: 1\na: 2\n', 'bot.config.yaml:2:1', '> 2 | a: 2\n    | ^'],
    ['bot.config.json', '{ "a": 1,\n  "b": "${B}" x }', 'bot.config.json:2:15', '> 2 |   "b": "${B}" x }'],
    ['package.json', '{\n  "bot": { "a": [1, 2 }\n}', 'package.json:2:23', '> 2 |   "bot": { "a": [1, 2 }'],
  ])('%s: %j is told with the place and the lines around it', async (name, content, place, frame) => {
    const error: unknown = await read(content, name).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ProjectConfigError)
    expect(MynahError.is(error) && error.code).toBe('CONFIG_SYNTAX')
    expect(String(error)).toContain(place)
    expect(String(error)).toContain(frame)
  })
})

describe('changing a config file', () => {
  const content = 'prefix: "#" # a mark\nplugins: { dice: { token: ${T} } }\n'

  it('keeps what is not changed, in the file only once it is saved', async () => {
    await using folder = await TemporaryFolder.create({ 'bot.config.yaml': content })
    const config = await ConfigFile.read(folder.path, exporting({}))
    config.set(['plugins', 'dice', 'sides'], 20)
    expect(config.get(['plugins', 'dice'])).toEqual({ token: '${T}', sides: 20 })
    expect(config.locate(['plugins', 'dice', 'sides'])).toEqual({ line: 2, column: 33 })
    expect(await readFile(config.file, 'utf8')).toBe(content)
    await config.save()
    expect(await readFile(config.file, 'utf8')).toBe(content.replace('${T}', '${T}, sides: 20'))
    expect((await ConfigFile.read(folder.path, exporting({}))).data).toEqual(config.data)
  })

  it('changes only the key of a package.json', async () => {
    const manifest = '{\n  "name": "x",\n  "bot": { "prefix": "#" }\n}\n'
    await using folder = await TemporaryFolder.create({ 'package.json': manifest })
    const config = await ConfigFile.read(folder.path, exporting({}))
    config.set(['prefix'], '!')
    await config.save()
    expect(await readFile(config.file, 'utf8')).toBe(manifest.replace('"#"', '"!"'))
  })

  it('leaves the rights of the file, what leads to it, and nothing else', async () => {
    await using folder = await TemporaryFolder.create({ 'elsewhere/bot.yaml': content })
    await chmod(join(folder.path, 'elsewhere/bot.yaml'), 0o600)
    const link = join(folder.path, 'bot.config.yaml')
    await symlink('elsewhere/bot.yaml', link)
    const config = await ConfigFile.read(folder.path, exporting({}))
    config.set(['prefix'], undefined)
    await config.save()
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
    expect((await stat(link)).mode & 0o777).toBe(0o600)
    expect(await readFile(link, 'utf8')).toBe(content.slice(content.indexOf('plugins')))
    expect(await readdir(join(folder.path, 'elsewhere'))).toEqual(['bot.yaml'])
  })

  it('is refused where it would change other places, too', async () => {
    await using folder = await TemporaryFolder.create({ 'bot.config.yaml': 'a: &x { b: 1 }\nc: *x\n' })
    const config = await ConfigFile.read(folder.path, exporting({}))
    expect(() => config.set(['c', 'b'], 2)).toThrow('c stands for what is written elsewhere (*x)')
    expect(config.data).toEqual({ a: { b: 1 }, c: { b: 1 } })
  })

  it('is refused in code, with what to do instead', async () => {
    await using folder = await TemporaryFolder.create({ 'bot.config.ts': 'export default {}' })
    const config = await ConfigFile.read(folder.path, exporting({ default: {} }))
    expect(() => config.set(['prefix'], '#')).toThrow(/bot\.config\.ts is code.*edit it by hand/)
    await expect(config.save()).rejects.toThrow('is code')
  })
})
