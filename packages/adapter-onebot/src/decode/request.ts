import { type Raw, readId } from '../wire/raw.ts'
import type { EventParts } from './parts.ts'
import { groupChannel, guildOf, textOf, userOf } from './resources.ts'

/** Requests carry the `flag` with which they are answered in their referrer. */
export function decodeRequest(raw: Raw): EventParts {
  const user = userOf(readId(raw['user_id']) ?? '')
  const comment = textOf(raw, 'comment')
  const flag = textOf(raw, 'flag')
  if (raw['request_type'] === 'friend') {
    return { type: 'friend-request', user, comment, referrer: { kind: 'friend', flag } }
  }
  if (raw['request_type'] !== 'group') return {}
  const guild = guildOf(readId(raw['group_id']) ?? '', raw)
  const subType = raw['sub_type'] === 'invite' ? 'invite' : 'add'
  const referrer = { kind: 'group', flag, subType }
  if (subType === 'invite') return { type: 'guild-request', guild, user, comment, referrer }
  const inviter = readId(raw['invitor_id'])
  return {
    type: 'guild-member-request',
    guild,
    channel: groupChannel(guild),
    user,
    comment,
    referrer,
    ...(inviter === undefined ? {} : { operator: userOf(inviter) }),
  }
}
