import type { ChatEvent } from '../model/event.ts'
import { type Clock, systemClock } from '../shared/clock.ts'
import type { TraceKind } from './kinds.ts'

/** One decision about a message. */
export interface TraceStep {
  /** What was decided. */
  readonly kind: TraceKind
  /** What decided: the name of a plugin, command or middleware. */
  readonly label: string
  /** Why, or what came of it. */
  readonly detail: string
  /** Ms since the message came in. */
  readonly atMs: number
  /** How long it took in ms, for what takes time; `undefined` while it goes on. */
  readonly tookMs: number | undefined
}

/** Took no time yet. */
const open = -1

/**
 * Everything that was decided about one message: the answer to "why did the bot not answer?". Steps are kept in
 * two flat lists, as every message has some and hardly any is ever read.
 */
export class Trace {
  /** The message. */
  readonly event: ChatEvent
  /** When the message came in, in ms since 1970. */
  readonly startedAt: number
  readonly #clock: Clock
  /** When it came in by the clock that nobody sets, in ms. */
  readonly receivedAt: number
  /** Label and detail of each step. */
  readonly #words: string[]
  readonly #kinds: TraceKind[]
  /** When each step was, and how long it took, in ms. */
  readonly #times: number[]

  constructor(event: ChatEvent, clock: Clock = systemClock) {
    this.event = event
    this.#clock = clock
    this.startedAt = clock.now()
    this.receivedAt = clock.monotonic()
    this.#kinds = ['received']
    this.#words = [event.platformType, '']
    this.#times = [0, open]
  }

  /** What was decided, in order. */
  get steps(): TraceStep[] {
    return this.#kinds.map((kind, step) => {
      const tookMs = this.#times[step * 2 + 1] ?? open
      return {
        kind,
        label: this.#words[step * 2] ?? '',
        detail: this.#words[step * 2 + 1] ?? '',
        atMs: this.#times[step * 2] ?? 0,
        tookMs: tookMs === open ? undefined : tookMs,
      }
    })
  }

  /** Adds a step. @returns Its number, for {@link end}. */
  add(kind: TraceKind, label: string, detail = ''): number {
    this.#words.push(label, detail)
    this.#times.push(this.#clock.monotonic() - this.receivedAt, open)
    return this.#kinds.push(kind) - 1
  }

  /**
   * Says that a step has ended.
   *
   * @param lessMs - Time in between that belongs to others.
   */
  end(step: number, detail?: string, lessMs = 0): void {
    const atMs = this.#times[step * 2]
    if (atMs === undefined) return
    this.#times[step * 2 + 1] = this.#clock.monotonic() - this.receivedAt - atMs - lessMs
    if (detail !== undefined) this.#words[step * 2 + 1] = detail
  }

  /** Says that a step has handed over to the next one: it ended when that began. */
  handOver(step: number, detail: string): void {
    const atMs = this.#times[step * 2]
    if (atMs === undefined) return
    this.#times[step * 2 + 1] = (this.#times[step * 2 + 2] ?? atMs) - atMs
    this.#words[step * 2 + 1] = detail
  }
}

/** The latest traces, oldest first. */
export interface Traces extends Iterable<Trace> {
  /** The newest trace of a message, by the id of the message or of its event. */
  find(id: string): Trace | undefined
}

/** The latest traces; older ones make room. */
export class TraceRing implements Traces {
  readonly #size: number
  readonly #traces: Trace[] = []
  #next = 0

  /** @param size - How many messages are remembered. */
  constructor(size = 200) {
    this.#size = size
  }

  /** Remembers one; the oldest makes room. */
  push(trace: Trace): void {
    this.#traces[this.#next] = trace
    this.#next = (this.#next + 1) % this.#size
  }

  /** Oldest first. */
  *[Symbol.iterator](): Iterator<Trace> {
    yield* this.#traces.slice(this.#next)
    yield* this.#traces.slice(0, this.#next)
  }

  /** The newest trace of a message, by the id of the message or of its event. */
  find(id: string): Trace | undefined {
    return Array.from(this).findLast(({ event }) => event.id === id || event.message?.id === id)
  }
}
