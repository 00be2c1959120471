import type { FrameworkKey } from '../i18n/locales/keys.ts'
import { readInteger, readNumber } from './number.ts'
import { readDuration } from './time.ts'

/** Which values of an argument are taken; of a text, how many characters. */
export interface Range {
  /** The smallest. */
  readonly min: number
  /** The biggest. */
  readonly max: number
  /** The bounds as they were written; empty where there is none. */
  readonly written: { readonly min: string; readonly max: string }
}

const natural = (value: string): number | undefined => (/^\d{1,15}$/.test(value) ? Number(value) : undefined)

/** How the bounds of a type are written. */
const bounds: ReadonlyMap<string, (value: string) => number | undefined> = new Map([
  ['int', readInteger],
  ['number', readNumber],
  ['duration', readDuration],
  ['string', natural],
  ['text', natural],
])

/** What no exact whole number exceeds. */
export const exactRange: Range = {
  min: Number.MIN_SAFE_INTEGER,
  max: Number.MAX_SAFE_INTEGER,
  written: { min: String(Number.MIN_SAFE_INTEGER), max: String(Number.MAX_SAFE_INTEGER) },
}

/**
 * Reads `1..100`, `1..` or `..100`.
 *
 * @returns What is wrong with it, as a text, where it cannot be read.
 */
export function readRange(type: string, written: string): Range | string {
  const readBound = bounds.get(type)
  if (readBound === undefined) return `only ${Array.from(bounds.keys()).join(', ')} have a range`
  const [min = '', max = '', ...more] = written.split('..')
  const from = min === '' ? Number.NEGATIVE_INFINITY : readBound(min)
  const to = max === '' ? Number.POSITIVE_INFINITY : readBound(max)
  if (more.length > 0 || !written.includes('..') || from === undefined || to === undefined || min === max) {
    return `write the range of ${type} as (1..9), (1..) or (..9)${type === 'duration' ? ', such as (1m..7d)' : ''}`
  }
  return from > to ? 'the range ends before it begins' : { min: from, max: to, written: { min, max } }
}

/** Why a value is out of its range: the key of the text to show, and the bound. */
export interface RangeFault {
  readonly key: FrameworkKey
  readonly bound: string
}

/** What is wrong with a value, if anything is. */
export function faultOf({ min, max, written }: Range, value: unknown): RangeFault | undefined {
  const isText = typeof value === 'string'
  const size = isText ? characters(value, max) : Number(value)
  if (size < min) return { key: isText ? 'command.too-short' : 'command.too-small', bound: written.min }
  if (size > max) return { key: isText ? 'command.too-long' : 'command.too-big', bound: written.max }
  return undefined
}

/** How many code points a text has; no more than `enough` and one are counted. */
function characters(value: string, enough: number): number {
  let count = 0
  for (const _ of value) {
    count += 1
    if (count > enough) break
  }
  return count
}
