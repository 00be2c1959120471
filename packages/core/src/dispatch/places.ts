import type { Scope } from '../lifecycle/scope.ts'
import { placeOf } from '../model/event.ts'
import type { Clock } from '../shared/clock.ts'
import type { LinkedList } from '../shared/linked-list.ts'
import type { Incoming } from '../event/incoming.ts'

/** The part of all places that one conversation may hold. */
const conversationShare = 1 / 4

/** The part of all places that one plugin keeps while others wait. */
const pluginShare = 1 / 2

/** After no plugin was found to hold too much, it is looked at again only so much later, in ms. */
const lookAgainMs = 50

/**
 * How many events are handled at the same time. Handlers that wait for a person or run past their deadline hold
 * no place. One conversation holds at most its share. When all places are taken, a plugin gives back what it holds
 * above its share: its handlers go on and count as waiting.
 */
export class Places {
  readonly #clock: Clock
  /** All events that are being handled, oldest first. */
  readonly #running: LinkedList<Incoming>
  #limit = 0
  #maxWaiting = 0
  #taken = 0
  #crowded = 0
  /** Counted only while so many places are taken that one conversation could have too many. */
  #byConversation: Map<string, number> | undefined
  #lookAgainAt = Number.NEGATIVE_INFINITY

  constructor(clock: Clock, running: LinkedList<Incoming>) {
    this.#clock = clock
    this.#running = running
  }

  /** @param maxWaiting - How many handlers may go on without a place. */
  setLimits(limit: number, maxWaiting: number): void {
    this.#limit = limit
    this.#maxWaiting = maxWaiting
  }

  /** Events that are being handled though their plugin has used up its places. */
  get crowded(): number {
    return this.#crowded
  }

  /** Whether one more event may be handled; `waiting` is how many wait. */
  hasRoom(waiting: number): boolean {
    return this.#taken < this.#limit || this.#makeRoom(waiting)
  }

  /** Whether one more event of the conversation may be handled. */
  hasRoomFor(conversation: string): boolean {
    const most = this.#mostOfOne
    if (this.#taken < most) return true
    this.#byConversation ??= this.#count()
    return (this.#byConversation.get(conversation) ?? 0) < most
  }

  take(incoming: Incoming): void {
    incoming.place = 'held'
    this.#taken += 1
    if (this.#byConversation !== undefined) add(this.#byConversation, placeOf(incoming.event), 1)
  }

  /** It waits for a person, is overdue, or has ended. */
  giveUp(incoming: Incoming): void {
    if (incoming.place === 'held') this.#giveBack(incoming)
    if (incoming.place === 'crowded') this.#crowded -= 1
    incoming.place = 'none'
  }

  #giveBack(incoming: Incoming): void {
    this.#taken -= 1
    if (this.#byConversation === undefined) return
    add(this.#byConversation, placeOf(incoming.event), -1)
    if (this.#taken < this.#mostOfOne / 2) this.#byConversation = undefined
  }

  /** Places that one conversation may hold. */
  get #mostOfOne(): number {
    return Math.ceil(this.#limit * conversationShare)
  }

  #count(): Map<string, number> {
    const counts = new Map<string, number>()
    for (const { place, event } of this.#running) if (place === 'held') add(counts, placeOf(event), 1)
    return counts
  }

  #makeRoom(waiting: number): boolean {
    const now = this.#clock.monotonic()
    if (now < this.#lookAgainAt) return false
    let room = this.#maxWaiting - waiting - this.#crowded
    for (const incoming of this.#aboveShare()) {
      if (room <= 0) break
      room -= 1
      this.#giveBack(incoming)
      this.#crowded += 1
      incoming.place = 'crowded'
    }
    if (this.#taken < this.#limit) return true
    this.#lookAgainAt = now + lookAgainMs
    return false
  }

  *#aboveShare(): Iterable<Incoming> {
    const share = Math.max(1, Math.floor(this.#limit * pluginShare))
    const counts = new Map<Scope, number>()
    for (const incoming of this.#running) {
      const { busyScope, place } = incoming
      if (place !== 'held' || busyScope === undefined) continue
      const count = (counts.get(busyScope) ?? 0) + 1
      counts.set(busyScope, count)
      if (count > share) yield incoming
    }
  }
}

function add(counts: Map<string, number>, key: string, change: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + change
  if (count > 0) counts.set(key, count)
  else counts.delete(key)
}
