import { isDeepStrictEqual } from 'node:util'

/** Whether JSON gives a value back as it is: text, numbers, booleans, lists and plain objects of them. */
export function isPlain(value: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value)
  } catch {
    return false
  }
}

/** An object that is no list. */
export type Tree = Readonly<Record<string, unknown>>

/** Whether a value is a {@link Tree}. */
export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
