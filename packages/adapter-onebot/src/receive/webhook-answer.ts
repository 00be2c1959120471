import type { Clock } from '@mynah/core'
import { deferred, settlesWithin } from '@mynah/core/adapter'

/** The answer to a webhook request while it can still be given: quick operations of one event, in one object. */
export class WebhookAnswer {
  readonly #operation: Record<string, unknown> = {}
  readonly #settled = deferred()
  #isOpen = true

  get isOpen(): boolean {
    return this.#isOpen
  }

  /**
   * Adds to the answer.
   *
   * @returns `false` when it is too late, or another value stands in one of the places.
   */
  add(operation: Readonly<Record<string, unknown>>): boolean {
    if (!this.#isOpen || Object.keys(operation).some((key) => Object.hasOwn(this.#operation, key)))
      return false
    Object.assign(this.#operation, operation)
    return true
  }

  /** Nobody adds anything any more: the handlers are done, or wait for a person. */
  settle(): void {
    this.#settled.resolve()
  }

  /** Waits for the handlers, but not past the deadline; `undefined` when there is nothing to answer. */
  async within(clock: Clock, timeoutMs: number): Promise<object | undefined> {
    await settlesWithin(clock, this.#settled.promise, timeoutMs)
    this.#isOpen = false
    return Object.keys(this.#operation).length === 0 ? undefined : this.#operation
  }
}
