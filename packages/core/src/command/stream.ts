import { type Content, plainText, toElements } from '../message/element.ts'
import { maxParts } from '../message/support.ts'
import type { MessageSession } from '../middleware/middleware.ts'
import type { Clock } from '../shared/clock.ts'
import { isSilent } from './command.ts'

/** How often a message that grows is shown anew, in ms; platforms allow about one change a second. */
const editEveryMs = 1000

/**
 * Sends an answer that comes in pieces. Where the bot can change its messages, one message grows, at most once
 * a second and in the end to the whole; where it cannot, each piece is a message.
 *
 * @throws What the iterable throws; what came before has been sent by then.
 */
export async function replyStream(
  pieces: AsyncIterable<Content>,
  session: MessageSession,
  clock: Clock,
): Promise<undefined> {
  const message = session.bot.features.includes('updateMessage')
    ? new GrowingMessage(session, clock)
    : undefined
  let sent = 0
  const held: Content[] = []
  try {
    for await (const piece of pieces) {
      if (isSilent(piece)) continue
      if (message !== undefined) await message.add(piece)
      else if (sent < maxParts - 1) {
        sent += 1
        await session.reply(piece)
      } else held.push(piece)
    }
  } finally {
    await message?.finish()
    if (held.length > 0) await session.reply(held)
  }
  return undefined
}

/** A message that is sent with its first piece and changed as others come. */
class GrowingMessage {
  readonly #session: MessageSession
  readonly #clock: Clock
  readonly #maxLength: number
  #messageId: string | undefined
  /** Everything it shows, or will show. */
  #pieces: Content[] = []
  #length = 0
  /** How many of the pieces the platform has. */
  #shown = 0
  #shownAt = 0
  #editing: Promise<void> | undefined
  #cancelTimer: (() => void) | undefined

  constructor(session: MessageSession, clock: Clock) {
    this.#session = session
    this.#clock = clock
    this.#maxLength = session.bot.support.maxTextLength ?? Number.POSITIVE_INFINITY
  }

  async add(piece: Content): Promise<void> {
    const { length } = plainText(toElements(piece))
    if (this.#length > 0 && this.#length + length > this.#maxLength) await this.finish()
    this.#pieces.push(piece)
    this.#length += length
    if (this.#messageId === undefined) await this.#send()
    else this.#showSoon()
  }

  /** Shows the whole; what is added later begins another message. */
  async finish(): Promise<void> {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    await this.#editing
    await this.#edit()
    const unshown = this.#pieces.slice(this.#shown)
    if (unshown.length > 0) await this.#session.reply(unshown)
    this.#messageId = undefined
    this.#pieces = []
    this.#length = 0
    this.#shown = 0
  }

  async #send(): Promise<void> {
    const receipt = await this.#session.reply(this.#pieces)
    this.#shown = this.#pieces.length
    this.#shownAt = this.#clock.monotonic()
    const [only, ...others] = receipt.messageIds
    if (receipt.status === 'delivered' && others.length === 0) this.#messageId = only
    // What cannot be changed is over; the next piece begins another message.
    if (this.#messageId === undefined) await this.finish()
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
    this.#editing = this.#edit().then(() => {
      this.#editing = undefined
      if (this.#shown < this.#pieces.length) this.#showSoon()
    })
  }

  /** Never rejects: what an edit could not show, a later one or a message of its own will. */
  async #edit(): Promise<void> {
    const channelId = this.#session.channel.id
    const count = this.#pieces.length
    if (this.#messageId === undefined || count === this.#shown) return
    this.#shownAt = this.#clock.monotonic()
    try {
      await this.#session.bot.updateMessage(channelId, this.#messageId, this.#pieces.slice(0, count))
      this.#shown = count
    } catch {
      this.#shownAt = this.#clock.monotonic()
    }
  }
}
