import type { ChatEvent } from '../model/event.ts'
import { deferred, type Deferred } from '../shared/deferred.ts'
import { type LimitScope, limitKey } from './limit-scope.ts'

/** What becomes of a message while another one is being handled: it waits, is left alone, or gets an answer. */
export type WhenBusy = 'queue' | 'drop' | 'reply'

/** How often something may run at the same time. */
export interface ConcurrencyOptions {
  /**
   * What becomes of a message that comes too early. At most 20 wait in one queue; who comes on top is told that
   * it is busy. @defaultValue 'queue'
   */
  readonly whenBusy?: WhenBusy
}

const maxWaiting = 20

/** Lets one event through at a time for each person, place or app; the others wait in order. */
export class KeyedQueue {
  /** What becomes of those who come too early. */
  readonly whenBusy: WhenBusy
  readonly #scope: LimitScope
  /** Who waits behind the one that runs; a queue without anybody is forgotten. */
  readonly #waiting = new Map<string, Deferred[]>()

  constructor(scope: LimitScope, { whenBusy = 'queue' }: ConcurrencyOptions = {}) {
    this.#scope = scope
    this.whenBusy = whenBusy
  }

  /**
   * Takes the turn of an event; who got it calls {@link leave} once.
   *
   * @returns `undefined` when it is free, a promise of the turn, or `false` for those who have to go.
   */
  enter(event: ChatEvent): Promise<void> | false | undefined {
    const key = limitKey(this.#scope, event)
    const waiting = this.#waiting.get(key)
    if (waiting === undefined) {
      this.#waiting.set(key, [])
      return undefined
    }
    if (this.whenBusy !== 'queue' || waiting.length >= maxWaiting) return false
    const turn = deferred()
    waiting.push(turn)
    return turn.promise
  }

  /** Lets the next one in. */
  leave(event: ChatEvent): void {
    const key = limitKey(this.#scope, event)
    const next = this.#waiting.get(key)?.shift()
    if (next === undefined) this.#waiting.delete(key)
    else next.resolve()
  }
}
