import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseDocument } from 'yaml'

import { Program } from './program.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const generated = join(root, 'e2e', '.generated')
const configName = /^bot\.config\.ya?ml$/

/** A fenced block of code on a page. */
interface Block {
  readonly page: string
  /** Line of the page that holds the first line of code. */
  readonly line: number
  readonly language: string
  /** Whether it is a fragment that cannot stand alone: "```ts nocheck". */
  readonly isFragment: boolean
  /** File it stands for: "```ts [plugins/dice.ts]", or a comment with the name in the first line. */
  readonly file: string | undefined
  readonly code: string
}

const pages = await findPages(root)
const blocks = (await Promise.all(pages.map(readBlocks))).flat()
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

async function findPages(folder: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.') || ['node_modules', 'dist', 'CHANGELOG.md'].includes(entry.name)) continue
    if (entry.isDirectory()) found.push(...(await findPages(path)))
    else if (entry.name.endsWith('.md')) found.push(relative(root, path).split(sep).join('/'))
  }
  return found.sort()
}

async function readBlocks(page: string): Promise<Block[]> {
  const lines = (await readFile(join(root, page), 'utf8')).split('\n')
  const found: Block[] = []
  for (let index = 0; index < lines.length; index += 1) {
    const [, indent = '', fence, language = '', info = ''] =
      /^( *)(`{3,})(\w*)(.*)$/.exec(lines[index] ?? '') ?? []
    if (fence === undefined) continue
    const first = index + 1
    index = lines.findIndex((line, at) => at >= first && line.trim() === fence)
    if (index < 0) throw new Error(`${page}:${first}: the block is never closed`)
    const code = lines.slice(first, index).map((line) => line.slice(indent.length))
    found.push({
      page,
      line: first + 1,
      language,
      isFragment: /\bnocheck\b/.test(info),
      file: (/\[(.+)\]/.exec(info) ?? /^(?:\/\/|#) ([\w./-]+\.\w+)$/.exec(code[0] ?? ''))?.[1],
      code: code.join('\n'),
    })
  }
  return found
}

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
