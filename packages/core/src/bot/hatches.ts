import type { Dispose } from '../lifecycle/scope.ts'
import type { Element } from '../message/element.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Receipt } from '../model/receipt.ts'

/** What became of an event that was handed in. */
export type Acceptance = 'taken' | 'duplicate'

/** The answer while there is room: one promise for all events, as most are taken at once. */
export const taken: Promise<'taken'> = Promise.resolve('taken')

/** How the handling of an event ended, or that it waits for a person. */
export interface Settlement {
  /** `platform:selfId` of the account that saw it. */
  readonly bot: string
  /** Which event: its `id`. */
  readonly eventId: string
  /**
   * `handled` when all handlers are done; `waiting`, once, when all that still run wait for a person; `failed` when a
   * handler failed; `dropped` when it is not going to be handled.
   */
  readonly outcome: 'handled' | 'waiting' | 'failed' | 'dropped'
}

/** The way of events from the accounts to the plugins. What crosses is plain data. */
export interface Inbox {
  /**
   * Takes an event. Waits while the inbox is full: whoever reads events and can pause awaits it before it reads on.
   *
   * @param signal - Ends the wait.
   * @returns Whether it is going to be handled, or has been taken before.
   * @throws MynahError `INBOX_CLOSED` when the app stops; the reason of `signal`.
   */
  accept(event: ChatEvent, signal: AbortSignal): Promise<Acceptance>
  /** Tells how every event that was taken ends. @returns Stops telling. */
  onSettled(listener: (settlement: Settlement) => void): Dispose
}

/** What was asked for a message that is stored before it is tried. */
export interface DurableTerms {
  /** How long it may wait, in ms; where it is absent, an answer has the time that its platform gives. */
  readonly expiresInMs?: number | undefined
  /** What happens to a part of which nobody can know whether it is out. */
  readonly onDoubt: 'stop' | 'again'
  /** Whether the sender named it: only then a second one of the same key may come. */
  readonly isNamed: boolean
}

/** A message on its way from the plugins to an account. Plain data. */
export interface OutgoingMessage {
  /** A new message, other content for one that is there, or one that goes with the answer to a platform's request. */
  readonly kind: 'create' | 'edit' | 'quick'
  /** `platform:selfId` of the account. */
  readonly bot: string
  /** Where it goes. */
  readonly channelId: string
  /** What it is made of, after components and middlewares. */
  readonly elements: readonly Element[]
  /** The event it answers. */
  readonly event?: ChatEvent | undefined
  /** The message that is edited. */
  readonly messageId?: string | undefined
  /** By what it can be cancelled; the same for a message that grows and for its edits. */
  readonly key?: string | undefined
  /** Set for one that is stored before it is tried; it has a key then. */
  readonly durable?: DurableTerms | undefined
}

/** A call of a method of an account, or of its platform's API. Plain data. */
export interface BotCall {
  /** `platform:selfId` of the account. */
  readonly bot: string
  /** A method of the bot; for the platform's API `api` and the names that lead to the method. */
  readonly path: readonly string[]
  /** The arguments of the method, in order. */
  readonly args: readonly unknown[]
}

/** The way of messages and calls from the plugins to the accounts. What crosses is plain data. */
export interface Outbox {
  /** Sends a message. Never rejects: the receipt says what happened. */
  send(message: OutgoingMessage): Promise<Receipt>
  /** Calls a method. @throws What the method throws; MynahError `UNSUPPORTED` when there is none of that name. */
  call(request: BotCall): Promise<unknown>
  /** Gives up a message as long as nothing of it has been sent. */
  cancel(key: string): Promise<void>
}
