import type { Absent, KookBoolean } from './objects.ts'

/** Reads a boolean in any form the platform has for it. */
export function isTrue(value: KookBoolean | null | undefined): boolean {
  return value === true || value === 1 || value === '1'
}

/** Narrows an object that may be missing as `null`, `false`, `""`, `[]` or altogether. */
export function present<T extends object>(value: T | Absent): T | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as T) : undefined
}

/** A text that says something. */
export function filled(value: string | null | undefined): string | undefined {
  return value === '' || value === null ? undefined : value
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
