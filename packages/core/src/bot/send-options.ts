import type { ChatEvent } from '../model/event.ts'

/** How a message is sent. */
export interface SendOptions {
  /** The event it answers; platforms that allow only answers need it. */
  readonly event?: ChatEvent | undefined
  /**
   * Takes it along with the answer to the request by which the platform told of `event`, where there is one and it is
   * still open; sends it as usual elsewhere. @defaultValue false
   */
  readonly quick?: boolean | undefined
  /** Gives up when it aborts, as long as nothing has been sent. */
  readonly signal?: AbortSignal | undefined
  /**
   * What a message that grows and its edits have in common: outgoing middlewares and adapters know by it that they
   * belong together.
   */
  readonly key?: string | undefined
  /** Where waiting, trying again and the outcome are noted. */
  readonly trace?: SendTrace | undefined
  /** Who sends: hears of a failure that nobody looks at. */
  readonly sender?: MessageSender | undefined
}

/** How a message is edited. */
export type EditOptions = Omit<SendOptions, 'quick'>

/** Somebody in whose name a message is sent; a plugin's scope is one. */
export interface MessageSender {
  readonly name: string
  fail(error: unknown, where: string): void
}

/** Keeps a record of what happens on the way out. */
export interface SendTrace {
  /** Notes one step; `label` is who or what it concerns, `detail` says more in words. */
  add(
    kind: 'waiting' | 'retry' | 'sent' | 'send-failed' | 'suppressed' | 'error',
    label: string,
    detail: string,
  ): void
}
