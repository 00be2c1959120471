import { isJsonObject, type JsonObject } from '@mynah/emulator-kit'
import { createChannel, createGuild, ensureDirect, ensureGuildMember } from './guilds.ts'
import { createGroup, ensureMember } from '../people/group.ts'
import type { Platform } from './platform.ts'
import type { UserState } from './world.ts'

/**
 * Makes the users, groups, guilds and channels a raw event names part of the world, so that the bot can
 * answer it. Without this an event from a fixture would come from nowhere.
 */
export function adopt(platform: Platform, event: string, data: unknown): void {
  if (!isJsonObject(data)) return
  const author = isJsonObject(data['author']) ? data['author'] : {}
  const id = (holder: JsonObject, name: string): string | undefined => {
    const value = holder[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const guildId = id(data, 'guild_id')
  const groupOpenid = id(data, 'group_openid')
  const name = id(author, 'username') ?? 'user'
  if (guildId !== undefined) {
    const userId = id(author, 'id')
    const user = userId === undefined ? undefined : guildUser(platform, userId, name)
    const sourceId = id(data, 'src_guild_id')
    if (event === 'DIRECT_MESSAGE_CREATE') adoptDirect(platform, guildId, sourceId, user)
    else adoptChannel(platform, guildId, id(data, 'channel_id'), user)
  } else if (groupOpenid === undefined) {
    const openid = id(author, 'user_openid') ?? id(data, 'openid') ?? id(data, 'user_openid')
    const isNew = openid !== undefined && platform.world.userByOpenid(openid) === undefined
    if (isNew) platform.createUser(name, { openid })
  } else {
    const group = platform.world.groups.get(groupOpenid) ?? createGroup(platform, { openid: groupOpenid })
    const member =
      id(author, 'member_openid') ?? id(data, 'op_member_openid') ?? id(data, 'group_member_openid')
    const isNew = member !== undefined && !group.members.has(member)
    if (isNew) ensureMember(platform, group, platform.createUser(name), member)
  }
}

const guildUser = (platform: Platform, id: string, name: string): UserState =>
  platform.world.userByAnyId(id) ?? platform.createUser(name, { id })

function adoptChannel(
  platform: Platform,
  guildId: string,
  channelId: string | undefined,
  user: UserState | undefined,
): void {
  const guild = platform.world.guilds.get(guildId) ?? createGuild(platform, { id: guildId })
  if (user !== undefined) ensureGuildMember(platform, guild, user)
  if (channelId !== undefined && !guild.channels.has(channelId))
    createChannel(platform, guild, { id: channelId })
}

function adoptDirect(
  platform: Platform,
  guildId: string,
  sourceId: string | undefined,
  user: UserState | undefined,
): void {
  if (user === undefined || sourceId === undefined || platform.world.directs.has(guildId)) return
  const source = platform.world.guilds.get(sourceId) ?? createGuild(platform, { id: sourceId })
  ensureDirect(platform, user, source, guildId)
}
