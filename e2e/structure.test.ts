import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Who may import whom, types included. What stands on the right is below. */
const packages: Record<string, readonly string[]> = {
  core: [],
  'adapter-kit': ['core'],
  server: ['core'],
  database: ['core'],
  testing: ['core'],
  'emulator-kit': ['core'],
  'emulator-onebot': ['core', 'emulator-kit'],
  'emulator-qq': ['core', 'emulator-kit'],
  'emulator-kook': ['core', 'emulator-kit'],
  loader: ['core'],
  control: ['core', 'loader'],
  'adapter-sandbox': ['core'],
  'adapter-onebot': ['core', 'adapter-kit', 'server'],
  'adapter-qq': ['core', 'adapter-kit', 'server'],
  'adapter-kook': ['core', 'adapter-kit', 'server'],
  cli: ['control', 'core', 'loader'],
  'create-bot': [],
}

/** Which rooms of core a room may know, types included: the wall between bots and plugins stands in this list. */
const rooms: Record<string, readonly string[]> = {
  shared: [],
  errors: ['shared'],
  message: ['errors', 'shared'],
  model: ['errors', 'message'],
  storage: [],
  testing: ['adapter', 'bot', 'errors', 'shared', 'storage'],
  filter: ['model'],
  lifecycle: ['errors', 'filter', 'model', 'shared'],
  i18n: ['errors', 'filter', 'lifecycle', 'model', 'shared', 'storage'],
  bot: ['errors', 'lifecycle', 'message', 'model'],
  plugin: ['errors', 'filter', 'lifecycle', 'shared'],
  permission: ['bot', 'errors', 'filter', 'lifecycle', 'model', 'shared'],
  trace: ['message', 'model', 'shared'],
  event: ['bot', 'errors', 'i18n', 'lifecycle', 'message', 'model', 'shared', 'storage', 'trace'],
  prompt: ['bot', 'errors', 'event', 'i18n', 'lifecycle', 'message', 'model', 'shared'],
  guild: ['errors', 'lifecycle', 'shared', 'storage'],
  session: ['bot', 'errors', 'event', 'i18n', 'lifecycle', 'message', 'model', 'prompt'],
  form: [
    'bot',
    'errors',
    'event',
    'i18n',
    'lifecycle',
    'message',
    'model',
    'prompt',
    'session',
    'shared',
    'storage',
  ],
  middleware: ['event', 'filter', 'i18n', 'lifecycle', 'message', 'model', 'session', 'shared'],
  command: [
    'bot',
    'errors',
    'event',
    'filter',
    'i18n',
    'lifecycle',
    'message',
    'middleware',
    'model',
    'permission',
    'prompt',
    'session',
    'shared',
    'storage',
  ],
  compose: ['bot', 'errors', 'filter', 'lifecycle', 'message', 'model', 'shared'],
  adapter: ['bot', 'errors', 'lifecycle', 'message', 'model', 'shared', 'storage'],
  dispatch: [
    'bot',
    'errors',
    'event',
    'filter',
    'guild',
    'i18n',
    'lifecycle',
    'message',
    'model',
    'session',
    'shared',
    'storage',
    'trace',
  ],
  log: ['bot', 'errors', 'event', 'message', 'model', 'prompt', 'shared', 'trace'],
  context: [
    'bot',
    'command',
    'compose',
    'dispatch',
    'errors',
    'filter',
    'form',
    'guild',
    'i18n',
    'lifecycle',
    'middleware',
    'permission',
    'plugin',
    'prompt',
    'shared',
    'storage',
    'trace',
  ],
  app: [
    'adapter',
    'bot',
    'command',
    'compose',
    'context',
    'dispatch',
    'errors',
    'event',
    'filter',
    'form',
    'guild',
    'i18n',
    'lifecycle',
    'log',
    'message',
    'middleware',
    'model',
    'permission',
    'plugin',
    'prompt',
    'session',
    'shared',
    'storage',
    'trace',
  ],
}

/** What may stand in the `src` of an emulator: every platform, and what they share, has the same rooms. */
const emulatorRooms = new Set([
  'index.ts',
  'options.ts',
  'emulator.ts',
  'calls',
  'endpoints',
  'faults',
  'gateway',
  'http',
  'people',
  'webhook',
  'wire',
  'world',
])

/** What may stand in the `src` of an adapter of a network protocol: who knows one finds everything in the next. */
const adapterRooms = new Set([
  'index.ts',
  'adapter.ts',
  'config.ts',
  'bot.ts',
  'http.ts',
  'errors.ts',
  'api',
  'receive',
  'send',
  'decode',
  'encode',
  'wire',
])

/** Longest file, in lines; tables of wire types may be longer. */
const maxLines = 400

interface Import {
  readonly from: string
  readonly specifier: string
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test(-d)?\.tsx?$/.test(name))
    .map((name) => join(folder, name))
}

function importsOf(file: string): Import[] {
  const source = readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '')
  const pattern = /(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g
  return Array.from(source.matchAll(pattern), ([, specifier = '']) => ({ from: file, specifier }))
}

describe('the structure', () => {
  it('knows every package', () => {
    expect(readdirSync(join(root, 'packages')).sort()).toEqual(Object.keys(packages).sort())
  })

  it.each(Object.entries(packages))('lets %s import only what is below it', (name, allowed) => {
    const forbidden = sourceFiles(join(root, 'packages', name, 'src'))
      .flatMap(importsOf)
      .filter(({ specifier }) => specifier.startsWith('@mynah/'))
      .filter(({ specifier }) => !allowed.includes(specifier.split('/')[1] ?? ''))
    expect(forbidden).toEqual([])
  })

  it('lets relative imports stay inside their package', () => {
    const escaped = Object.keys(packages).flatMap((name) => {
      const folder = join(root, 'packages', name, 'src')
      return sourceFiles(folder)
        .flatMap(importsOf)
        .filter(({ specifier }) => specifier.startsWith('.'))
        .filter(({ from, specifier }) => !resolve(dirname(from), specifier).startsWith(folder + sep))
        .filter(({ specifier }) => !specifier.endsWith('package.json'))
    })
    expect(escaped).toEqual([])
  })

  it.each(Object.keys(packages).filter((name) => name.startsWith('emulator-')))(
    'keeps %s in the rooms that all emulators have',
    (name) => {
      const source = join(root, 'packages', name, 'src')
      const found = sourceFiles(source).map((file) => relative(source, file))
      expect(found.filter((file) => !emulatorRooms.has(file.split(sep)[0] ?? ''))).toEqual([])
    },
  )

  it.each(['adapter-onebot', 'adapter-qq', 'adapter-kook'])('keeps %s in the rooms of an adapter', (name) => {
    const source = join(root, 'packages', name, 'src')
    const found = sourceFiles(source).map((file) => relative(source, file))
    expect(found.filter((file) => !adapterRooms.has(file.split(sep)[0] ?? ''))).toEqual([])
  })

  it('has no file that is too long to read at once', () => {
    const long = Object.keys(packages)
      .flatMap((name) => sourceFiles(join(root, 'packages', name, 'src')))
      .filter((file) => !file.includes(`${sep}wire${sep}`))
      .filter((file) => readFileSync(file, 'utf8').trimEnd().split('\n').length > maxLines)
    expect(long.map((file) => relative(root, file))).toEqual([])
  })

  it('lets every room of core know only the rooms of its list', () => {
    const source = join(root, 'packages', 'core', 'src')
    const roomOf = (file: string): string => relative(source, file).split(sep)[0] ?? ''
    const files = sourceFiles(source).filter((file) => dirname(file) !== source)
    const strangers = files
      .flatMap(importsOf)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ from, specifier }) => ({ from, to: resolve(dirname(from), specifier) }))
      .filter(
        ({ from, to }) => roomOf(to) !== roomOf(from) && rooms[roomOf(from)]?.includes(roomOf(to)) !== true,
      )
      .map(({ from, to }) => `${relative(source, from)} → ${relative(source, to)}`)
    expect(strangers).toEqual([])
    expect(Array.from(new Set(files.map(roomOf))).sort()).toEqual(Object.keys(rooms).sort())
  })
})
