import {
  Bot,
  type ChatEvent,
  type Element,
  type MessageSupport,
  MynahError,
  type OutgoingMessage,
  type Receipt,
} from '@mynah/core'

import type { Account } from './account.ts'
import { stringifyCq } from './codec/cq-code.ts'
import type { OneBotConfig } from './config.ts'
import { platform } from './decode/event.ts'
import { targetOf } from './decode/resources.ts'
import { encodeMessage, splitAlone, support } from './encode/segments.ts'
import { isRaw, readString, wireId } from './wire/raw.ts'
import type { WireMessage } from './wire/segment.ts'

export type BotConfig = Pick<OneBotConfig, 'messageFormat' | 'media' | 'catchUp'>

/** One QQ account behind a OneBot implementation. */
export class OneBotBot extends Bot {
  override readonly platform: string = platform
  override readonly selfId: string
  override readonly support: MessageSupport = support
  readonly #account: Account
  readonly #config: BotConfig
  readonly #onStop: () => void

  constructor(account: Account, config: BotConfig, onStop: () => void) {
    super()
    this.selfId = account.selfId
    this.#account = account
    this.#config = config
    this.#onStop = onStop
  }

  /** Begins to hear of the account. Called when the bot is part of an app. */
  start(): void {
    this.#account.listener = {
      event: (event) => this.emit(event),
      status: (status) => this.setStatus(status),
      connected: () => {},
    }
  }

  override stop(): Promise<void> {
    this.#onStop()
    this.#account.stop()
    return Promise.resolve()
  }

  override arrange(parts: Element[][], _message: OutgoingMessage): Element[][] {
    return parts.length === 1 && parts[0]?.length === 1 ? parts : parts.flatMap(splitAlone)
  }

  override async deliver({ channelId, elements, event }: OutgoingMessage): Promise<Receipt> {
    const segments = encodeMessage(elements, ({ attrs }) =>
      String(attrs['src'] ?? attrs['onebot:file'] ?? ''),
    )
    if (segments.length === 0) throw new MynahError('SEND_EMPTY', 'Nothing of the content can be sent.')
    const message = this.#config.messageFormat === 'string' ? stringifyCq(segments) : segments
    const data = await this.#send(channelId, message, event)
    const id = isRaw(data) ? readString(data['message_id']) : undefined
    return { status: 'delivered', messageIds: id === undefined ? [] : [id] }
  }

  #send(channelId: string, message: WireMessage, event: ChatEvent | undefined): Promise<unknown> {
    const target = targetOf(channelId)
    if (target.kind === 'group') {
      return this.#account.call('send_msg', {
        message_type: 'group',
        group_id: wireId(target.groupId),
        message,
      })
    }
    if (target.kind === 'guild') {
      const { guildId, channelId } = target
      return this.#account.call('send_guild_channel_msg', {
        guild_id: guildId,
        channel_id: channelId,
        message,
      })
    }
    const referrer = event?.channel?.id === channelId ? event.referrer : undefined
    const group =
      (isRaw(referrer) ? readString(referrer['group']) : undefined) ??
      this.#account.groupOfChat(target.userId)
    return this.#account.call('send_msg', {
      message_type: 'private',
      user_id: wireId(target.userId),
      ...(group === undefined ? {} : { group_id: wireId(group) }),
      message,
    })
  }
}
