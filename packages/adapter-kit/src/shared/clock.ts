/** Time as this package sees it; a subset of the core's clock, so that one fake serves both in tests. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes backwards. */
  now(): number
  /** Runs `task` once after `delayMs`; the returned function takes it back and may be called at any time. */
  setTimeout(task: () => void, delayMs: number): () => void
}

/** The machine's own clock. A pending task keeps the process alive, so a bot that waits to reconnect does not exit. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout(task, delayMs) {
    const timer = setTimeout(task, delayMs)
    return () => clearTimeout(timer)
  },
}
