import type { EditOptions } from '../bot/send-options.ts'
import { isKeptBack } from '../errors/kept-back.ts'
import { MynahError } from '../errors/mynah-error.ts'
import type { Scope } from '../lifecycle/scope.ts'
import type { Content } from '../message/element.ts'
import type { MessageIncoming } from '../middleware/middleware.ts'

/** The messages that an answer in pieces becomes, and their edits. */
export class StreamMessages {
  readonly #message: MessageIncoming
  readonly #scope: Scope
  readonly #command: string
  #count = 0

  constructor(message: MessageIncoming, scope: Scope, command: string) {
    this.#message = message
    this.#scope = scope
    this.#command = command
  }

  /** How many there are, sent or not. */
  get count(): number {
    return this.#count
  }

  /** Characters that one message takes. */
  get maxLength(): number {
    return this.#message.incoming.bot.support.maxTextLength ?? Number.POSITIVE_INFINITY
  }

  /** Sends one more. Never rejects. @returns The id by which it can be edited, if it can. */
  async send(content: Content): Promise<string | undefined> {
    this.#count += 1
    const { bot, outcome } = this.#message.incoming
    outcome.said(this.#scope.name, this.#command)
    const { type, channel } = this.#message.event
    const receipt = await bot.sendMessage(channel.id, content, this.#options())
    const [only, ...others] = receipt.messageIds
    if (receipt.status !== 'failed')
      return receipt.status === 'delivered' && others.length === 0 ? only : undefined
    if (!isKeptBack(receipt.error.code))
      this.#scope.fail(MynahError.from(receipt.error, 'SEND_FAILED'), `replying to ${type}`)
    return undefined
  }

  /** Puts other content in the place of one. @throws MynahError why it could not. */
  edit(id: string, content: Content): Promise<void> {
    const { bot } = this.#message.incoming
    return bot.updateMessage(this.#message.event.channel.id, id, content, this.#options())
  }

  #options(): EditOptions {
    const { latest, trace, bot } = this.#message.incoming
    return { event: latest, trace, sender: this.#scope, key: `${bot.key} ${latest.id} ${this.#count}` }
  }
}
