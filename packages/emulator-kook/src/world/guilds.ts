import type { ChannelState, ChannelType, GuildState, MemberState, RoleState, UserState } from './model.ts'
import { everyonePermissions } from './permissions.ts'
import { channelView, guildView, roleView } from './views.ts'
import type { World } from './world.ts'

/** Makes a guild with its everyone role and its owner; nobody is told. */
export function createGuild(
  world: World,
  guild: { id?: string | undefined; name: string; owner: UserState },
): GuildState {
  const state: GuildState = {
    id: guild.id ?? world.ids.snowflake(),
    name: guild.name,
    topic: '',
    ownerId: guild.owner.id,
    icon: '',
    region: 'beijing',
    notifyType: 2,
    enableOpen: false,
    openId: 0,
    defaultChannelId: '0',
    welcomeChannelId: '0',
    roles: new Map(),
    members: new Map(),
    emojis: new Map(),
    bans: new Map(),
    boosts: [],
    boostLevel: 0,
  }
  state.roles.set(0, {
    id: 0,
    name: '@全体成员',
    color: 0,
    position: 999,
    hoist: false,
    mentionable: true,
    permissions: everyonePermissions,
  })
  world.guilds.set(state.id, state)
  enrol(world, state, guild.owner.id)
  return state
}

/** Puts a user into a guild without telling anybody. */
export function enrol(world: World, guild: GuildState, userId: string): MemberState {
  const member: MemberState = {
    userId,
    nickname: '',
    roles: new Set(),
    joinedAt: world.now(),
    activeTime: world.now(),
    microphoneMuted: false,
    headsetMuted: false,
  }
  guild.members.set(userId, member)
  return member
}

/** A user becomes a member. */
export function joinGuild(world: World, guild: GuildState, userId: string): MemberState {
  const member = enrol(world, guild, userId)
  world.announce(guild, 'joined_guild', { user_id: userId, joined_at: member.joinedAt })
  return member
}

/** The bot becomes a member; `state` is that of the OAuth2 flow which brought it. */
export function joinGuildAsBot(world: World, guild: GuildState, state: string | undefined): void {
  enrol(world, guild, world.bot.id)
  world.notify('self_joined_guild', { guild_id: guild.id, ...(state !== undefined && { state }) })
}

/** A member leaves, is kicked or is banned. The bot hears of its own leaving in a frame of its own. */
export function leaveGuild(world: World, guild: GuildState, userId: string): void {
  for (const channel of world.channelsOf(guild))
    if (channel.voiceUsers.has(userId)) leaveVoice(world, channel, userId)
  guild.members.delete(userId)
  if (userId === world.bot.id) world.notify('self_exited_guild', { guild_id: guild.id })
  else world.announce(guild, 'exited_guild', { user_id: userId, exited_at: world.now() })
}

/** Bans a user and removes them from the guild. */
export function banUser(
  world: World,
  guild: GuildState,
  ban: { operatorId: string; userId: string; remark: string },
): void {
  guild.bans.set(ban.userId, { userId: ban.userId, createdAt: world.now(), remark: ban.remark })
  world.announce(guild, 'added_block_list', {
    operator_id: ban.operatorId,
    remark: ban.remark,
    user_id: [ban.userId],
  })
  if (guild.members.has(ban.userId)) leaveGuild(world, guild, ban.userId)
}

export function unbanUser(world: World, guild: GuildState, operatorId: string, userId: string): void {
  guild.bans.delete(userId)
  world.announce(guild, 'deleted_block_list', { operator_id: operatorId, user_id: [userId] })
}

/** Sets or clears a nickname. The bot hears of its own in a frame addressed to itself. */
export function setNickname(world: World, guild: GuildState, member: MemberState, nickname: string): void {
  member.nickname = nickname
  if (member.userId === world.bot.id) {
    world.notify('updated_guild', { id: guild.id, my_nickname: nickname })
  } else world.announce(guild, 'updated_guild_member', { user_id: member.userId, nickname })
}

/** Mutes (or unmutes) the microphone (type 1) or the headset (type 2) of a member. */
export function setMute(
  world: World,
  guild: GuildState,
  member: MemberState,
  type: 1 | 2,
  on: boolean,
): void {
  if (type === 1) member.microphoneMuted = on
  else member.headsetMuted = on
  world.announce(guild, on ? 'add_guild_mute' : 'delete_guild_mute', {
    user_id: member.userId,
    guild_id: guild.id,
    type,
  })
}

export function updateGuild(
  world: World,
  guild: GuildState,
  change: Partial<Pick<GuildState, 'name' | 'icon' | 'region' | 'notifyType' | 'enableOpen' | 'openId'>>,
): void {
  Object.assign(guild, change)
  world.announce(guild, 'updated_guild', guildView(guild, 'event'))
}

/** The guild is dissolved. */
export function deleteGuild(world: World, guild: GuildState): void {
  world.announce(guild, 'deleted_guild', guildView(guild, 'event'))
  for (const channel of world.channelsOf(guild)) world.channels.delete(channel.id)
  world.guilds.delete(guild.id)
}

/** What a new channel may say about itself. */
export interface ChannelDraft {
  readonly id?: string | undefined
  readonly name: string
  readonly type: ChannelType
  readonly creatorId: string
  readonly parentId?: string | undefined
  readonly limitAmount?: number | undefined
  readonly voiceQuality?: string | undefined
  readonly password?: string | undefined
}

/** Makes a channel without telling anybody; inside a category it takes over the category's permissions. */
function addChannel(world: World, guild: GuildState, draft: ChannelDraft): ChannelState {
  const parent = draft.parentId === undefined ? undefined : world.channels.get(draft.parentId)
  const channel: ChannelState = {
    id: draft.id ?? world.ids.snowflake(),
    guildId: guild.id,
    name: draft.name,
    type: draft.type,
    parentId: draft.parentId ?? '',
    topic: '',
    level: world.channelsOf(guild).length,
    slowModeSeconds: 0,
    limitAmount: draft.limitAmount ?? 0,
    voiceQuality: draft.voiceQuality ?? '2',
    password: draft.password ?? '',
    creatorId: draft.creatorId,
    synced: true,
    roleOverwrites: new Map(parent?.roleOverwrites ?? [[0, { allow: 0n, deny: 0n }]]),
    userOverwrites: new Map(parent?.userOverwrites),
    voiceUsers: new Set(),
  }
  world.channels.set(channel.id, channel)
  if (guild.defaultChannelId === '0' && channel.type === 1) guild.defaultChannelId = channel.id
  return channel
}

export function createChannel(world: World, guild: GuildState, draft: ChannelDraft): ChannelState {
  const channel = addChannel(world, guild, draft)
  world.announce(guild, 'added_channel', channelView(world, channel, 'event'), channel)
  return channel
}

/** Tells the bot that a channel changed. */
export function announceChannel(world: World, channel: ChannelState): void {
  world.announce(world.guildOf(channel), 'updated_channel', channelView(world, channel, 'event'), channel)
}

export function deleteChannel(world: World, channel: ChannelState): void {
  world.announce(
    world.guildOf(channel),
    'deleted_channel',
    { id: channel.id, deleted_at: world.now(), type: channel.type },
    channel,
  )
  world.channels.delete(channel.id)
  for (const child of world.channels.values()) if (child.parentId === channel.id) child.parentId = ''
}

/** Makes a role without telling anybody; it ranks below the roles there are. */
export function addRole(
  world: World,
  guild: GuildState,
  role: { id?: number | undefined; name: string; permissions: bigint; position?: number | undefined },
): RoleState {
  const id = role.id ?? world.ids.integer()
  const state: RoleState = {
    id,
    name: role.name,
    color: 0,
    position: role.position ?? guild.roles.size,
    hoist: false,
    mentionable: false,
    permissions: role.permissions,
  }
  guild.roles.set(id, state)
  return state
}

/** Tells the bot of a change of a role. */
export function announceRole(
  world: World,
  guild: GuildState,
  type: 'added_role' | 'updated_role' | 'deleted_role',
  role: RoleState,
): void {
  world.announce(guild, type, roleView(role))
}

export function joinVoice(world: World, channel: ChannelState, userId: string): void {
  const guild = world.guildOf(channel)
  for (const other of world.channelsOf(guild))
    if (other.voiceUsers.has(userId)) leaveVoice(world, other, userId)
  channel.voiceUsers.add(userId)
  world.announce(guild, 'joined_channel', {
    user_id: userId,
    channel_id: channel.id,
    joined_at: world.now(),
  })
}

export function leaveVoice(world: World, channel: ChannelState, userId: string): void {
  channel.voiceUsers.delete(userId)
  world.announce(world.guildOf(channel), 'exited_channel', {
    user_id: userId,
    channel_id: channel.id,
    exited_at: world.now(),
  })
}
