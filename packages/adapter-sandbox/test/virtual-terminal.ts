import { Writable } from 'node:stream'

const introducer = '\u001B['
const sequence = /^(\d*)([A-Za-z])/

/** A terminal that understands as much as readline uses, to see what a person would see. */
export class VirtualTerminal extends Writable {
  readonly isTTY = true
  readonly columns: number
  /** Everything that was written. */
  raw = ''
  #rows: string[] = ['']
  #row = 0
  #column = 0

  constructor(columns = 40) {
    super({ decodeStrings: false })
    this.columns = columns
  }

  /** The screen without blanks at the end of rows. */
  get screen(): string {
    return this.#rows.map((row) => row.trimEnd()).join('\n')
  }

  /** The last rows. */
  last(count: number): string[] {
    return this.screen.split('\n').slice(-count)
  }

  override _write(chunk: string | Uint8Array, _encoding: BufferEncoding, callback: () => void): void {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
    this.raw += text
    for (let rest = text; rest !== '';) {
      if (rest.startsWith(introducer)) {
        const [whole = '', count = '', letter = ''] = sequence.exec(rest.slice(introducer.length)) ?? []
        this.#control(letter, count === '' ? 1 : Number(count))
        rest = rest.slice(introducer.length + whole.length)
      } else {
        this.#put(rest.charAt(0))
        rest = rest.slice(1)
      }
    }
    callback()
  }

  #control(letter: string, count: number): void {
    if (letter === 'A') this.#row = Math.max(0, this.#row - count)
    else if (letter === 'G') this.#column = count - 1
    else if (letter === 'D') this.#column = Math.max(0, this.#column - count)
    else if (letter === 'C') this.#column += count
    else if (letter === 'J') {
      this.#rows.length = this.#row + 1
      this.#rows[this.#row] = this.#line.slice(0, this.#column)
    } else if (letter === 'K') this.#rows[this.#row] = this.#line.slice(0, this.#column)
    else if (letter !== 'm') throw new Error(`This terminal does not know CSI ${count} ${letter}.`)
  }

  #put(character: string): void {
    if (character === '\r') {
      this.#column = 0
      return
    }
    if (character === '\n' || this.#column === this.columns) {
      this.#row += 1
      this.#column = 0
      while (this.#rows.length <= this.#row) this.#rows.push('')
      if (character === '\n') return
    }
    this.#rows[this.#row] =
      this.#line.slice(0, this.#column).padEnd(this.#column) + character + this.#line.slice(this.#column + 1)
    this.#column += 1
  }

  get #line(): string {
    return this.#rows[this.#row] ?? ''
  }
}
