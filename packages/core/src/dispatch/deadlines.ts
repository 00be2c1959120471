import type { Incoming, Pending } from '../event/incoming.ts'
import type { Scope } from '../lifecycle/scope.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Clock } from '../shared/clock.ts'
import type { LinkedList } from '../shared/linked-list.ts'

/** What {@link Deadlines} work with. */
export interface DeadlineOptions {
  readonly clock: Clock
  /** All events that are being handled. */
  readonly running: LinkedList<Incoming>
  /** The deadline of an event has passed. */
  readonly onExpired: (incoming: Incoming) => void
  /** Called after each look at all events. */
  readonly onSwept: () => void
  /** A handler has run past its deadline. */
  readonly onOverdue: (event: ChatEvent, scope: Scope, what: string, deadlineMs: number) => void
}

/** Looks now and then for handlers that run for too long. Keeps no timer while none runs. */
export class Deadlines {
  readonly #options: DeadlineOptions
  #limitMs = 0
  #stopSweep: (() => void) | undefined

  constructor(options: DeadlineOptions) {
    this.#options = options
  }

  /** @param limitMs - How long handlers may run. */
  setLimit(limitMs: number): void {
    this.#limitMs = limitMs
  }

  /** Something runs. */
  watch(): void {
    this.#stopSweep ??= this.#options.clock.setInterval(() => this.#sweep(), Math.min(1000, this.#limitMs))
  }

  stop(): void {
    this.#stopSweep?.()
    this.#stopSweep = undefined
  }

  #sweep(): void {
    const { running, clock, onExpired, onSwept } = this.#options
    if (running.size === 0) this.stop()
    const now = clock.monotonic()
    for (const incoming of running) {
      if (incoming.isOverdue || incoming.waiting > 0 || now - incoming.startedAt < this.#limitMs) continue
      incoming.expire()
      onExpired(incoming)
      void this.#report(incoming)
    }
    onSwept()
  }

  async #report(incoming: Incoming): Promise<void> {
    const { event, trace, doing, doer, doerScope } = incoming
    const late = (await unfinished(incoming.pending)).map(({ scope, where }) => ({ scope, what: where }))
    if (doing !== '' && doerScope !== undefined) late.push({ scope: doerScope, what: `${doing} ${doer}` })
    for (const { scope, what } of late) {
      trace?.add('deadline', scope.name, `${what} runs for more than ${this.#limitMs} ms`)
      this.#options.onOverdue(event, scope, what, this.#limitMs)
    }
  }
}

/** Those that are still running. */
async function unfinished(pending: readonly Pending[] = []): Promise<Pending[]> {
  const finished = new Set<Pending>()
  for (const one of pending) void one.promise.then(() => finished.add(one))
  // The callbacks of promises that are settled already stand in the queue before this one.
  await Promise.resolve()
  return pending.filter((one) => !finished.has(one))
}
