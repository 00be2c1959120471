import { z } from '@mynah/core'

import { storageError } from './errors.ts'

/** So many characters a key may have. */
const longestKey = 500

/** @throws MynahError `STORAGE_INVALID` for what cannot be a key on every engine. */
export function checkKey(key: string): void {
  if (typeof key !== 'string' || key === '') throw storageError('A key is a text that is not empty.')
  if (key.length > longestKey) {
    throw storageError(
      `A key has at most ${longestKey} characters, and "${key.slice(0, 40)}…" has ${key.length}.`,
    )
  }
  if (key.includes('\0') || /\p{Surrogate}/u.test(key)) {
    throw storageError(`The key ${JSON.stringify(key)} has characters that databases do not take.`)
  }
}

/** Writes a value as JSON. @throws MynahError `STORAGE_INVALID` for what JSON cannot hold. */
export function encode(key: string, value: unknown): string {
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch (cause) {
    throw storageError(`The value of "${key}" cannot be stored as JSON.`, { cause })
  }
  if (text === undefined) {
    throw storageError(`The value of "${key}" cannot be stored as JSON; use delete() to take a key away.`)
  }
  return text
}

/** Reads a value. @throws MynahError `STORAGE_INVALID` when it is not what the schema expects. */
export function decode<T>(key: string, text: string, schema: z.ZodType<T> | undefined): T
export function decode(key: string, text: string, schema: z.ZodType | undefined): unknown {
  const value: unknown = JSON.parse(text)
  if (schema === undefined) return value
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const problem = z.prettifyError(read.error)
  throw storageError(
    `What is stored under "${key}" is not what the plugin expects, perhaps of an older version of it: ${problem}. ` +
      'Let the schema take the old form, too (z.union, z.preprocess), or delete the key.',
  )
}
