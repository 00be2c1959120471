import { rfc3339 } from './time.ts'
import type { JsonObject } from '@mynah/emulator-kit'
import type {
  ChannelState,
  GuildMemberState,
  GuildState,
  RoleState,
  ScheduleState,
  ThreadState,
  UserState,
} from './world.ts'

/** The platform's User object. */
export const userView = ({ id, username, avatar, bot }: UserState): JsonObject => ({
  id,
  username,
  avatar,
  bot,
})

/** The platform's Guild object. */
export const guildView = (guild: GuildState): JsonObject => ({
  id: guild.id,
  name: guild.name,
  icon: guild.icon,
  owner_id: guild.ownerId,
  owner: false,
  member_count: guild.members.size,
  max_members: guild.maxMembers,
  description: guild.description,
  joined_at: rfc3339(guild.joinedAt),
})

/** The platform's Channel object. */
export const channelView = (channel: ChannelState): JsonObject => ({
  id: channel.id,
  guild_id: channel.guild.id,
  name: channel.name,
  type: channel.type,
  sub_type: channel.subType,
  position: channel.position,
  parent_id: channel.parentId,
  owner_id: channel.ownerId,
  private_type: channel.privateType,
  speak_permission: channel.speakPermission,
  application_id: channel.applicationId,
  permissions: '0',
})

/** What channel events carry. */
export const channelEvent = (channel: ChannelState, operatorId: string): JsonObject => ({
  id: channel.id,
  guild_id: channel.guild.id,
  name: channel.name,
  type: channel.type,
  sub_type: channel.subType,
  position: channel.position,
  owner_id: channel.ownerId,
  op_user_id: operatorId,
})

/** The platform's Member object. */
export const memberView = ({ user, nick, roles, joinedAt }: GuildMemberState): JsonObject => ({
  user: userView(user),
  nick,
  roles: [...roles],
  joined_at: rfc3339(joinedAt),
})

/** The platform's Role object; `number` is how many members have it. */
export const roleView = (role: RoleState, guild: GuildState): JsonObject => ({
  id: role.id,
  name: role.name,
  color: role.color,
  hoist: role.hoist,
  number: [...guild.members.values()].filter(({ roles }) => roles.has(role.id)).length,
  member_limit: role.memberLimit,
})

/** The platform's Schedule object. */
export const scheduleView = (schedule: ScheduleState, creator: GuildMemberState | undefined): JsonObject => ({
  id: schedule.id,
  ...schedule.fields,
  ...(creator === undefined ? {} : { creator: memberView(creator) }),
})

/** A thread with the ids around it, as in events and lists. */
export const threadView = (thread: ThreadState, channel: ChannelState): JsonObject => ({
  guild_id: channel.guild.id,
  channel_id: channel.id,
  author_id: thread.authorId,
  thread_info: {
    thread_id: thread.id,
    title: thread.title,
    content: thread.content,
    date_time: rfc3339(thread.createdAt),
  },
})
