import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseDocument } from 'yaml'

import { type Block, readPages } from './doc-blocks.ts'
import { Program } from './program.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const generated = join(root, 'e2e', '.generated')
const configName = /^bot\.config\.ya?ml$/

const blocks = await readPages()
const pages = Array.from(new Set(blocks.map(({ page }) => page)))
const configs = blocks.filter(({ language, file }) => language === 'yaml' && configName.test(file ?? ''))
const programs = blocks.filter(({ language, isFragment }) => /^tsx?$/.test(language) && !isFragment)
let errors: readonly string[]

beforeAll(async () => {
  await rm(generated, { recursive: true, force: true })
  await Promise.all(programs.map(writeModule))
  const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false, paths: await sourcePaths() }
  const config = { extends: '../../tsconfig.json', compilerOptions, include: ['./**/*'], exclude: [] }
  await writeFile(join(generated, 'tsconfig.json'), JSON.stringify(config))
  errors = await compile()
}, 60_000)

afterAll(() => rm(generated, { recursive: true, force: true }))

describe('examples in the documentation', () => {
  it.each(Array.from(new Set(programs.map(({ page }) => page))))('compile: %s', (page) => {
    expect(errors.filter((error) => error.startsWith(`${page}:`))).toEqual([])
  })

  it('bring nothing wrong into the packages they use', () => {
    expect(errors.filter((error) => !pages.some((page) => error.startsWith(`${page}:`)))).toEqual([])
  })

  it.each(configs)('are configs that can be read: $page, line $line', ({ code }) => {
    expect(parseDocument(code, { strict: true }).errors).toEqual([])
  })
})

/** Puts a block into a module of its own, on the same lines as on the page. */
async function writeModule({ page, line, language, file, code }: Block): Promise<void> {
  const path = join(generated, page, file ?? `${line}.${language}`)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `${'\n'.repeat(line - 1)}${code}\n`, { flag: 'wx' })
}

/** Lets pages import the packages by their names; what they get are the sources. */
async function sourcePaths(): Promise<Record<string, string[]>> {
  const paths: Record<string, string[]> = {}
  for (const folder of await readdir(join(root, 'packages'))) {
    const manifest = JSON.parse(await readFile(join(root, 'packages', folder, 'package.json'), 'utf8')) as {
      readonly name: string
      readonly exports: Record<string, { '@mynah/source'?: string }>
    }
    for (const [entry, { '@mynah/source': source }] of Object.entries(manifest.exports)) {
      if (source !== undefined)
        paths[manifest.name + entry.slice(1)] = [join(root, 'packages', folder, source)]
    }
  }
  return paths
}

/** What the compiler has to say, each beginning with page and line. */
async function compile(): Promise<string[]> {
  const tsc = join(root, 'node_modules/.bin/tsc')
  const args = ['-p', generated, '--pretty', 'false']
  await using program = new Program(tsc, args, { cwd: generated, env: process.env })
  const code = await program.exited()
  const found = program.stdout
    .split('\n')
    .filter((line) => /\berror TS\d+:/.test(line))
    .map((line) => line.replace(/^(.+?\.md)\/[^(]+\((\d+),(\d+)\): error /, '$1:$2:$3: '))
  if (code !== 0 && found.length === 0) throw new Error(program.stdout + program.stderr)
  return found
}
