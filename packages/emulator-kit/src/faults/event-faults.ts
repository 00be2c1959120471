import type { Timers } from '../world/timers.ts'
import { type Held, Hold } from './held.ts'
import { Plan } from './plan.ts'

/** Lets events go wrong on their way to the bot as it was planned. */
export class EventFaults<E> {
  readonly #timers: Timers
  readonly #mishaps = new Plan<'lose' | 'duplicate'>()
  readonly #delays = new Plan<number>()
  #hold: Hold<() => void> | undefined

  constructor(timers: Timers) {
    this.#timers = timers
  }

  /** Lets the next events never arrive. */
  lose(times?: number): void {
    this.#mishaps.add('lose', times)
  }

  /** Lets the next events arrive twice. */
  duplicate(times?: number): void {
    this.#mishaps.add('duplicate', times)
  }

  /** Lets the next events arrive late. */
  delay(delayMs: number, times?: number): void {
    this.#delays.add(delayMs, times)
  }

  /** Keeps events back until they are released. */
  hold(): Held<() => void> {
    this.#hold ??= new Hold(
      (letGo) => letGo(),
      () => {
        this.#hold = undefined
      },
    )
    return this.#hold
  }

  /** Sends an event, unless something else is planned for it. */
  pass(event: E, send: (event: E) => Promise<void> | void): Promise<void> | void {
    if (this.#hold === undefined && this.#mishaps.isEmpty && this.#delays.isEmpty) return send(event)
    const mishap = this.#mishaps.take()
    if (mishap === 'lose') return
    const go = (): Promise<void> | void => {
      const sent = send(event)
      return mishap === 'duplicate' ? Promise.all([sent, send(event)]).then(() => {}) : sent
    }
    const delayMs = this.#delays.take()
    if (this.#hold !== undefined) return this.#hold.keep(() => void go())
    return delayMs === undefined
      ? go()
      : this.#timers.sleep(delayMs).then(() => (this.#timers.isClosed ? undefined : go()))
  }

  /** Ends every plan; events that were held are sent. */
  clear(): void {
    this.#mishaps.clear()
    this.#delays.clear()
    this.#hold?.release()
  }
}
