/** A promise together with the functions that settle it. */
export interface Deferred<T = void> {
  /** Settles when one of the two functions is called. */
  readonly promise: Promise<T>
  /** Fulfils the promise; later calls of either do nothing. */
  readonly resolve: (value: T | PromiseLike<T>) => void
  /** Rejects the promise; later calls of either do nothing. */
  readonly reject: (reason: Error) => void
}

/** Makes a {@link Deferred}; `Promise.withResolvers` does not exist on Node 20. */
export function deferred<T = void>(): Deferred<T> {
  let resolve: Deferred<T>['resolve'] = () => {}
  let reject: Deferred<T>['reject'] = () => {}
  const promise = new Promise<T>((succeed, fail) => {
    resolve = succeed
    reject = fail
  })
  return { promise, resolve, reject }
}
