import { existsSync } from 'node:fs'
import { extname, join, relative } from 'node:path'

import { MynahError } from '@mynah/core'
import { cosmiconfig } from 'cosmiconfig'
import { isNode, LineCounter, parseDocument, type Document, Scalar, visit, type YAMLError } from 'yaml'

import { ImportLimit } from '../modules/import-limit.ts'
import { defaultExport, type ModuleLoader } from '../modules/module-loader.ts'
import { type ProjectIssue, ProjectConfigError } from './issue.ts'
import { readText } from './read-text.ts'
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
  /** Other files that are configs, too, but do not count. */
  readonly leftOut: readonly string[]
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
    // An empty file is a config in which everything is left as it is.
    ignoreEmptySearchPlaces: false,
    loaders: Object.fromEntries(
      ['.yaml', '.yml', '.json', '.ts', '.mts', '.js', '.mjs'].map((extension) => [extension, passText]),
    ),
  })
  const found = await search.search(root)
  if (found === null || (found.isEmpty === true && found.filepath.endsWith('package.json'))) {
    throw new MynahError(
      'CONFIG_NOT_FOUND',
      `Looked for ${configFileNames.join(', ')} in ${root}. Write a bot.config.yaml, or run this in the folder of a bot.`,
    )
  }
  const file = found.filepath
  const name = relative(root, file)
  const leftOut = configFileNames
    .slice(configFileNames.indexOf(name) + 1, -1)
    .filter((other) => existsSync(join(root, other)))
  return ['.ts', '.mts', '.js', '.mjs'].includes(extname(file))
    ? readModule(file, name, leftOut, modules)
    : readDocument(file, name, leftOut, await readText(file))
}

/** The text is parsed later, with positions; package.json counts only when it has a `bot` key. */
function passText(file: string, content: string): unknown {
  return file.endsWith('package.json') ? JSON.parse(content.replace(/^\uFEFF/, '')) : { content }
}

/** How long a config in code may take, in ms. */
const importLimitMs = 30_000

async function readModule(
  file: string,
  name: string,
  leftOut: readonly string[],
  modules: ModuleLoader,
): Promise<ConfigSource> {
  const loaded = await new ImportLimit(importLimitMs).load(modules, file)
  const data = defaultExport(loaded.module)
  if (data === undefined) {
    const message = 'exports nothing by default; write "export default { … }"'
    throw new ProjectConfigError([{ file: name, line: undefined, column: undefined, path: [], message }])
  }
  return { file, name, data, prefix: [], files: loaded.files, leftOut, locate: () => undefined }
}

function readDocument(file: string, name: string, leftOut: readonly string[], content: string): ConfigSource {
  const lines = new LineCounter()
  const document = parseDocument(withoutBraces(content), {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    merge: true,
  })
  const wrong = [...document.errors.map(syntaxProblem), ...unquotedMarks(document, content)]
  if (wrong.length > 0) {
    throw new ProjectConfigError(
      wrong.map(({ offset, message }): ProjectIssue => {
        const { line, col } = lines.linePos(offset)
        return { file: name, line, column: col, path: [], message }
      }),
    )
  }
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string') scalar.value = withBraces(scalar.value)
    },
  })
  const prefix: Path = name === 'package.json' ? ['bot'] : []
  const whole: unknown = document.toJS()
  const data = prefix.length === 0 ? whole : readKey(whole, 'bot')
  return {
    file,
    name,
    data: data ?? {},
    prefix,
    files: [file],
    leftOut,
    locate: (path) => locate(document, lines, [...prefix, ...path]),
  }
}

/** Stand for the braces of `${NAME}`, which would end a text in the braces or brackets of YAML. */
const braces = { open: '\uE000', close: '\uE001' } as const

/** Lets variables stand without quotes everywhere; no character moves, so places stay what they are. */
function withoutBraces(content: string): string {
  return content.replaceAll(
    /\$\{([A-Za-z_]\w*(?::-[^{}\n]*)?)\}/g,
    (_, inner: string) => `$${braces.open}${inner}${braces.close}`,
  )
}

function withBraces(text: string): string {
  return text.replaceAll(braces.open, '{').replaceAll(braces.close, '}')
}

interface SyntaxProblem {
  readonly offset: number
  readonly message: string
}

function syntaxProblem({ pos: [offset], code, message }: YAMLError): SyntaxProblem {
  const isMark = code === 'BAD_SCALAR_START' || code === 'BAD_ALIAS'
  return { offset, message: isMark ? `${message}; put such a mark in quotes` : message }
}

const standardTag = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq|binary)$/

/**
 * Marks that mean something to YAML and leave an empty text where somebody wrote `prefix: !`. Who wants an empty
 * text writes it in quotes.
 */
function unquotedMarks(document: Document, content: string): SyntaxProblem[] {
  const found: SyntaxProblem[] = []
  visit(document, {
    Node: (_, node) => {
      const offset = node.range?.[0] ?? 0
      const { tag } = node
      if (tag !== undefined && !standardTag.test(tag)) {
        const message = `${tag} is a tag in YAML, so it is no text; put it in quotes: "${tag}"`
        found.push({ offset: Math.max(0, content.lastIndexOf(tag, offset)), message })
      } else if (node instanceof Scalar && isEmptyByMark(node)) {
        const mark = node.anchor === undefined ? '| or >' : `&${node.anchor}`
        found.push({ offset, message: `nothing stands behind the ${mark}, a mark of YAML; put it in quotes` })
      }
    },
  })
  return found
}

function isEmptyByMark({ value, type, anchor }: Scalar): boolean {
  if (value !== '' && value !== null) return false
  return type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED' || (anchor !== undefined && type === 'PLAIN')
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
