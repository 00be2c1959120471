/** What a name in a config stands for. */
export type EntryKind = 'adapter' | 'plugin'

/** A key of `adapters:` or `plugins:`. */
export interface EntryName {
  /** The whole key: `dice:second`. */
  readonly key: string
  /** The part that names the plugin: `dice`. */
  readonly name: string
}

/** Splits the name of an instance off: `dice:second` is another instance of `dice`. */
export function parseEntryName(key: string): EntryName {
  const [, name = key] = /^(.+):[^:/\\]+$/.exec(key) ?? []
  return { key, name }
}

/** Whether a name is a path: `./plugins/x`, `/opt/x`, `C:\x`. */
export function isPathName(name: string): boolean {
  return /^(?:\.{1,2}[\\/]|[\\/]|[A-Za-z]:[\\/])/.test(name)
}

/**
 * Package names that a short name may stand for, the official one first.
 *
 * `dice` → `@mynah/plugin-dice`, `mynah-plugin-dice`; `scope/dice` → `@scope/mynah-plugin-dice`; a full
 * package name stands for itself.
 */
export function packageNames(kind: EntryKind, name: string): string[] {
  if (name.startsWith('@') || name.startsWith(`mynah-${kind}-`)) return [name]
  const [scope, rest] = name.split('/')
  if (rest !== undefined) return [`@${scope}/mynah-${kind}-${rest}`]
  return kind === 'adapter'
    ? [`@mynah/adapter-${name}`, `mynah-adapter-${name}`]
    : [`@mynah/plugin-${name}`, `mynah-plugin-${name}`]
}
