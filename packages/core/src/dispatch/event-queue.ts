import { Fifo } from '../shared/fifo.ts'

interface Arrival<T> {
  readonly conversation: string
  readonly item: T
}

/**
 * Events that wait, first come, first served; those of a conversation that has no place left let the others pass.
 */
export class EventQueue<T> {
  readonly #arrivals = new Fifo<Arrival<T>>()
  /** Events of conversations that had no place left when it was their turn. */
  readonly #lanes = new Map<string, Fifo<T>>()
  /** Conversations of lanes that got a place back. */
  readonly #ready = new Fifo<string>()
  #size = 0

  get size(): number {
    return this.#size
  }

  push(conversation: string, item: T): void {
    this.#size += 1
    this.#arrivals.push({ conversation, item })
  }

  /** Whether a new event of the conversation would overtake one that waits. */
  isBehind(conversation: string): boolean {
    return this.#arrivals.size > 0 || this.#lanes.has(conversation)
  }

  /** A place of the conversation is free. */
  freed(conversation: string): void {
    if (this.#lanes.has(conversation)) this.#ready.push(conversation)
  }

  /** Takes out the oldest event whose conversation has a place. */
  shift(hasPlace: (conversation: string) => boolean): T | undefined {
    const item = this.#shiftReady(hasPlace) ?? this.#shiftArrival(hasPlace)
    if (item !== undefined) this.#size -= 1
    return item
  }

  #shiftReady(hasPlace: (conversation: string) => boolean): T | undefined {
    for (let key = this.#ready.shift(); key !== undefined; key = this.#ready.shift()) {
      const lane = this.#lanes.get(key)
      if (lane === undefined || !hasPlace(key)) continue
      const item = lane.shift()
      if (lane.size === 0) this.#lanes.delete(key)
      else this.#ready.push(key)
      return item
    }
    return undefined
  }

  #shiftArrival(hasPlace: (conversation: string) => boolean): T | undefined {
    for (let next = this.#arrivals.shift(); next !== undefined; next = this.#arrivals.shift()) {
      const { conversation, item } = next
      const lane = this.#lanes.get(conversation)
      if (lane === undefined && hasPlace(conversation)) return item
      if (lane !== undefined) lane.push(item)
      else this.#openLane(conversation).push(item)
    }
    return undefined
  }

  #openLane(conversation: string): Fifo<T> {
    const lane = new Fifo<T>()
    this.#lanes.set(conversation, lane)
    return lane
  }
}
