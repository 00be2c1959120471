import { ensureGuildMember, escapeGuildText } from '../world/guilds.ts'
import type { JsonObject } from '@mynah/emulator-kit'
import type { QQBotMessage } from '../world/message.ts'
import type { Platform, QQEnvelope } from '../world/platform.ts'
import { userView } from '../world/views.ts'
import {
  known,
  type ChannelState,
  type DirectState,
  type GuildMemberState,
  type UserState,
} from '../world/world.ts'
import { rfc3339 } from '../world/time.ts'
import { Listener } from './listener.ts'
import { interact, type QQInteraction, type QQSaid, type QQSayOptions } from './saying.ts'

/** A face below a message: 1 and the number of a system face, or 2 and the code point of an emoji. */
export interface QQEmoji {
  /** 1 a system face, 2 an emoji. */
  readonly type: 1 | 2
  /** Number of the face, or the code point in decimal. */
  readonly id: string
}

const memberFields = ({ nick, roles, joinedAt }: GuildMemberState): JsonObject => ({
  nick,
  roles: [...roles],
  joined_at: rfc3339(joinedAt),
})

const nextSequence = (place: ChannelState | DirectState): JsonObject => {
  place.sequence += 1
  return { seq: place.sequence, seq_in_channel: String(place.sequence) }
}

const attached = ({ attachments, quote }: QQSayOptions): JsonObject => ({
  ...(attachments === undefined ? {} : { attachments }),
  ...(quote === undefined ? {} : { message_reference: { message_id: quote.id } }),
})

/** One member's view of a guild channel. */
export class QQChannelChat extends Listener {
  readonly #platform: Platform
  readonly #channel: ChannelState
  readonly #member: GuildMemberState

  constructor(platform: Platform, channel: ChannelState, user: UserState) {
    super(user.inbox, (message) => message.targetKind === 'channel' && message.target === channel.id)
    this.#platform = platform
    this.#channel = channel
    this.#member = ensureGuildMember(platform, channel.guild, user)
  }

  get #place(): { guild_id: string; channel_id: string } {
    return { guild_id: this.#channel.guild.id, channel_id: this.#channel.id }
  }

  /**
   * Speaks in the channel. A mention of the bot causes AT_MESSAGE_CREATE; private-domain bots get
   * MESSAGE_CREATE for every message, that one included.
   */
  say(text: string, options: QQSayOptions = {}): QQSaid {
    const { ids, bot, grants } = this.#platform
    const { mentionAll = false, mention = !mentionAll } = options
    const id = ids.guildMessage()
    const escaped = `${mentionAll ? '@everyone ' : ''}${escapeGuildText(text)}`
    const author = userView(this.#member.user)
    const data: JsonObject = {
      id,
      ...this.#place,
      content: mention ? `<@!${bot.id}> ${escaped}` : escaped,
      timestamp: this.#platform.now(),
      ...(mentionAll ? { mention_everyone: true } : {}),
      author,
      member: memberFields(this.#member),
      ...nextSequence(this.#channel),
      ...(mention ? { mentions: [userView(bot)] } : {}),
      ...attached(options),
      ...options.extra,
    }
    this.#channel.messages.set(id, { id, author: this.#member.user, data, reactions: new Map() })
    const events = [
      ...(mention ? ['AT_MESSAGE_CREATE'] : []),
      ...(grants.privateDomain ? ['MESSAGE_CREATE'] : []),
    ]
    const eventIds = events.map((event) => this.#platform.dispatch(event, data).id)
    return { id, text, quoteIndex: id, eventIds }
  }

  /** Takes a message back: MESSAGE_DELETE for private-domain bots, else PUBLIC_MESSAGE_DELETE. */
  recall({ id }: Pick<QQSaid, 'id'>): QQEnvelope {
    const { author } = known(this.#channel.messages.get(id), `Message ${id}`)
    this.#channel.messages.delete(id)
    const event = this.#platform.grants.privateDomain ? 'MESSAGE_DELETE' : 'PUBLIC_MESSAGE_DELETE'
    const { id: authorId, username, bot } = author
    return this.#platform.dispatch(event, {
      message: { id, ...this.#place, author: { id: authorId, username, bot } },
      op_user: { id: this.#member.user.id },
    })
  }

  /** Puts a face below a message: MESSAGE_REACTION_ADD. */
  react(message: Pick<QQSaid, 'id'>, emoji: QQEmoji): QQEnvelope {
    return this.#react('ADD', message.id, emoji)
  }

  /** Takes a face away: MESSAGE_REACTION_REMOVE. */
  unreact(message: Pick<QQSaid, 'id'>, emoji: QQEmoji): QQEnvelope {
    return this.#react('REMOVE', message.id, emoji)
  }

  #react(change: 'ADD' | 'REMOVE', id: string, { type, id: emojiId }: QQEmoji): QQEnvelope {
    const { reactions } = known(this.#channel.messages.get(id), `Message ${id}`)
    const key = `${type}/${emojiId}`
    const users = reactions.get(key) ?? new Set()
    if (change === 'ADD') users.add(this.#member.user.id)
    else users.delete(this.#member.user.id)
    reactions.set(key, users)
    return this.#platform.dispatch(`MESSAGE_REACTION_${change}`, {
      user_id: this.#member.user.id,
      ...this.#place,
      target: { id, type: 0 },
      emoji: { id: emojiId, type },
    })
  }

  /** Presses a button below a message of the bot. */
  click(message: Pick<QQBotMessage, 'id'>, buttonId: string, buttonData: string): QQInteraction {
    const resolved = {
      button_id: buttonId,
      button_data: buttonData,
      user_id: this.#member.user.id,
      message_id: message.id,
    }
    return interact(this.#platform, { resolved }, { scene: 'guild', chat_type: 0, ...this.#place })
  }

  /** Enters the voice or live channel: AUDIO_OR_LIVE_CHANNEL_MEMBER_ENTER. */
  enter(): QQEnvelope {
    this.#channel.present.add(this.#member.user.id)
    return this.#presence('ENTER')
  }

  /** Leaves the voice or live channel: AUDIO_OR_LIVE_CHANNEL_MEMBER_EXIT. */
  leave(): QQEnvelope {
    this.#channel.present.delete(this.#member.user.id)
    return this.#presence('EXIT')
  }

  #presence(change: 'ENTER' | 'EXIT'): QQEnvelope {
    return this.#platform.dispatch(`AUDIO_OR_LIVE_CHANNEL_MEMBER_${change}`, {
      ...this.#place,
      channel_type: this.#channel.type === 10_005 ? 5 : 2,
      user_id: this.#member.user.id,
    })
  }
}

/** One user's direct messages with the bot, by way of a guild they share. */
export class QQDirectChat extends Listener {
  readonly #platform: Platform
  readonly #direct: DirectState

  constructor(platform: Platform, direct: DirectState) {
    super(direct.user.inbox, (message) => message.targetKind === 'dm' && message.target === direct.guildId)
    this.#platform = platform
    this.#direct = direct
  }

  /** The id the bot answers to, where other calls have a guild id. */
  get guildId(): string {
    return this.#direct.guildId
  }

  get #place(): { guild_id: string; channel_id: string; src_guild_id: string; direct_message: true } {
    const { guildId, channelId, source } = this.#direct
    return { guild_id: guildId, channel_id: channelId, src_guild_id: source.id, direct_message: true }
  }

  /** Says something to the bot: DIRECT_MESSAGE_CREATE. */
  say(text: string, options: QQSayOptions = {}): QQSaid {
    const { user, source, messages } = this.#direct
    const id = this.#platform.ids.guildMessage()
    const data: JsonObject = {
      id,
      ...this.#place,
      content: escapeGuildText(text),
      timestamp: this.#platform.now(),
      author: userView(user),
      member: memberFields(ensureGuildMember(this.#platform, source, user)),
      ...nextSequence(this.#direct),
      ...attached(options),
      ...options.extra,
    }
    messages.set(id, { id, author: user, data, reactions: new Map() })
    const { id: eventId } = this.#platform.dispatch('DIRECT_MESSAGE_CREATE', data)
    return { id, text, quoteIndex: id, eventIds: [eventId] }
  }

  /** Takes a message back: DIRECT_MESSAGE_DELETE. */
  recall({ id }: Pick<QQSaid, 'id'>): QQEnvelope {
    const { user, messages } = this.#direct
    messages.delete(id)
    return this.#platform.dispatch('DIRECT_MESSAGE_DELETE', {
      message: { id, ...this.#place, author: { id: user.id, username: user.username, bot: false } },
      op_user: { id: user.id },
    })
  }

  /** Closes the session, so that the bot cannot write any more, or opens it again. */
  setClosed(isClosed: boolean): void {
    this.#direct.closed = isClosed
  }
}
