import { readFile } from 'node:fs/promises'
import { extname, relative } from 'node:path'

import { MynahError } from '@mynah/core'
import { cosmiconfig } from 'cosmiconfig'
import { isNode, LineCounter, parseDocument, type Document } from 'yaml'

import type { ModuleLoader } from '../modules/module-loader.ts'
import { type ProjectIssue, ProjectConfigError } from './issue.ts'
import type { Path } from './substitute.ts'

/** A config file as it was read, with a way to find out where a value stands. */
export interface ConfigSource {
  /** Absolute path. */
  readonly file: string
  /** Relative to the project, for people. */
  readonly name: string
  readonly data: unknown
  /** Where in the file data begin: `package.json` keeps the config under `bot`. */
  readonly prefix: Path
  /** Files whose change changes the config. */
  readonly files: readonly string[]
  /** Where a value, or the nearest one above it, stands. */
  locate(path: Path): { line: number; column: number } | undefined
}

/** Names under which a config is looked for, in this order. */
export const configFileNames: readonly string[] = [
  'bot.config.yaml',
  'bot.config.yml',
  'bot.config.json',
  'bot.config.ts',
  'bot.config.mts',
  'bot.config.js',
  'bot.config.mjs',
  'package.json',
]

/**
 * Finds and reads the config of a project.
 *
 * @throws MynahError `CONFIG_NOT_FOUND` or `MODULE_LOAD_FAILED`; ProjectConfigError when it cannot be parsed.
 */
export async function readConfigSource(root: string, modules: ModuleLoader): Promise<ConfigSource> {
  const search = cosmiconfig('bot', {
    searchPlaces: [...configFileNames],
    stopDir: root,
    cache: false,
    mergeSearchPlaces: false,
    loaders: Object.fromEntries(
      ['.yaml', '.yml', '.json', '.ts', '.mts', '.js', '.mjs'].map((extension) => [extension, passText]),
    ),
  })
  const found = await search.search(root)
  if (found === null) {
    throw new MynahError(
      'CONFIG_NOT_FOUND',
      `Looked for ${configFileNames.join(', ')} in ${root}. Write a bot.config.yaml, or run this in the folder of a bot.`,
    )
  }
  const file = found.filepath
  const name = relative(root, file)
  if (['.ts', '.mts', '.js', '.mjs'].includes(extname(file))) return readModule(file, name, modules)
  return readDocument(file, name, await readFile(file, 'utf8'))
}

/** The text is parsed later, with positions; package.json counts only when it has a `bot` key. */
function passText(file: string, content: string): unknown {
  return file.endsWith('package.json') ? JSON.parse(content) : { content }
}

async function readModule(file: string, name: string, modules: ModuleLoader): Promise<ConfigSource> {
  const loaded = await modules.load(file)
  return {
    file,
    name,
    data: loaded.module['default'] ?? {},
    prefix: [],
    files: loaded.files,
    locate: () => undefined,
  }
}

function readDocument(file: string, name: string, content: string): ConfigSource {
  const lines = new LineCounter()
  const document = parseDocument(content, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  if (document.errors.length > 0) {
    throw new ProjectConfigError(
      document.errors.map((error): ProjectIssue => {
        const { line, col } = lines.linePos(error.pos[0])
        return { file: name, line, column: col, path: [], message: error.message }
      }),
    )
  }
  const prefix: Path = name === 'package.json' ? ['bot'] : []
  const whole: unknown = document.toJS()
  const data = prefix.length === 0 ? whole : readKey(whole, 'bot')
  return {
    file,
    name,
    data: data ?? {},
    prefix,
    files: [file],
    locate: (path) => locate(document, lines, [...prefix, ...path]),
  }
}

function readKey(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined
}

/** Finds the key or item of a path; where it is missing, what would contain it. */
function locate(
  document: Document,
  lines: LineCounter,
  path: Path,
): { line: number; column: number } | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const offset = offsetOf(document, path.slice(0, length))
    if (offset === undefined) continue
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  return undefined
}

function offsetOf(document: Document, path: Path): number | undefined {
  const key = path.at(-1)
  const parent = path.length === 0 ? undefined : document.getIn(path.slice(0, -1), true)
  if (key !== undefined && hasPairs(parent)) {
    const pair = parent.items.find(
      (item) => isNode(item.key) && 'value' in item.key && String(item.key.value) === String(key),
    )
    if (pair !== undefined && isNode(pair.key)) return pair.key.range?.[0]
  }
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true)
  return isNode(node) ? node.range?.[0] : undefined
}

function hasPairs(node: unknown): node is { items: { key: unknown }[] } {
  return (
    isNode(node) &&
    'items' in node &&
    Array.isArray(node.items) &&
    node.items.every((item) => typeof item === 'object' && item !== null && 'key' in item)
  )
}
