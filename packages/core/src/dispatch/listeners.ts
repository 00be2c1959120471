import type { Bot } from '../bot/bot.ts'
import type { OutgoingMessage } from '../bot/hatches.ts'
import type { Receipt } from '../model/receipt.ts'
import type { Filter } from '../filter/combine.ts'
import type { GuildSettingChange } from '../guild/guild-settings-table.ts'
import type { Scope, ScopeState } from '../lifecycle/scope.ts'
import type { Element } from '../message/element.ts'
import type { ChatEvent, ChatEvents, PlatformEvent, PlatformEvents } from '../model/event.ts'
import type { Session } from '../session/session.ts'
import { Lists } from '../shared/list.ts'

/** What happens in the app itself, as opposed to in a chat. Packages add theirs by augmentation. */
export interface AppEvents {
  /** All plugins of the config have started, failed, or wait for a service. */
  ready: object
  /** The app begins to stop; nothing new is taken in. */
  stopping: object
  /** A plugin changed its state. */
  'plugin-state': { readonly plugin: string; readonly state: ScopeState }
  /** Something failed inside a plugin. */
  'plugin-error': { readonly plugin: string; readonly error: unknown; readonly where: string }
  /** A plugin failed so often that it sees nothing for `pauseMs`. */
  'plugin-paused': { readonly plugin: string; readonly failures: number; readonly pauseMs: number }
  /** The pause of a plugin is over; its next failure pauses it again. */
  'plugin-resumed': { readonly plugin: string }
  /** An account was added; it may not be connected yet. */
  'bot-added': { readonly bot: Bot }
  /** An account has stopped and is no longer among the bots of the app. */
  'bot-removed': { readonly bot: Bot }
  /** The connection of an account changed; `bot.status` is the new state. */
  'bot-status': { readonly bot: Bot }
  /** A message was sent or edited, or was not. */
  'message-out': {
    readonly kind: OutgoingMessage['kind']
    readonly bot: Bot
    readonly channelId: string
    /** As it was given, before anything was changed for the platform. */
    readonly content: readonly Element[]
    /** The message that was edited. */
    readonly messageId: string | undefined
    /** What it answers. */
    readonly event: ChatEvent | undefined
    readonly receipt: Receipt
  }
  /** Events of an account were lost on their way in. */
  'events-refused': { readonly bot: string; readonly reason: string; readonly count: number }
  /** A handler of `event` begins, or ends, to wait for somebody's answer. */
  'prompt-state': { readonly event: ChatEvent; readonly isWaiting: boolean }
  /** Somebody has changed a setting that a guild has of a plugin. */
  'guild-settings-changed': GuildSettingChange
  /** A plugin asks the program to stop the app and to end. */
  'exit-requested': ExitRequest
}

/** A plugin wants the program to end. */
export interface ExitRequest {
  /** What the process exits with. */
  readonly code: number
  /** Why, in words for the log. */
  readonly reason: string
  /** The program may go on where something else may still come, as at the end of a piped chat. @defaultValue false */
  readonly isOptional?: boolean
}

/** Every event name that `ctx.on` knows. `event` stands for all chat events. */
export type EventName = keyof ChatEvents | keyof PlatformEvents | keyof AppEvents | 'event'

/** What the listeners of an event receive. */
export type EventArgument<K extends EventName> = K extends keyof ChatEvents
  ? Session<ChatEvents[K]>
  : K extends keyof PlatformEvents
    ? Session<PlatformEvent<PlatformEvents[K]>>
    : K extends keyof AppEvents
      ? AppEvents[K]
      : Session

/** Is called with each event of its name. */
export type Listener<K extends EventName> = (argument: EventArgument<K>) => unknown

/** How a listener is registered. */
export interface ListenerOptions {
  /** Is called before the listeners that are there already. @defaultValue false */
  readonly prepend?: boolean
  /** Is called once and then forgotten. @defaultValue false */
  readonly once?: boolean
  /** Only for events that fit. */
  readonly when?: Filter
}

/** A registered listener. */
export interface ListenerEntry {
  readonly scope: Scope
  readonly listener: (argument: never) => unknown
  readonly when: Filter | undefined
  readonly where: string
  /** Takes it out; set for listeners that are called once. */
  remove: (() => void) | undefined
}

/** Who listens to what. */
export class ListenerTable extends Lists<ListenerEntry> {
  /** Tells the listeners of an app event. */
  tell<K extends keyof AppEvents>(name: K, payload: AppEvents[K]): void {
    for (const entry of this.of(name)) {
      if (entry.scope.isPaused) continue
      entry.remove?.()
      // `on` files a listener only under the names whose payload it accepts.
      void entry.scope.run(entry.listener as (payload: AppEvents[K]) => unknown, payload, entry.where)
    }
  }
}
