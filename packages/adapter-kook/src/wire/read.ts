import type { Absent } from './objects.ts'

/** Reads a boolean in any form the platform has for it. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 1 || value === '1'
}

/** Narrows an object that may be missing as `null`, `false`, `""`, `[]` or altogether. */
export function present<T extends object>(value: T | Absent): T | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as T) : undefined
}

/** A text that says something; anything else that stands in its place says nothing. */
export function filled(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The objects of a list; nothing when it is none. */
export function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

/** An id as text; the platform writes some of them as numbers. */
export function idOf(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : filled(value)
}

/** Numbers that say something; the platform fills unknown sizes with 0. */
export function numbers(fields: Readonly<Record<string, unknown>>): Record<string, number> {
  const result: Record<string, number> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'number' && value > 0) result[name] = value
  }
  return result
}

/** Narrows to a plain object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Parses JSON; `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Defined<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K]
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** The fields that are not `undefined`: for properties that may be absent but never `undefined`. */
export function defined<T extends object>(fields: T): Defined<T> {
  const result: Record<string, unknown> = {}
  for (const name in fields) if (fields[name] !== undefined) result[name] = fields[name]
  // Just that was looked at.
  return result as Defined<T>
}
