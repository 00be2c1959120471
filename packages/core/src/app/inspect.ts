import { type BotInfo, infoOf } from '../bot/bot.ts'
import type { Command } from '../command/command.ts'
import type { CommandIssue } from '../command/command-table.ts'
import type { CommandOverrides } from '../command/override.ts'
import type { SettingSpec } from '../guild/setting-spec.ts'
import type { EffectInfo, ScopeState } from '../lifecycle/scope.ts'
import type { PluginInstance } from '../plugin/instance.ts'
import { type WaitingPlugin, waitingPlugins } from '../plugin/waiting.ts'
import type { MiddlewareStage } from '../middleware/middleware.ts'
import type { Traces } from '../trace/trace.ts'
import type { Runtime } from './runtime.ts'

/** A plugin as it is now. */
export interface PluginInfo {
  /** Its name in logs and traces. */
  readonly name: string
  /** What it does now; `pending` while it waits for a service. */
  readonly state: ScopeState
  /** Why it failed. */
  readonly error: unknown
  /** Handlers of it that run. */
  readonly running: number
  /** What it holds. */
  readonly effects: readonly EffectInfo[]
}

/** A command as it is now. */
export interface CommandInfo {
  /** The name by which people call it. */
  readonly name: string
  /** The name that its plugin gave it. */
  readonly declaredName: string
  /** Name of the plugin that registered it. */
  readonly plugin: string
}

/** A middleware as it is now. */
export interface MiddlewareInfo {
  /** Name of the plugin that registered it. */
  readonly plugin: string
  /** Its name in traces. */
  readonly name: string
  /** When it has its turn. */
  readonly stage: MiddlewareStage
}

/** What guilds may set of one plugin. */
export interface GuildSettingsInfo {
  /** Name of the plugin that declared it. */
  readonly plugin: string
  /** The settings, in the order in which they are declared. */
  readonly settings: readonly SettingSpec[]
}

/** How much there is of what events pass through. */
export interface LoadInfo {
  /** Events that are being handled. */
  readonly running: number
  /** Events that wait. */
  readonly queued: number
  /** Questions that wait for an answer. */
  readonly prompts: number
  /** Names of events that are listened to. */
  readonly listeners: number
  /** Middlewares of all plugins. */
  readonly middlewares: number
  /** Components of all plugins. */
  readonly components: number
}

/** What can be seen of an app without changing it: each member is a snapshot of now. */
export class Inspection {
  readonly #runtime: Runtime

  constructor(runtime: Runtime) {
    this.#runtime = runtime
  }

  /** All plugins, in the order in which they were added, and last what belongs to none, by the name `app`. */
  get plugins(): readonly PluginInfo[] {
    const { instances, root } = this.#runtime
    const all = Array.from(instances, pluginInfo)
    const { name, state, running } = root
    return [...all, { name, state, error: undefined, running, effects: root.effects() }]
  }

  /** Plugins that cannot start yet, and why. */
  get waiting(): readonly WaitingPlugin[] {
    return waitingPlugins(this.#runtime.instances)
  }

  /** Commands by the names that people call them by. */
  get commands(): readonly CommandInfo[] {
    return Array.from(this.#runtime.commands.table, commandInfo)
  }

  /** Middlewares in the order in which a message meets them. */
  get middlewares(): readonly MiddlewareInfo[] {
    const { entries } = this.#runtime.middleware
    return entries.map(({ scope, name, stage }) => ({ plugin: scope.name, name, stage }))
  }

  /** The command that people call by a name, alias or not. */
  command(name: string): CommandInfo | undefined {
    const command = this.#runtime.commands.table.get(name)
    return command && commandInfo(command)
  }

  /** What the config changes about commands. */
  get commandOverrides(): CommandOverrides {
    return this.#runtime.commands.overrides
  }

  /** What the config wants of commands and cannot be. */
  get commandIssues(): readonly CommandIssue[] {
    return this.#runtime.commands.table.issues
  }

  /** What guilds may set, by plugin. */
  get guildSettings(): readonly GuildSettingsInfo[] {
    const { declared } = this.#runtime.guildSettings
    return Array.from(declared, ([plugin, { specs }]) => ({ plugin, settings: specs }))
  }

  /** The accounts that are signed in. */
  get bots(): readonly BotInfo[] {
    return Array.from(this.#runtime.bots, infoOf)
  }

  /** Names of the services that are provided. */
  get services(): readonly string[] {
    return Array.from(this.#runtime.services.names())
  }

  /** What was decided about the latest messages. */
  get traces(): Traces {
    return this.#runtime.traces
  }

  /** How much is going on. */
  get load(): LoadInfo {
    const { dispatcher, listeners, middleware, composer } = this.#runtime
    return {
      running: dispatcher.running,
      queued: dispatcher.queued,
      prompts: dispatcher.prompts.size,
      listeners: listeners.size,
      middlewares: middleware.entries.length,
      components: composer.components.size,
    }
  }

  /** Name of the plugin whose code an error came through; `undefined` when it is nobody's. */
  ownerOf(error: unknown): string | undefined {
    return this.#runtime.ownerOf(error)?.name
  }
}

function commandInfo({ name, scope, declared }: Command): CommandInfo {
  return { name, declaredName: declared.name, plugin: scope.name }
}

function pluginInfo({ name, state, error, scope }: PluginInstance): PluginInfo {
  return { name, state, error, running: scope?.running ?? 0, effects: scope?.effects() ?? [] }
}
