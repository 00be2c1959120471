import type { Content } from '../message/element.ts'
import { isSilent } from '../message/silent.ts'
import { maxParts } from '../message/support.ts'
import type { MessageIncoming } from '../middleware/middleware.ts'
import type { Scope } from '../lifecycle/scope.ts'
import type { Clock } from '../shared/clock.ts'
import { deferred } from '../shared/deferred.ts'
import { unlessAborted } from '../shared/abort.ts'
import { GrowingAnswer } from './growing-answer.ts'
import { StreamMessages } from './stream-messages.ts'

/** What an answer in pieces is sent with. */
export interface StreamParts {
  /** What is answered. */
  readonly message: MessageIncoming
  /** Whose answer it is. */
  readonly scope: Scope
  /** Full name of the command. */
  readonly command: string
  readonly clock: Clock
}

/** Shows an answer that comes in pieces. */
interface StreamView {
  add(piece: Content): Promise<void>
  /** Shows what is not shown yet. */
  finish(): Promise<void>
}

/**
 * Sends an answer that comes in pieces. Where the bot can change its messages, one message grows, at most once
 * a second and in the end to the whole; where it cannot, each piece is a message. When the plugin stops and its
 * handlers have had their time, nothing more is asked for, and what came is shown.
 *
 * @throws What the iterable throws; what came before has been sent by then.
 */
export async function replyStream(pieces: AsyncIterable<Content>, parts: StreamParts): Promise<undefined> {
  const { message, scope, command, clock } = parts
  const { incoming } = message
  const messages = new StreamMessages(message, scope, command)
  const view: StreamView = incoming.bot.features.includes('updateMessage')
    ? new GrowingAnswer(messages, clock)
    : new Pieces(messages)
  const stop = new AbortController()
  // The handler has outlived its plugin.
  if (scope.state === 'stopped') stop.abort()
  const ended = deferred()
  const release = scope.own('stream', `answer to ${incoming.event.id}`, () => {
    stop.abort()
    return ended.promise
  })
  try {
    await readAll(pieces, view, stop.signal)
  } catch (error) {
    if (!stop.signal.aborted) throw error
    incoming.trace?.add('error', scope.name, 'stopped before its answer was whole')
  } finally {
    await view.finish()
    ended.resolve()
    void release()
  }
  return undefined
}

async function readAll(pieces: AsyncIterable<Content>, view: StreamView, signal: AbortSignal): Promise<void> {
  const iterator = pieces[Symbol.asyncIterator]()
  try {
    for (;;) {
      signal.throwIfAborted()
      const next = await unlessAborted(iterator.next(), signal)
      if (next.done === true) return
      if (!isSilent(next.value)) await view.add(next.value)
    }
  } catch (error) {
    // One that hangs ends when it goes on.
    if (signal.aborted) void iterator.return?.().catch(() => {})
    else await iterator.return?.()
    throw error
  }
}

/** Each piece is a message; the last one takes what would be too many. */
class Pieces implements StreamView {
  readonly #messages: StreamMessages
  readonly #held: Content[] = []

  constructor(messages: StreamMessages) {
    this.#messages = messages
  }

  async add(piece: Content): Promise<void> {
    if (this.#messages.count < maxParts - 1) await this.#messages.send(piece)
    else this.#held.push(piece)
  }

  async finish(): Promise<void> {
    if (this.#held.length > 0) await this.#messages.send(this.#held)
  }
}
