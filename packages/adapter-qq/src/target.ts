/** Where a message lives: one-to-one chat, group, channel of a guild, or direct message of a guild. */
export type Scene = 'c2c' | 'group' | 'channel' | 'dm'

/** A place to send to: its kind, and its id in the id space of that kind. */
export interface Target {
  readonly scene: Scene
  /** `user_openid`, `group_openid`, `channel_id`, or the `guild_id` of the direct message session. */
  readonly id: string
}

const prefixes = { c2c: 'private:', dm: 'dm:' } as const

/** Ids of guilds and channels are decimal and at most 20 digits long, those of groups 32 hex digits. */
const guildSide = /^\d{1,20}$/

/** The channel id under which plugins know a place. */
export function channelIdOf({ scene, id }: Target): string {
  if (scene === 'c2c' || scene === 'dm') return prefixes[scene] + id
  return id
}

/** The place behind a channel id. */
export function targetOf(channelId: string): Target {
  if (channelId.startsWith(prefixes.c2c)) return { scene: 'c2c', id: channelId.slice(prefixes.c2c.length) }
  if (channelId.startsWith(prefixes.dm)) return { scene: 'dm', id: channelId.slice(prefixes.dm.length) }
  return { scene: isGuildSide(channelId) ? 'channel' : 'group', id: channelId }
}

/** Whether an id is one of a guild or its channels, not one of a group. */
export function isGuildSide(id: string): boolean {
  return guildSide.test(id)
}

/** Whether a scene is one of the guild side, which has its own endpoints, escapes and id spaces. */
export function isGuildScene(scene: Scene): scene is 'channel' | 'dm' {
  return scene === 'channel' || scene === 'dm'
}
