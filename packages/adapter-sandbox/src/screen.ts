import type { Writable } from 'node:stream'

import { type Message, printable } from '@mynah/core'

import { show } from './show.ts'

/** Where the sandbox shows things; nothing that somebody wrote acts on the terminal. */
export interface Screen {
  /** Shows what the bot said; resolves when it is written. */
  message(message: Message): Promise<void>
  /** Shows what the sandbox itself has to say. */
  notice(text: string): void
}

/** A screen for pipes: replies on one stream and nothing else there. */
export class PlainScreen implements Screen {
  readonly #output: Writable
  readonly #errors: Writable

  constructor(output: Writable, errors: Writable) {
    this.#output = output
    this.#errors = errors
  }

  message({ content }: Message): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#output.write(`${printable(show(content))}\n`, (error) => {
        if (error) reject(error)
        else resolve()
      })
    })
  }

  notice(text: string): void {
    this.#errors.write(`${printable(text)}\n`)
  }
}
