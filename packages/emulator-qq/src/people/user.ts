import type { JsonObject } from '@mynah/emulator-kit'
import type { Platform, QQEnvelope } from '../world/platform.ts'
import type { UserState } from '../world/world.ts'
import { ensureDirect } from '../world/guilds.ts'
import { QQC2CChat } from './c2c-chat.ts'
import { Listener } from './listener.ts'
import { QQGroupChat } from './group-chat.ts'
import { ensureMember, QQGroup } from './group.ts'
import { QQChannelChat, QQDirectChat } from './guild-chat.ts'
import type { QQChannel, QQGuild } from './guild.ts'

/** How a user starts. */
export interface QQUserOptions {
  /** The name that events tell. @defaultValue 'user' */
  name?: string
  /** Whether the bot is in the user's message list from the start. @defaultValue true */
  friend?: boolean
  /** A fixed C2C openid. */
  openid?: string
}

/** Where a friend came from. */
export interface QQFriendOptions {
  /** 1000 and up, see the official docs of FRIEND_ADD. */
  scene?: number
  /** The `callback_data` of the link. */
  sceneParam?: string
}

/** A human who talks with the bot. Expectations on the user itself hear every place at once. */
export class QQUser extends Listener {
  /** What the platform knows of the account. */
  readonly state: UserState
  /** The one-to-one chat with the bot. */
  readonly c2c: QQC2CChat
  readonly #platform: Platform

  constructor(platform: Platform, state: UserState) {
    super(state.inbox)
    this.#platform = platform
    this.state = state
    this.c2c = new QQC2CChat(platform, state)
  }

  /** The name, as events tell it. */
  get name(): string {
    return this.state.username
  }

  /** The openid of C2C. */
  get openid(): string {
    return this.state.openid
  }

  /** The guild-side id. */
  get id(): string {
    return this.state.id
  }

  /** This user in a group or channel; joins it when needed, without an event. */
  in(place: QQGroup): QQGroupChat
  in(place: QQChannel): QQChannelChat
  in(place: QQGroup | QQChannel): QQGroupChat | QQChannelChat {
    return place instanceof QQGroup
      ? new QQGroupChat(this.#platform, place.state, ensureMember(this.#platform, place.state, this.state))
      : new QQChannelChat(this.#platform, place.state, this.state)
  }

  /** The direct messages of this user and the bot, by way of a guild they share. */
  dm(guild: QQGuild): QQDirectChat {
    return new QQDirectChat(this.#platform, ensureDirect(this.#platform, this.state, guild.state))
  }

  #friendEvent(event: string, extra: JsonObject = {}): QQEnvelope {
    const data = { openid: this.openid, timestamp: this.#platform.seconds(), ...extra }
    return this.#platform.dispatch(event, data)
  }

  /** Adds the bot to the message list: FRIEND_ADD. */
  addFriend({ scene, sceneParam }: QQFriendOptions = {}): QQEnvelope {
    this.state.friend = true
    return this.#friendEvent('FRIEND_ADD', {
      ...(scene === undefined ? {} : { scene }),
      ...(sceneParam === undefined ? {} : { scene_param: sceneParam }),
      author: { union_openid: this.state.unionOpenid },
    })
  }

  /** Deletes the bot: FRIEND_DEL. */
  removeFriend(): QQEnvelope {
    this.state.friend = false
    return this.#friendEvent('FRIEND_DEL')
  }

  /** Turns proactive messages off: C2C_MSG_REJECT. */
  rejectPush(): QQEnvelope {
    this.state.pushAllowed = false
    return this.#friendEvent('C2C_MSG_REJECT')
  }

  /** Turns proactive messages on: C2C_MSG_RECEIVE. */
  allowPush(): QQEnvelope {
    this.state.pushAllowed = true
    return this.#friendEvent('C2C_MSG_RECEIVE')
  }
}
