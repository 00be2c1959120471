import { join } from 'node:path'
import { parseEnv } from 'node:util'

import { codeOf } from '../shared/attempt.ts'
import { readText } from './read-text.ts'

/** Which `.env` files count: `development` for `bot dev`, `production` for `bot start`. */
export type Mode = 'development' | 'production'

/** Variables by name. */
export type Environment = Readonly<Record<string, string>>

/** Names of the files that are read, the strongest last. */
export function envFileNames(mode: Mode): string[] {
  return ['.env', '.env.local', `.env.${mode}`, `.env.${mode}.local`]
}

/**
 * The environment of a project: what stands in the real one, and below it the `.env` files, a later one before
 * an earlier one. Code of plugins finds all of it in `process.env`.
 */
export class ProjectEnvironment {
  readonly #root: string
  /** Which files count. */
  readonly mode: Mode
  readonly #target: NodeJS.ProcessEnv
  /** What the files have put into the target. */
  #applied: Environment = {}

  /** @param target - The real environment, into which the values of the files go. */
  constructor(root: string, mode: Mode, target: NodeJS.ProcessEnv = process.env) {
    this.#root = root
    this.mode = mode
    this.#target = target
  }

  /** Reads the files; nothing is put into the target yet. */
  async read(): Promise<Environment> {
    const merged: Record<string, string> = {}
    for (const name of envFileNames(this.mode)) {
      Object.assign(merged, await readEnvFile(join(this.#root, name)))
    }
    return { ...merged, ...this.#real() }
  }

  /** Puts what the files say into the target, and takes out what they no longer say. */
  apply(environment: Environment): void {
    const real = this.#real()
    for (const name of Object.keys(this.#applied)) delete this.#target[name]
    const fromFiles = Object.entries(environment).filter(([name]) => !Object.hasOwn(real, name))
    this.#applied = Object.fromEntries(fromFiles)
    Object.assign(this.#target, this.#applied)
  }

  /** What the target held by itself, or was given by others since. */
  #real(): Environment {
    const real: Record<string, string> = {}
    for (const [name, value] of Object.entries(this.#target)) {
      if (value !== undefined && this.#applied[name] !== value) real[name] = value
    }
    return real
  }

  /** Takes everything out of the target again. */
  close(): void {
    this.apply({})
  }
}

async function readEnvFile(file: string): Promise<NodeJS.Dict<string>> {
  try {
    return parseEnv(await readText(file))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return {}
    throw error
  }
}
