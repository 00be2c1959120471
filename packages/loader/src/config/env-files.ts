import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

/** Which `.env` files count: `development` for `bot dev`, `production` for `bot start`. */
export type Mode = 'development' | 'production'

/** Variables by name. */
export type Environment = Readonly<Record<string, string>>

/** Names of the files that are read, the strongest last. */
export function envFileNames(mode: Mode): string[] {
  return ['.env', '.env.local', `.env.${mode}`, `.env.${mode}.local`]
}

/**
 * Reads the `.env` files of a project. What stands in the real environment wins over all of them, and a
 * later file wins over an earlier one. The real environment is not changed.
 */
export async function readEnvironment(
  root: string,
  mode: Mode,
  real: NodeJS.ProcessEnv = process.env,
): Promise<Environment> {
  const merged: Record<string, string> = {}
  for (const name of envFileNames(mode)) Object.assign(merged, await readEnvFile(join(root, name)))
  for (const [name, value] of Object.entries(real)) {
    if (value !== undefined) merged[name] = value
  }
  return merged
}

async function readEnvFile(file: string): Promise<Record<string, string>> {
  try {
    const values: Record<string, string> = {}
    for (const [name, value] of Object.entries(parseEnv(await readFile(file, 'utf8')))) {
      if (value !== undefined) values[name] = value
    }
    return values
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw error
  }
}

/** Values of variables whose name says that they are secret, for the logger to hide. */
export function secretValues(environment: Environment, used: ReadonlySet<string>): string[] {
  return Array.from(used)
    .filter((name) => /token|secret|password|passwd|key|credential/i.test(name))
    .map((name) => environment[name] ?? '')
    .filter((value) => value.length >= 4)
}
