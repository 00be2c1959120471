import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline'
import { type Readable, Writable } from 'node:stream'
import { styleText } from 'node:util'

import { type Message, printable } from '@mynah/core'

import { guardWrites } from './guard-writes.ts'
import type { Screen } from './screen.ts'
import { show } from './show.ts'
import type { Place } from './world.ts'

/** Lines that the arrow keys bring back. */
const historySize = 200

/** A stream that may be a terminal. */
export type TerminalOutput = Writable & { readonly isTTY?: boolean; readonly columns?: number }

/** What the prompt shows. */
export interface PromptState {
  /** Id that the message will get. */
  readonly nextId: string
  readonly speaker: string
  readonly place: Place
}

/** What a {@link TerminalScreen} works with. */
export interface TerminalScreenOptions {
  readonly input: Readable
  readonly output: TerminalOutput
  readonly errors: TerminalOutput
  readonly useColours: boolean
  /** Words that the tab key completes. */
  readonly completions: readonly string[]
}

/** Who takes part in a chat on a terminal. */
export interface TerminalListener {
  state(): PromptState
  onLine(line: string): void
  /** The input is over, or Ctrl+C was pressed on an empty line. */
  onEnd(): void
}

/**
 * A chat on a terminal. Whatever is written to the terminal meanwhile (log lines, `console.log` of plugins)
 * appears above the line that is being typed, and that line stays whole.
 */
export class TerminalScreen implements Screen {
  readonly #output: TerminalOutput
  readonly #errors: TerminalOutput
  readonly #useColours: boolean
  /** Writes past the guards. */
  readonly #direct: Writable
  readonly #readline: Interface
  readonly #resize = (): void => void this.#direct.emit('resize')
  #unguard: (() => void)[] = []
  #state: (() => PromptState) | undefined
  #isOpen = false

  constructor({ input, output, errors, useColours, completions }: TerminalScreenOptions) {
    this.#output = output
    this.#errors = errors
    this.#useColours = useColours
    this.#direct = past(output)
    output.on('resize', this.#resize)
    this.#readline = createInterface({
      input,
      output: this.#direct,
      terminal: true,
      historySize,
      removeHistoryDuplicates: true,
      completer: (line: string) => [completions.filter((word) => word.startsWith(line)), line],
    })
  }

  /** Begins to ask for lines. */
  open(listener: TerminalListener): void {
    this.#state = () => listener.state()
    this.#isOpen = true
    this.#readline.on('line', (line) => {
      listener.onLine(line)
      this.#ask()
    })
    this.#readline.on('close', () => {
      if (!this.#isOpen) return
      this.close()
      listener.onEnd()
    })
    this.#readline.on('SIGINT', () => {
      if (this.#readline.line === '') return this.#readline.close()
      this.#readline.write(null, { ctrl: true, name: 'e' })
      this.#readline.write(null, { ctrl: true, name: 'u' })
    })
    const terminals = [this.#output, this.#errors].filter(({ isTTY }) => isTTY === true)
    this.#unguard = Array.from(new Set(terminals), (stream) =>
      guardWrites(stream, (chunk, write) => this.#above(chunk, write)),
    )
    this.#ask()
  }

  message({ id, content, channel }: Message): Promise<void> {
    const isHere = channel?.id === this.#state?.().place.channel.id
    const where = isHere || channel === undefined ? '' : printable(`in ${channel.id}`)
    const place = where === '' ? '' : ` ${this.#style('dim', where)}`
    const words = printable(show(content)).replaceAll('\n', `\n${' '.repeat(id.length + 1)}`)
    this.#output.write(`${this.#style('dim', id)} ${this.#style('green', 'Mynah')}${place}> ${words}\n`)
    return Promise.resolve()
  }

  notice(text: string): void {
    this.#output.write(`${this.#style('dim', printable(text))}\n`)
  }

  /** Gives the terminal back. */
  close(): void {
    if (this.#isOpen) this.#clearLine()
    this.#isOpen = false
    for (const unguard of this.#unguard) unguard()
    this.#unguard = []
    this.#output.off('resize', this.#resize)
    this.#readline.close()
  }

  #ask(): void {
    if (!this.#isOpen || this.#state === undefined) return
    this.#readline.setPrompt(this.#prompt(this.#state()))
    this.#readline.prompt(true)
  }

  /** Takes the line that is being typed away, writes, and puts the line back below. */
  #above(chunk: unknown, write: () => boolean): boolean {
    this.#clearLine()
    const canTakeMore = write()
    if (!endsWithBreak(chunk)) this.#direct.write('\n')
    this.#direct.write('\n'.repeat(this.#rowsToGoUp))
    this.#ask()
    return canTakeMore
  }

  #clearLine(): void {
    moveCursor(this.#direct, 0, -this.#readline.getCursorPos().rows)
    cursorTo(this.#direct, 0)
    clearScreenDown(this.#direct)
  }

  /**
   * readline draws the line as many rows higher as the cursor was when it drew last, so there must be as many.
   * No documented property tells how many; without it a tall line may be drawn once too often.
   */
  get #rowsToGoUp(): number {
    const rows: unknown = Reflect.get(this.#readline, 'prevRows')
    return typeof rows === 'number' ? rows : 0
  }

  #prompt({ nextId, speaker, place }: PromptState): string {
    const where =
      place.guildId === undefined ? '' : ` ${this.#style('dim', printable(`in ${place.channel.id}`))}`
    return `${this.#style('dim', nextId)} ${this.#style('cyan', printable(speaker))}${where}> `
  }

  #style(style: 'dim' | 'green' | 'cyan', text: string): string {
    return this.#useColours ? styleText(style, text, { validateStream: false }) : text
  }
}

/** A way to a stream that guards set up later do not see. */
function past(stream: TerminalOutput): Writable {
  const write = stream.write.bind(stream)
  const direct = new Writable({
    decodeStrings: false,
    write(chunk, encoding, callback) {
      write(chunk, encoding)
      callback()
    },
  })
  Object.defineProperty(direct, 'columns', { get: () => stream.columns })
  return direct
}

function endsWithBreak(chunk: unknown): boolean {
  if (typeof chunk === 'string') return chunk.endsWith('\n')
  return chunk instanceof Uint8Array && chunk.at(-1) === 0x0a
}
