import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { attempt } from '../shared/attempt.ts'
import { isPlainObject } from '../shared/plain-object.ts'

/** A `package.json`. */
export interface Manifest {
  /** Absolute path. */
  readonly file: string
  /** What it says; nothing when it cannot be parsed. */
  readonly data: Readonly<Record<string, unknown>>
}

/** The manifest of the package that a folder belongs to. */
export function manifestOf(folder: string): Manifest | undefined {
  const file = join(folder, 'package.json')
  const text = attempt(() => readFileSync(file, 'utf8')) ?? ''
  if (text === '') return folder === dirname(folder) ? undefined : manifestOf(dirname(folder))
  const data = attempt((): unknown => JSON.parse(text))
  return { file, data: isPlainObject(data) ? data : {} }
}
