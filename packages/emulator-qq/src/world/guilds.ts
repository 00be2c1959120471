import type { Platform } from './platform.ts'
import {
  newInbox,
  type ChannelState,
  type DirectState,
  type GuildMemberState,
  type GuildState,
  type RoleState,
  type UserState,
} from './world.ts'

/** The roles every guild has. */
export const builtInRoles = { everyone: '1', admin: '2', owner: '4', channelAdmin: '5' } as const

const everyoneMayViewAndSpeak = 5n

/** How a guild starts. */
export interface QQGuildOptions {
  /** @defaultValue 'Guild' */
  name?: string
  /** What the guild says about itself. @defaultValue nothing */
  description?: string
  /** A fixed guild id. */
  id?: string
  /** Whether the bot is a member from the start. @defaultValue true */
  withBot?: boolean
}

/** How a channel starts. */
export interface QQChannelOptions {
  /** The name that members see. */
  name?: string
  /** 0 text, 2 voice, 4 category, 10005 live, 10006 application, 10007 forum. @defaultValue 0 */
  type?: number
  /** 0 chat, 1 notice, 2 guide, 3 teaming. @defaultValue 0 */
  subType?: number
  /** Id of the category it is in. @defaultValue none */
  parentId?: string
  /** Its place in the list; smaller is higher. @defaultValue below all others */
  position?: number
  /**
   * 0 for all members, 1 for the owner and admins, 2 for those and members that are named. @defaultValue 0
   */
  privateType?: number
  /** Who may speak: 1 everybody, 2 the owner, admins and members that are named. @defaultValue 1 */
  speakPermission?: number
  /** Of application channels, the number of the application. */
  applicationId?: string
  /** A fixed channel id. */
  id?: string
}

const role = (id: string, name: string): RoleState => ({
  id,
  name,
  color: 4_278_245_297,
  hoist: 0,
  memberLimit: 2000,
})

export function createGuild(platform: Platform, options: QQGuildOptions = {}): GuildState {
  const owner = platform.createUser('owner')
  const id = options.id ?? platform.ids.snowflake()
  const guild: GuildState = {
    id,
    name: options.name ?? 'Guild',
    icon: `https://example.invalid/guild/${id}.png`,
    description: options.description ?? '',
    ownerId: owner.id,
    maxMembers: 5000,
    joinedAt: platform.clock.now(),
    botIn: options.withBot ?? true,
    members: new Map(),
    roles: new Map(
      [
        role(builtInRoles.everyone, 'everyone'),
        role(builtInRoles.admin, 'admin'),
        role(builtInRoles.owner, 'owner'),
        role(builtInRoles.channelAdmin, 'channel admin'),
      ].map((item) => [item.id, item]),
    ),
    channels: new Map(),
    blacklist: new Set(),
    announces: { message: undefined },
    mutedUntil: 0,
    dmDisabled: false,
    pushDisabled: false,
    pushChannels: [],
    pushMaximum: 20,
  }
  ensureGuildMember(platform, guild, owner).roles.add(builtInRoles.owner)
  ensureGuildMember(platform, guild, platform.bot)
  platform.world.guilds.set(guild.id, guild)
  return guild
}

/** The membership of a user, made when it is not there. */
export function ensureGuildMember(platform: Platform, guild: GuildState, user: UserState): GuildMemberState {
  const present = guild.members.get(user.id)
  if (present !== undefined) return present
  const member: GuildMemberState = {
    user,
    nick: user.username,
    roles: new Set([builtInRoles.everyone]),
    channelAdminOf: new Set(),
    joinedAt: platform.clock.now(),
    mutedUntil: 0,
  }
  guild.members.set(user.id, member)
  return member
}

export function createChannel(
  platform: Platform,
  guild: GuildState,
  options: QQChannelOptions = {},
): ChannelState {
  const channel: ChannelState = {
    id: options.id ?? platform.ids.channel(),
    guild,
    name: options.name ?? 'channel',
    type: options.type ?? 0,
    subType: options.subType ?? 0,
    position: options.position ?? guild.channels.size + 1,
    parentId: options.parentId ?? '',
    ownerId: guild.ownerId,
    privateType: options.privateType ?? 0,
    speakPermission: options.speakPermission ?? 1,
    applicationId: options.applicationId ?? '',
    sequence: 100,
    messages: new Map(),
    pins: [],
    schedules: new Map(),
    threads: new Map(),
    userPermissions: new Map(),
    rolePermissions: new Map([[builtInRoles.everyone, everyoneMayViewAndSpeak]]),
    present: new Set(),
    botOnMic: false,
    audio: undefined,
    inbox: newInbox(),
  }
  guild.channels.set(channel.id, channel)
  return channel
}

/** The direct message session of a user, made when it is not there. */
export function ensureDirect(
  platform: Platform,
  user: UserState,
  source: GuildState,
  guildId: string = platform.ids.snowflake(),
): DirectState {
  const present = platform.world.directBetween(user, source)
  if (present !== undefined) return present
  const direct: DirectState = {
    guildId,
    channelId: platform.ids.channel(),
    user,
    source,
    createdAt: platform.clock.now(),
    closed: false,
    sequence: 0,
    messages: new Map(),
  }
  platform.world.directs.set(direct.guildId, direct)
  return direct
}

/** Text as a guild client sends it: reserved characters escaped, mention and emoji tags left alone. */
export const escapeGuildText = (text: string): string =>
  text
    .split(/(<@!?\w+>|<#\w+>|<emoji:\w+>)/)
    .map((piece, index) =>
      index % 2 === 1
        ? piece
        : piece.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    )
    .join('')
