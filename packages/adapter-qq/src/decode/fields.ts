/** Reads fields of payloads, which are what the platform says they are only most of the time. */

/** A text that is not empty. */
export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

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
