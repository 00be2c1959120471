import { readFile } from 'node:fs/promises'
import { stripVTControlCharacters } from 'node:util'

import { MynahError } from '@mynah/core'

interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Makes an error out of what a failed import threw: where in the source, with the lines around it. */
export async function loadError(entry: string, error: unknown): Promise<MynahError> {
  const detail = firstDetail(error)
  const place = placeOf(detail)
  const reason = detail instanceof Error ? firstLine(detail) : String(detail)
  const frame = place === undefined ? '' : await codeFrame(place)
  const where = place === undefined ? entry : `${place.file}:${place.line}:${place.column}`
  return new MynahError('MODULE_LOAD_FAILED', `${where}: ${reason}${frame}`, { cause: error })
}

/** Compilers collect what is wrong in `errors`; the first of them says it best. */
function firstDetail(error: unknown): unknown {
  const list: unknown = error instanceof Error && 'errors' in error ? error.errors : undefined
  const first: unknown = Array.isArray(list) ? list[0] : undefined
  return first instanceof Error ? first : error
}

function firstLine(error: Error): string {
  const lines = stripVTControlCharacters(error.message).split('\n')
  const line = lines.find((text) => text.trim() !== '') ?? error.name
  return line.replace(/^\[([A-Z_]+)\] /, '')
}

/** Parsers tell the place in fields of different shapes; a running module tells it by its stack. */
function placeOf(error: unknown): Place | undefined {
  if (!(error instanceof Error)) return undefined
  return placeInFields(error) ?? placeInText(error.message) ?? placeInText(error.stack ?? '')
}

function placeInFields(error: Error): Place | undefined {
  const loc: unknown = 'loc' in error ? error.loc : undefined
  const holder = typeof loc === 'object' && loc !== null ? loc : undefined
  if (holder === undefined || !('line' in holder) || !('column' in holder)) return undefined
  const { line, column } = holder
  const file: unknown =
    'file' in holder && holder.file !== undefined ? holder.file : 'id' in error ? error.id : undefined
  if (typeof file !== 'string' || typeof line !== 'number' || typeof column !== 'number') return undefined
  return { file, line, column: column + 1 }
}

const placePattern = /(?:file:\/\/)?((?:\/|[A-Za-z]:[\\/])[^\s():]*\.[cm]?[jt]sx?)(?:\?[^\s:]*)?:(\d+):(\d+)/

function placeInText(text: string): Place | undefined {
  for (const line of text.split('\n')) {
    if (line.includes('node_modules') || line.includes('node:')) continue
    const [, file, row, column] = placePattern.exec(line) ?? []
    if (file !== undefined) return { file, line: Number(row), column: Number(column) }
  }
  return undefined
}

/** The line of an error and two around it, with a mark under the column. */
export async function codeFrame({ file, line, column }: Place): Promise<string> {
  let source: string
  try {
    source = await readFile(file, 'utf8')
  } catch {
    return ''
  }
  const lines = source.split('\n')
  const first = Math.max(1, line - 2)
  const last = Math.min(lines.length, line + 2)
  const width = String(last).length
  const rows: string[] = []
  for (let number = first; number <= last; number += 1) {
    const mark = number === line ? '>' : ' '
    rows.push(`${mark} ${String(number).padStart(width)} | ${lines[number - 1] ?? ''}`)
    if (number === line) rows.push(`  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, column - 1))}^`)
  }
  return `\n${rows.join('\n')}`
}
