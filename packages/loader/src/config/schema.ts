import {
  type AdapterConfigs,
  type AppSettings,
  type FilterSpec,
  type PluginConfigs,
  type Settings,
  settingsShape,
  z,
} from '@mynah/core'

/** What every entry may carry next to the plugin's own config. */
export interface EntryOptions {
  /** `false` leaves the entry out. @defaultValue true */
  enabled?: boolean | undefined
  /** Which events the plugin may see. @defaultValue all */
  when?: FilterSpec | undefined
}

/** An entry: the plugin's config, nothing for an empty one, or `false` to leave it out. */
export type ConfigEntry<T = unknown> = (T & EntryOptions) | boolean | null | undefined

/** The whole configuration of a bot, as it is written. */
export interface BotConfig extends AppSettings {
  /** The shared HTTP and WebSocket server; it is there when this key is. */
  server?: { host?: string | undefined; port?: number | undefined } | null | undefined
  /**
   * Where data is kept: `sqlite:data/bot.db` or `postgres://…`; `false` for nowhere.
   *
   * @defaultValue `sqlite:data/bot.db` where `@mynah/database` is installed
   */
  database?: string | false | { url?: string | undefined } | null | undefined
  /** Connections to platforms, by the adapter's short name. */
  adapters?:
    | ({ [K in keyof AdapterConfigs]?: ConfigEntry<AdapterConfigs[K]> } & Record<string, unknown>)
    | undefined
  /** Plugins, by their short name; `dice:second` is another instance of `dice`. */
  plugins?:
    | ({ [K in keyof PluginConfigs]?: ConfigEntry<PluginConfigs[K]> } & Record<string, unknown>)
    | undefined
}

/** Gives a configuration in TypeScript its types. */
export function defineConfig(config: BotConfig): BotConfig {
  return config
}

const entries = z.record(z.string(), z.unknown()).nullish()

interface WrittenEntries {
  readonly server?: unknown
  readonly database?: unknown
  readonly adapters?: Record<string, unknown> | null | undefined
  readonly plugins?: Record<string, unknown> | null | undefined
}

/** A config whose entries are still to be checked. */
export type WrittenConfig = AppSettings & WrittenEntries

/** The same once its settings have been checked. */
export type CheckedConfig = Settings & WrittenEntries

/** The schema of everything but the entries themselves, which their plugins check. */
export const botConfigSchema: z.ZodType<CheckedConfig, WrittenConfig> = z.strictObject({
  ...settingsShape,
  server: z.unknown().optional().describe('The shared HTTP and WebSocket server'),
  database: z.unknown().optional().describe('Where data is kept: sqlite:data/bot.db, or postgres://…'),
  adapters: entries.describe('Connections to platforms'),
  plugins: entries.describe('Plugins and their configs'),
})
