import type { QQClock } from '../world/clock.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { QQEnvelope } from '../world/platform.ts'
import type { Webhook } from '../webhook/webhook.ts'

/** Chooses the way of an event: the webhook when one is set, else the gateway. */
export class Delivery {
  readonly #clock: QQClock
  readonly #gateway: Gateway
  readonly #webhook: Webhook
  readonly #waiting = new Set<() => void>()
  #delays: number[] = []
  #duplicates = 0

  constructor(clock: QQClock, gateway: Gateway, webhook: Webhook) {
    this.#clock = clock
    this.#gateway = gateway
    this.#webhook = webhook
  }

  send(envelope: QQEnvelope): void {
    const delayMs = this.#delays.shift()
    if (delayMs === undefined) return this.#sendNow(envelope)
    const cancel = this.#clock.after(delayMs, () => {
      this.#waiting.delete(cancel)
      this.#sendNow(envelope)
    })
    this.#waiting.add(cancel)
  }

  #sendNow(envelope: QQEnvelope): void {
    const way = this.#webhook.url === undefined ? this.#gateway : this.#webhook
    way.dispatch(envelope)
    if (this.#duplicates === 0) return
    this.#duplicates -= 1
    way.dispatch(envelope)
  }

  duplicate(times: number): void {
    this.#duplicates += times
  }

  delay(delayMs: number, times: number): void {
    for (let time = 0; time < times; time += 1) this.#delays.push(delayMs)
  }

  close(): void {
    for (const cancel of this.#waiting) cancel()
    this.#delays = []
  }
}
