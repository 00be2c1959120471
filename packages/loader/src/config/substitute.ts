import { isPlainObject } from '../shared/plain-object.ts'
import type { Environment } from './env-files.ts'

/** Keys from the top of a config to a value. */
export type Path = readonly (string | number)[]

/** What substitution found out. */
export interface Substitution {
  /** The config with all variables filled in. */
  readonly data: unknown
  /** Places whose whole text came from variables, as `path.join('\0')`: such text may stand for a number. */
  readonly fromEnvironment: ReadonlySet<string>
  /** Names of the variables that were used. */
  readonly used: ReadonlySet<string>
  /** Variables that cannot be filled in, with the reason. */
  readonly missing: readonly { readonly path: Path; readonly name: string; readonly isEmpty: boolean }[]
  /** Places that are left out because an empty variable is all that stands there, with its name. */
  readonly empty: ReadonlyMap<string, string>
}

const reference = /\$(\$?)\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/** Identifies a path. */
export function pathKey(path: Path): string {
  return path.join('\0')
}

/**
 * Replaces `${VAR}` and `${VAR:-default}` in all texts of a config; `$${VAR}` stands for `${VAR}` itself. Keys
 * are left alone. An empty variable counts as unset where there is a default; where it is all that is written, the
 * key or item is left out, as if nobody had written it.
 */
export function substitute(data: unknown, environment: Environment): Substitution {
  const fromEnvironment = new Set<string>()
  const used = new Set<string>()
  const missing: { path: Path; name: string; isEmpty: boolean }[] = []
  const empty = new Map<string, string>()

  const replaceText = (value: string, path: Path): string | undefined => {
    let isWhole = false
    let wholeName = ''
    const result = value.replaceAll(
      reference,
      (match: string, escaped: string, name: string, fallback?: string) => {
        if (escaped === '$') return match.slice(1)
        used.add(name)
        isWhole = match === value
        wholeName = name
        const set = environment[name]
        if (set !== undefined && set !== '') return set
        const isEmpty = set === ''
        if (fallback === undefined && !(isWhole && isEmpty)) missing.push({ path, name, isEmpty })
        return fallback ?? ''
      },
    )
    if (!isWhole) return result
    if (result === '') {
      if (environment[wholeName] === '') empty.set(pathKey(path), wholeName)
      return undefined
    }
    fromEnvironment.add(pathKey(path))
    return result
  }

  const walk = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') return value.includes('${') ? replaceText(value, path) : value
    if (Array.isArray(value)) {
      const items: unknown[] = []
      for (const item of value) {
        const filled = walk(item, [...path, items.length])
        if (filled !== undefined || item === undefined) items.push(filled)
      }
      return items
    }
    if (!isPlainObject(value)) return value
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, item]): [string, unknown, unknown] => [key, item, walk(item, [...path, key])])
        .filter(([, item, filled]) => filled !== undefined || item === undefined)
        .map(([key, , filled]) => [key, filled]),
    )
  }

  return { data: walk(data, []), fromEnvironment, used, missing, empty }
}
