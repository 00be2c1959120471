import { MynahError } from '@mynah/core'
import { joinGuild, joinVoice, leaveGuild, leaveVoice } from '../world/guilds.ts'
import type { UserState } from '../world/model.ts'
import type { World } from '../world/world.ts'
import { KookParticipant, type KookPlace, type KookExpected, type KookSayOptions } from './participant.ts'
import type { KookChannel, KookGuild } from './guild.ts'
import type { KookMessage } from './message.ts'

/** A person on the emulated platform. */
export class KookUser {
  readonly #world: World
  readonly #state: UserState
  readonly #participants = new Map<string, KookParticipant>()
  #last: KookParticipant | undefined

  constructor(world: World, state: UserState) {
    this.#world = world
    this.#state = state
  }

  /** The user's id, as KOOK gives it. */
  get id(): string {
    return this.#state.id
  }

  /** The name without the number behind it. */
  get username(): string {
    return this.#state.username
  }

  /** The full name, `name#1234`. */
  get code(): string {
    return `${this.#state.username}#${this.#state.identifyNum}`
  }

  /** KMarkdown that mentions this user. */
  get mention(): string {
    return `(met)${this.id}(met)`
  }

  // ---- talking

  /** This person in a channel. */
  in(channel: KookChannel): KookParticipant {
    return this.#converse(channel.id, { kind: 'channel', channel: channel.state })
  }

  /** This person in the private chat with the bot. */
  get direct(): KookParticipant {
    const chat = this.#world.chatWith(this.id)
    return this.#converse(chat.code, { kind: 'chat', chat })
  }

  /** The chat code of the private chat with the bot. */
  get chatCode(): string {
    return this.#world.chatWith(this.id).code
  }

  /** Says something where this person last was. */
  say(text: string, options: KookSayOptions = {}): KookMessage {
    return this.#here.say(text, options)
  }

  /** Waits for a reply where this person last was. */
  expectReply(expected?: KookExpected, timeoutMs?: number): Promise<KookMessage> {
    return this.#here.expectReply(expected, timeoutMs)
  }

  /** Makes sure that there is no further reply where this person last was. */
  expectSilence(quietMs?: number): Promise<void> {
    return this.#here.expectSilence(quietMs)
  }

  // ---- voice

  /** Comes into a voice channel: `joined_channel`. */
  joinVoice(channel: KookChannel): void {
    joinVoice(this.#world, channel.state, this.id)
  }

  /** Leaves the voice channel this person is in. */
  leaveVoice(): void {
    const channel = [...this.#world.channels.values()].find(({ voiceUsers }) => voiceUsers.has(this.id))
    if (channel === undefined)
      throw new MynahError('TEST_EXPECTATION', `${this.username} is in no voice channel`)
    leaveVoice(this.#world, channel, this.id)
  }

  // ---- profile, friendship, guilds

  /** Changes the name or avatar; the bot hears of it when it has a chat or friendship with this user. */
  update(change: { username?: string; avatar?: string }): void {
    Object.assign(this.#state, change)
    const hasChat = [...this.#world.chats.values()].some((chat) => chat.userId === this.id)
    if (!hasChat && !this.#world.friends.has(this.id)) return
    const { username, avatar } = this.#state
    this.#world.notify('user_updated', { user_id: this.id, username, avatar })
  }

  /** Comes online; the bot is told where it shares a guild with them. */
  goOnline(): void {
    this.#setOnline(true)
  }

  /** Goes offline; the bot is told where it shares a guild with them. */
  goOffline(): void {
    this.#setOnline(false)
  }

  /** Comes into a guild: `joined_guild`. */
  join(guild: KookGuild): void {
    joinGuild(this.#world, guild.state, this.id)
  }

  /** Leaves a guild: `exited_guild`. */
  leave(guild: KookGuild): void {
    leaveGuild(this.#world, guild.state, this.id)
  }

  /** Refuses (or takes again) private messages of the bot. */
  blockBot(blocked = true): void {
    this.#state.blocksBot = blocked
  }

  /** Asks the bot for friendship; returns the id of the request. */
  requestFriendship(): number {
    const id = this.#world.ids.integer()
    this.#world.friendRequests.set(id, { id, userId: this.id, own: false })
    return id
  }

  /** Accepts the bot's request for friendship. */
  acceptFriendship(): void {
    const request = [...this.#world.friendRequests.values()].find((one) => one.own && one.userId === this.id)
    if (request === undefined) throw new MynahError('TEST_EXPECTATION', 'The bot sent no friend request')
    this.#world.friendRequests.delete(request.id)
    this.#world.friends.add(this.id)
  }

  get #here(): KookParticipant {
    if (this.#last !== undefined) return this.#last
    throw new MynahError(
      'TEST_EXPECTATION',
      `Say where: ${this.username}.in(channel) or ${this.username}.direct`,
    )
  }

  #converse(key: string, place: KookPlace): KookParticipant {
    const conversation = this.#participants.get(key) ?? new KookParticipant(this.#world, this.#state, place)
    this.#participants.set(key, conversation)
    this.#last = conversation
    return conversation
  }

  #setOnline(online: boolean): void {
    this.#state.online = online
    const guilds = [...this.#world.guilds.values()].filter(
      ({ members }) => members.has(this.id) && members.has(this.#world.bot.id),
    )
    if (guilds.length === 0) return
    this.#world.notify(online ? 'guild_member_online' : 'guild_member_offline', {
      user_id: this.id,
      event_time: this.#world.now(),
      guilds: guilds.map(({ id }) => id),
    })
  }
}
