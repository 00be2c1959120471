import { MynahError } from '@mynah/core'
import { Mailbox } from '@mynah/core/testing'
import { type Expected, expectSilence, fits, inWords } from '@mynah/emulator-kit'
import { attachmentFrom } from '../endpoints/message-content.ts'
import { storeAsset } from '../world/assets.ts'
import { emojiId } from '../world/emojis.ts'
import { escapeKMarkdown } from '../world/kmarkdown.ts'
import {
  addReaction,
  deleteMessage,
  editMessage,
  pinMessage,
  removeReaction,
  sendToChannel,
  sendToChat,
} from '../world/messages.ts'
import type { Attachment, ChannelState, ChatState, MessageState, UserState } from '../world/model.ts'
import { userView } from '../world/views.ts'
import type { World } from '../world/world.ts'
import { KookMessage } from './message.ts'

/** Where a conversation takes place: a channel, or the private chat with the bot. */
export type KookPlace = { kind: 'channel'; channel: ChannelState } | { kind: 'chat'; chat: ChatState }

/** What a message may carry beside its content. */
export interface KookSayOptions {
  /** The message to answer. */
  quote?: KookMessage
}

/** A file somebody sends. */
export interface KookFile {
  /** The file name, with its extension. */
  name: string
  /** The whole content. */
  bytes: Uint8Array
}

/** Which reply is expected: its exact text or source, a pattern its text matches, or a predicate. */
export type KookExpected = Expected<KookMessage>

interface Heard {
  readonly kind: 'sent' | 'edited' | 'deleted'
  readonly message: KookMessage
}

/** A person in one place: what they say there, and what they see the bot do there. */
export class KookParticipant {
  readonly #world: World
  readonly #user: UserState
  readonly #place: KookPlace
  readonly #heard = new Mailbox<Heard>(({ kind, message }) => `${kind} ${JSON.stringify(message.content)}`)

  constructor(world: World, user: UserState, place: KookPlace) {
    this.#world = world
    this.#user = user
    this.#place = place
    for (const message of world.messages.values()) this.#hear('sent', message)
    world.watchers.add(({ kind, message, onlyFor }) => {
      if (onlyFor === undefined || onlyFor === user.id) this.#hear(kind, message)
    })
  }

  #hear(kind: Heard['kind'], message: MessageState): void {
    if (message.authorId !== this.#world.bot.id || !this.#isHere(message)) return
    this.#heard.push({ kind, message: new KookMessage(message, this.#user.id) })
  }

  #isHere({ place }: MessageState): boolean {
    return this.#place.kind === 'channel'
      ? place.kind === 'channel' && place.channelId === this.#place.channel.id
      : place.kind === 'chat' && place.code === this.#place.chat.code
  }

  // ---- speaking

  /** Types a text. It is escaped as the platform's clients do, so what looks like markup is none. */
  say(text: string, options: KookSayOptions = {}): KookMessage {
    return this.sayMarkdown(escapeKMarkdown(text), options)
  }

  /** Sends KMarkdown source; mentions are `(met)id(met)`. */
  sayMarkdown(source: string, options: KookSayOptions = {}): KookMessage {
    return this.#send(9, source, options)
  }

  /** Sends a plain text message (type 1), which clients hardly do any more. */
  sayText(text: string, options: KookSayOptions = {}): KookMessage {
    return this.#send(1, text, options)
  }

  /** Sends cards; a text with pictures is a card with the theme `invisible`. */
  sayCard(cards: unknown, options: KookSayOptions = {}): KookMessage {
    return this.#send(10, JSON.stringify(cards), options)
  }

  /** Sends text and pictures together, as clients do: one invisible card. */
  sayWithImages(text: string, images: readonly KookFile[], options: KookSayOptions = {}): KookMessage {
    const elements = images.map((image) => ({
      type: 'image',
      src: storeAsset(this.#world, this.#user.id, image).url,
    }))
    const modules = [
      { type: 'section', mode: 'left', text: { type: 'kmarkdown', content: escapeKMarkdown(text) } },
      { type: 'container', elements },
    ]
    return this.sayCard([{ type: 'card', theme: 'invisible', modules }], options)
  }

  /** Sends a picture (type 2). */
  sendImage(file: KookFile): KookMessage {
    return this.#sendFile(2, 'image', file)
  }

  /** Sends a video (type 3). */
  sendVideo(file: KookFile): KookMessage {
    return this.#sendFile(3, 'video', file)
  }

  /** Sends a file (type 4). */
  sendFile(file: KookFile): KookMessage {
    return this.#sendFile(4, 'file', file)
  }

  /** Sends a recording (type 8). */
  sendAudio(file: KookFile): KookMessage {
    return this.#sendFile(8, 'audio', file)
  }

  /** Gives somebody an item (type 12). */
  sendItem(targetUserId: string, itemId: number): KookMessage {
    const data = { user_id: this.#user.id, target_id: targetUserId, item_id: itemId }
    return this.#send(12, JSON.stringify({ type: 'item', data }), {})
  }

  /** Replaces the text of a message of one's own. */
  edit(message: KookMessage, text: string): void {
    editMessage(this.#world, this.#own(message), { content: escapeKMarkdown(text) })
  }

  /** Deletes a message of one's own. */
  remove(message: KookMessage): void {
    deleteMessage(this.#world, this.#own(message))
  }

  /** @param emoji - The character, its `[#n;]` form, or the id of a guild emoji. */
  react(message: KookMessage, emoji: string): void {
    addReaction(this.#world, this.#find(message), this.#user.id, emojiId(this.#world, emoji))
  }

  /** Takes one's own reaction away; the emoji is written as for {@link KookParticipant.react}. */
  unreact(message: KookMessage, emoji: string): void {
    removeReaction(this.#world, this.#find(message), this.#user.id, emojiId(this.#world, emoji))
  }

  /** Pins a message, of whoever it is. */
  pin(message: KookMessage): void {
    pinMessage(this.#world, this.#find(message), this.#user.id, true)
  }

  /** Ends {@link KookParticipant.pin}. */
  unpin(message: KookMessage): void {
    pinMessage(this.#world, this.#find(message), this.#user.id, false)
  }

  /**
   * Clicks a `return-val` button of a card.
   *
   * @param button - Its value or its label. @defaultValue the first one
   * @throws MynahError `TEST_EXPECTATION` when the card has no such button.
   */
  click(message: KookMessage, button?: string): void {
    const found = message.buttons.find(
      ({ click, value, label }) =>
        click === 'return-val' && (button === undefined || value === button || label === button),
    )
    if (found === undefined) {
      const offered = message.buttons.map(({ label, click }) => `${label} (${click})`).join(', ')
      throw new MynahError('TEST_EXPECTATION', `No button ${button ?? ''} to click; there are: ${offered}`)
    }
    const place = this.#place
    const guild = place.kind === 'channel' ? this.#world.guildOf(place.channel) : undefined
    this.#world.notify('message_btn_click', {
      value: found.value,
      msg_id: message.id,
      user_id: this.#user.id,
      target_id: place.kind === 'channel' ? place.channel.id : this.#user.id,
      user_info: userView(this.#user, guild?.members.get(this.#user.id)),
      channel_type: place.kind === 'channel' ? 'GROUP' : 'PERSON',
      ...(guild !== undefined && { guild_id: guild.id }),
    })
  }

  // ---- listening

  /**
   * Waits for a message of the bot that was not expected before.
   *
   * @throws MynahError `TEST_EXPECTATION` with what the bot did say when it does not come in time.
   */
  expectReply(expected?: KookExpected, timeoutMs?: number): Promise<KookMessage> {
    return this.#expect('sent', expected, timeoutMs)
  }

  /** Waits until the bot edits a message so that it matches. */
  expectEdit(expected?: KookExpected, timeoutMs?: number): Promise<KookMessage> {
    return this.#expect('edited', expected, timeoutMs)
  }

  /** Waits until the bot's message goes away. */
  async expectDeletion(message: KookMessage, timeoutMs?: number): Promise<void> {
    await this.#expect('deleted', (gone) => gone.id === message.id, timeoutMs)
  }

  /**
   * Makes sure that the bot says nothing more here.
   *
   * @param quietMs - How long to listen. @defaultValue 100
   * @throws MynahError `TEST_EXPECTATION` as soon as it does say something.
   */
  expectSilence(quietMs = 100): Promise<void> {
    const isSent = ({ kind }: Heard): boolean => kind === 'sent'
    return expectSilence(this.#heard, isSent, quietMs, ({ message }) => message.content)
  }

  async #expect(
    kind: Heard['kind'],
    expected: KookExpected | undefined,
    timeoutMs: number | undefined,
  ): Promise<KookMessage> {
    const { message } = await this.#heard.take(
      (heard) =>
        heard.kind === kind && fits(heard.message, expected, [heard.message.text, heard.message.content]),
      `the bot to have ${kind} ${inWords(expected)}`,
      timeoutMs,
    )
    return message
  }

  #send(type: number, content: string, options: KookSayOptions, attachment?: Attachment): KookMessage {
    const draft = {
      authorId: this.#user.id,
      type,
      content,
      attachment,
      nonce: this.#world.ids.hex(8),
      quoteId: options.quote?.id,
    }
    const state =
      this.#place.kind === 'channel'
        ? sendToChannel(this.#world, this.#memberChannel(this.#place.channel), draft)
        : sendToChat(this.#world, this.#place.chat, draft)
    return new KookMessage(state, this.#user.id)
  }

  #sendFile(type: number, kind: Attachment['type'], file: KookFile): KookMessage {
    const asset = storeAsset(this.#world, this.#user.id, file)
    return this.#send(type, asset.url, {}, attachmentFrom(asset, kind))
  }

  #memberChannel(channel: ChannelState): ChannelState {
    if (this.#world.guildOf(channel).members.has(this.#user.id)) return channel
    throw new MynahError('TEST_EXPECTATION', `${this.#user.username} is no member of the guild`)
  }

  #find(message: KookMessage): MessageState {
    const state = this.#world.messages.get(message.id)
    if (state === undefined) throw new MynahError('TEST_EXPECTATION', 'The message is gone, or was temporary')
    return state
  }

  #own(message: KookMessage): MessageState {
    const state = this.#find(message)
    if (state.authorId === this.#user.id) return state
    throw new MynahError('TEST_EXPECTATION', `The message is not by ${this.#user.username}`)
  }
}
