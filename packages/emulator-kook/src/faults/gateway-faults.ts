/** What happens to an event on its way. */
type Mishap = 'lose' | 'duplicate'

type Counter = 'refuse-connection' | 'withhold-hello' | 'withhold-pong' | 'reconnect-after-resume'

/** What goes wrong next at the gateway. */
export class KookGatewayFaults {
  readonly #counters = new Map<Counter, number>()
  readonly #mishaps: Mishap[] = []
  readonly #helloCodes: number[] = []
  #delayMs = 0

  /** The next connections are refused with HTTP 503. */
  refuseConnections(times = 1): void {
    this.#plan('refuse-connection', times)
  }

  /** The next connections get no HELLO and nothing else. */
  withholdHello(times = 1): void {
    this.#plan('withhold-hello', times)
  }

  /** The next connections get a HELLO with these codes, such as 40103, one each. */
  refuseHello(...codes: number[]): void {
    this.#helloCodes.push(...codes)
  }

  /** The next pings get no PONG; `Infinity` until {@link clear}. */
  withholdPongs(times = 1): void {
    this.#plan('withhold-pong', times)
  }

  /** The next successful resumes are followed by a RECONNECT right away. */
  reconnectAfterResume(times = 1): void {
    this.#plan('reconnect-after-resume', times)
  }

  /** The next events get their numbers but are not sent; a lagging ping or a resume brings them. */
  loseEvents(count = 1): void {
    for (let index = 0; index < count; index += 1) this.#mishaps.push('lose')
  }

  /** The next events are sent twice. */
  duplicateEvents(count = 1): void {
    for (let index = 0; index < count; index += 1) this.#mishaps.push('duplicate')
  }

  /** Every event arrives `delayMs` late from now on; 0 ends it. */
  delayEvents(delayMs: number): void {
    this.#delayMs = delayMs
  }

  /** Ends every planned trouble. */
  clear(): void {
    this.#counters.clear()
    this.#mishaps.length = 0
    this.#helloCodes.length = 0
    this.#delayMs = 0
  }

  /** @internal */
  take(counter: Counter): boolean {
    const left = this.#counters.get(counter) ?? 0
    this.#counters.set(counter, left - 1)
    return left > 0
  }

  /** @internal */
  takeHelloCode(): number | undefined {
    return this.#helloCodes.shift()
  }

  /** @internal */
  takeMishap(): Mishap | undefined {
    return this.#mishaps.shift()
  }

  /** @internal */
  get delayMs(): number {
    return this.#delayMs
  }

  #plan(counter: Counter, times: number): void {
    this.#counters.set(counter, Math.max(0, this.#counters.get(counter) ?? 0) + times)
  }
}
