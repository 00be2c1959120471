/** What waits in {@link CallSlots}. */
export interface Numbered {
  readonly number: number
}

const fewest = 64

/**
 * Items by numbers that only grow, in slots that are used again. A `Map` through which calls pass without end makes a
 * new table now and then, and an old one keeps every call that was in it until the next full collection.
 */
export class CallSlots<T extends Numbered> {
  #slots: (T | undefined)[] = empty(fewest)
  #last = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  /** A number that was not used before and whose slot is free. */
  next(): number {
    if (this.#size * 2 >= this.#slots.length) this.#grow()
    do this.#last += 1
    while (this.#slots[this.#slotOf(this.#last)] !== undefined)
    return this.#last
  }

  /** Puts an item in the slot of its number, which {@link next} has given. */
  add(item: T): void {
    this.#slots[this.#slotOf(item.number)] = item
    this.#size += 1
  }

  /** The item of a number; `undefined` when there is none (any more). */
  get(number: number): T | undefined {
    const item = this.#slots[this.#slotOf(number)]
    return item?.number === number ? item : undefined
  }

  /** Takes an item out. */
  delete({ number }: T): void {
    this.#slots[this.#slotOf(number)] = undefined
    this.#size -= 1
  }

  /** Takes all out. */
  clear(): void {
    this.#slots = empty(fewest)
    this.#size = 0
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const item of this.#slots) if (item !== undefined) yield item
  }

  #slotOf(number: number): number {
    return number % this.#slots.length
  }

  #grow(): void {
    const items = [...this]
    this.#slots = empty(this.#slots.length * 2)
    for (const item of items) this.#slots[this.#slotOf(item.number)] = item
  }
}

function empty<T>(length: number): (T | undefined)[] {
  return Array.from({ length }, () => undefined)
}
