import type { Clock, Logger } from '@mynah/core'
import type { Acceptance, KeyValueStore, Settlement } from '@mynah/core/adapter'
import type { Passage } from './passage.ts'
import { type ProgressRow, rangesOf, readRow, settledUpTo } from './progress-row.ts'

/** Options of an {@link IntakeProgress}. */
export interface IntakeProgressOptions {
  /** Where it is stored; asked for each time, as whoever keeps it may be swapped. */
  readonly store: () => KeyValueStore | undefined
  /** By what it is stored: one for each source of numbers. */
  readonly key: string
  /** What the numbers count for, such as account, token and intents; what was stored for another one counts no more. */
  readonly binding: string
  /** How long the source keeps what nobody fetched, in ms. @defaultValue for ever */
  readonly lifeMs?: number | undefined
  /** How long a handler may hold back what is settled, in ms; what takes longer is not sent again. */
  readonly maxHeldMs: number
  /** Time as the bot sees it. */
  readonly clock: Clock
  /** Where an operator reads. */
  readonly logger: Pick<Logger, 'warn'>
}

/** What an earlier run has left. */
export interface LeftProgress {
  /** Whose numbers they are. */
  readonly session: string
  /** Up to here everything is settled: what comes after it is to be had again. */
  readonly settled: number
  /** The highest number that was taken. */
  readonly taken: number
}

/** An event that was taken and is not settled. */
interface OpenNumber {
  /** What it waits for: events that run, and whoever still hands them in. */
  left: number
  /** Ms by the monotonic clock. */
  readonly since: number
  /** Whether it came in this run; otherwise it was open when an earlier one ended. */
  isHere: boolean
}

/** Rows are written no more often, in ms. */
const writeEveryMs = 50

/** A row is written anew so often while the source knows that we are there, in ms. */
const beatMs = 60_000

/**
 * Knows how far the events of one source are settled, over a restart and a crash: the source numbers them, and sends
 * again what comes after a number. One row is stored, in the background; so what was settled within the last 50 ms of a
 * run that was killed may come again, and so does what was under way.
 *
 * @example
 * ```ts
 * const left = await progress.load()
 * if (left === undefined) progress.begin(await source.begin())
 * else await source.resume(left.session, left.settled)
 * await progress.pass(number, async ({ isAgain }) => {
 *   progress.follow(number, event.id)
 *   progress.accepted(number, event.id, await bot.emit(isAgain ? { ...event, redelivered: true } : event))
 * })
 * ```
 */
export class IntakeProgress {
  readonly #options: IntakeProgressOptions
  #session: string | undefined
  #taken = 0
  /** Nothing from here on counts as taken: the app refused it. */
  #refusedFrom = Number.POSITIVE_INFINITY
  /** In the order of their numbers. */
  readonly #open = new Map<number, OpenNumber>()
  /** Numbers by the events that run for them. */
  readonly #numbers = new Map<string, number>()
  /** What is new below this number may have been handled by a run that was killed. */
  #againBelow = 0
  #isOnline = false
  #onlineAt: number
  #cancelWrite: (() => void) | undefined
  #cancelBeat: (() => void) | undefined
  #writing: Promise<void> | undefined
  #isStale = false
  #isStopped = false
  #isFailing = false

  constructor(options: IntakeProgressOptions) {
    this.#options = options
    this.#onlineAt = options.clock.now()
  }

  /** What an earlier run has left, unless it counts for something else or is too old. Never rejects. */
  async load(): Promise<LeftProgress | undefined> {
    const { store, key, binding, lifeMs = Number.POSITIVE_INFINITY, clock } = this.#options
    let row: ProgressRow | undefined
    try {
      row = readRow(await store()?.get(key))
    } catch (err) {
      this.#failed(err)
    }
    if (row === undefined || row.binding !== binding || clock.now() - row.at > lifeMs) return undefined
    this.#continue(row)
    return { session: row.session, settled: settledUpTo(row), taken: row.taken }
  }

  #continue({ session, at, taken, open, isOver }: ProgressRow): void {
    this.#session = session
    this.#onlineAt = at
    this.#taken = taken
    this.#againBelow = isOver ? 0 : Number.POSITIVE_INFINITY
    const since = this.#options.clock.monotonic()
    for (const [from, to] of open)
      for (let number = from; number <= to; number += 1)
        this.#open.set(number, { left: 0, since, isHere: false })
  }

  /** Whose numbers it knows; what came under those of another one is not to be passed. */
  get session(): string | undefined {
    return this.#session
  }

  /** The number up to which everything is settled. */
  get settledUpTo(): number {
    const [first] = this.#open.keys()
    return first === undefined ? this.#taken : first - 1
  }

  /** Whether a number was taken and is settled. */
  isSettled(number: number): boolean {
    return number <= this.#taken && !this.#open.has(number)
  }

  /** The source counts anew. @param newFrom - What comes below it may have been handled before. @defaultValue 0 */
  begin(session: string, newFrom = 0): void {
    this.#session = session
    this.#taken = 0
    this.#refusedFrom = Number.POSITIVE_INFINITY
    this.#againBelow = newFrom
    this.#open.clear()
    this.#numbers.clear()
    // Without a row a crash would lose the session, and with it all that came meanwhile.
    this.#changed(0)
  }

  /** The source has forgotten what it counted. */
  forget(): void {
    if (this.#session === undefined) return
    this.begin('')
    this.#session = undefined
  }

  /** In the order of the numbers. @returns `known` for one that is settled or under way. */
  #arrive(number: number): 'new' | 'again' | 'known' {
    const since = this.#options.clock.monotonic()
    if (number <= this.#taken) {
      const open = this.#open.get(number)
      if (open === undefined || open.isHere) return 'known'
      open.isHere = true
      open.left = 1
      return 'again'
    }
    this.#taken = number
    this.#open.set(number, { left: 1, since, isHere: true })
    this.#changed()
    return number < this.#againBelow ? 'again' : 'new'
  }

  /** An event is made of what came with a number; to be called before it is handed in. */
  follow(number: number, eventId: string): void {
    const open = this.#open.get(number)
    // The same event may have come under another number, and run still.
    if (open === undefined || this.#numbers.has(eventId)) return
    open.left += 1
    this.#numbers.set(eventId, number)
  }

  /**
   * Lets in what came with a number, unless it is known; `take` resolves when no more events are made of it, and follows
   * each of them before.
   */
  async pass(number: number, take: (passage: Passage) => Promise<unknown>): Promise<void> {
    const mark = this.#arrive(number)
    if (mark === 'known') return
    try {
      await take({ progress: this, number, isAgain: mark === 'again' })
    } finally {
      this.#release(number)
    }
  }

  /** What the app said to an event. */
  accepted(number: number, eventId: string, acceptance: Acceptance | 'refused'): void {
    if (acceptance === 'taken' || this.#numbers.get(eventId) !== number) return
    this.#numbers.delete(eventId)
    if (acceptance === 'duplicate') return this.#release(number)
    this.#open.delete(number)
    this.#refusedFrom = Math.min(this.#refusedFrom, number)
  }

  /** How an event ends; one that waits for a person is settled, as its question goes on or ends by itself. */
  settled({ eventId, outcome }: Settlement): void {
    const number = this.#numbers.get(eventId)
    if (number === undefined || outcome === 'dropped') return
    this.#numbers.delete(eventId)
    this.#release(number)
  }

  #release(number: number): void {
    const open = this.#open.get(number)
    if (open === undefined) return
    open.left -= 1
    if (open.left > 0) return
    this.#open.delete(number)
    this.#changed()
  }

  /** What comes from now on, or from a number on, is new. */
  caughtUp(from = 0): void {
    this.#againBelow = Math.min(this.#againBelow, from)
  }

  /** Whether the source knows that we are there: from when we are not, it keeps what comes only for so long. */
  setOnline(isOnline: boolean): void {
    if (isOnline === this.#isOnline || this.#isStopped) return
    this.#isOnline = isOnline
    this.#onlineAt = this.#options.clock.now()
    this.#cancelBeat?.()
    this.#cancelBeat = isOnline ? this.#options.clock.setInterval(() => this.#changed(), beatMs) : undefined
    this.#changed()
  }

  /** The run ends: what it has taken is written down. Never rejects. */
  async stop(): Promise<void> {
    if (this.#isOnline) this.#onlineAt = this.#options.clock.now()
    this.setOnline(false)
    this.#isStopped = true
    this.#cancelWrite?.()
    await this.#writing
    await this.#write()
  }

  #changed(afterMs = writeEveryMs): void {
    this.#isStale = true
    if (this.#isStopped || this.#cancelWrite !== undefined || this.#writing !== undefined) return
    this.#cancelWrite = this.#options.clock.setTimeout(() => {
      this.#cancelWrite = undefined
      this.#writing = this.#writeOn()
    }, afterMs)
  }

  async #writeOn(): Promise<void> {
    this.#isStale = false
    await this.#write()
    this.#writing = undefined
    if (this.#isStale) this.#changed()
  }

  async #write(): Promise<void> {
    const { store, key, lifeMs } = this.#options
    const row = this.#row()
    try {
      if (row === undefined) await store()?.delete(key)
      else await store()?.set(key, row, lifeMs === undefined ? {} : { expiresIn: lifeMs })
      this.#isFailing = false
    } catch (err) {
      this.#failed(err)
    }
  }

  #row(): ProgressRow | undefined {
    if (this.#session === undefined) return undefined
    const { binding, lifeMs, clock } = this.#options
    this.#giveUpOld()
    return {
      binding,
      session: this.#session,
      at: this.#isOnline || lifeMs === undefined ? clock.now() : this.#onlineAt,
      taken: Math.min(this.#taken, this.#refusedFrom - 1),
      open: rangesOf(Array.from(this.#open.keys()).filter((number) => number < this.#refusedFrom)),
      isOver: this.#isStopped,
    }
  }

  /** One handler that never ends must not keep the source from going on behind it. */
  #giveUpOld(): void {
    const { clock, maxHeldMs } = this.#options
    const oldest = clock.monotonic() - maxHeldMs
    for (const [number, { since }] of this.#open) if (since < oldest) this.#open.delete(number)
  }

  #failed(err: unknown): void {
    const text = 'How far events are handled cannot be stored; after a crash some may be lost or come again'
    if (!this.#isFailing) this.#options.logger.warn({ err }, text)
    this.#isFailing = true
  }
}
