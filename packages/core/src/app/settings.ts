import type { CommandOverrides } from '../command/override.ts'
import type { AnswerSettings } from '../command/runner.ts'
import type { TextSettings } from '../i18n/texts.ts'
import { compileGrants, type Grant } from '../permission/grant.ts'
import type { PermissionSettings } from '../permission/permission.ts'

/** What the people who run the bot decide about commands, rights and texts. */
export interface OperatorSettings extends TextSettings {
  /** People who run the bot, as `platform:user`. @defaultValue nobody */
  readonly superusers?: readonly string[]
  /** Who has which right. @defaultValue nobody has any */
  readonly rights?: Readonly<Record<string, Grant | readonly Grant[]>>
  /** What is changed about commands, by `plugin/command` or `command`. */
  readonly commands?: CommandOverrides
  /** Which refusals are answered. */
  readonly answers?: AnswerSettings
}

/** @throws MynahError `CONFIG_INVALID` for a grant that names nobody. */
export function permissionSettings({ superusers = [], rights = {} }: OperatorSettings): PermissionSettings {
  const entries = Object.entries(rights)
  return { superusers, rights: new Map(entries.map(([name, grants]) => [name, compileGrants(grants)])) }
}
