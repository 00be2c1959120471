import type { ChatEvent } from '../model/event.ts'

/**
 * How a message is stored before it is sent.
 *
 * | state       | what it means                                    | what a crash does to it                          |
 * | ----------- | ------------------------------------------------ | ------------------------------------------------ |
 * | `stored`    | it waits for the bot, its turn or another try    | nothing: it is sent after the next start         |
 * | `trying`    | one of its parts is on its way                   | that part is in doubt; those before it are out   |
 * | `delivered` | the platform has all of it                       | nothing                                          |
 * | `in-doubt`  | whether a part is out is unknown, and it stopped | nothing: `ctx.outbox` sends it again or drops it |
 * | `failed`    | the platform will not take it                    | nothing, as above                                |
 * | `expired`   | it came too late to be sent                      | nothing, as above                                |
 */
export interface DurableOptions {
  /**
   * Stores the message before it is tried, so that it survives a lost connection, a restart and a crash. The receipt is
   * `stored` when it is on disk; the event `message-settled` tells the end. Needs `@mynah/database`.
   * @defaultValue false
   */
  readonly durable?: boolean | undefined
  /**
   * How long it may wait, as `'10m'` or in ms; later it is not sent any more. Has to be given for what answers nothing.
   * @defaultValue for an answer until the platform takes no more answers, 10 minutes where it does not count them
   */
  readonly expiresIn?: number | string | undefined
  /**
   * What happens when nobody can know whether a part of a durable message is out: it waits for the operator, or that part
   * is sent again and may come twice. @defaultValue 'stop'
   */
  readonly onDoubt?: 'stop' | 'again' | undefined
  /**
   * Names the message. Durable ones of the same key are one message, for all plugins and bots: begin it with the name of
   * your plugin. Those of a message that grows, and of its edits, tell that they belong together.
   * @defaultValue a new one for each durable message
   */
  readonly key?: string | undefined
}

/** How a message is sent. */
export interface SendOptions extends DurableOptions {
  /** The event it answers; platforms that allow only answers need it. */
  readonly event?: ChatEvent | undefined
  /**
   * Takes it along with the answer to the request by which the platform told of `event`, where there is one and it is
   * still open; sends it as usual elsewhere. @defaultValue false
   */
  readonly quick?: boolean | undefined
  /** Gives up when it aborts, as long as nothing has been sent. */
  readonly signal?: AbortSignal | undefined
  /** Where waiting, trying again and the outcome are noted. */
  readonly trace?: SendTrace | undefined
  /** Who sends: hears of a failure that nobody looks at. */
  readonly sender?: MessageSender | undefined
}

/** How a message is edited. */
export type EditOptions = Omit<SendOptions, 'quick' | 'durable' | 'expiresIn' | 'onDoubt'>

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
