import type { Absent } from './objects.ts'

/** Reads a boolean in any form the platform has for it. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 1 || value === '1'
}

/** Narrows an object that may be missing as `null`, `false`, `""`, `[]` or altogether. */
export function present<T extends object>(value: T | Absent): T | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as T) : undefined
}

/** Numbers that say something; the platform fills unknown sizes with 0. */
export function numbers(fields: Readonly<Record<string, unknown>>): Record<string, number> {
  const result: Record<string, number> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'number' && value > 0) result[name] = value
  }
  return result
}
