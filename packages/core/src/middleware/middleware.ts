import type { Filter } from '../filter/combine.ts'
import type { Scope } from '../lifecycle/scope.ts'
import type { Content } from '../message/element.ts'
import type { ChatEvents } from '../model/event.ts'
import type { Incoming } from '../event/incoming.ts'
import type { Session } from '../session/session.ts'
import type { ConcurrencyOptions } from './keyed-queue.ts'
import type { LimitScope } from './limit-scope.ts'

/** What a handler may answer with: content, or nothing. */
export type Answer = Content | void

/** A session about a message that somebody wrote. */
export type MessageSession = Session<ChatEvents['message-created']>

/**
 * Sees a message before the commands do. Call `next()` to let it through and get the answer of what comes
 * after; return content to answer.
 */
export type Middleware = (session: MessageSession, next: () => Promise<Answer>) => Answer | Promise<Answer>

/** How a middleware is registered. */
export interface MiddlewareOptions extends ConcurrencyOptions {
  /** Name in traces and reports. */
  readonly name?: string
  /** Runs before the middlewares that are there already. @defaultValue false */
  readonly prepend?: boolean
  /** Only for messages that fit; others pass it by. */
  readonly when?: Filter
  /** Has one message at a time, with all that comes after it: for each person, place or the whole bot. */
  readonly concurrency?: LimitScope
}

/** A middleware in its place in the chain. */
export interface MiddlewareEntry {
  /** Whose it is. */
  readonly scope: Scope
  /** Name in traces and reports. */
  readonly name: string
  /** What the plugin gave. */
  readonly run: Middleware
  /** For which messages; all when absent. */
  readonly when: Filter | undefined
}

/** A message on its way through the chain. */
export interface MessageIncoming {
  /** What all handlers of the message share. */
  readonly incoming: Incoming
  /** The message. */
  readonly event: ChatEvents['message-created']
}

/** What comes after the last middleware. */
export type LastStep = (message: MessageIncoming) => Answer | Promise<Answer>
