/** Whether a value is an object with fields, not a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text that is not empty. */
export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A number that is one. */
export function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** A yes or no. */
export function booleanIn(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

/** An id: a text, or a number that has lost no digits. */
export function idIn(value: unknown): string | undefined {
  return Number.isSafeInteger(value) ? String(value) : textIn(value)
}

/** A list; what is none, as the `null` of some pushes, is empty. */
export function listIn<T>(value: readonly T[] | null | undefined): readonly T[] {
  return Array.isArray(value) ? value : []
}

/** Reads a value where there is one. */
export function mapped<T, R>(value: T | undefined, read: (value: T) => R): R | undefined {
  return value === undefined ? undefined : read(value)
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** The fields that are not `undefined`: for properties that may be absent but never `undefined`. */
export function defined<T extends object>(fields: T): Defined<T> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined)
  // The one cast: what is left out is what may be undefined.
  return Object.fromEntries(entries) as Defined<T>
}
