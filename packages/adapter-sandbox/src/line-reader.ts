import type { Readable } from 'node:stream'

/**
 * Reads a stream line by line, and only as far as somebody asks: what was not asked for stays in the stream
 * for the next reader.
 */
export class LineReader {
  readonly #input: Readable
  readonly #wake = (): void => this.#onChange?.()
  readonly #end = (): void => {
    this.#isOver = true
    this.#wake()
  }
  #buffer = ''
  #isOver: boolean
  #onChange: (() => void) | undefined

  constructor(input: Readable) {
    this.#input = input.setEncoding('utf8')
    this.#isOver = input.readableEnded || input.destroyed
    input.on('readable', this.#wake)
    for (const name of ['end', 'error', 'close']) input.on(name, this.#end)
  }

  /** The next line without its break; `undefined` at the end, and when the signal aborts. */
  async next(signal: AbortSignal): Promise<string | undefined> {
    while (!signal.aborted) {
      const end = this.#buffer.indexOf('\n')
      if (end >= 0) return this.#cut(end + 1)
      const chunk: unknown = this.#input.read()
      if (typeof chunk === 'string') this.#buffer += chunk
      else if (this.#isOver) return this.#buffer === '' ? undefined : this.#cut(this.#buffer.length)
      else await this.#change(signal)
    }
    return undefined
  }

  /** Leaves the stream alone; what was read too far goes back. */
  release(): void {
    this.#input.off('readable', this.#wake)
    for (const name of ['end', 'error', 'close']) this.#input.off(name, this.#end)
    if (this.#buffer !== '' && !this.#isOver) this.#input.unshift(this.#buffer)
    this.#buffer = ''
    // Only a stream that flows can pause, and it does not flow before it knows that nobody listens. Otherwise stdin goes
    // on to take what is meant for another process.
    process.nextTick(() => {
      if (this.#input.listenerCount('readable') === 0) this.#input.resume().pause()
    })
  }

  #cut(length: number): string {
    const line = this.#buffer.slice(0, length)
    this.#buffer = this.#buffer.slice(length)
    return line.replace(/\r?\n$/, '')
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const stop = (): void => {
        signal.removeEventListener('abort', stop)
        this.#onChange = undefined
        resolve()
      }
      this.#onChange = stop
      signal.addEventListener('abort', stop)
    })
  }
}
