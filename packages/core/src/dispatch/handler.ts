import type { Incoming } from '../event/incoming.ts'
import type { PromptTable } from '../event/prompt-table.ts'
import { buttonMark } from '../event/prompt-scope.ts'
import { concerns } from '../lifecycle/scope.ts'
import type { ChatEvent } from '../model/event.ts'
import { Session } from '../session/session.ts'
import type { Clock } from '../shared/clock.ts'
import type { Logger } from '../shared/logger.ts'
import type { Trace } from '../trace/trace.ts'
import type { ListenerEntry, ListenerTable } from './listeners.ts'
import type { Settlements } from './settlements.ts'

/** What a {@link EventHandler} works with. */
export interface HandlerOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly listeners: ListenerTable
  /** A message came in. */
  readonly onMessageIn: (incoming: Incoming) => void
  /** All handlers of a message are done. */
  readonly onMessageDone: (incoming: Incoming) => void
  /** Whether an event is about a message that the bot itself has sent. */
  readonly isAboutOwn: (event: ChatEvent) => boolean
  /** Takes messages that no prompt waited for. */
  readonly onMessage: (incoming: Incoming) => unknown
  /** Somebody answers a question that was lost when the bot stopped. @param command - Which command asked. */
  readonly onLost: (incoming: Incoming, command: string | undefined) => Promise<void>
  /** What becomes of a message is known. */
  readonly onOutcome: (incoming: Incoming) => unknown
}

/** Whether a button is one of a question. */
function isAnswer({ button }: ChatEvent): boolean {
  return button?.id.startsWith(buttonMark) === true
}

/** Hands one event to its listeners, and messages to a prompt or to {@link HandlerOptions.onMessage}. */
export class EventHandler {
  readonly #options: HandlerOptions
  readonly #prompts: PromptTable
  readonly #settlements: Settlements
  readonly #onEnd: (incoming: Incoming) => void
  #maxLateMs = Number.POSITIVE_INFINITY

  /** @param onEnd - All handlers of an event are done. */
  constructor(
    options: HandlerOptions,
    prompts: PromptTable,
    settlements: Settlements,
    onEnd: (incoming: Incoming) => void,
  ) {
    this.#options = options
    this.#prompts = prompts
    this.#settlements = settlements
    this.#onEnd = onEnd
  }

  /** @param maxLateMs - How old messages that were fetched after a gap may be to get an answer, in ms. */
  setMaxLate(maxLateMs: number): void {
    this.#maxLateMs = maxLateMs
  }

  /** Resolves when all handlers are done. Never rejects. */
  async handle(incoming: Incoming): Promise<void> {
    const { event, trace } = incoming
    try {
      if (trace !== undefined) this.#options.onMessageIn(incoming)
      incoming.handlers = 1
      const listening = this.#callListeners(incoming)
      if (trace !== undefined) {
        const handling = this.#handleMessage(incoming, trace)
        if (handling instanceof Promise) await handling
        const observing = this.#options.onOutcome(incoming)
        if (observing instanceof Promise) await observing
        incoming.doing = ''
      } else if (event.type === 'interaction/button') await this.#handlePress(incoming)
      this.#oneIsDone(incoming)
      if (listening !== undefined) await listening
    } catch (error) {
      incoming.hasFailed = true
      this.#options.logger.error({ err: error, event: event.platformType }, 'An event could not be handled')
    } finally {
      trace?.add('done', 'dispatcher')
      if (trace !== undefined) this.#options.onMessageDone(incoming)
      this.#onEnd(incoming)
    }
  }

  /** What is asked first: whether it answers a question, and whether it still wants an answer. */
  #handleMessage(incoming: Incoming, trace: Trace): unknown {
    const asker = this.#prompts.offer(incoming.event)
    if (asker !== undefined) {
      incoming.outcome.taken(undefined, asker.plugin)
      trace.add('prompt', 'prompt', 'answers a question')
      return asker.take?.(incoming)
    }
    if (this.#isTooLate(incoming.event, trace)) return undefined
    const lost = this.#prompts.takeLost(incoming.event)
    const answering = this.#options.onMessage(incoming)
    if (lost === undefined) return answering
    trace.add('prompt', 'prompt', 'may answer a question that was lost when the bot stopped')
    return this.#tellLost(incoming, lost.command, answering)
  }

  /** Who calls a command has gone on; anything else is taken for the answer. */
  async #tellLost(incoming: Incoming, command: string | undefined, answering: unknown): Promise<void> {
    await answering
    const { status, by } = incoming.outcome.now
    if (by?.command === undefined && status !== 'suggested') await this.#options.onLost(incoming, command)
  }

  async #handlePress(incoming: Incoming): Promise<void> {
    const { event } = incoming
    const asker = this.#prompts.offer(event)
    if (asker !== undefined) return asker.take?.(incoming)
    const lost = isAnswer(event) ? this.#prompts.takeLost(event) : undefined
    if (lost !== undefined) await this.#options.onLost(incoming, lost.command)
  }

  #isTooLate(event: ChatEvent, trace: Trace): boolean {
    if (event.late !== true) return false
    const ageMs = this.#options.clock.now() - event.time
    const isTooLate = ageMs > this.#maxLateMs
    trace.add('late', 'dispatcher', `${ageMs} ms old${isTooLate ? ', too old for an answer' : ''}`)
    return isTooLate
  }

  #callListeners(incoming: Incoming): Promise<unknown> | undefined {
    const { listeners } = this.#options
    const { platformType, type } = incoming.event
    if (listeners.size === 0) return undefined
    this.#call(listeners.of(platformType), incoming)
    if (type !== platformType && !this.#isOwnEdit(incoming.event)) this.#call(listeners.of(type), incoming)
    this.#call(listeners.of('event'), incoming)
    const { pending } = incoming
    return pending === undefined ? undefined : Promise.all(pending.map(({ promise }) => promise))
  }

  /** Only its author edits a message; a bot that answered edits would answer its own without end. */
  #isOwnEdit(event: ChatEvent): boolean {
    return event.type === 'message-updated' && this.#options.isAboutOwn(event)
  }

  #call(entries: readonly ListenerEntry[], incoming: Incoming): void {
    for (const entry of entries) {
      const { event } = incoming
      const { scope, where } = entry
      if (!concerns(scope, entry.when, event, where)) continue
      entry.remove?.()
      const session = new Session(incoming, scope, incoming.event)
      // `on` files a listener only under the names whose sessions it accepts.
      const running = scope.run(entry.listener as (session: Session) => unknown, session, where, incoming)
      if (running === undefined) continue
      incoming.handlers += 1
      const promise = running.then(() => this.#oneIsDone(incoming))
      incoming.pending ??= []
      incoming.pending.push({ scope, where, promise })
    }
  }

  #oneIsDone(incoming: Incoming): void {
    incoming.handlers -= 1
    this.#settlements.mayWait(incoming)
  }
}
