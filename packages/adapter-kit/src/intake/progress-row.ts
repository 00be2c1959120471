import { isRecord } from '../read/read.ts'

/** How far the events of one source were settled, as it is stored. */
export interface ProgressRow {
  /** What it counts for; see `IntakeProgressOptions.binding`. */
  readonly binding: string
  /** Whose numbers they are: the platform's id of a session. */
  readonly session: string
  /** When the platform last knew that somebody is there, in ms since 1970. */
  readonly at: number
  /** The highest number that was taken. */
  readonly taken: number
  /** Those up to it that are not settled, from and to, in order. */
  readonly open: readonly (readonly [number, number])[]
  /** Whether the run ended by itself, so that nothing can have begun since. */
  readonly isOver: boolean
}

/** The number up to which everything is settled. */
export function settledUpTo({ open, taken }: Pick<ProgressRow, 'open' | 'taken'>): number {
  const [first] = open
  return first === undefined ? taken : first[0] - 1
}

/** Puts numbers together that follow one another. @param numbers - In order. */
export function rangesOf(numbers: Iterable<number>): [number, number][] {
  const ranges: [number, number][] = []
  let last: [number, number] | undefined
  for (const number of numbers) {
    if (last !== undefined && last[1] === number - 1) last[1] = number
    else ranges.push((last = [number, number]))
  }
  return ranges
}

/** Reads a row; `undefined` for what is none. */
export function readRow(value: unknown): ProgressRow | undefined {
  if (!isRecord(value)) return undefined
  const { binding, session, at, taken, open, isOver } = value
  const isRow =
    typeof binding === 'string' &&
    typeof session === 'string' &&
    typeof at === 'number' &&
    isNumber(taken) &&
    Array.isArray(open) &&
    open.every(isRange) &&
    typeof isOver === 'boolean'
  return isRow ? { binding, session, at, taken, open, isOver } : undefined
}

function isRange(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(isNumber)
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
