/** Time as the framework sees it; tests put a clock of their own in its place. */
export interface Clock {
  /** Ms since 1970. */
  now(): number
  /** Calls back once after `delayMs`; the result cancels it. The timer does not keep the process alive. */
  setTimeout(callback: () => void, delayMs: number): () => void
  /** Calls back every `periodMs`; the result cancels it. The timer does not keep the process alive. */
  setInterval(callback: () => void, periodMs: number): () => void
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs).unref()
    return () => clearTimeout(timer)
  },
  setInterval: (callback, periodMs) => {
    const timer = setInterval(callback, periodMs).unref()
    return () => clearInterval(timer)
  },
}

/** Waits for a promise, but no longer than `limitMs`; tells whether it settled in time. Never rejects. */
export async function settlesWithin(
  clock: Clock,
  promise: Promise<unknown>,
  limitMs: number,
): Promise<boolean> {
  let cancel: (() => void) | undefined
  const late = new Promise<false>((resolve) => {
    cancel = clock.setTimeout(() => resolve(false), limitMs)
  })
  const settled = promise.then(
    () => true,
    () => true,
  )
  try {
    return await Promise.race([settled, late])
  } finally {
    cancel?.()
  }
}
