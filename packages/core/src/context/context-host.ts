import type { Bot } from '../bot/bot.ts'
import type { BotRegistry } from '../bot/bot-registry.ts'
import type { MessageJournal } from '../bot/message-journal.ts'
import type { StoredMessages } from '../bot/stored-messages.ts'
import type { CommandHost } from '../command/builder.ts'
import type { Composer } from '../compose/composer.ts'
import type { AppEvents, ListenerTable } from '../dispatch/listeners.ts'
import type { FormTable } from '../form/form-table.ts'
import type { GuildSettingsTable } from '../guild/guild-settings-table.ts'
import type { Texts } from '../i18n/texts.ts'
import type { Dispose, Scope } from '../lifecycle/scope.ts'
import type { MiddlewareChain } from '../middleware/middleware-chain.ts'
import type { PermissionTable } from '../permission/permission.ts'
import type { InstanceOptions, PluginInstance } from '../plugin/instance.ts'
import type { ServiceRegistry } from '../plugin/services.ts'
import type { Clock } from '../shared/clock.ts'
import type { Logger } from '../shared/logger.ts'
import type { MemorySource } from '../storage/memory-source.ts'
import type { Traces } from '../trace/trace.ts'

/** What contexts need of the app. */
export interface ContextHost extends CommandHost {
  readonly clock: Clock
  readonly logger: Logger
  readonly bots: BotRegistry
  readonly services: ServiceRegistry
  readonly listeners: ListenerTable
  readonly middleware: MiddlewareChain
  readonly composer: Composer
  readonly permissions: PermissionTable
  readonly texts: Texts
  readonly traces: Traces
  readonly forms: FormTable
  readonly guildSettings: GuildSettingsTable
  /** What the core remembers for plugins. */
  readonly memory: MemorySource
  /** Resolves when all plugins have started. */
  readonly whenReady: Promise<void>
  addPlugin(scope: Scope, plugin: unknown, config: unknown, options: InstanceOptions): PluginInstance
  addBot(bot: Bot, scope: Scope): Dispose
  keepMessages(journal: MessageJournal, scope: Scope): StoredMessages
  readonly isReady: boolean
  emit<K extends keyof AppEvents>(name: K, payload: AppEvents[K]): void
}
