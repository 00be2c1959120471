import type { ChannelState, GuildState, Overwrite } from './model.ts'

/**
 * Permission names and their bits.
 *
 * @see KOOK developer documentation, "服务器角色权限" (guild role permissions).
 */
const permissionBits = {
  administrator: 0,
  manageGuild: 1,
  viewAuditLog: 2,
  createInvites: 3,
  manageInvites: 4,
  manageChannels: 5,
  kickMembers: 6,
  banMembers: 7,
  manageEmojis: 8,
  changeNickname: 9,
  manageRoles: 10,
  viewChannels: 11,
  sendMessages: 12,
  manageMessages: 13,
  uploadFiles: 14,
  connectVoice: 15,
  manageVoice: 16,
  mentionEveryone: 17,
  addReactions: 18,
  followReactions: 19,
  passiveVoice: 20,
  pushToTalk: 21,
  voiceActivity: 22,
  speak: 23,
  deafenMembers: 24,
  muteMembers: 25,
  changeOthersNicknames: 26,
  playMusic: 27,
  shareScreen: 28,
  replyToPosts: 29,
  recordAudio: 30,
} as const

/** A permission of a role or an overwrite. */
export type KookPermission = keyof typeof permissionBits

/** The bit set of some permissions; a number or bigint is taken as the bit set itself. */
export function permissionMask(permissions: readonly KookPermission[] | number | bigint): bigint {
  if (typeof permissions === 'bigint') return permissions
  if (typeof permissions === 'number') return BigInt(permissions)
  return permissions.reduce((mask, name) => mask | (1n << BigInt(permissionBits[name])), 0n)
}

/** What everybody may do in a new guild. */
export const everyonePermissions: bigint = permissionMask([
  'createInvites',
  'changeNickname',
  'viewChannels',
  'sendMessages',
  'uploadFiles',
  'connectVoice',
  'addReactions',
  'followReactions',
  'passiveVoice',
  'voiceActivity',
  'speak',
  'playMusic',
])

const allPermissions = (1n << 53n) - 1n

function apply(permissions: bigint, overwrites: readonly (Overwrite | undefined)[]): bigint {
  const deny = overwrites.reduce((mask, overwrite) => mask | (overwrite?.deny ?? 0n), 0n)
  const allow = overwrites.reduce((mask, overwrite) => mask | (overwrite?.allow ?? 0n), 0n)
  return (permissions & ~deny) | allow
}

/** Everything a user may do in a guild, or in one of its channels: 0 for who is no member, all for the owner. */
export function permissionsOf(guild: GuildState, userId: string, channel?: ChannelState): bigint {
  const member = guild.members.get(userId)
  if (member === undefined) return 0n
  if (guild.ownerId === userId) return allPermissions
  const roleIds = [0, ...member.roles]
  const granted = roleIds.reduce((mask, id) => mask | (guild.roles.get(id)?.permissions ?? 0n), 0n)
  if ((granted & 1n) === 1n) return allPermissions
  if (channel === undefined) return granted
  const forEveryone = apply(granted, [channel.roleOverwrites.get(0)])
  const forRoles = apply(
    forEveryone,
    [...member.roles].map((id) => channel.roleOverwrites.get(id)),
  )
  return apply(forRoles, [channel.userOverwrites.get(userId)])
}

/** Whether a user has a permission in a guild, or in one of its channels. */
export function may(
  guild: GuildState,
  userId: string,
  permission: KookPermission,
  channel?: ChannelState,
): boolean {
  return ((permissionsOf(guild, userId, channel) >> BigInt(permissionBits[permission])) & 1n) === 1n
}

/** The position of a user's highest role; smaller is higher. The owner stands above every role. */
export function rankOf(guild: GuildState, userId: string): number {
  if (guild.ownerId === userId) return -1
  const positions = [...(guild.members.get(userId)?.roles ?? [])].flatMap(
    (id) => guild.roles.get(id)?.position ?? [],
  )
  return Math.min(Number.MAX_SAFE_INTEGER, ...positions)
}
