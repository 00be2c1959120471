import { defined, readJson, readText } from '@mynah/adapter-kit'
import { type Content, type Message, MynahError, type Page, toElements } from '@mynah/core'

import type { ChatCodes } from '../api/chat-codes.ts'
import type { KookApi } from '../api/kook-api.ts'
import { oldestOf, queryBefore } from '../api/messages.ts'
import { decodeFetched } from '../decode/message.ts'
import { targetOf } from '../decode/target.ts'
import { messageTypes } from '../wire/events.ts'
import type { SentMessage } from '../wire/messages.ts'
import { MediaUploads } from './media.ts'
import { type Draft, planMessages } from './plan.ts'

/** What a {@link Sender} works with. */
export interface SenderOptions {
  /** Carries the calls. */
  readonly api: KookApi
  /** Tells the chats with users. */
  readonly chatCodes: ChatCodes
  /** Hosts that media may be read from although they are not public. */
  readonly privateHosts: readonly string[]
}

/** Messages in channels and in private chats: the platform has two sets of calls, told apart by the target. */
export class Sender {
  readonly #api: KookApi
  readonly #chatCodes: ChatCodes
  readonly #media: MediaUploads

  /** @param options - What it sends with. */
  constructor({ api, chatCodes, privateHosts }: SenderOptions) {
    this.#api = api
    this.#chatCodes = chatCodes
    this.#media = new MediaUploads(api.platform, privateHosts)
  }

  /**
   * Sends one message.
   *
   * @param replyTo - The message that is being answered, which takes less of the daily quota.
   * @throws MynahError `UNSUPPORTED` or `MEDIA_REFUSED`; PlatformError when refused.
   */
  async send(channelId: string, { attrs }: Draft, replyTo?: string): Promise<SentMessage> {
    const target = targetOf(channelId)
    const { kind: type, temp, template, nonce } = attrs
    if (temp !== undefined && target.kind !== 'channel') throw temporaryInPrivate()
    const message = {
      type,
      content: template === undefined ? await this.#withMedia(attrs) : attrs.content,
      ...defined({ quote: readText(attrs.quote), reply_msg_id: replyTo, nonce, template_id: template }),
    }
    if (target.kind === 'channel') {
      return this.#api.messages.create({
        ...message,
        target_id: target.channelId,
        ...defined({ temp_target_id: temp }),
      })
    }
    return this.#api.directMessages.create(
      target.kind === 'chat'
        ? { ...message, chat_code: target.chatCode }
        : { ...message, target_id: target.userId },
    )
  }

  /**
   * Changes a message to content of its own kind, KMarkdown or cards. A `quote` element with an empty id takes
   * the answer away; without one it stays.
   *
   * @throws MynahError `SEND_EMPTY`, `SEND_TOO_LONG`, `UNSUPPORTED` or `MEDIA_REFUSED`; PlatformError when refused.
   */
  async update(channelId: string, messageId: string, content: Content): Promise<void> {
    const [draft, ...more] = planMessages(toElements(content))
    if (draft === undefined) throw new MynahError('SEND_EMPTY', 'A message cannot be changed to nothing.')
    const { kind, quote, temp, template } = draft.attrs
    const isEditable = kind === messageTypes.kmarkdown || kind === messageTypes.card
    if (!isEditable) {
      throw new MynahError('UNSUPPORTED', 'KOOK changes a message only to one text or one message of cards.')
    }
    if (more.length > 0) {
      const count = more.length + 1
      throw new MynahError(
        'SEND_TOO_LONG',
        `An edited message stays one, and on KOOK this would be ${count}.`,
      )
    }
    const changes = {
      content: await this.#withMedia(draft.attrs),
      ...defined({ quote, template_id: template }),
    }
    if (targetOf(channelId).kind === 'channel') {
      return this.#api.messages.update(messageId, { ...changes, ...defined({ temp_target_id: temp }) })
    }
    if (temp !== undefined) throw temporaryInPrivate()
    return this.#api.directMessages.update(messageId, changes)
  }

  /** One message. @throws PlatformError when refused. */
  async get(channelId: string, messageId: string): Promise<Message> {
    if (targetOf(channelId).kind === 'channel') return decodeFetched(await this.#api.messages.get(messageId))
    return decodeFetched(await this.#api.directMessages.get(await this.chatCodeOf(channelId), messageId))
  }

  /** A page of the history that ends before the message `next`. @throws PlatformError when refused. */
  async list(channelId: string, next?: string): Promise<Page<Message>> {
    const query = queryBefore(next)
    const target = targetOf(channelId)
    const { items } =
      target.kind === 'channel'
        ? await this.#api.messages.list(target.channelId, query)
        : await this.#api.directMessages.list(
            target.kind === 'chat' ? { chat_code: target.chatCode } : { target_id: target.userId },
            query,
          )
    return { data: items.map(decodeFetched), ...defined({ next: oldestOf(items) }) }
  }

  /** The code of a private chat. @throws MynahError `UNSUPPORTED` when it is none. */
  async chatCodeOf(channelId: string): Promise<string> {
    const target = targetOf(channelId)
    if (target.kind === 'chat') return target.chatCode
    if (target.kind === 'user') return this.#chatCodes.open(target.userId)
    throw new MynahError('UNSUPPORTED', `${channelId} is a channel, not a private chat.`)
  }

  /** The calls for messages in a channel or a private chat. */
  callsFor(channelId: string): KookApi['messages'] | KookApi['directMessages'] {
    return targetOf(channelId).kind === 'channel' ? this.#api.messages : this.#api.directMessages
  }

  #withMedia(attrs: Draft['attrs']): Promise<string> {
    return this.#media.prepare(attrs.kind, attrs.content, filesOf(attrs))
  }
}

function filesOf({ files = '[]' }: Draft['attrs']): ReadonlySet<string> {
  const list = readJson(files)
  return new Set(Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [])
}

function temporaryInPrivate(): MynahError {
  return new MynahError('UNSUPPORTED', 'KOOK has temporary messages only in channels, not in private chats.')
}
