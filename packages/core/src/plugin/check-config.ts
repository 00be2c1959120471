import { MynahError } from '../errors/mynah-error.ts'
import type { Plugin } from './plugin.ts'

/** One thing that is wrong with a config. */
export interface ConfigIssue {
  /** Keys from the top of the plugin's config to the value. */
  readonly path: readonly (string | number)[]
  /** What was expected. */
  readonly message: string
}

/** A plugin refused its config; {@link issues} tells everything that is wrong at once. */
export class ConfigError extends MynahError {
  override readonly name: string = 'ConfigError'
  readonly issues: readonly ConfigIssue[]

  constructor(plugin: string, issues: readonly ConfigIssue[]) {
    const lines = issues.map(({ path, message }) => `\n  ${path.join('.') || '(config)'}: ${message}`)
    super('CONFIG_INVALID', `Plugin ${plugin}:${lines.join('')}`)
    this.issues = issues
  }
}

/**
 * Checks a plugin's config and fills in defaults; a missing config counts as `{}`.
 *
 * @throws ConfigError with all issues.
 */
export function checkConfig(plugin: Plugin, input: unknown): unknown {
  if (plugin.schema === undefined) return input ?? {}
  const result = plugin.schema.safeParse(input ?? {})
  if (result.success) return result.data
  const issues = result.error.issues.map(({ path, message }) => ({
    path: path.map((key) => (typeof key === 'symbol' ? String(key) : key)),
    message,
  }))
  throw new ConfigError(plugin.name, issues)
}
