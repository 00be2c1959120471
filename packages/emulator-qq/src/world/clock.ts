/** Time as the emulator sees it: token lives, reply windows, quotas and heartbeats all ask this. */
export interface QQClock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Runs `task` once, `delayMs` from now; the returned function cancels it. */
  after(delayMs: number, task: () => void): () => void
}

/** The machine's own time. */
export const systemClock: QQClock = {
  now: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs)
    return () => clearTimeout(timer)
  },
}

interface Alarm {
  at: number
  task: () => void
}

/**
 * Time that stands still until a test moves it, so that an hour-long reply window ends in no time.
 *
 * @example
 * ```ts
 * const clock = new FakeClock()
 * await using emulator = await startQQEmulator({ appId: '102000001', secret: 'kq7Zt2WmXp9L', clock })
 * clock.advance(61 * 60_000) // every C2C reply window is over
 * ```
 */
export class FakeClock implements QQClock {
  #now: number
  readonly #alarms = new Set<Alarm>()

  /** @param start - Milliseconds since the epoch. @defaultValue 2026-09-01T10:00:00+08:00 */
  constructor(start: number = Date.UTC(2026, 8, 1, 2)) {
    this.#now = start
  }

  now(): number {
    return this.#now
  }

  after(delayMs: number, task: () => void): () => void {
    const alarm = { at: this.#now + delayMs, task }
    this.#alarms.add(alarm)
    return () => this.#alarms.delete(alarm)
  }

  /**
   * Moves time forward by `ms` and runs what falls due on the way, earliest first.
   *
   * @throws RangeError for a step back.
   */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`time moves forward only, not by ${ms} ms`)
    const end = this.#now + ms
    for (;;) {
      const [due] = [...this.#alarms].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (due === undefined) break
      this.#alarms.delete(due)
      this.#now = Math.max(this.#now, due.at)
      due.task()
    }
    this.#now = end
  }
}

const chinaOffsetMs = 8 * 3_600_000

/** RFC 3339 in the zone the platform writes, for example `2026-09-01T10:20:30+08:00`. */
export const rfc3339 = (ms: number): string =>
  `${new Date(ms + chinaOffsetMs).toISOString().slice(0, 19)}+08:00`

/** The number of the calendar day in the platform's zone: daily quotas end when it changes. */
export const dayOf = (ms: number): number => Math.floor((ms + chinaOffsetMs) / 86_400_000)
