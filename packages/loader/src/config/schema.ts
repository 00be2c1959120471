import type {
  AdapterConfigs,
  AnswerSettings,
  CommandOverrides,
  FilterSpec,
  Grant,
  LocaleRules,
  PluginConfigs,
  TextTables,
} from '@mynah/core'
import { z } from '@mynah/core'

import { localeProblem } from './locale.ts'

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
  /** Languages by who speaks them: `{ 'zh-CN': { platform: 'qq' } }`. */
  locales?: LocaleRules | undefined
  /** Texts by language that take the place of built-in ones (`command.missing`) and plugins' (`dice:hello`). */
  texts?: TextTables | undefined
  /** People who run the bot, as `platform:user`. @defaultValue nobody */
  superusers?: readonly string[] | undefined
  /** Who has which right: `{ 'music.skip': ['guild-admin', 'onebot:10001'] }`. @defaultValue nobody */
  rights?: Readonly<Record<string, Grant | readonly Grant[]>> | undefined
  /** What is changed about commands, by `plugin/command` or `command`. */
  commands?: CommandOverrides | undefined
  /** Which refusals are answered. */
  answers?: AnswerSettings | undefined
  /** How much is logged. */
  log?:
    | {
        level?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | undefined
        /** Show each message and answer, and why there was none. @defaultValue true in `bot dev` */
        messages?: boolean | undefined
      }
    | undefined
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

const text = z.string().min(1)
/** Numbers of accounts and groups may stand without quotes, as long as all of their digits are kept. */
const id = z.union([z.string(), z.int().transform(String)])
const ids = z.union([id, z.array(id)]).optional()
const locale = text.superRefine((value, context) => {
  const message = localeProblem(value)
  if (message !== undefined) context.addIssue({ code: 'custom', message })
})

/** The schema of `when:`. */
export const filterSchema: z.ZodType<FilterSpec> = z.lazy(() =>
  z.strictObject(filterShape()),
) as z.ZodType<FilterSpec>

function filterShape() {
  return {
    platform: ids,
    bot: ids,
    guild: ids,
    channel: ids,
    user: ids,
    direct: z.boolean().optional(),
    any: z.array(filterSchema).optional(),
    not: filterSchema.optional(),
  }
}

const grantWords = ['everyone', 'superuser', 'guild-owner', 'guild-admin', 'direct'] as const
const account = z.string().regex(/^[^:]+:./, 'expected a person, written platform:user (onebot:10001)')
const grant = z.union([
  z.enum(grantWords),
  z.string().regex(/^[^:]+:./, `expected ${grantWords.join(', ')} or a person, written platform:user`),
  z
    .lazy(() => z.strictObject({ ...filterShape(), role: ids.describe('Rank or id of a role') }))
    .refine(
      (rule) => Object.keys(rule).length > 0,
      'a rule without keys would fit everybody; write "everyone"',
    ),
]) as z.ZodType<Grant>
const grants = z.union([grant, z.array(grant)])

const duration = z.union([
  z.number().nonnegative(),
  z.string().regex(/^(\d+(\.\d+)?(ms|[smhdw]))+$/i, 'expected a length of time, such as 10s or 1h30m'),
])

const commandOverride: z.ZodType<CommandOverrides[string]> = z.strictObject({
  name: z
    .string()
    .regex(/^[^\s<>[\]"'/@#-][^\s<>[\]"']*$/, 'expected one word, without prefix')
    .optional()
    .describe('Another name; of a sub-command, its last word'),
  aliases: z.array(text).optional().describe('Other names in place of those of the plugin'),
  enabled: z.boolean().optional().describe('false takes the command away'),
  permission: grants.optional().describe('Who may use it'),
  hidden: z.boolean().optional().describe('Whether help and suggestions leave it out'),
  cooldown: z
    .union([
      duration,
      z.strictObject({
        every: duration,
        per: z.enum(['user', 'conversation', 'global']).optional(),
        exempt: grants.optional().describe('Who need not wait'),
      }),
    ])
    .optional()
    .describe('How long to wait between two uses; 0 for not at all'),
})

const entries = z.record(z.string(), z.unknown()).nullish()

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
  locale: locale.optional().describe('Language of texts when nothing tells better'),
  locales: z
    .record(locale, z.union([filterSchema, z.array(filterSchema)]))
    .optional()
    .describe('Languages by who speaks them'),
  texts: z
    .record(locale, z.record(text, z.string()))
    .optional()
    .describe('Texts by language in place of built-in ones and those of plugins'),
  superusers: z.array(account).optional().describe('People who run the bot, as platform:user'),
  rights: z.record(text, grants).optional().describe('Who has which right'),
  commands: z.record(text, commandOverride).optional().describe('Changes to commands of plugins'),
  answers: z
    .strictObject({
      refused: z.boolean().optional().describe('Tell people that they may not use a command'),
      limited: z.boolean().optional().describe('Tell people that they use a command too often'),
    })
    .optional()
    .describe('Which refusals are answered'),
  log: z
    .strictObject({
      level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).optional(),
      messages: z
        .boolean()
        .optional()
        .describe('Show each message and answer, and why there was none; on in bot dev'),
    })
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
