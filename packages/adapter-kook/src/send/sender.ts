import { type Content, type Message, MynahError, type Page, toElements } from '@mynah/core'

import type { HistoryQuery } from '../api/messages.ts'
import type { KookApi } from '../api/kook-api.ts'
import { BoundedMap } from '../api/bounded-map.ts'
import { decodeContent, decodeFetched } from '../decode/message.ts'
import { placeOf } from '../decode/resources.ts'
import { toWireEmoji } from '../wire/emoji.ts'
import { type Draft, planMessages } from './plan.ts'
import type { SentKookMessage } from '../internal.ts'
import { MediaUploads } from './media.ts'
import { messageTypes } from '../wire/events.ts'
import type { SentMessage } from '../wire/objects.ts'
import { filled, parseJson } from '../wire/read.ts'

/** Options of one sent message. */
export interface DeliveryOptions {
  /** The message that is being answered, which takes less of the daily quota. */
  readonly replyTo?: string | undefined
}

const pageSize = 50

/** Messages in channels and in private chats: the platform has two sets of calls, told apart by the place. */
export class Messenger {
  readonly #api: KookApi
  readonly #media: MediaUploads
  readonly #chatCodes = new BoundedMap<string, string>(10_000)

  constructor(api: KookApi, privateHosts: readonly string[] = []) {
    this.#api = api
    this.#media = new MediaUploads(api.platform, privateHosts)
  }

  /** Sends one message. @throws MynahError or PlatformError, see {@link sendAll}. */
  async send(channelId: string, { attrs }: Draft, options: DeliveryOptions = {}): Promise<SentMessage> {
    const place = placeOf(channelId)
    const { kind: type, temp, template, nonce } = attrs
    if (temp !== undefined && place.kind !== 'channel') throw temporaryInPrivate()
    const quote = filled(attrs.quote)
    const { replyTo } = options
    const message = {
      type,
      content:
        template === undefined
          ? await this.#media.prepare(type, attrs.content, filesOf(attrs))
          : attrs.content,
      ...(quote === undefined ? {} : { quote }),
      ...(replyTo === undefined ? {} : { reply_msg_id: replyTo }),
      ...(nonce === undefined ? {} : { nonce }),
      ...(template === undefined ? {} : { template_id: template }),
    }
    if (place.kind === 'channel') {
      return this.#api.message.create({
        ...message,
        target_id: place.channelId,
        ...(temp === undefined ? {} : { temp_target_id: temp }),
      })
    }
    return this.#api.directMessage.create(
      place.kind === 'chat'
        ? { ...message, chat_code: place.chatCode }
        : { ...message, target_id: place.userId },
    )
  }

  /** Sends everything that content becomes. */
  async sendAll(channelId: string, content: Content): Promise<SentKookMessage[]> {
    const drafts = planMessages(toElements(content))
    if (drafts.length === 0) throw new MynahError('SEND_EMPTY', 'The content has no text and no elements.')
    const sent: SentKookMessage[] = []
    for (const draft of drafts) {
      const answer = await this.send(channelId, draft)
      const nonce = filled(answer.nonce)
      sent.push({
        id: answer.msg_id,
        createdAt: answer.msg_timestamp,
        content: decodeContent({
          type: draft.attrs.kind,
          content: draft.attrs.content,
          // What was sent is known.
          mentions: { all: true, here: true },
        }),
        ...(nonce === undefined ? {} : { nonce }),
      })
    }
    return sent
  }

  /**
   * Changes a message to content of its own kind, KMarkdown or cards. A `quote` element with an empty id takes
   * the answer away; without one it stays.
   */
  async update(channelId: string, messageId: string, content: Content): Promise<void> {
    const [draft, ...more] = planMessages(toElements(content))
    if (draft === undefined) throw new MynahError('SEND_EMPTY', 'A message cannot be changed to nothing.')
    const { kind, quote, temp, template } = draft.attrs
    const isEditable = kind === messageTypes.kmarkdown || kind === messageTypes.card
    if (more.length > 0 || !isEditable) {
      throw new MynahError('UNSUPPORTED', 'KOOK changes a message only to one text or one message of cards.')
    }
    const changes = {
      content: await this.#media.prepare(kind, draft.attrs.content, filesOf(draft.attrs)),
      ...(quote === undefined ? {} : { quote }),
      ...(template === undefined ? {} : { template_id: template }),
    }
    if (placeOf(channelId).kind === 'channel') {
      return this.#api.message.update(messageId, {
        ...changes,
        ...(temp === undefined ? {} : { temp_target_id: temp }),
      })
    }
    if (temp !== undefined) throw temporaryInPrivate()
    return this.#api.directMessage.update(messageId, changes)
  }

  delete(channelId: string, messageId: string): Promise<void> {
    return this.#calls(channelId).delete(messageId)
  }

  react(channelId: string, messageId: string, emoji: string): Promise<void> {
    return this.#calls(channelId).addReaction(messageId, toWireEmoji(emoji))
  }

  unreact(channelId: string, messageId: string, emoji: string, userId?: string): Promise<void> {
    return this.#calls(channelId).deleteReaction(messageId, toWireEmoji(emoji), userId)
  }

  async view(channelId: string, messageId: string): Promise<Message> {
    if (placeOf(channelId).kind === 'channel') {
      return decodeFetched(await this.#api.message.view(messageId))
    }
    return decodeFetched(await this.#api.directMessage.view(await this.chatCodeOf(channelId), messageId))
  }

  /** A page of the history that ends before the message `next`. */
  async list(channelId: string, next?: string): Promise<Page<Message>> {
    const query: HistoryQuery = {
      page_size: pageSize,
      ...(next === undefined ? {} : { msg_id: next, flag: 'before' }),
    }
    const place = placeOf(channelId)
    const { items } =
      place.kind === 'channel'
        ? await this.#api.message.list(place.channelId, query)
        : await this.#api.directMessage.list(
            place.kind === 'chat' ? { chat_code: place.chatCode } : { target_id: place.userId },
            query,
          )
    const oldest = items.length < pageSize ? undefined : items[0]?.id
    return { data: items.map(decodeFetched), ...(oldest === undefined ? {} : { next: oldest }) }
  }

  /** Remembers the chat with a user. */
  learnChat(userId: string, chatCode: string): void {
    if (this.#chatCodes.get(userId) !== chatCode) this.#chatCodes.set(userId, chatCode)
  }

  /** The code of the chat with a user, where it is known. */
  knownChat(userId: string): string | undefined {
    return this.#chatCodes.get(userId)
  }

  /** The code of the chat with a user; begins the chat when there is none. */
  async openChat(userId: string): Promise<string> {
    const known = this.#chatCodes.get(userId)
    if (known !== undefined) return known
    const { code } = await this.#api.userChat.create(userId)
    this.#chatCodes.set(userId, code)
    return code
  }

  /** @throws MynahError `UNSUPPORTED` when it is no private chat. */
  async chatCodeOf(channelId: string): Promise<string> {
    const place = placeOf(channelId)
    if (place.kind === 'chat') return place.chatCode
    if (place.kind === 'user') return this.openChat(place.userId)
    throw new MynahError('UNSUPPORTED', `${channelId} is a channel, not a private chat.`)
  }

  #calls(channelId: string): KookApi['message'] | KookApi['directMessage'] {
    return placeOf(channelId).kind === 'channel' ? this.#api.message : this.#api.directMessage
  }
}

function filesOf({ files = '[]' }: Draft['attrs']): ReadonlySet<string> {
  const list = parseJson(files)
  return new Set(Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [])
}

function temporaryInPrivate(): MynahError {
  return new MynahError('UNSUPPORTED', 'KOOK has temporary messages only in channels, not in private chats.')
}
