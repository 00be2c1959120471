import type { AdapterConfigs, FilterSpec, PluginConfigs } from '@mynah/core'
import { z } from '@mynah/core'

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
export interface BotConfig {
  /** Marks in front of a command. @defaultValue '/' */
  prefix?: string | readonly string[] | undefined
  /** Names the bot listens to. */
  nicknames?: readonly string[] | undefined
  /** Language of texts when nothing tells better. @defaultValue 'en' */
  locale?: string | undefined
  /** How much is logged. */
  log?: { level?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | undefined } | undefined
  /** The shared HTTP and WebSocket server; it is there when this key is. */
  server?: { host?: string | undefined; port?: number | undefined } | null | undefined
  /** Limits of the way of events. */
  limits?:
    | {
        maxRunning?: number | undefined
        maxQueued?: number | undefined
        deadlineMs?: number | undefined
        maxLateMs?: number | undefined
      }
    | undefined
  /** Pauses plugins that fail again and again. @defaultValue never */
  breaker?:
    | { failures?: number | undefined; withinMs?: number | undefined; pauseMs?: number | undefined }
    | undefined
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

const ids = z.union([z.string(), z.array(z.string())]).optional()

/** The schema of `when:`. */
export const filterSchema: z.ZodType<FilterSpec> = z.lazy(() =>
  z.strictObject({
    platform: ids,
    bot: ids,
    guild: ids,
    channel: ids,
    user: ids,
    direct: z.boolean().optional(),
    any: z.array(filterSchema).optional(),
    not: filterSchema.optional(),
  }),
) as z.ZodType<FilterSpec>

const entries = z.record(z.string(), z.unknown()).nullish()
const text = z.string().min(1)

/** A config whose entries are still to be checked. */
export interface WrittenConfig extends Omit<BotConfig, 'server' | 'adapters' | 'plugins'> {
  server?: unknown
  adapters?: Record<string, unknown> | null | undefined
  plugins?: Record<string, unknown> | null | undefined
}

/** The schema of everything but the entries themselves, which their plugins check. */
export const botConfigSchema: z.ZodType<WrittenConfig> = z.strictObject({
  prefix: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe('Marks in front of a command'),
  nicknames: z.array(text).optional().describe('Names the bot listens to'),
  locale: text.optional().describe('Language of texts when nothing tells better'),
  log: z
    .strictObject({ level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).optional() })
    .optional()
    .describe('How much is logged'),
  server: z.unknown().optional().describe('The shared HTTP and WebSocket server'),
  limits: z
    .strictObject({
      maxRunning: z.int().positive().optional().describe('Events handled at the same time'),
      maxQueued: z.int().positive().optional().describe('Events that may wait'),
      deadlineMs: z.int().positive().optional().describe('How long a handler may take, in ms'),
      maxLateMs: z
        .int()
        .nonnegative()
        .optional()
        .describe('How old a message may be that was fetched after a gap and is still answered, in ms'),
    })
    .optional(),
  breaker: z
    .strictObject({
      failures: z.int().positive().optional().describe('So many failures pause a plugin; 5 by default'),
      withinMs: z.int().positive().optional().describe('Within so many ms; 60000 by default'),
      pauseMs: z.int().positive().optional().describe('How long it is paused, in ms; 300000 by default'),
    })
    .optional()
    .describe('Pauses plugins that fail again and again'),
  adapters: entries.describe('Connections to platforms'),
  plugins: entries.describe('Plugins and their configs'),
})
