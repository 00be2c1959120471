import { readSource } from './source-format.ts'

/** A place in a source file; lines and columns are counted from 1. */
export interface SourcePlace {
  /** Absolute path. */
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** Counted from 1. */
  readonly column: number
}

/** The line of an error and two around it, with a mark under the column; empty when the file cannot be read. */
export function codeFrame(place: SourcePlace): string {
  const source = readSource(place.file)
  return source === undefined ? '' : frameIn(source, place)
}

/** The same in a source that has been read already. */
export function frameIn(source: string, { line, column }: SourcePlace): string {
  const lines = source.split('\n')
  if (line > lines.length) return ''
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
