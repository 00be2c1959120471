import type { Share } from '../middleware/share.ts'
import type { Grant } from '../permission/grant.ts'

/** A cooldown as it stands in a config. */
export interface CooldownOverride {
  /** Ms, or a text such as `10s`. */
  readonly every: number | string
  /** @defaultValue 'user' */
  readonly per?: Share | undefined
  /** Who need not wait. */
  readonly exempt?: Grant | readonly Grant[] | undefined
}

/** What the people who run the bot change about a command; what is left out stays as the plugin declares it. */
export interface CommandOverride {
  /** Another name; of a sub-command, its last word. */
  readonly name?: string | undefined
  /** Other names in place of those that the plugin declares. */
  readonly aliases?: readonly string[] | undefined
  /** `false` takes the command away. */
  readonly enabled?: boolean | undefined
  /** Who may use it, in place of whom the plugin allows. */
  readonly permission?: Grant | readonly Grant[] | undefined
  /** Whether lists and suggestions leave it out. */
  readonly hidden?: boolean | undefined
  /** In place of the cooldown that the plugin declares: ms, a text such as `10s`, or more; 0 for none. */
  readonly cooldown?: number | string | CooldownOverride | undefined
}

/** What the config changes, by `plugin/command` or `command`: the names that the plugins declare. */
export type CommandOverrides = Readonly<Record<string, CommandOverride>>

const nothing: CommandOverride = {}

/** What the config changes about a command of a plugin. */
export function overrideOf(overrides: CommandOverrides, plugin: string, command: string): CommandOverride {
  const exact = `${plugin}/${command}`
  if (Object.hasOwn(overrides, exact)) return overrides[exact] ?? nothing
  return Object.hasOwn(overrides, command) ? (overrides[command] ?? nothing) : nothing
}
