import type { ChatEvent } from '../model/event.ts'
import { Turns } from '../shared/turns.ts'
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
  readonly #turns: Turns

  constructor(scope: LimitScope, { whenBusy = 'queue' }: ConcurrencyOptions = {}) {
    this.#scope = scope
    this.whenBusy = whenBusy
    this.#turns = new Turns(whenBusy === 'queue' ? maxWaiting : 0)
  }

  /**
   * Takes the turn of an event; who got it calls {@link leave} once.
   *
   * @returns `undefined` when it is free, a promise of the turn, or `false` for those who have to go.
   */
  enter(event: ChatEvent): Promise<void> | false | undefined {
    return this.#turns.enter(limitKey(this.#scope, event))
  }

  /** Lets the next one in. */
  leave(event: ChatEvent): void {
    this.#turns.leave(limitKey(this.#scope, event))
  }
}
