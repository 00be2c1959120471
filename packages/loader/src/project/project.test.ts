import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { createLogger } from '@mynah/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { TemporaryFolder } from '../../test/temporary-folder.ts'
import { loadError } from '../modules/load-error.ts'
import type { LoadedModule, ModuleLoader } from '../modules/module-loader.ts'
import { Project } from './project.ts'
import type { EntryChange, Stale } from './replace.ts'

/** Imports the version of a file that is there now. */
class FreshLoader implements ModuleLoader {
  #version = 0

  async load(entry: string): Promise<LoadedModule> {
    this.#version += 1
    const url = `${pathToFileURL(entry).href}?version=${this.#version}`
    try {
      return { module: (await import(/* @vite-ignore */ url)) as LoadedModule['module'], files: [entry] }
    } catch (error) {
      throw await loadError(entry, error)
    }
  }

  filesOf(entry: string): string[] {
    return [entry]
  }

  fixedFiles(): string[] {
    return []
  }

  invalidate(files: readonly string[]): readonly string[] {
    return files
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

/** A plugin that works with any copy of core. */
function plugin(name: string, setup = '', more = ''): string {
  return `export default {
  name: '${name}', required: [], optional: [], provides: [], ${more}
  start(ctx) { ctx.command('${name}').action(() => 'x'); ${setup} },
  [Symbol.for('mynah.plugin')]: true,
}
`
}

let folder: TemporaryFolder
let project: Project
const warnings: string[] = []

beforeEach(async () => {
  warnings.length = 0
  folder = await TemporaryFolder.create({
    'bot.config.yaml': 'plugins:\n  b: { size: 1 }\n',
    'plugins/a.mjs': plugin('a'),
    'plugins/b.mjs': plugin('b'),
  })
  const stream = { write: (line: string) => void warnings.push(line) }
  const logger = createLogger({ level: 'warn', stream })
  project = await Project.open({ root: folder.path, mode: 'production', modules: new FreshLoader(), logger })
  await project.start()
})
afterEach(async () => {
  await project.stop()
  await folder[Symbol.asyncDispose]()
})

const nothing: ReadonlySet<string> = new Set()

async function replace(
  files: Readonly<Record<string, string>>,
  stale: Partial<Stale> = {},
): Promise<EntryChange[]> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder.path, name), content)
  return project.replace(await project.readPlan(), { changed: nothing, retried: nothing, ...stale })
}

const states = (): unknown =>
  Object.fromEntries(
    Array.from(project.entries, ([id, { instance, error }]) => [id, error?.code ?? instance?.state]),
  )

describe('taking over a plan', () => {
  it('does nothing where nothing is different', async () => {
    expect(await replace({})).toEqual([])
    expect(states()).toEqual({ 'plugins.a': 'active', 'plugins.b': 'active' })
  })

  it.each<[string, Record<string, string>, Partial<Stale>, object[]]>([
    [
      'starts what is new',
      { 'plugins/c.mjs': plugin('c') },
      {},
      [{ kind: 'added', id: 'plugins.c', commandsAdded: ['c'] }],
    ],
    [
      'stops what is gone',
      { 'bot.config.yaml': 'plugins: { a: false, b: { size: 1 } }' },
      {},
      [{ kind: 'removed', id: 'plugins.a' }],
    ],
    [
      'swaps what has another config',
      { 'bot.config.yaml': 'plugins: { b: { size: 2 } }' },
      {},
      [{ kind: 'reconfigured', id: 'plugins.b', commandsGone: [] }],
    ],
    [
      'swaps what has another module',
      { 'plugins/a.mjs': plugin('a', "ctx.command('more')") },
      { changed: new Set(['plugins.a']) },
      [{ kind: 'reloaded', id: 'plugins.a', commandsAdded: ['more'] }],
    ],
    [
      'changes settings',
      { 'bot.config.yaml': 'prefix: "#"\nplugins: { b: { size: 1 } }' },
      {},
      [{ kind: 'settings', id: 'config' }],
    ],
  ])('%s', async (_, files, stale, changes) => {
    expect(await replace(files, stale)).toMatchObject(changes)
    expect(Array.from(project.entries.values()).every(({ error }) => error === undefined)).toBe(true)
  })

  it.each([
    ['cannot be read', 'export default {', 'MODULE_LOAD_FAILED'],
    ['is no plugin', 'export default {}', 'PLUGIN_INVALID'],
    ['throws', plugin('a', "throw new Error('no')"), 'PLUGIN_SETUP_FAILED'],
  ])('lets the old version go on where the new one %s', async (_, source, code) => {
    const stale = { changed: new Set(['plugins.a']) }
    expect(await replace({ 'plugins/a.mjs': source }, stale)).toMatchObject([
      { kind: 'failed', id: 'plugins.a', oldGoesOn: true, error: { code } },
    ])
    expect(project.entries.get('plugins.a')).toMatchObject({ instance: { state: 'active' }, error: { code } })
    expect(await replace({ 'plugins/a.mjs': plugin('a') }, stale)).toMatchObject([{ kind: 'reloaded' }])
    expect(states()).toEqual({ 'plugins.a': 'active', 'plugins.b': 'active' })
  })

  it('tells once that something cannot be loaded, or is nowhere', async () => {
    const config = 'plugins: { b: { size: 1 }, nobody: }'
    const broken = { 'bot.config.yaml': config, 'plugins/c.mjs': "import './nowhere.mjs'" }
    expect(await replace(broken)).toMatchObject([
      { kind: 'failed', id: 'plugins.nobody', oldGoesOn: false },
      { kind: 'failed', id: 'plugins.c', oldGoesOn: false },
    ])
    expect(await replace({})).toEqual([])
    expect(await replace({}, { retried: new Set(['plugins.c']) })).toEqual([])
    expect(await replace({}, { changed: new Set(['plugins.c']) })).toMatchObject([{ kind: 'failed' }])
    expect(
      await replace({ 'plugins/c.mjs': plugin('c') }, { retried: new Set(['plugins.c']) }),
    ).toMatchObject([{ kind: 'added', id: 'plugins.c' }])
    expect(project.entries.get('plugins.nobody')).toMatchObject({ planned: undefined, instance: undefined })
  })

  it('gives middlewares the order of the config, also when only that changes or something new comes between', async () => {
    const passing = (name: string): string => plugin(name, 'ctx.use((_, next) => next())')
    const stale = { changed: new Set(['plugins.a', 'plugins.b']) }
    const order = (): string[] => project.app.inspect.middlewares.map(({ plugin: name }) => name)
    const files = { 'plugins/a.mjs': passing('a'), 'plugins/b.mjs': passing('b') }
    await replace({ ...files, 'bot.config.yaml': 'plugins: { b: { size: 1 } }' }, stale)
    expect(order()).toEqual(['b', 'a'])
    expect(await replace({ 'bot.config.yaml': 'plugins: { a: , b: { size: 1 } }' })).toMatchObject([
      { kind: 'settings', id: 'config' },
    ])
    expect(order()).toEqual(['a', 'b'])
    const between = {
      'plugins/c.mjs': passing('c'),
      'bot.config.yaml': 'plugins: { a: , c: , b: { size: 1 } }',
    }
    expect(await replace(between)).toMatchObject([{ kind: 'added', id: 'plugins.c' }])
    expect(order()).toEqual(['a', 'c', 'b'])
    await replace({}, { changed: new Set(['plugins.a']) })
    expect(order()).toEqual(['a', 'c', 'b'])
    await replace({ 'bot.config.yaml': 'plugins: { a: false, c: , b: { size: 1 } }' })
    await replace({ 'bot.config.yaml': 'plugins: { a: , c: , b: { size: 1 } }' })
    expect(order()).toEqual(['a', 'c', 'b'])
  })

  it('lets plugins exchange what each may have only once', async () => {
    const before = {
      'plugins/c.mjs': plugin('c', "ctx.command('one')"),
      'plugins/d.mjs': plugin('d', "ctx.command('two')"),
    }
    await replace(before)
    const changed = new Set(['plugins.c', 'plugins.d'])
    const after = {
      'plugins/c.mjs': plugin('c', "ctx.command('two')"),
      'plugins/d.mjs': plugin('d', "ctx.command('one')"),
    }
    expect(await replace(after, { changed })).toMatchObject([{ kind: 'reloaded' }, { kind: 'reloaded' }])
  })

  it('keeps the level of the log that whoever runs it wants', async () => {
    const open = { root: folder.path, mode: 'production', logLevel: 'error' } as const
    await using quiet = await Project.open({ ...open, modules: new FreshLoader() })
    await writeFile(join(folder.path, 'bot.config.yaml'), 'log: { level: debug }')
    await quiet.replace(await quiet.readPlan(), { changed: nothing, retried: nothing })
    expect(quiet.app.logger.level).toBe('error')
    await replace({})
    expect(project.app.logger.level).toBe('debug')
    await replace({ 'bot.config.yaml': '' })
    expect(project.app.logger.level).toBe('warn')
  })

  it('warns of commands that nobody declares, once', async () => {
    const config = 'commands: { aa: { hidden: true } }\nplugins: { b: { size: 1 } }'
    await replace({ 'bot.config.yaml': config })
    await replace({})
    expect(warnings.filter((line) => line.includes('commands.aa changes nothing'))).toHaveLength(1)
  })
})
