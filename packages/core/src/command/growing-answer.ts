import { isKeptBack } from '../errors/kept-back.ts'
import { MynahError } from '../errors/mynah-error.ts'
import { type Content, plainText, toElements } from '../message/element.ts'
import { maxParts } from '../message/support.ts'
import type { Clock } from '../shared/clock.ts'
import type { StreamMessages } from './stream-messages.ts'

/** How often a message that grows is shown anew, in ms; platforms allow about one change a second. */
const editEveryMs = 1000

/** Failures that pass although nobody knows whether the edit was made: making it again does no harm. */
const unknownOutcomes: ReadonlySet<string> = new Set(['API_TIMEOUT', 'CONNECTION_CLOSED'])

/**
 * A message that is sent with its first piece and changed as others come. One edit is on its way at a time; of what
 * comes meanwhile only the newest state is sent. A full message is followed by another one. Where the platform refuses an
 * edit, what is not shown becomes one message of its own in the end.
 */
export class GrowingAnswer {
  readonly #messages: StreamMessages
  readonly #clock: Clock
  #messageId: string | undefined
  /** Everything that the message shows, or will show. */
  #pieces: Content[] = []
  #length = 0
  /** How many of the pieces the platform has. */
  #shown = 0
  /** How many of the pieces were looked at when the last edit was kept back. */
  #keptBack = 0
  #shownAt = 0
  /** What comes is shown in the end, and not before. */
  #isHeld = false
  #editing: Promise<void> | undefined
  #cancelTimer: (() => void) | undefined

  constructor(messages: StreamMessages, clock: Clock) {
    this.#messages = messages
    this.#clock = clock
  }

  async add(piece: Content): Promise<void> {
    const length = lengthOf([piece])
    const isFull = this.#length > 0 && this.#length + length > this.#messages.maxLength
    if (isFull && !this.#isHeld) await this.finish()
    this.#pieces.push(piece)
    this.#length += length
    if (this.#isHeld || this.#editing !== undefined) return
    if (this.#messageId === undefined) await this.#begin()
    else this.#showSoon()
  }

  /** Shows the whole; what is added later begins another message. */
  async finish(): Promise<void> {
    while (this.#editing !== undefined) await this.#editing
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    if (!this.#isHeld) await this.#show()
    if (this.#hasUnshown) await this.#begin()
    this.#restart([])
  }

  /** Whether there is something that people do not see, and are to see. */
  get #hasUnshown(): boolean {
    const count = this.#pieces.length
    return count > this.#shown && count > this.#keptBack
  }

  #restart(pieces: Content[]): void {
    this.#messageId = undefined
    this.#pieces = pieces
    this.#length = lengthOf(pieces)
    this.#shown = 0
    this.#keptBack = 0
  }

  /** Sends what is not shown as a message of its own, which grows from there if it can. */
  async #begin(): Promise<void> {
    this.#restart(this.#pieces.slice(this.#shown))
    const count = this.#pieces.length
    const id = await this.#messages.send(this.#pieces.slice())
    this.#shownAt = this.#clock.monotonic()
    this.#shown = count
    this.#messageId = id
    if (id !== undefined) return
    this.#restart(this.#pieces.slice(count))
    this.#isHeld = this.#messages.count >= maxParts - 1
  }

  #showSoon(): void {
    if (this.#cancelTimer !== undefined || this.#editing !== undefined) return
    const waitMs = this.#shownAt + editEveryMs - this.#clock.monotonic()
    if (waitMs > 0) {
      this.#cancelTimer = this.#clock.setTimeout(() => {
        this.#cancelTimer = undefined
        this.#showNow()
      }, waitMs)
    } else {
      this.#showNow()
    }
  }

  #showNow(): void {
    this.#editing = this.#show().then(() => {
      this.#editing = undefined
      if (!this.#isHeld && this.#hasUnshown) this.#showSoon()
    })
  }

  /** Brings the message up to date. Never rejects: what an edit could not show, a later one or another message will. */
  async #show(): Promise<void> {
    if (!this.#hasUnshown) return
    if (this.#messageId === undefined) return this.#begin()
    const count = this.#pieces.length
    this.#shownAt = this.#clock.monotonic()
    try {
      await this.#messages.edit(this.#messageId, this.#pieces.slice(0, count))
      this.#shown = count
    } catch (error) {
      this.#shownAt = this.#clock.monotonic()
      await this.#onFailure(MynahError.from(error, 'SEND_FAILED'), count)
    }
  }

  async #onFailure({ code, retriable }: MynahError, count: number): Promise<void> {
    // What was kept back must not come out by itself.
    if (isKeptBack(code)) this.#keptBack = count
    else if (code === 'SEND_TOO_LONG') await this.#begin()
    else if (!retriable && !unknownOutcomes.has(code)) this.#isHeld = true
  }
}

function lengthOf(pieces: readonly Content[]): number {
  return plainText(toElements(pieces)).length
}
