const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A signal that asks a process to stop. */
export type StopSignal = (typeof names)[number]

/** npm hands Ctrl+C on to a process that the terminal has told already. */
const echoMs = 500

/**
 * The signals that ask this process to stop, from the moment it is made: what came before somebody listens is
 * kept. Ctrl+C counts once where both the terminal and another process tell of it.
 */
export class StopSignals {
  readonly #onSignal = (signal: StopSignal): void => this.#hear(signal)
  #listener: ((signal: StopSignal, count: number) => void) | undefined
  #heard = 0
  #passedOn = 0
  #count = 0
  #first: StopSignal | undefined
  #lastInterrupt = Number.NEGATIVE_INFINITY

  constructor() {
    for (const name of names) process.on(name, this.#onSignal)
  }

  /** Calls back with each signal and how many there were, also with one that came already. */
  listen(listener: (signal: StopSignal, count: number) => void): void {
    this.#listener = listener
    if (this.#first !== undefined) listener(this.#first, this.#count)
  }

  /** Takes a signal that another process passed on. */
  passedOn(signal: StopSignal): void {
    this.#passedOn += 1
    this.#tell(signal)
  }

  /** Leaves signals to others again. */
  close(): void {
    for (const name of names) process.off(name, this.#onSignal)
    this.#listener = undefined
  }

  #hear(signal: StopSignal): void {
    const now = performance.now()
    const isEcho =
      signal === 'SIGINT' &&
      process.env['npm_lifecycle_event'] !== undefined &&
      now - this.#lastInterrupt < echoMs
    if (signal === 'SIGINT') this.#lastInterrupt = now
    if (isEcho) return
    this.#heard += 1
    this.#tell(signal)
  }

  #tell(signal: StopSignal): void {
    this.#first ??= signal
    const count = Math.max(this.#heard, this.#passedOn)
    if (count === this.#count) return
    this.#count = count
    this.#listener?.(signal, count)
  }
}

/** Recognises the name of a signal that asks to stop. */
export function isStopSignal(value: unknown): value is StopSignal {
  return names.some((name) => name === value)
}
