import { z } from 'zod'

import type { CommandOverrides } from '../command/override.ts'
import type { AnswerSettings } from '../command/runner.ts'
import { answersSetting, commandsSetting, nicknamesSetting, prefixSetting } from '../command/settings.ts'
import type { DispatchLimits } from '../dispatch/settings.ts'
import { type FilledLimits, limitsSetting } from '../dispatch/settings.ts'
import { MynahError } from '../errors/mynah-error.ts'
import { localeSetting, localesSetting, textsSetting } from '../i18n/settings.ts'
import type { LocaleRules } from '../i18n/locale-table.ts'
import type { TextSettings } from '../i18n/texts.ts'
import type { TextTables } from '../i18n/translator.ts'
import { type LogSettings, logSetting } from '../log/settings.ts'
import { type Rights, rightsSetting, superusersSetting } from '../permission/settings.ts'
import type { BreakerSettings } from '../plugin/breaker.ts'
import { breakerSetting } from '../plugin/settings.ts'
import type { Filled } from '../shared/filled.ts'

/** What can be changed while an app runs, as it is written; what is left out has its default. */
export interface AppSettings extends TextSettings {
  /** Marks in front of a command. @defaultValue '/' */
  readonly prefix?: string | readonly string[] | undefined
  /** Names the bot listens to. @defaultValue none */
  readonly nicknames?: readonly string[] | undefined
  /** People who run the bot, as `platform:user`. @defaultValue nobody */
  readonly superusers?: readonly string[] | undefined
  /** Who has which right: `{ 'music.skip': ['guild-admin', 'onebot:10001'] }`. @defaultValue nobody has any */
  readonly rights?: Rights | undefined
  /** What is changed about commands, by `plugin/command` or `command`. */
  readonly commands?: CommandOverrides | undefined
  /** Which refusals are answered. */
  readonly answers?: AnswerSettings | undefined
  /** How much is logged. */
  readonly log?: LogSettings | undefined
  /** Limits of the way of events. */
  readonly limits?: DispatchLimits | undefined
  /** Pauses plugins that fail again and again. @defaultValue never */
  readonly breaker?: BreakerSettings | undefined
}

/** The settings with what was left out. */
export interface Settings {
  /** Marks in front of a command; an empty text lets it go without one. */
  readonly prefix: readonly string[]
  /** Names the bot listens to. */
  readonly nicknames: readonly string[]
  /** Language of texts when nothing tells better. */
  readonly locale: string
  /** Languages by who speaks them. */
  readonly locales: LocaleRules
  /** Texts by language in place of built-in ones and those of plugins. */
  readonly texts: TextTables
  /** People who run the bot, as `platform:user`. */
  readonly superusers: readonly string[]
  /** Who has which right, by the name of the right. */
  readonly rights: Rights
  /** What is changed about commands, by `plugin/command` or `command`. */
  readonly commands: CommandOverrides
  /** Which refusals are answered. */
  readonly answers: Filled<AnswerSettings>
  /** How much is logged; without `level` the logger keeps its own. */
  readonly log: LogSettings
  /** Limits of the way of events; `maxLateMs` is absent where there is none. */
  readonly limits: FilledLimits
  /** When failing plugins are paused; `undefined` pauses none. */
  readonly breaker: Filled<BreakerSettings> | undefined
}

/** The schemas of all settings, each from the room that it is about: its check, its default, what it means. */
export const settingsShape: {
  readonly [K in keyof Settings]: z.ZodType<Settings[K], AppSettings[K]>
} = {
  prefix: prefixSetting,
  nicknames: nicknamesSetting,
  locale: localeSetting,
  locales: localesSetting,
  texts: textsSetting,
  superusers: superusersSetting,
  rights: rightsSetting,
  commands: commandsSetting,
  answers: answersSetting,
  log: logSetting,
  limits: limitsSetting,
  breaker: breakerSetting,
}

const schema = z.object(settingsShape)

/**
 * Checks settings and fills in what was left out.
 *
 * @throws MynahError `CONFIG_INVALID` with everything that is wrong.
 */
export function readSettings(written: AppSettings): Settings {
  const { data, error } = schema.safeParse(written)
  if (data !== undefined) return data
  const lines = error.issues.map(({ path, message }) => `\n  ${path.join('.')}: ${message}`)
  throw new MynahError('CONFIG_INVALID', lines.join(''))
}
