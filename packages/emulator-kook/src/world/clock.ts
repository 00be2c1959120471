/** Time as the emulator sees it: time stamps, rate-limit windows, token life, time-outs and webhook retries. */
export interface KookClock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Runs `task` once after `delayMs`; the returned function cancels it. */
  schedule(task: () => void, delayMs: number): () => void
}

/** The machine's own time. */
export const systemClock: KookClock = {
  now: () => Date.now(),
  schedule(task, delayMs) {
    const timer = setTimeout(task, delayMs)
    return () => clearTimeout(timer)
  },
}

/**
 * A clock that stands still until it is told to move, so that a test of a one-minute retry takes no minute.
 *
 * @example
 * ```ts
 * const clock = new ManualKookClock()
 * const emulator = await startKookEmulator({ clock })
 * clock.advance(64_000)
 * ```
 */
export class ManualKookClock implements KookClock {
  #now: number
  readonly #tasks = new Set<{ at: number; task: () => void }>()

  /** @param now - Milliseconds since the epoch to start at. */
  constructor(now = 1_712_345_600_000) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  schedule(task: () => void, delayMs: number): () => void {
    const entry = { at: this.#now + delayMs, task }
    this.#tasks.add(entry)
    return () => void this.#tasks.delete(entry)
  }

  /** Moves time forward and runs what falls due, in order, also what those tasks schedule on the way. */
  advance(durationMs: number): void {
    const end = this.#now + durationMs
    for (let next = this.#nextBefore(end); next !== undefined; next = this.#nextBefore(end)) {
      this.#tasks.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.task()
    }
    this.#now = end
  }

  #nextBefore(end: number): { at: number; task: () => void } | undefined {
    return [...this.#tasks].filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0]
  }
}

/** Tasks of one owner, cancelled together. */
export class Timers {
  readonly #clock: KookClock
  readonly #cancels = new Set<() => void>()
  #closed = false

  constructor(clock: KookClock) {
    this.#clock = clock
  }

  /** Runs `task` after `delayMs` unless cancelled by the returned function or by {@link close}. */
  after(delayMs: number, task: () => void): () => void {
    if (this.#closed) return () => undefined
    const cancelTask = this.#clock.schedule(() => {
      this.#cancels.delete(cancel)
      task()
    }, delayMs)
    const cancel = (): void => {
      this.#cancels.delete(cancel)
      cancelTask()
    }
    this.#cancels.add(cancel)
    return cancel
  }

  /** Cancels every task and takes no more. */
  close(): void {
    this.#closed = true
    for (const cancel of this.#cancels) cancel()
  }
}
