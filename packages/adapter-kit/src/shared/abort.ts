import { setMaxListeners } from 'node:events'
import { type Clock, MynahError } from '@mynah/core'

/** The reason of an aborted signal, as an error. */
export function abortReason(signal: AbortSignal): Error {
  const { reason } = signal
  return reason instanceof Error
    ? reason
    : new MynahError('BOT_OFFLINE', 'The call was cancelled.', { cause: reason })
}

/**
 * Calls back once when the signal aborts; the result takes it back.
 * Any number of calls may hang on one signal, so Node's warning about more than ten listeners is off for it.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  setMaxListeners(0, signal)
  signal.addEventListener('abort', listener, { once: true })
  return () => signal.removeEventListener('abort', listener)
}

/** What `promise` gives; rejects with the reason of the signal when that aborts first. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let leave = (): void => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(abortReason(signal))
    leave = onAbort(signal, () => reject(abortReason(signal)))
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    leave()
  }
}

/** Waits for `delayMs`; rejects with the reason of the signal when that aborts first. */
export function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(abortReason(signal))
    const leave = onAbort(signal, () => {
      cancel()
      reject(abortReason(signal))
    })
    const cancel = clock.setTimeout(() => {
      leave()
      resolve()
    }, delayMs)
  })
}
