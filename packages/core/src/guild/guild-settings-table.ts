import type { z } from 'zod'

import { MynahError } from '../errors/mynah-error.ts'
import type { Scope } from '../lifecycle/scope.ts'
import { isTree, type Tree } from '../shared/plain.ts'
import type { KeptMap } from '../storage/kept-map.ts'
import type { MemorySource } from '../storage/memory-source.ts'
import { type AnyGuildSettings, type GuildKey, GuildSettings } from './guild-settings.ts'

/** A setting of a guild is another one now. */
export interface GuildSettingChange extends GuildKey {
  /** Name of the plugin's instance whose setting it is. */
  readonly plugin: string
  /** Which setting, such as `quiet.from`. */
  readonly path: string
  /** What holds now. */
  readonly value: unknown
}

/** What a {@link GuildSettingsTable} works with. */
export interface GuildSettingsParts {
  readonly memory: MemorySource
  /** Somebody has settings, so what is stored of them is wanted. */
  readonly onDeclared: () => void
  readonly onChanged: (change: GuildSettingChange) => void
  readonly warn: (plugin: string, text: string) => void
}

/** The settings of guilds, by the plugins that declare them. What is set stays when a plugin goes. */
export class GuildSettingsTable {
  readonly #parts: GuildSettingsParts
  readonly #declared = new Map<string, AnyGuildSettings>()
  readonly #kept: KeptMap<Tree>

  constructor(parts: GuildSettingsParts) {
    this.#parts = parts
    this.#kept = parts.memory.map('guild-settings', (stored) => (isTree(stored) ? stored : undefined))
  }

  /** The settings of each plugin that has some, by the name of its instance. */
  get declared(): ReadonlyMap<string, AnyGuildSettings> {
    return this.#declared
  }

  /** @throws MynahError `SETTING_INVALID` where a setting has no default, or the plugin has declared some already. */
  declare<S extends z.ZodObject>(scope: Scope, schema: S): GuildSettings<S> {
    const { name: plugin } = scope
    if (this.#declared.has(plugin)) {
      throw new MynahError('SETTING_INVALID', `${plugin} declares its settings of guilds twice.`)
    }
    const { onDeclared, onChanged, warn } = this.#parts
    const settings = new GuildSettings(schema, {
      read: (guild) => this.#kept.get(storedKey(plugin, guild)),
      write: (guild, set) => {
        const key = storedKey(plugin, guild)
        return Object.keys(set).length === 0 ? this.#kept.delete(key) : this.#kept.set(key, set)
      },
      guilds: () => Array.from(this.#kept.entries()).flatMap(([key]) => guildOf(plugin, key)),
      changed: (guild, path, value) => onChanged({ ...guild, plugin, path, value }),
      invalid: ({ platform, guildId }, path, problem) =>
        warn(
          plugin,
          `"${path}" of ${platform}:${guildId} holds what it does not take any more (${problem}); its default holds until it is set again.`,
        ),
    })
    this.#declared.set(plugin, settings)
    scope.own('guild settings', plugin, () => void this.#declared.delete(plugin))
    onDeclared()
    return settings
  }
}

function storedKey(plugin: string, { platform, guildId }: GuildKey): string {
  return JSON.stringify([plugin, platform, guildId])
}

function guildOf(plugin: string, key: string): GuildKey[] {
  const parts: unknown = JSON.parse(key)
  if (!Array.isArray(parts) || parts[0] !== plugin) return []
  return [{ platform: String(parts[1]), guildId: String(parts[2]) }]
}
