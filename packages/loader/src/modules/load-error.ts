import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, dirname, extname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

import { MynahError } from '@mynah/core'

import { attempt, codeOf } from '../shared/attempt.ts'
import { codeFrame, type SourcePlace } from './code-frame.ts'
import { readSource } from './source-format.ts'

/** How long Node may take to check one file, in ms. */
const checkLimitMs = 5000

/** Makes an error out of what a failed import threw: where in the source, with the lines around it. */
export async function loadError(entry: string, error: unknown): Promise<MynahError> {
  if (MynahError.is(error)) return error
  const detail = firstDetail(error)
  const asset = unknownFile(detail)
  if (asset !== undefined) return notImportable(asset, error)
  const place = placeOf(detail) ?? (detail instanceof SyntaxError ? await placeOfSyntax(entry) : undefined)
  const where = place === undefined ? entry : `${place.file}:${place.line}:${place.column}`
  const frame = place === undefined ? '' : codeFrame(place)
  const hint = place === undefined ? '' : jsxHint(readSource(place.file) ?? '', place)
  return new MynahError('MODULE_LOAD_FAILED', `${where}: ${reasonOf(detail)}${hint}${frame}`, {
    cause: error,
  })
}

/** Nothing but code and JSON can be imported, in development no more than in production. */
export function notImportable(file: string, cause?: unknown): MynahError {
  return new MynahError(
    'MODULE_LOAD_FAILED',
    `${file} cannot be imported: only code and JSON can. Read it by readFile(new URL('./${basename(file)}', import.meta.url)).`,
    { cause },
  )
}

function unknownFile(error: unknown): string | undefined {
  if (!(error instanceof Error) || codeOf(error) !== 'ERR_UNKNOWN_FILE_EXTENSION') return undefined
  return / for (\/.+|[A-Za-z]:[\\/].+)$/.exec(firstLine(error))?.[1]
}

/** In words, whatever was thrown: a value may even refuse to become a text. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof Error) return firstLine(thrown)
  return attempt(() => String(thrown)) ?? 'something was thrown that is no error'
}

/** Compilers do not expect JSX in a file that is not named so, and their words for it help nobody. */
function jsxHint(source: string, { file, line }: SourcePlace): string {
  const extension = extname(file)
  if (!['.ts', '.mts', '.js', '.mjs'].includes(extension)) return ''
  const lines = source.split('\n').slice(Math.max(0, line - 3), line)
  const hasTag = lines.some((text) => /(?:^|[=(,?:&|>]|return)\s*<(?:[A-Za-z][\w.-]*[\s/>]|>)/.test(text))
  const name = `${basename(file, extension)}.${extension.endsWith('ts') ? 'tsx' : 'jsx'}`
  return hasTag ? ` (JSX is read in .tsx and .jsx files only; rename this one to ${name})` : ''
}

/** Compilers collect what is wrong in `errors`; the first of them says it best. */
function firstDetail(error: unknown): unknown {
  const list: unknown = error instanceof Error && 'errors' in error ? error.errors : undefined
  const first: unknown = Array.isArray(list) ? list[0] : undefined
  return first instanceof Error ? first : error
}

function firstLine(error: Error): string {
  const message = stripVTControlCharacters(error.message)
  // esbuild begins with how many errors there are.
  const [, first] = /^Transform failed with .*\n.*?: ERROR: (.*)/.exec(message) ?? []
  const line = first ?? message.split('\n').find((text) => text.trim() !== '') ?? error.name
  return line.replace(/^\[([A-Z_]+)\] /, '')
}

/** Node keeps to itself where it could not read a module in JavaScript, but for who has it checked. */
async function placeOfSyntax(file: string): Promise<SourcePlace | undefined> {
  if (!/\.[cm]?js$/.test(file)) return undefined
  const said = await new Promise<string>((resolve) => {
    execFile(process.execPath, ['--check', file], { timeout: checkLimitMs }, (_, __, stderr) =>
      resolve(stderr),
    )
  })
  const [, line, before] = /:(\d+)\n.*\n( *)\^/.exec(said) ?? []
  return line === undefined ? undefined : { file, line: Number(line), column: (before ?? '').length + 1 }
}

/** Parsers tell the place in fields of different shapes; a running module tells it by its stack. */
function placeOf(error: unknown): SourcePlace | undefined {
  if (!(error instanceof Error)) return undefined
  return placeInFields(error) ?? placeInText(error.message) ?? placeInText(error.stack ?? '')
}

function placeInFields(error: Error): SourcePlace | undefined {
  const loc: unknown = 'loc' in error ? error.loc : undefined
  const holder = typeof loc === 'object' && loc !== null ? loc : undefined
  if (holder === undefined || !('line' in holder) || !('column' in holder)) return undefined
  const { line, column } = holder
  const file: unknown =
    'file' in holder && holder.file !== undefined ? holder.file : 'id' in error ? error.id : undefined
  if (typeof file !== 'string' || typeof line !== 'number' || typeof column !== 'number') return undefined
  return { file, line, column: column + 1 }
}

/** Errors of Node go through the place that imports. */
const ownFolder = dirname(dirname(fileURLToPath(import.meta.url)))

const placeEnd = /\.[cm]?[jt]sx?(?:\?[^\s:)]*)?:(\d+)(?::(\d+))?/
const pathStart = /file:\/\/|\/|[A-Za-z]:[\\/]/g

/** The first file of the project that a text names with a line. Paths may have blanks and brackets in them. */
function placeInText(text: string): SourcePlace | undefined {
  for (const line of text.split('\n')) {
    if (line.includes(`${sep}node_modules${sep}`) || line.includes('node:')) continue
    const [match = '', row, column = '1'] = placeEnd.exec(line) ?? []
    if (match === '') continue
    const path = line.slice(0, line.indexOf(match)) + /^\.\w+/.exec(match)?.[0]
    const file = fileAtEnd(path)
    if (file !== undefined && !file.startsWith(ownFolder))
      return { file, line: Number(row), column: Number(column) }
  }
  return undefined
}

/** The longest end of a text that is the path of a file. */
function fileAtEnd(text: string): string | undefined {
  for (const { index, 0: start } of text.matchAll(pathStart)) {
    const path = start === 'file://' ? attempt(() => fileURLToPath(text.slice(index))) : text.slice(index)
    if (path !== undefined && existsSync(path)) return path
  }
  return undefined
}
