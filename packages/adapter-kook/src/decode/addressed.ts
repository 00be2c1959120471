import { isRecord } from '@mynah/adapter-kit'
import type { MessageEvent } from '../wire/events.ts'
import { roleIdsOf } from './resources.ts'

/** What addressing is judged by. */
export interface AddressOptions {
  /** Id of the bot. */
  readonly selfId: string
  /** Roles the bot holds in the guild, as text. */
  readonly roleIds?: ReadonlySet<string> | undefined
  /** Whether `@everyone` and `@online` mean the bot as well. @defaultValue false */
  readonly everyone?: boolean
}

/** Whether a message means the bot: a private one, its name, a role it holds, or an answer to its message. */
export function isAddressed(data: MessageEvent, options: AddressOptions): boolean {
  const { selfId, roleIds, everyone = false } = options
  const { extra, content } = data
  if (data.channel_type === 'PERSON') return true
  if (
    (Array.isArray(extra.mention) && extra.mention.includes(selfId)) ||
    content.includes(`(met)${selfId}(met)`)
  )
    return true
  if (mentionedRoles(data).some((id) => roleIds?.has(id) === true)) return true
  if (typeof extra.quote === 'object' && extra.quote !== null && 'author' in extra.quote) {
    if (extra.quote.author?.id === selfId) return true
  }
  return everyone && (extra.mention_all === true || extra.mention_here === true)
}

/** Ids of the roles that a message mentions; an empty text stands for none. */
export function mentionedRoles({ extra }: MessageEvent): string[] {
  return roleIdsOf({ roles: extra.mention_roles })
}

/** Whether the payload of an event is a message. */
export function isMessageData(raw: unknown): raw is MessageEvent {
  return isRecord(raw) && typeof raw['content'] === 'string' && isRecord(raw['extra'])
}
