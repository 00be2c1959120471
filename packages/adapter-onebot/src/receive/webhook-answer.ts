import type { Clock } from '@mynah/core'
import { deferred } from '@mynah/core/adapter'

/** The answer to a webhook request while it can still be given: quick operations of one event, in one object. */
export class WebhookAnswer {
  readonly #operation: Record<string, unknown> = {}
  readonly #late = deferred()
  readonly #cancel: () => void
  #isOpen = true

  constructor(clock: Clock, withinMs: number) {
    this.#cancel = clock.setTimeout(() => this.#late.resolve(), withinMs)
  }

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

  /** Waits for the handlers, but not past the deadline; `undefined` when there is nothing to answer. */
  async until(handled: Promise<void> | undefined): Promise<object | undefined> {
    if (handled !== undefined) await Promise.race([handled, this.#late.promise])
    this.#isOpen = false
    this.#cancel()
    return Object.keys(this.#operation).length === 0 ? undefined : this.#operation
  }
}
