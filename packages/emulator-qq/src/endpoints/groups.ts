import { ApiRefusal } from '../calls/refusal.ts'
import { rfc3339 } from '../world/time.ts'
import { allowlisted, groupAdmin, ok, pageSize, type Endpoints } from '../calls/endpoint.ts'
import type { Fields } from '../calls/fields.ts'
import { perMinute } from '../world/limits.ts'
import type { Platform } from '../world/platform.ts'
import { known, type GroupMemberState, type GroupState } from '../world/world.ts'

const slow = perMinute(30)
const brisk = perMinute(60)
const group = '{group_openid}'

/** Looking after groups: what they are, who is muted, who may come in. */
export const groupEndpoints = (platform: Platform): Endpoints => {
  const find = (openid: string): GroupState => {
    const found = platform.world.groups.get(openid)
    if (found?.botMember === undefined) throw new ApiRefusal(40054003)
    return found
  }
  const member = ({ members }: GroupState, openid: string): GroupMemberState => {
    const found = members.get(openid)
    if (found === undefined) throw new ApiRefusal(10001)
    return found
  }
  return {
    [`GET /v2/groups/${group}/info`]: {
      needs: [allowlisted],
      limit: slow,
      limitBy: 'group_openid',
      handle({ param }) {
        const { openid, name, members } = find(param('group_openid'))
        return ok({
          group_openid: openid,
          group_name: name,
          group_finger_memo: '',
          group_class_text: '',
          group_tags: [],
          group_member_num: members.size,
        })
      },
    },
    [`GET /v2/groups/${group}/bot_state`]: {
      needs: [allowlisted],
      limit: slow,
      limitBy: 'group_openid',
      handle({ param }) {
        const { botMember, pushAllowed, fullMode } = find(param('group_openid'))
        const { openid, joinedAt, role } = known(botMember, 'The bot in this group')
        return ok({
          member_openid: openid,
          joined_at: rfc3339(joinedAt),
          allow_proactive_msg: pushAllowed,
          recv_msg_setting: fullMode ? 'all' : 'only_mention',
          member_role: role,
        })
      },
    },
    [`GET /v2/groups/${group}/members/{member_openid}`]: {
      handle({ param }) {
        const found = member(find(param('group_openid')), param('member_openid'))
        const { openid, user, joinedAt, role } = found
        return ok({
          member_openid: openid,
          nick: user.username,
          joined_at: rfc3339(joinedAt),
          member_role: role,
        })
      },
    },
    [`GET /v2/groups/${group}/restrict_chat_setting`]: {
      needs: [groupAdmin],
      limit: slow,
      limitBy: 'group_openid',
      handle({ param }) {
        const muted = [...find(param('group_openid')).members.values()].filter(
          ({ muteExpiresAt }) =>
            muteExpiresAt !== undefined && Date.parse(muteExpiresAt) > platform.clock.now(),
        )
        return ok({
          global_rule: { mode: 'none', schedule_rules: [], recurring_rules: [] },
          members: muted.map(({ openid, muteExpiresAt, user }) => ({
            member_openid: openid,
            mute_expire_at: muteExpiresAt,
            username: user.username,
            union_openid: '',
          })),
        })
      },
    },
    [`POST /v2/groups/${group}/restrict_chat_setting`]: {
      needs: [groupAdmin],
      limit: brisk,
      limitBy: 'group_openid',
      handle({ param, fields }) {
        const state = find(param('group_openid'))
        const changes = fields.objects('members')
        if (changes.length === 0 || changes.length > 10) throw fields.fault('members', 'must be 1 to 10')
        for (const apply of changes.map((change) =>
          mute(member(state, change.string('member_openid')), change),
        )) {
          apply()
        }
        return ok()
      },
    },
    [`GET /v2/groups/${group}/join_request_list`]: {
      needs: [groupAdmin],
      limit: slow,
      limitBy: 'group_openid',
      handle({ param, query }) {
        const requests = [...find(param('group_openid')).joinRequests.values()].map(({ data }) => data)
        const start = Number(query.get('cursor') || 0)
        const end = start + pageSize(query, 'limit', 20, 100)
        return ok({ list: requests.slice(start, end), next_cursor: end < requests.length ? String(end) : '' })
      },
    },
    [`POST /v2/groups/${group}/approval_join_request/{member_openid}`]: {
      needs: [groupAdmin],
      limit: brisk,
      limitBy: 'group_openid',
      handle({ param, fields }) {
        const state = find(param('group_openid'))
        const request = state.joinRequests.get(param('member_openid'))
        const op = fields.stringOf('op', ['approve', 'decline'])
        fields.optionalString('reject_reason')
        const isBanned = fields.boolean('add_to_member_blacklist')
        if (request?.id !== fields.string('join_request_id'))
          throw fields.fault('join_request_id', 'is unknown')
        state.joinRequests.delete(request.memberOpenid)
        if (op === 'approve') admit(platform, state, request.memberOpenid, request.user)
        else if (isBanned) state.blacklist.add(request.memberOpenid)
        return ok()
      },
    },
  }
}

/** Checks one change of a mute and gives what carries it out, so that a bad entry spoils the whole call. */
function mute(target: GroupMemberState, change: Fields): () => void {
  const op = change.stringOf('op', ['add', 'update', 'del'])
  const until = change.optionalString('mute_expire_at') ?? ''
  if (target.role !== 'member') throw change.fault('member_openid', 'is no ordinary member')
  if (op !== 'del' && Number.isNaN(Date.parse(until))) throw change.fault('mute_expire_at')
  return () => {
    target.muteExpiresAt = op === 'del' ? undefined : until
  }
}

function admit(platform: Platform, state: GroupState, openid: string, user: GroupMemberState['user']): void {
  const joinedAt = platform.clock.now()
  state.members.set(openid, { openid, user, role: 'member', joinedAt, muteExpiresAt: undefined })
  platform.dispatch('GROUP_MEMBER_ADD', {
    timestamp: platform.seconds(),
    group_openid: state.openid,
    member_openid: openid,
    user_openid: '',
  })
}
