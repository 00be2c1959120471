import type { Environment } from './env-files.ts'

/** Keys from the top of a config to a value. */
export type Path = readonly (string | number)[]

/** What substitution found out. */
export interface Substitution {
  readonly data: unknown
  /** Places whose whole text came from variables, as `path.join('\0')`: such text may stand for a number. */
  readonly fromEnvironment: ReadonlySet<string>
  /** Names of the variables that were used. */
  readonly used: ReadonlySet<string>
  /** Variables that are not set and have no default. */
  readonly missing: readonly { readonly path: Path; readonly name: string }[]
}

const reference = /\$(\$?)\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/** Identifies a path. */
export function pathKey(path: Path): string {
  return path.join('\0')
}

/**
 * Replaces `${VAR}` and `${VAR:-default}` in all texts of a config; an empty variable counts as unset, and
 * `$${VAR}` stands for `${VAR}` itself. Keys are left alone.
 */
export function substitute(data: unknown, environment: Environment): Substitution {
  const fromEnvironment = new Set<string>()
  const used = new Set<string>()
  const missing: { path: Path; name: string }[] = []

  const replaceText = (value: string, path: Path): string => {
    let isWhole = false
    const result = value.replaceAll(
      reference,
      (match: string, escaped: string, name: string, fallback?: string) => {
        if (escaped === '$') return match.slice(1)
        used.add(name)
        isWhole = match === value
        const set = environment[name]
        if (set !== undefined && set !== '') return set
        if (fallback === undefined) missing.push({ path, name })
        return fallback ?? ''
      },
    )
    if (isWhole) fromEnvironment.add(pathKey(path))
    return result
  }

  const walk = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') return value.includes('${') ? replaceText(value, path) : value
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]))
    if (!isPlainObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]))
  }

  return { data: walk(data, []), fromEnvironment, used, missing }
}

/** Whether a value is an object as JSON and YAML make them. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
