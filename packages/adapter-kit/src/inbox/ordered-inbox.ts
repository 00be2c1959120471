import { type Clock, MynahError, systemClock } from '@mynah/core'

/** Numbers that are missing while later ones wait. */
export interface InboxGap {
  /** `late`: the missing ones did not come in time; `full`: no later one can be held any more. */
  readonly reason: 'late' | 'full'
  /** The first number that is missing. */
  readonly expected: number
  /** How many later items wait. */
  readonly held: number
}

/** Options of an {@link OrderedInbox}. */
export interface OrderedInboxOptions<T> {
  /** Takes the items, one by one and in order. One that throws takes none of those behind it along. */
  deliver: (item: T) => void
  /** Hears what `deliver` and `onStuck` throw. */
  onError: (error: unknown) => void
  /** Called when a gap does not close; answer with {@link OrderedInbox.skip} or {@link OrderedInbox.reset}. */
  onStuck: (gap: InboxGap) => void
  /** The number before the first one; `undefined` takes the first number that comes. @defaultValue 0 */
  last?: number | undefined
  /** How many items to hold back at most. @defaultValue 1000 */
  maxHeld?: number
  /** How long to wait for a missing number, in ms. @defaultValue 90000 */
  maxGapMs?: number
  /** Tells how long a gap lasts. @defaultValue the clock of the machine */
  clock?: Clock
}

/**
 * Puts numbered items in order: holds back what came too early and drops what came twice. Numbers are whole
 * and start at 1.
 *
 * @example
 * ```ts
 * const inbox = new OrderedInbox<Event>({ deliver: dispatch, onError: report, onStuck: () => inbox.skip() })
 * inbox.push(frame.sn, frame.d)
 * ```
 */
export class OrderedInbox<T> {
  readonly #options: OrderedInboxOptions<T>
  readonly #clock: Clock
  readonly #held = new Map<number, { readonly item: T }>()
  #last: number | undefined
  #cancelWait: (() => void) | undefined

  constructor(options: OrderedInboxOptions<T>) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#last = 'last' in options ? options.last : 0
  }

  /** The number of the last item handed out; `undefined` when the first one may have any number. */
  get last(): number | undefined {
    return this.#last
  }

  /** How many items are held back. */
  get held(): number {
    return this.#held.size
  }

  /**
   * Takes an item in, and delivers what is in order now: nothing for a duplicate or an early item, else the item
   * and what it freed. An early item that is one too many is dropped unless `onStuck` made room.
   *
   * @throws MynahError `FRAME_INVALID` when the number is not one of the sequence.
   */
  push(sequence: number, item: T): void {
    this.#check(sequence)
    this.#last ??= sequence - 1
    const ahead = this.#ahead(sequence)
    if (ahead < 0 || this.#held.has(sequence)) return
    this.#held.set(sequence, { item })
    if (ahead === 0) this.#drain()
    else this.#hold(sequence)
  }

  /** Gives up what is missing and delivers from the next item on that is there. */
  skip(): void {
    let next: number | undefined
    for (const sequence of this.#held.keys()) {
      if (next === undefined || this.#ahead(sequence) < this.#ahead(next)) next = sequence
    }
    if (next === undefined) return
    this.#last = next - 1
    this.#drain()
  }

  /** Forgets everything, for a new session. */
  reset(last: number | undefined = 0): void {
    this.#held.clear()
    this.#last = last
    this.#watch()
  }

  /** Ends the waiting; the inbox may be dropped then. */
  stop(): void {
    this.#cancelWait?.()
    this.#cancelWait = undefined
  }

  #hold(sequence: number): void {
    const { maxHeld = 1000 } = this.#options
    if (this.#held.size === 1) this.#watch()
    if (this.#held.size <= maxHeld) return
    this.#tellStuck('full')
    // Nobody made room.
    if (this.#held.size > maxHeld) this.#held.delete(sequence)
  }

  /** Whoever takes an item may push, skip or reset meanwhile: the loop goes on with what is there then. */
  #drain(): void {
    let next = this.#expected()
    for (let box = this.#held.get(next); box !== undefined; box = this.#held.get(next)) {
      const { item } = box
      this.#held.delete(next)
      this.#last = next
      this.#guard(() => this.#options.deliver(item))
      next = this.#expected()
    }
    this.#watch()
  }

  #guard(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#options.onError(error)
    }
  }

  /** Waits for the number that is missing now, if one is. */
  #watch(): void {
    this.stop()
    if (this.#held.size === 0) return
    this.#cancelWait = this.#clock.setTimeout(() => {
      this.#tellStuck('late')
      if (this.#held.size > 0 && this.#cancelWait !== undefined) this.#watch()
    }, this.#options.maxGapMs ?? 90_000)
  }

  #tellStuck(reason: InboxGap['reason']): void {
    const gap = { reason, expected: this.#expected(), held: this.#held.size }
    this.#guard(() => this.#options.onStuck(gap))
  }

  #check(sequence: number): void {
    if (Number.isSafeInteger(sequence) && sequence >= 1) return
    throw new MynahError('FRAME_INVALID', `The sequence number ${sequence} is not a whole number from 1.`)
  }

  #expected(): number {
    return (this.#last ?? 0) + 1
  }

  /** How far `sequence` lies after the expected one; negative when it lies before. */
  #ahead(sequence: number): number {
    return sequence - this.#expected()
  }
}
