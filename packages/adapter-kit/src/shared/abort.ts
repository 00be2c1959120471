import { type Clock, MynahError } from '@mynah/core'

/** The reason of an aborted signal, as an error. */
export function abortReason(signal: AbortSignal): Error {
  const { reason } = signal
  return reason instanceof Error
    ? reason
    : new MynahError('BOT_OFFLINE', 'The call was cancelled.', { cause: reason })
}

/** What `promise` gives; rejects with the reason of the signal when that aborts first. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const watch = new AbortController()
  const aborted = new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(abortReason(signal))
    signal.addEventListener('abort', () => reject(abortReason(signal)), { once: true, signal: watch.signal })
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    watch.abort()
  }
}

/** Waits for `delayMs`; rejects with the reason of the signal when that aborts first. */
export function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(abortReason(signal))
    const onAbort = (): void => {
      cancel()
      reject(abortReason(signal))
    }
    const cancel = clock.setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, delayMs)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
