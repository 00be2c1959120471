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
  testing: ['core'],
  loader: ['core'],
  'adapter-sandbox': ['core'],
  'adapter-onebot': ['core', 'adapter-kit', 'server'],
  'adapter-qq': ['core', 'adapter-kit', 'server'],
  'adapter-kook': ['core', 'adapter-kit', 'server'],
  cli: ['core', 'loader'],
  'create-bot': [],
}

/** The floors of core, lowest first: a file imports from its own floor or one below, types included. */
const floors = [
  'shared',
  'errors',
  'message',
  'model',
  'lifecycle',
  'context',
  'adapter',
  'i18n',
  'permission',
  'session',
  'middleware',
  'command',
  'app',
]

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

  it('lets the floors of core import only downwards', () => {
    const source = join(root, 'packages', 'core', 'src')
    const floorOf = (file: string): number => floors.indexOf(relative(source, file).split(sep)[0] ?? '')
    const files = sourceFiles(source).filter((file) => dirname(file) !== source)
    expect(files.filter((file) => floorOf(file) < 0)).toEqual([])
    const upward = files
      .flatMap(importsOf)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .filter(({ from, specifier }) => floorOf(resolve(dirname(from), specifier)) > floorOf(from))
      .map(({ from, specifier }) => `${relative(source, from)} → ${specifier}`)
    expect(upward).toEqual([])
  })
})
