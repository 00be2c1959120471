import type { ChatEvent } from '../model/event.ts'
import { deferred, type Deferred } from '../shared/deferred.ts'
import { type Share, shareKey } from './share.ts'

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

/** Lets one through at a time for each person, place or app. */
export class Lanes {
  readonly whenBusy: WhenBusy
  readonly #share: Share
  /** Who waits behind the one that runs; a lane without anybody is forgotten. */
  readonly #lanes = new Map<string, Deferred[]>()

  constructor(share: Share, { whenBusy = 'queue' }: ConcurrencyOptions = {}) {
    this.#share = share
    this.whenBusy = whenBusy
  }

  /** Lanes in use. */
  get size(): number {
    return this.#lanes.size
  }

  /**
   * Takes the lane of an event; who got in calls {@link leave} once.
   *
   * @returns `undefined` when it is free, a promise of the turn, or `false` for those who have to go.
   */
  enter(event: ChatEvent): Promise<void> | false | undefined {
    const key = shareKey(this.#share, event)
    const waiting = this.#lanes.get(key)
    if (waiting === undefined) {
      this.#lanes.set(key, [])
      return undefined
    }
    if (this.whenBusy !== 'queue' || waiting.length >= maxWaiting) return false
    const turn = deferred()
    waiting.push(turn)
    return turn.promise
  }

  /** Lets the next one in. */
  leave(event: ChatEvent): void {
    const key = shareKey(this.#share, event)
    const next = this.#lanes.get(key)?.shift()
    if (next === undefined) this.#lanes.delete(key)
    else next.resolve()
  }
}
