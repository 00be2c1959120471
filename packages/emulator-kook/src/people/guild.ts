import { MynahError } from '@mynah/core'
import {
  addRole,
  announceChannel,
  announceRole,
  banUser,
  createChannel,
  deleteChannel,
  deleteGuild,
  joinGuildAsBot,
  leaveGuild,
  setMute,
  setNickname,
  unbanUser,
  updateGuild,
} from '../world/guilds.ts'
import { sendToChannel } from '../world/messages.ts'
import type {
  ChannelState,
  ChannelType,
  GuildState,
  MemberState,
  RoleState,
  UserState,
} from '../world/model.ts'
import { permissionMask, type KookPermission } from '../world/permissions.ts'
import type { World } from '../world/world.ts'

/** Somebody, as a guild knows them: a `KookUser`. */
type Person = Pick<UserState, 'id' | 'username'>

/** A channel of a guild. */
export class KookChannel {
  readonly #world: World
  /** @internal */
  readonly state: ChannelState

  constructor(world: World, state: ChannelState) {
    this.#world = world
    this.state = state
  }

  /** The channel's id, as KOOK gives it. */
  get id(): string {
    return this.state.id
  }

  /** The name as it is now. */
  get name(): string {
    return this.state.name
  }

  /** KMarkdown that links to this channel. */
  get mention(): string {
    return `(chn)${this.id}(chn)`
  }

  /** Ids of the users in this voice channel. */
  get voiceUserIds(): readonly string[] {
    return [...this.state.voiceUsers]
  }

  /** Changes the channel and tells the bot: `updated_channel`. */
  update(change: { name?: string; topic?: string; slowModeSeconds?: number }): void {
    Object.assign(this.state, change)
    announceChannel(this.#world, this.state)
  }

  /** Allows and denies a role (0 is everyone) or a user something in this channel. */
  overwrite(
    target: { role: number } | { user: Person },
    rules: { allow?: readonly KookPermission[]; deny?: readonly KookPermission[] },
  ): void {
    const overwrite = { allow: permissionMask(rules.allow ?? []), deny: permissionMask(rules.deny ?? []) }
    if ('role' in target) this.state.roleOverwrites.set(target.role, overwrite)
    else this.state.userOverwrites.set(target.user.id, overwrite)
    this.state.synced = false
    announceChannel(this.#world, this.state)
  }

  /** Deletes the channel and tells the bot: `deleted_channel`. */
  delete(): void {
    deleteChannel(this.#world, this.state)
  }

  /** The platform's own notice account posts something, as when somebody joins. */
  notice(markdown: string): void {
    sendToChannel(this.#world, this.state, { authorId: '3900775823', type: 9, content: markdown })
  }
}

/** A role of a guild. */
export class KookRole {
  readonly #world: World
  readonly #guild: GuildState
  readonly #state: RoleState

  constructor(world: World, guild: GuildState, state: RoleState) {
    this.#world = world
    this.#guild = guild
    this.#state = state
  }

  /** Number of the role; 0 is everyone. */
  get id(): number {
    return this.#state.id
  }

  /** KMarkdown that mentions this role. */
  get mention(): string {
    return `(rol)${this.id}(rol)`
  }

  /** Changes the role and tells the bot: `updated_role`. */
  update(change: {
    name?: string
    color?: number
    permissions?: readonly KookPermission[] | number | bigint
  }): void {
    const { permissions, ...rest } = change
    Object.assign(
      this.#state,
      rest,
      permissions !== undefined && { permissions: permissionMask(permissions) },
    )
    announceRole(this.#world, this.#guild, 'updated_role', this.#state)
  }

  /** Takes the role from everybody and deletes it: `deleted_role`. */
  delete(): void {
    this.#guild.roles.delete(this.id)
    for (const member of this.#guild.members.values()) member.roles.delete(this.id)
    announceRole(this.#world, this.#guild, 'deleted_role', this.#state)
  }
}

/** A guild, with what its people do to it. */
export class KookGuild {
  readonly #world: World
  /** @internal */
  readonly state: GuildState

  constructor(world: World, state: GuildState) {
    this.#world = world
    this.state = state
  }

  /** The guild's id, as KOOK gives it. */
  get id(): string {
    return this.state.id
  }

  /** The name as it is now. */
  get name(): string {
    return this.state.name
  }

  /** Ids of the members, the bot included. */
  get memberIds(): readonly string[] {
    return [...this.state.members.keys()]
  }

  // ---- channels and roles

  /**
   * The channel of this name.
   *
   * @throws MynahError `TEST_EXPECTATION` when there is none.
   */
  channel(name: string): KookChannel {
    const state = this.#world.channelsOf(this.state).find((channel) => channel.name === name)
    if (state === undefined) throw new MynahError('TEST_EXPECTATION', `No channel ${name} in ${this.name}`)
    return new KookChannel(this.#world, state)
  }

  /** Makes a text channel (type 1) and tells the bot: `added_channel`. */
  textChannel(name: string, category?: KookChannel): KookChannel {
    return this.#addChannel(name, 1, category)
  }

  /** Makes a voice channel (type 2) and tells the bot: `added_channel`. */
  voiceChannel(name: string, category?: KookChannel): KookChannel {
    return this.#addChannel(name, 2, category)
  }

  /** Makes a channel of threads (type 4) and tells the bot: `added_channel`. */
  threadChannel(name: string): KookChannel {
    return this.#addChannel(name, 4)
  }

  /** Makes a category (type 0), in which channels can be made. */
  category(name: string): KookChannel {
    return this.#addChannel(name, 0)
  }

  /** @param position - Smaller is higher. @defaultValue below all roles there are */
  role(
    name: string,
    permissions: readonly KookPermission[] | number | bigint = [],
    position?: number,
  ): KookRole {
    const state = addRole(this.#world, this.state, {
      name,
      permissions: permissionMask(permissions),
      position,
    })
    announceRole(this.#world, this.state, 'added_role', state)
    return new KookRole(this.#world, this.state, state)
  }

  /** Gives a user a role. */
  grant(user: Person, role: KookRole): void {
    this.#member(user).roles.add(role.id)
  }

  /**
   * Takes a role from a member; the bot is not told. @throws MynahError `TEST_EXPECTATION` for nobody of
   * here.
   */
  revoke(user: Person, role: KookRole): void {
    this.#member(user).roles.delete(role.id)
  }

  // ---- the bot's own place

  /** Invites the bot; `state` is that of the OAuth2 flow. */
  addBot(state?: string): void {
    joinGuildAsBot(this.#world, this.state, state)
  }

  /** Throws the bot out. */
  removeBot(): void {
    leaveGuild(this.#world, this.state, this.#world.bot.id)
  }

  /** Gives the bot a role of its own with just these permissions, in place of every role it had. */
  setBotPermissions(permissions: readonly KookPermission[], position = 1): void {
    const member = this.state.members.get(this.#world.bot.id)
    if (member === undefined) throw new MynahError('TEST_EXPECTATION', `The bot is not in ${this.name}`)
    const role = addRole(this.#world, this.state, {
      name: this.#world.bot.username,
      permissions: permissionMask(permissions),
      position,
    })
    member.roles.clear()
    member.roles.add(role.id)
  }

  // ---- members

  /** Changes the nickname of a member and tells the bot: `updated_guild_member`. */
  setNickname(user: Person, nickname: string): void {
    setNickname(this.#world, this.state, this.#member(user), nickname)
  }

  /** Mutes the microphone or the headset of a member, or ends it. */
  mute(user: Person, what: 'microphone' | 'headset' = 'microphone', on = true): void {
    setMute(this.#world, this.state, this.#member(user), what === 'microphone' ? 1 : 2, on)
  }

  /** The owner bans somebody. */
  ban(user: Person, remark = ''): void {
    banUser(this.#world, this.state, { operatorId: this.state.ownerId, userId: user.id, remark })
  }

  /** The owner lifts a ban: `deleted_block_list`. */
  unban(user: Person): void {
    unbanUser(this.#world, this.state, this.state.ownerId, user.id)
  }

  /** A user boosts the guild for 30 days. */
  boost(user: Person): void {
    const startSeconds = Math.floor(this.#world.now() / 1000)
    this.state.boosts.push({ userId: user.id, startSeconds, endSeconds: startSeconds + 2_592_000 })
  }

  // ---- the guild itself

  /** Adds an emoji and returns its id. */
  addEmoji(name: string): string {
    const id = `${this.id}/${this.#world.ids.hex(8)}`
    this.state.emojis.set(id, { id, name, creatorId: this.state.ownerId })
    this.#world.announce(this.state, 'added_emoji', { id, name })
    return id
  }

  /** Renames an emoji: `updated_emoji`. @throws MynahError `TEST_EXPECTATION` when there is none. */
  renameEmoji(id: string, name: string): void {
    const emoji = this.state.emojis.get(id)
    if (emoji === undefined) throw new MynahError('TEST_EXPECTATION', `No emoji ${id}`)
    emoji.name = name
    this.#world.announce(this.state, 'updated_emoji', { id, name })
  }

  /** Deletes an emoji: `removed_emoji`. */
  removeEmoji(id: string): void {
    const name = this.state.emojis.get(id)?.name ?? ''
    this.state.emojis.delete(id)
    this.#world.announce(this.state, 'removed_emoji', { id, name })
  }

  /** Changes the guild and tells the bot: `updated_guild`. */
  update(change: {
    name?: string
    icon?: string
    region?: string
    enableOpen?: boolean
    openId?: number
  }): void {
    updateGuild(this.#world, this.state, change)
  }

  /** The owner dissolves the guild. */
  dissolve(): void {
    deleteGuild(this.#world, this.state)
  }

  #addChannel(name: string, type: ChannelType, category?: KookChannel): KookChannel {
    const state = createChannel(this.#world, this.state, {
      name,
      type,
      creatorId: this.state.ownerId,
      parentId: category?.id,
    })
    return new KookChannel(this.#world, state)
  }

  #member(user: Person): MemberState {
    const member = this.state.members.get(user.id)
    if (member === undefined)
      throw new MynahError('TEST_EXPECTATION', `${user.username} is not in ${this.name}`)
    return member
  }
}
