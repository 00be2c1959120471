/** What a promise gives; rejects with the reason of the signal when that aborts first. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      const { reason } = signal
      reject(reason instanceof Error ? reason : new Error('It was cancelled.', { cause: reason }))
    }
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    const settle = (): void => signal.removeEventListener('abort', stop)
    promise.then(resolve, reject).finally(settle)
  })
}
