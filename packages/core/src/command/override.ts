import type { LimitScope } from '../middleware/limit-scope.ts'
import { compileGrants, type Grant } from '../permission/grant.ts'
import type { Permission } from '../permission/permission.ts'
import type { CommandAlias, CommandShortcut, DeclaredCommand } from './command.ts'
import type { Limit } from './limit.ts'
import type { LimitOptions } from './limit-options.ts'
import { shortcutOf } from './shortcut.ts'
import { readDuration } from './time.ts'

/** A cooldown as it stands in a config. */
export interface CooldownOverride {
  /** Ms, or a text such as `10s`. */
  readonly every: number | string
  /** @defaultValue 'user' */
  readonly per?: LimitScope | undefined
  /** Who need not wait. */
  readonly exempt?: Grant | readonly Grant[] | undefined
}

/** What the people who run the bot change about a command; what is left out stays as the plugin declares it. */
export interface CommandOverride {
  /** Another name; of a sub-command, its last word. */
  readonly name?: string | undefined
  /** Other names in place of those that the plugin declares. */
  readonly aliases?: readonly string[] | undefined
  /**
   * Phrases in place of the phrases and patterns that the plugin declares. What it declares so itself, a pattern as
   * `/^hp$/`, stays with what it fills in.
   */
  readonly shortcuts?: readonly string[] | undefined
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

/** An override that has been checked. */
export interface CompiledOverride {
  readonly name?: string | undefined
  readonly aliases?: readonly CommandAlias[] | undefined
  readonly shortcuts?: readonly string[] | undefined
  readonly isEnabled?: boolean | undefined
  readonly permission?: Permission | undefined
  readonly isHidden?: boolean | undefined
  readonly cooldown?: CompiledCooldown | undefined
}

interface CompiledCooldown {
  /** The same for cooldowns that are written alike. */
  readonly written: string
  /** `undefined` for none. */
  readonly options: LimitOptions | undefined
}

/** Makes of checked overrides what the table of commands works with. */
export function compileOverrides(overrides: CommandOverrides): ReadonlyMap<string, CompiledOverride> {
  return new Map(Object.entries(overrides).map(([key, override]) => [key, compileOverride(override)]))
}

function compileOverride(override: CommandOverride): CompiledOverride {
  const { name, aliases, shortcuts, enabled, permission, hidden, cooldown } = override
  return {
    name,
    aliases: aliases?.map((alias) => ({ name: alias })),
    shortcuts,
    isEnabled: enabled,
    permission: permission === undefined ? undefined : compileGrants(permission),
    isHidden: hidden,
    cooldown: cooldown === undefined ? undefined : compileCooldown(cooldown),
  }
}

function compileCooldown(cooldown: number | string | CooldownOverride): CompiledCooldown {
  const { every, per = 'user', exempt } = typeof cooldown === 'object' ? cooldown : { every: cooldown }
  const periodMs = typeof every === 'string' ? (readDuration(every) ?? 0) : every
  const options: LimitOptions = {
    count: 1,
    per,
    periodMs,
    exempt: exempt === undefined ? undefined : compileGrants(exempt),
    textKey: 'command.cooldown',
  }
  return { written: JSON.stringify(cooldown), options: periodMs === 0 ? undefined : options }
}

/** What the config may change about a command. */
export interface Overridable {
  /** Last word of its name. */
  readonly ownName: string
  readonly aliases: readonly CommandAlias[]
  readonly shortcuts: readonly CommandShortcut[]
  readonly isEnabled: boolean
  readonly isHidden: boolean
  readonly permission: Permission | undefined
  readonly limits: readonly Limit[]
}

const nothing: CompiledOverride = {}

/**
 * A command as the config wants it.
 *
 * @param cooldown - The one that counts in place of that of the plugin.
 */
export function apply(
  declared: DeclaredCommand,
  override: CompiledOverride = nothing,
  cooldown?: Limit,
): Overridable {
  const isOwn = ({ options }: Limit): boolean =>
    override.cooldown === undefined || options.textKey !== 'command.cooldown'
  return {
    ownName: override.name ?? lastWord(declared.name),
    aliases: override.aliases ?? declared.aliases,
    shortcuts:
      override.shortcuts?.map((written) => shortcutOf(declared.shortcuts, written)) ?? declared.shortcuts,
    isEnabled: override.isEnabled ?? true,
    isHidden: override.isHidden ?? declared.isHidden ?? false,
    permission: override.permission ?? declared.permission,
    limits: [...declared.limits.filter(isOwn), ...(cooldown === undefined ? [] : [cooldown])],
  }
}

/** `ban` of `guild ban`. */
export function lastWord(name: string): string {
  return name.slice(name.lastIndexOf(' ') + 1)
}
