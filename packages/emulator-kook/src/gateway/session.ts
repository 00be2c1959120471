import type { EventFrame } from './frames.ts'

/**
 * The numbered events of one gateway session. Numbers start at 1 and never wrap; what was sent is kept for a
 * while, so that a client that lags behind or comes back can have it again.
 */
export class GatewaySession {
  readonly id: string
  #lastSn: number
  /** The highest number that is no longer kept. */
  #forgottenSn = 0
  readonly #kept: EventFrame[] = []
  readonly #capacity: number

  constructor(id: string, firstSn: number, capacity: number) {
    this.id = id
    this.#lastSn = firstSn - 1
    this.#capacity = capacity
  }

  /** The number of the newest event; 0 before the first. */
  get lastSn(): number {
    return this.#lastSn
  }

  append(d: EventFrame['d'], extra: EventFrame['extra']): EventFrame {
    this.#lastSn += 1
    const frame = { s: 0, d, ...(extra !== undefined && { extra }), sn: this.#lastSn } as const
    this.#kept.push(frame)
    if (this.#kept.length > this.#capacity) this.#forgottenSn = this.#kept.shift()?.sn ?? this.#forgottenSn
    return frame
  }

  /** Whether everything after `sn` can still be sent. */
  canReplayAfter(sn: number): boolean {
    return Number.isInteger(sn) && sn >= this.#forgottenSn && (sn <= this.#lastSn || sn === 0)
  }

  after(sn: number): readonly EventFrame[] {
    return this.#kept.filter((frame) => frame.sn > sn)
  }
}
