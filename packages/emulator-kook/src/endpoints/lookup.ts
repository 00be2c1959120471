import type { ApiCall } from '../calls/endpoint.ts'
import { badParameter, forbidden, notFound } from '../calls/refusal.ts'
import type {
  ChannelState,
  ChatState,
  GuildState,
  MemberState,
  MessageState,
  RoleState,
  UserState,
} from '../world/model.ts'
import { may, rankOf, type KookPermission } from '../world/permissions.ts'

/** The guild a parameter names; only guilds of the caller exist for it. */
export function guildOf(call: ApiCall, name = 'guild_id'): GuildState {
  const guild = call.world.guilds.get(call.params.string(name))
  if (guild?.members.has(call.caller.id) !== true) throw notFound('guild')
  return guild
}

/** The channel a parameter names; channels the bot may not see do not exist for it. */
export function channelOf(call: ApiCall, name = 'channel_id'): ChannelState {
  const channel = call.world.channels.get(call.params.string(name))
  if (channel === undefined) throw notFound('channel')
  const guild = call.world.guildOf(channel)
  if (!guild.members.has(call.caller.id)) throw notFound('channel')
  if (!may(guild, call.caller.id, 'viewChannels', channel)) throw forbidden('view the channel')
  return channel
}

export function voiceChannelOf(call: ApiCall, name = 'channel_id'): ChannelState {
  const channel = channelOf(call, name)
  if (channel.type !== 2) throw badParameter(name, 'must be a voice channel')
  return channel
}

export function userOf(call: ApiCall, name = 'user_id'): UserState {
  const user = call.world.users.get(call.params.string(name))
  if (user === undefined) throw notFound('user')
  return user
}

export function memberOf(call: ApiCall, guild: GuildState, name = 'user_id'): MemberState {
  const member = guild.members.get(call.params.string(name))
  if (member === undefined) throw notFound('member')
  return member
}

/** A role other than the everyone role, which no call can grant or delete. */
export function roleOf(call: ApiCall, guild: GuildState): RoleState {
  const role = guild.roles.get(call.params.int('role_id'))
  if (role === undefined) throw notFound('role')
  return role
}

/** A stored channel message the bot may see. */
export function channelMessageOf(
  call: ApiCall,
  name = 'msg_id',
): { message: MessageState; channel: ChannelState; guild: GuildState } {
  const message = call.world.messages.get(call.params.string(name))
  const channel =
    message?.place.kind === 'channel' ? call.world.channels.get(message.place.channelId) : undefined
  if (message === undefined || channel === undefined) throw notFound('message')
  const guild = call.world.guildOf(channel)
  if (!guild.members.has(call.caller.id)) throw notFound('message')
  demand(call, guild, 'viewChannels', channel)
  return { message, channel, guild }
}

/** A stored private message of the bot. */
export function directMessageOf(call: ApiCall, name = 'msg_id'): MessageState {
  const message = call.world.messages.get(call.params.string(name))
  if (message?.place.kind !== 'chat') throw notFound('message')
  return message
}

/** The private chat named by `chat_code`, or that with the user named by `target_id`. */
export function chatOf(call: ApiCall): ChatState {
  if (!call.params.has('target_id')) return chatByCode(call)
  const user = userOf(call, 'target_id')
  if (user.id === call.world.bot.id) throw badParameter('target_id', 'is the bot itself')
  return call.world.chatWith(user.id)
}

export function chatByCode(call: ApiCall): ChatState {
  const chat = call.world.chats.get(call.params.string('chat_code'))
  if (chat === undefined) throw notFound('chat')
  return chat
}

/** @throws ApiRefusal 40300 unless the caller has the permission. */
export function demand(
  call: ApiCall,
  guild: GuildState,
  permission: KookPermission,
  channel?: ChannelState,
): void {
  if (!may(guild, call.caller.id, permission, channel)) throw forbidden(`${permission} is missing`)
}

/** @throws ApiRefusal 40300 unless the caller's highest role is above that of the member. */
export function demandAbove(call: ApiCall, guild: GuildState, userId: string): void {
  if (userId === call.caller.id) return
  if (rankOf(guild, call.caller.id) >= rankOf(guild, userId)) throw forbidden('the member stands higher')
}

/** @throws ApiRefusal 40300 unless the caller's highest role is above the role. */
export function demandAboveRole(call: ApiCall, guild: GuildState, role: RoleState): void {
  if (role.id !== 0 && rankOf(guild, call.caller.id) >= role.position)
    throw forbidden('the role stands higher')
}
