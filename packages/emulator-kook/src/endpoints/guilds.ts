import { nothing, page, RawReply, type ApiCall, type Endpoints } from '../calls/endpoint.ts'
import { badParameter, forbidden, notFound } from '../calls/refusal.ts'
import { banUser, leaveGuild, setMute, setNickname, unbanUser } from '../world/guilds.ts'
import { deleteMessage } from '../world/messages.ts'
import type { MemberState } from '../world/model.ts'
import { may } from '../world/permissions.ts'
import { channelView, guildView, memberView, minimalUserView, roleView } from '../world/views.ts'
import { channelOf, demand, demandAbove, guildOf, memberOf } from './lookup.ts'

/** Guilds, their members, mutes, block lists and boosts. */
export const guildEndpoints: Endpoints = {
  'GET guild/list': (call) => {
    const guilds = [...call.world.guilds.values()].filter((guild) => guild.members.has(call.caller.id))
    return page(call, guilds, (guild) => guildView(guild, 'http'), ['id', 'name'])
  },

  'GET guild/view': (call) => {
    const guild = guildOf(call)
    const visible = call.world
      .channelsOf(guild)
      .filter((channel) => may(guild, call.caller.id, 'viewChannels', channel))
    return {
      ...guildView(guild, 'http'),
      roles: [...guild.roles.values()].map(roleView),
      channels: visible.map((channel) => channelView(call.world, channel, 'http')),
    }
  },

  'GET guild/user-list': userList,

  'POST guild/nickname': (call) => {
    const guild = guildOf(call)
    const member = call.params.has('user_id') ? memberOf(call, guild) : guild.members.get(call.caller.id)
    if (member === undefined) throw notFound('member')
    const nickname = call.params.optionalString('nickname') ?? ''
    if (nickname !== '' && (nickname.length < 2 || nickname.length > 64)) {
      throw badParameter('nickname', 'has 2 to 64 characters')
    }
    demand(call, guild, member.userId === call.caller.id ? 'changeNickname' : 'changeOthersNicknames')
    demandAbove(call, guild, member.userId)
    setNickname(call.world, guild, member, nickname)
    return nothing
  },

  'POST guild/leave': (call) => {
    const guild = guildOf(call)
    if (guild.ownerId === call.caller.id) throw forbidden('the owner cannot leave')
    leaveGuild(call.world, guild, call.caller.id)
    return nothing
  },

  'POST guild/kickout': (call) => {
    const guild = guildOf(call)
    const member = memberOf(call, guild, 'target_id')
    demand(call, guild, 'kickMembers')
    if (member.userId === call.caller.id) throw badParameter('target_id', 'is the bot itself')
    demandAbove(call, guild, member.userId)
    leaveGuild(call.world, guild, member.userId)
    return nothing
  },

  'GET guild-mute/list': (call) => {
    const members = [...guildOf(call).members.values()]
    return {
      mic: { type: 1, user_ids: members.filter((one) => one.microphoneMuted).map((one) => one.userId) },
      headset: { type: 2, user_ids: members.filter((one) => one.headsetMuted).map((one) => one.userId) },
    }
  },

  'POST guild-mute/create': (call) => mute(call, true),
  'POST guild-mute/delete': (call) => mute(call, false),

  'GET guild-boost/history': (call) => {
    const guild = guildOf(call)
    demand(call, guild, 'manageGuild')
    const from = call.params.optionalInt('start_time') ?? 0
    const to = call.params.optionalInt('end_time') ?? Infinity
    const boosts = guild.boosts.filter((boost) => boost.startSeconds >= from && boost.startSeconds <= to)
    return page(
      call,
      boosts.sort((a, b) => b.startSeconds - a.startSeconds),
      (boost) => ({
        user_id: boost.userId,
        guild_id: guild.id,
        start_time: boost.startSeconds,
        end_time: boost.endSeconds,
        user: minimalUserView(call.world.users.get(boost.userId)),
      }),
    )
  },

  'GET blacklist/list': (call) => {
    const guild = guildOf(call)
    demand(call, guild, 'banMembers')
    return page(call, [...guild.bans.values()], (ban) => ({
      user_id: ban.userId,
      created_time: ban.createdAt,
      remark: ban.remark,
      user: minimalUserView(call.world.users.get(ban.userId)),
    }))
  },

  'POST blacklist/create': (call) => {
    const guild = guildOf(call)
    const userId = call.params.string('target_id')
    demand(call, guild, 'banMembers')
    if (!call.world.users.has(userId)) throw notFound('user')
    if (userId === call.caller.id) throw badParameter('target_id', 'is the bot itself')
    demandAbove(call, guild, userId)
    const days = call.params.optionalInt('del_msg_days', { min: 0, max: 7 }) ?? 0
    const remark = call.params.optionalString('remark') ?? ''
    banUser(call.world, guild, { operatorId: call.caller.id, userId, remark })
    const since = call.world.now() - days * 86_400_000
    for (const message of call.world.messages.values()) {
      const isHere = message.place.kind === 'channel' && message.place.guildId === guild.id
      if (isHere && message.authorId === userId && message.createdAt > since)
        deleteMessage(call.world, message)
    }
    return nothing
  },

  'POST blacklist/delete': (call) => {
    const guild = guildOf(call)
    const userId = call.params.string('target_id')
    demand(call, guild, 'banMembers')
    if (!guild.bans.has(userId)) throw notFound('ban')
    unbanUser(call.world, guild, call.caller.id, userId)
    return nothing
  },

  'GET badge/guild': (call) => {
    const guild = call.world.guilds.get(call.params.string('guild_id'))
    if (guild === undefined) throw notFound('guild')
    const style = call.params.choice('style', [0, 1, 2], 0)
    const online = [...guild.members.keys()].filter((id) => call.world.users.get(id)?.online).length
    const label = [guild.name, `${online} online`, `${online}/${guild.members.size}`][style] ?? ''
    return new RawReply('image/svg+xml', badge(label))
  },
}

function badge(label: string): string {
  const escaped = label.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="20"><text x="4" y="14">${escaped}</text></svg>`
}

function mute(call: ApiCall, on: boolean): unknown {
  const guild = guildOf(call)
  const member = memberOf(call, guild)
  const type = call.params.choice('type', [1, 2])
  demand(call, guild, type === 1 ? 'muteMembers' : 'deafenMembers')
  demandAbove(call, guild, member.userId)
  setMute(call.world, guild, member, type, on)
  return nothing
}

function userList(call: ApiCall): unknown {
  const { params, world } = call
  const guild = guildOf(call)
  const channel = params.has('channel_id') ? channelOf(call) : undefined
  const search = params.optionalString('search')?.toLowerCase() ?? ''
  const roleId = params.optionalInt('role_id')
  const verified = params.has('mobile_verified') ? params.boolean('mobile_verified', true) : undefined
  const onlyId = params.optionalString('filter_user_id')

  const matches = (member: MemberState): boolean => {
    const user = world.users.get(member.userId)
    if (user === undefined) return false
    const names = `${user.username}\n${member.nickname}`.toLowerCase()
    return (
      names.includes(search) &&
      (channel === undefined || may(guild, user.id, 'viewChannels', channel)) &&
      (roleId === undefined || roleId === 0 || member.roles.has(roleId)) &&
      (verified === undefined || user.mobileVerified === verified) &&
      (onlyId === undefined || user.id === onlyId)
    )
  }
  const members = [...guild.members.values()].filter(matches)
  for (const [name, key] of [
    ['active_time', 'activeTime'],
    ['joined_at', 'joinedAt'],
  ] as const) {
    if (params.has(name)) {
      const sign = params.boolean(name, false) ? -1 : 1
      members.sort((a, b) => sign * (a[key] - b[key]))
    }
  }
  const online = [...guild.members.keys()].filter((id) => world.users.get(id)?.online).length
  return {
    ...page(call, members, (member) => memberView(world, guild, member.userId)),
    user_count: guild.members.size,
    online_count: online,
    offline_count: guild.members.size - online,
  }
}
