import { defined, isRecord } from '@mynah/adapter-kit'
import type { ChatEvent } from '@mynah/core'

/** Who somebody is, with the id space the id belongs to. Ids of two spaces never name the same person. */
export interface QQIdentity {
  /** `user`: `user_openid`; `member`: `member_openid` of one group; `guild`: id of a guild user. */
  readonly space: 'user' | 'member' | 'guild'
  /** The id in that space. */
  readonly id: string
  /** Names the same person in every space; only after an application to the platform. */
  readonly unionOpenid?: string
}

/** Who an event of this platform is about. */
export function identityOf(event: ChatEvent): QQIdentity | undefined {
  const { user, guild, channel, platform } = event
  if (platform !== 'qq' || user === undefined) return undefined
  const unionOpenid = unionOpenidIn(event.raw)
  const isGuildUser =
    channel?.id.startsWith('dm:') === true || (guild !== undefined && /^\d{1,20}$/.test(guild.id))
  const space = isGuildUser ? 'guild' : guild === undefined ? 'user' : 'member'
  return { space, id: user.id, ...defined({ unionOpenid }) }
}

function unionOpenidIn(raw: unknown): string | undefined {
  if (!isRecord(raw)) return undefined
  const author = isRecord(raw['author']) ? raw['author'] : raw
  const id = author['union_openid']
  return typeof id === 'string' && id !== '' ? id : undefined
}

/** The picture of a user or group member: groups and C2C have no profile API. */
export function avatarOf(appId: string, openid: string): string {
  return `https://q.qlogo.cn/qqapp/${encodeURIComponent(appId)}/${encodeURIComponent(openid)}/640`
}
