import type { ChatEvent } from '../model/event.ts'
import { type Clock, systemClock } from '../shared/clock.ts'

/** What a step of a trace was. */
export type TraceKind =
  | 'received'
  | 'duplicate'
  | 'queued'
  | 'dropped'
  | 'late'
  | 'filter'
  | 'prompt'
  | 'listener'
  | 'middleware'
  | 'permission'
  | 'cooldown'
  | 'busy'
  | 'command'
  | 'near-miss'
  | 'no-command'
  | 'bad-argument'
  | 'suppressed'
  | 'waiting'
  | 'retry'
  | 'sent'
  | 'send-failed'
  | 'error'
  | 'deadline'
  | 'done'

/** One decision about a message. */
export interface TraceStep {
  readonly kind: TraceKind
  /** What decided: the name of a plugin, command or middleware. */
  readonly label: string
  readonly detail: string
  /** Ms since the message came in. */
  readonly atMs: number
  /** How long it took in ms, for what takes time; `undefined` while it goes on. */
  readonly tookMs: number | undefined
}

interface OpenStep extends TraceStep {
  detail: string
  tookMs: number | undefined
}

/** Everything that was decided about one message: the answer to "why did the bot not answer?". */
export class Trace {
  readonly event: ChatEvent
  /** When the message came in, in ms since 1970. */
  readonly startedAt: number
  readonly #clock: Clock
  readonly #steps: OpenStep[] = []

  constructor(event: ChatEvent, clock: Clock = systemClock) {
    this.event = event
    this.#clock = clock
    this.startedAt = clock.now()
    this.#steps.push({ kind: 'received', label: event.platformType, detail: '', atMs: 0, tookMs: undefined })
  }

  get steps(): readonly TraceStep[] {
    return this.#steps
  }

  /** Adds a step. @returns Its number, for {@link end}. */
  add(kind: TraceKind, label: string, detail = ''): number {
    const atMs = this.#clock.now() - this.startedAt
    return this.#steps.push({ kind, label, detail, atMs, tookMs: undefined }) - 1
  }

  /**
   * Says that a step has ended.
   *
   * @param lessMs - Time in between that belongs to others.
   */
  end(step: number, detail?: string, lessMs = 0): void {
    const open = this.#steps[step]
    if (open === undefined) return
    open.tookMs = this.#clock.now() - this.startedAt - open.atMs - lessMs
    if (detail !== undefined) open.detail = detail
  }
}

/** The latest traces; older ones make room. */
export class TraceRing implements Iterable<Trace> {
  readonly #size: number
  readonly #traces: Trace[] = []
  #next = 0

  /** @param size - How many messages are remembered. */
  constructor(size = 200) {
    this.#size = size
  }

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
