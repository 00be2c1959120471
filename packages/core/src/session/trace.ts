import type { ChatEvent } from '../model/event.ts'

/** What a step of a trace was. */
export type TraceKind =
  | 'received'
  | 'dropped'
  | 'filter'
  | 'prompt'
  | 'middleware'
  | 'permission'
  | 'cooldown'
  | 'command'
  | 'near-miss'
  | 'no-command'
  | 'bad-argument'
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
}

/** Everything that was decided about one message: the answer to "why did the bot not answer?". */
export class Trace {
  readonly event: ChatEvent
  readonly steps: TraceStep[] = []
  readonly #start = Date.now()

  constructor(event: ChatEvent) {
    this.event = event
  }

  add(kind: TraceKind, label: string, detail = ''): void {
    this.steps.push({ kind, label, detail, atMs: Date.now() - this.#start })
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

  /** The newest trace of a message. */
  find(eventId: string): Trace | undefined {
    return Array.from(this).findLast(({ event }) => event.id === eventId || event.message?.id === eventId)
  }
}
