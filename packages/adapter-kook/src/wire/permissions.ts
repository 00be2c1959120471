/**
 * The bits of `permissions`, `allow` and `deny`. Sets may exceed 32 bits, so they are read as BigInt.
 *
 * @see KOOK developer documentation, "服务器角色权限" (guild role permissions).
 */
export const permissionBits = {
  administrator: 0,
  manageGuild: 1,
  viewAuditLog: 2,
  createInvite: 3,
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
  passiveConnect: 20,
  pushToTalkOnly: 21,
  voiceActivity: 22,
  speak: 23,
  deafenMembers: 24,
  muteMembers: 25,
  manageNicknames: 26,
  playMusic: 27,
  shareScreen: 28,
  replyToPosts: 29,
  recordAudio: 30,
} as const

/** Name of a permission. */
export type KookPermission = keyof typeof permissionBits

/** A set of permissions as it travels or as BigInt. */
export type PermissionSet = number | bigint

const toBits = (set: PermissionSet): bigint => (typeof set === 'bigint' ? set : BigInt(Math.trunc(set)))

/** Makes a set of names. */
export function permissionSet(...names: readonly KookPermission[]): bigint {
  return names.reduce((set, name) => set | (1n << BigInt(permissionBits[name])), 0n)
}

/** Whether a set holds a permission; an administrator has all of them. */
export function hasPermission(set: PermissionSet, name: KookPermission): boolean {
  const bits = toBits(set)
  return (bits & 1n) === 1n || ((bits >> BigInt(permissionBits[name])) & 1n) === 1n
}

/** The names in a set, without those an administrator has implicitly. Unknown bits are left out. */
export function permissionNames(set: PermissionSet): KookPermission[] {
  const bits = toBits(set)
  const names: KookPermission[] = []
  for (const [name, bit] of Object.entries(permissionBits)) {
    if (((bits >> BigInt(bit)) & 1n) === 1n) names.push(name as KookPermission)
  }
  return names
}

/** What remains of a guild's set in a channel: denied bits go, allowed bits come; unknown bits are kept. */
export function applyOverwrite(
  set: PermissionSet,
  overwrite: { readonly allow: PermissionSet; readonly deny: PermissionSet },
): bigint {
  return (toBits(set) & ~toBits(overwrite.deny)) | toBits(overwrite.allow)
}

/**
 * A set as the platform takes it.
 *
 * @throws RangeError when a JSON number cannot hold it.
 */
export function toWirePermissions(set: PermissionSet): number {
  const value = Number(set)
  if (!Number.isSafeInteger(value)) throw new RangeError('A permission set has at most 53 bits on the wire.')
  return value
}
