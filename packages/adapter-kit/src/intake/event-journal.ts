import type { Clock, Logger } from '@mynah/core'
import { deferred, type Deferred, type KeyValueStore, RecentSet, type Settlement } from '@mynah/core/adapter'
import { isRecord } from '../read/read.ts'
import { IntakeProgress } from './intake-progress.ts'

/** Options of an {@link EventJournal}. */
export interface EventJournalOptions {
  /** Where events are stored; asked for each time, as whoever keeps them may be swapped. */
  readonly store: () => KeyValueStore | undefined
  /** By what they are stored: one for each way in. */
  readonly key: string
  /** Time as the bot sees it. */
  readonly clock: Clock
  /** Where an operator reads. */
  readonly logger: Pick<Logger, 'warn'>
}

/** An event that was stored, and by what {@link EventJournal.progress} knows it. */
export interface StoredEvent {
  /** Its number in the journal. */
  readonly number: number
  /** The event as it was stored. */
  readonly event: unknown
}

/** Events that were written together: their numbers, and when, in ms since 1970. */
interface Segment {
  readonly first: number
  readonly next: number
  readonly at: number
}

interface PendingEvent {
  readonly id: string
  readonly event: unknown
  readonly written: Deferred<number | undefined>
}

/** What was settled stays for so long, so that a platform may bring it again, in ms. */
const keptMs = 10 * 60_000
/** So many segments and events stay at most, once they are settled. */
const maxSegments = 1000
const maxIds = 10_000
/** What nobody has handled for so long is forgotten, in ms. */
const lifeMs = 7 * 24 * 3_600_000
/** A handler that runs for longer holds nothing back, in ms. */
const maxHeldMs = 3_600_000

const session = 'journal'

/**
 * Stores events before their platform hears that they have come: it does not send them again then, and a crash loses
 * none. Events that come while others are being written are written together.
 *
 * @example
 * ```ts
 * for (const { number, event } of await journal.open()) handOn(number, event)
 * const number = await journal.add(push.id, push)
 * if (number !== 'known') handOn(number, push)
 * // in handOn, where there is a number
 * await journal.progress.pass(number, (passage) => bot.receive(event, signal, passage))
 * ```
 */
export class EventJournal {
  /** Knows which events are settled. */
  readonly progress: IntakeProgress
  readonly #options: EventJournalOptions
  readonly #ids: RecentSet<string>
  readonly #pending: PendingEvent[] = []
  /** What is on disk, oldest first. */
  #segments: Segment[] = []
  #next = 1
  #writing: Promise<void> | undefined
  #isTrimming = false
  #waiting = 0
  #isFailing = false

  constructor(options: EventJournalOptions) {
    this.#options = options
    const { store, key, clock, logger } = options
    this.#ids = new RecentSet({ maxEntries: maxIds, maxAgeMs: keptMs, clock })
    this.progress = new IntakeProgress({ store, key, binding: '', maxHeldMs, clock, logger })
  }

  /** Events that are not on disk yet. */
  get waiting(): number {
    return this.#waiting
  }

  /** What the runs before this one have left, oldest first. Never rejects. */
  async open(): Promise<StoredEvent[]> {
    const left = await this.progress.load()
    const stored = await this.#read()
    this.#next = Math.max(this.#next, (left?.taken ?? 0) + 1)
    if (left === undefined) this.progress.begin(session, this.#next)
    else this.progress.caughtUp(this.#next)
    return stored.filter(({ number }) => !this.progress.isSettled(number))
  }

  async #read(): Promise<StoredEvent[]> {
    const { store, key } = this.#options
    const stored: StoredEvent[] = []
    try {
      const start = await store()?.get(`${key}:start`)
      if (typeof start === 'number') this.#next = start
      for (;;) {
        const first = this.#next
        const segment = await store()?.get(`${key}:${first}`)
        if (!isSegment(segment)) break
        for (const [index, [id, event]] of segment.events.entries()) {
          this.#ids.add(id)
          stored.push({ number: first + index, event })
        }
        this.#next += segment.events.length
        this.#segments.push({ first, next: this.#next, at: segment.at })
      }
    } catch (err) {
      this.#failed(err)
    }
    return stored
  }

  /**
   * Stores an event. Never rejects.
   *
   * @param id - The same for an event that is brought again.
   * @returns Its number once it is on disk; `known` for one that has come before; `undefined` where it cannot be stored,
   * which an operator is told.
   */
  async add(id: string, event: unknown): Promise<number | 'known' | undefined> {
    if (!this.#ids.add(id)) {
      await this.#writing
      return 'known'
    }
    const written = deferred<number | undefined>()
    this.#pending.push({ id, event, written })
    this.#waiting += 1
    this.#writing ??= this.#write()
    const number = await written.promise
    return number
  }

  async #write(): Promise<void> {
    while (this.#pending.length > 0) {
      const batch = this.#pending.splice(0)
      const isWritten = await this.#writeSegment(batch)
      const first = this.#next
      if (isWritten) this.#next += batch.length
      for (const [index, { written }] of batch.entries())
        written.resolve(isWritten ? first + index : undefined)
      this.#waiting -= batch.length
    }
    this.#writing = undefined
    void this.#trim()
  }

  async #writeSegment(batch: readonly PendingEvent[]): Promise<boolean> {
    const { store, key, clock } = this.#options
    const keys = store()
    const at = clock.now()
    const events = batch.map(({ id, event }) => [id, event])
    try {
      if (keys === undefined) return false
      await keys.set(`${key}:${this.#next}`, { at, events }, { expiresIn: lifeMs })
    } catch (err) {
      this.#failed(err)
      return false
    }
    this.#isFailing = false
    this.#segments.push({ first: this.#next, next: this.#next + batch.length, at })
    return true
  }

  /** Takes away what is settled and old. */
  async #trim(): Promise<void> {
    const { store, key, clock } = this.#options
    const oldest = clock.now() - keptMs
    const tooMany = this.#segments.length - maxSegments
    const end = this.#segments.findIndex(
      ({ next, at }, index) => (index >= tooMany && at > oldest) || next - 1 > this.progress.settledUpTo,
    )
    const old = this.#segments.slice(0, end < 0 ? undefined : end)
    if (old.length === 0 || this.#isTrimming) return
    this.#isTrimming = true
    this.#segments = this.#segments.slice(old.length)
    try {
      await store()?.set(`${key}:start`, this.#segments[0]?.first ?? this.#next)
      for (const { first } of old) await store()?.delete(`${key}:${first}`)
    } catch (err) {
      this.#failed(err)
    }
    this.#isTrimming = false
  }

  /** How an event ends; to be told of all events of the bot. */
  settled(settlement: Settlement): void {
    this.progress.settled(settlement)
  }

  /** Writes down what is not written yet. Never rejects. */
  async stop(): Promise<void> {
    await this.#writing
    await this.progress.stop()
  }

  #failed(err: unknown): void {
    const text = 'Events cannot be stored before they are handled; a crash would lose those that wait'
    if (!this.#isFailing) this.#options.logger.warn({ err }, text)
    this.#isFailing = true
  }
}

function isSegment(
  value: unknown,
): value is { readonly at: number; readonly events: readonly (readonly [string, unknown])[] } {
  if (!isRecord(value) || typeof value['at'] !== 'number' || !Array.isArray(value['events'])) return false
  return value['events'].every((entry) => Array.isArray(entry) && typeof entry[0] === 'string')
}
