/** An object as it came over the wire: nothing about it is certain. */
export type Raw = Readonly<Record<string, unknown>>

/**
 * An id as a string. Implementations send numbers, numeric strings and, for nobody, 0 or an empty string.
 *
 * @returns `undefined` when it names nobody or is missing.
 */
export function readId(value: unknown): string | undefined {
  if (typeof value === 'number') return value === 0 ? undefined : String(value)
  return typeof value === 'string' && value !== '' && value !== '0' ? value : undefined
}

/** A string; numbers and booleans are turned into one, anything else is missing. */
export function readString(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** The same, unless it is empty. */
export function readWord(value: unknown): string | undefined {
  const text = readString(value)
  return text === '' ? undefined : text
}

/** A finite number; numeric strings count. */
export function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

/** `true`, `1`, `"true"`, `"1"`, `"yes"` and their opposites. */
export function readBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (value === 1 || value === '1' || value === 'true' || value === 'yes') return true
  return value === 0 || value === '0' || value === 'false' || value === 'no' ? false : undefined
}

/** Times above this are in ms already: NapCat falls back to the clock of the machine. */
const msFrom = 1e11

/** A time in ms since 1970 from Unix seconds; `undefined` when there is none. */
export function readTime(value: unknown): number | undefined {
  const time = typeof value === 'number' ? value : readNumber(value)
  if (time === undefined || time <= 0) return undefined
  return time > msFrom ? time : time * 1000
}

/** An id as it is sent: a number where that keeps all digits, else the string. */
export function wireId(id: string): number | string {
  return /^-?\d{1,15}$/.test(id) ? Number(id) : id
}

/** Whether an id may be that of a person on QQ; words such as `all` are none. */
export function isQqNumber(id: string): boolean {
  return /^[1-9]\d{0,19}$/.test(id)
}
