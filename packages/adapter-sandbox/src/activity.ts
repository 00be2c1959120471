/**
 * What is going on for the bot: events being handled and messages being sent. A handler that waits for an
 * answer counts as quiet, because only the next line can help it on.
 */
export class Activity {
  readonly #handled = new Set<string>()
  /** Open prompts by event id. */
  readonly #waiting = new Map<string, number>()
  #sending = 0
  #onChange: (() => void) | undefined

  /** Counts an event in until its handlers are done. */
  async handle(eventId: string, handlers: Promise<void>): Promise<void> {
    this.#handled.add(eventId)
    await handlers
    this.#handled.delete(eventId)
    this.#onChange?.()
  }

  /** Counts a message in until its receipt is there. */
  async send<T>(sending: Promise<T>): Promise<T> {
    this.#sending += 1
    try {
      return await sending
    } finally {
      this.#sending -= 1
      this.#onChange?.()
    }
  }

  /** A handler of the event begins, or ends, to wait for an answer. */
  prompt(eventId: string, isWaiting: boolean): void {
    const open = (this.#waiting.get(eventId) ?? 0) + (isWaiting ? 1 : -1)
    if (open > 0) this.#waiting.set(eventId, open)
    else this.#waiting.delete(eventId)
    this.#onChange?.()
  }

  /** Waits until nothing goes on, at most `limitMs` and no longer than `signal` allows. */
  async quiet(limitMs: number, signal: AbortSignal): Promise<void> {
    const late = new AbortController()
    // Keeps the process alive, unlike AbortSignal.timeout: a handler may wait for a timer that does not.
    const timer = setTimeout(() => late.abort(), limitMs)
    const limit = AbortSignal.any([signal, late.signal])
    // A turn of the event loop lets answers begin that a handler did not wait for.
    await nextTurn()
    while (!this.#isQuiet && !limit.aborted) {
      await this.#changed(limit)
      await nextTurn()
    }
    clearTimeout(timer)
  }

  get #isQuiet(): boolean {
    if (this.#sending > 0) return false
    for (const id of this.#handled) if (!this.#waiting.has(id)) return false
    return true
  }

  #changed(limit: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const stop = (): void => {
        limit.removeEventListener('abort', stop)
        this.#onChange = undefined
        resolve()
      }
      this.#onChange = stop
      limit.addEventListener('abort', stop)
    })
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
