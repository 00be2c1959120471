import { defined } from '@mynah/adapter-kit'
import type { ChannelType, Role } from '@mynah/core'
import type { ReactionEmoji } from '../api/community.ts'
import type { MuteBody } from '../api/members.ts'
import type { RoleBody, WireRole } from '../api/roles.ts'

const channelTypes: Readonly<Record<ChannelType, number>> = { text: 0, direct: 0, voice: 2, category: 4 }

/** `type` of a new channel. */
export function channelTypeNumber(type: ChannelType): number {
  return channelTypes[type]
}

/** The platform has no end of days; this is the longest time it takes, in seconds. */
const longestMuteS = 30 * 86_400

/** @param durationMs - 0 ends it, `Infinity` lasts as long as the platform allows. */
export function muteBody(durationMs: number): MuteBody {
  return { mute_seconds: String(Math.min(longestMuteS, Math.ceil(durationMs / 1000))) }
}

const opaque = 0xff000000
const rgb = 0xffffff

/** Fields of a role; colours are ARGB there. */
export function roleBody({ name, color }: Partial<Omit<Role, 'id'>>): RoleBody {
  return {
    ...defined({ name }),
    ...(color === undefined ? {} : { color: (opaque | color) >>> 0 }),
  }
}

/** Roles as plugins know them. */
export function rolesIn(roles: readonly WireRole[]): Role[] {
  return roles.map(({ id, name, color }) => ({ id, name, color: color & rgb }))
}

/** The emoji behind an id: a number is a face of the system, anything else is Unicode, sent as code point. */
export function reactionEmoji(id: string): ReactionEmoji {
  if (/^\d+$/.test(id)) return { type: 1, id }
  return { type: 2, id: String(id.codePointAt(0) ?? id) }
}
