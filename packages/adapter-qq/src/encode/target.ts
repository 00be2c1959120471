/** Where a message lives: one-to-one chat, group, channel of a guild, or direct message of a guild. */
export type TargetKind = 'c2c' | 'group' | 'channel' | 'dm'

/** A place to send to: its kind, and its id in the id space of that kind. */
export interface Target {
  /** The kind of place. */
  readonly kind: TargetKind
  /** `user_openid`, `group_openid`, `channel_id`, or the `guild_id` of the direct message session. */
  readonly id: string
}

const prefixes = { c2c: 'private:', dm: 'dm:' } as const

/** Ids of guilds and channels are decimal and at most 20 digits long, those of groups 32 hex digits. */
const guildSide = /^\d{1,20}$/

/** The channel id under which plugins know a place. */
export function channelIdOf({ kind, id }: Target): string {
  if (kind === 'c2c' || kind === 'dm') return prefixes[kind] + id
  return id
}

/** The place behind a channel id. */
export function targetOf(channelId: string): Target {
  if (channelId.startsWith(prefixes.c2c)) return { kind: 'c2c', id: channelId.slice(prefixes.c2c.length) }
  if (channelId.startsWith(prefixes.dm)) return { kind: 'dm', id: channelId.slice(prefixes.dm.length) }
  return { kind: isGuildSide(channelId) ? 'channel' : 'group', id: channelId }
}

/** Whether an id is one of a guild or its channels, not one of a group. */
export function isGuildSide(id: string): boolean {
  return guildSide.test(id)
}

/** Whether a kind of place is one of the guild side, which has its own endpoints, escapes and id spaces. */
export function isGuildKind(kind: TargetKind): kind is 'channel' | 'dm' {
  return kind === 'channel' || kind === 'dm'
}
