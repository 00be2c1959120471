import { setMaxListeners } from 'node:events'
import type { Clock } from './clock.ts'

/** The reason of an aborted signal, as an error. */
export function abortReason({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error('It was cancelled.', { cause: reason })
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

/** What a promise gives; rejects with the reason of the signal when that aborts first. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(abortReason(signal))
    if (signal.aborted) return stop()
    promise.then(resolve, reject).finally(onAbort(signal, stop))
  })
}

/** Waits for `delayMs` of the clock; rejects with the reason of the signal when that aborts first. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.reject(abortReason(signal))
  let cancel = (): void => {}
  const over = new Promise<void>((resolve) => {
    cancel = clock.setTimeout(resolve, delayMs)
  })
  return unlessAborted(over, signal).finally(cancel)
}
