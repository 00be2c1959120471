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

/** Is shown each message when everything is over; `session.outcome` tells what became of it. It cannot answer it. */
export type Observer = (session: MessageSession) => void | Promise<void>

/**
 * When a middleware has its turn: guards keep messages from the others, and observers look on when all is over. In a
 * stage plugins follow each other as in the config.
 */
export type MiddlewareStage = 'guard' | 'normal' | 'observe'

/** How a middleware is registered. */
export interface MiddlewareOptions extends ConcurrencyOptions {
  /** Name in traces and reports. */
  readonly name?: string
  /** Guards run before normal ones, whoever started first. @defaultValue 'normal' */
  readonly stage?: Exclude<MiddlewareStage, 'observe'>
  /** Only for messages that fit; others pass it by. */
  readonly when?: Filter
  /** Has one message at a time, with all that comes after it: for each person, place or the whole bot. */
  readonly concurrency?: LimitScope
}

/** How an observer is registered. */
export interface ObserverOptions extends Pick<MiddlewareOptions, 'name' | 'when'> {
  /** It is shown the message when everything is over. */
  readonly stage: 'observe'
}

/** A middleware in its place in the chain. */
export interface MiddlewareEntry {
  /** Whose it is. */
  readonly scope: Scope
  /** When it has its turn. */
  readonly stage: MiddlewareStage
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
