import { ApiRefusal } from '../calls/refusal.ts'
import type { Params } from '../calls/params.ts'
import type { RawEvent } from '../wire/wire.ts'
import type { Group, Member, PendingRequest } from '../world/entities.ts'
import type { ActionContext, ActionTable } from '../calls/action.ts'

const all = 'GNBL'
const honorLists = ['talkative', 'performer', 'legend', 'strong_newbie', 'emotion']

const groupOf = (params: Params, { outbox }: ActionContext): Group =>
  outbox.groupOf(params.integer('group_id'))

function describeGroup(group: Group, { profile }: ActionContext): RawEvent {
  const info = {
    group_id: group.groupId,
    group_name: group.name,
    member_count: group.members.size,
    max_member_count: group.maxMemberCount,
  }
  if (profile.letter === 'G') {
    return { ...info, group_memo: '', group_create_time: group.createTime, group_level: 1 }
  }
  if (profile.letter !== 'N') return info
  return { ...info, group_all_shut: group.wholeBan ? -1 : 0, group_remark: group.remark }
}

function describeMember(group: Group, member: Member, { profile, world, outbox }: ActionContext): RawEvent {
  const { userId, nickname, sex, age } = member.person
  const muted = { shut_up_timestamp: member.mutedUntil > world.time ? member.mutedUntil : 0 }
  const info = {
    group_id: group.groupId,
    user_id: userId,
    nickname,
    card: member.card,
    sex,
    age,
    area: member.area,
    join_time: member.joinTime,
    last_sent_time: member.lastSentTime,
    level: member.level,
    role: member.role,
    unfriendly: false,
    title: member.title,
    title_expire_time: 0,
    card_changeable: outbox.botRole(group) !== 'member',
  }
  if (profile.letter === 'G') return { ...info, ...muted }
  return profile.letter === 'N' ? { ...info, ...muted, qq_level: 1, is_robot: false, qage: 0 } : info
}

function memberInfo(params: Params, context: ActionContext): RawEvent {
  const group = groupOf(params, context)
  const member = group.members.get(params.integer('user_id'))
  if (member === undefined) throw new ApiRefusal('GROUP_MEMBER_NOT_FOUND')
  return describeMember(group, member, context)
}

function honorInfo(params: Params, context: ActionContext): RawEvent {
  const group = groupOf(params, context)
  const type = params.text('type')
  if (type !== 'all' && !honorLists.includes(type)) {
    throw new ApiRefusal(undefined, { kind: 'badParams', text: 'type is not known' })
  }
  const [name] = type === 'all' ? honorLists : [type]
  const asked = type === 'all' ? honorLists : [name]
  const lists = asked.map((honor) => [`${honor}_list`, []])
  const talkative = { user_id: 0, nickname: '', avatar: '', day_count: 0 }
  const current = asked.includes('talkative') ? { current_talkative: talkative } : {}
  return { group_id: group.groupId, ...current, ...Object.fromEntries(lists) }
}

function systemMessages({ world, profile }: ActionContext): RawEvent {
  const requests = [...world.requests.values()]
  const nickname = (userId: number): string => world.people.get(userId)?.nickname ?? ''
  const common = (request: PendingRequest): RawEvent => ({
    request_id: Number(/\d+/.exec(request.flag)?.[0] ?? 0),
    group_id: request.groupId,
    group_name: world.groups.get(request.groupId)?.name ?? '',
    checked: request.answered,
    actor: request.answered ? world.self.userId : 0,
  })
  const invited = requests
    .filter(({ kind }) => kind === 'invite')
    .map((request) => ({
      ...common(request),
      invitor_uin: request.userId,
      invitor_nick: nickname(request.userId),
    }))
  const joining = requests
    .filter(({ kind }) => kind === 'add')
    .map((request) => ({
      ...common(request),
      requester_uin: request.userId,
      requester_nick: nickname(request.userId),
      message: request.comment,
    }))
  if (profile.letter === 'G') {
    const orNull = (list: RawEvent[]): RawEvent[] | null => (list.length === 0 ? null : list)
    return { invited_requests: orNull(invited), join_requests: orNull(joining) }
  }
  const lists = { invited_requests: invited, join_requests: joining }
  return profile.letter === 'N' ? { ...lists, InvitedRequest: invited } : lists
}

function mutedMembers(params: Params, context: ActionContext): RawEvent[] {
  const { members } = groupOf(params, context)
  const { time } = context.world
  return [...members.values()]
    .filter((member) => member.mutedUntil > time)
    .map((member) => ({
      user_id: member.person.userId,
      nickname: member.person.nickname,
      shut_up_timestamp: member.mutedUntil,
    }))
}

/** Looking at groups and their members. */
export const groupInfoActions: ActionTable = {
  get_group_info: { on: all, run: (params, context) => describeGroup(groupOf(params, context), context) },
  get_group_list: {
    on: all,
    run: (_params, context) =>
      [...context.world.groups.values()].map((group) => describeGroup(group, context)),
  },
  get_group_member_info: { on: all, run: memberInfo },
  get_group_member_list: {
    on: all,
    run: (params, context) => {
      const group = groupOf(params, context)
      return [...group.members.values()].map((member) => describeMember(group, member, context))
    },
  },
  get_group_honor_info: { on: all, run: honorInfo },
  get_group_system_msg: { on: 'GNB', run: (_params, context) => systemMessages(context) },
  get_group_ignored_notifies: {
    on: 'N',
    run: () => ({ invited_requests: [], InvitedRequest: [], join_requests: [] }),
  },
  get_group_ignore_add_request: { on: 'NB', run: () => [] },
  get_group_requests: {
    on: 'L',
    run: (_params, { world, events }) =>
      [...world.requests.values()]
        .filter((request) => request.kind !== 'friend' && !request.answered)
        .map((request) => events.request(request)),
  },
  get_group_at_all_remain: {
    on: 'GNB',
    run: (params, context) => {
      const group = groupOf(params, context)
      const mayDo = context.outbox.botRole(group) !== 'member'
      const remain = mayDo ? group.atAllRemaining : 0
      return { can_at_all: mayDo, remain_at_all_count_for_group: remain, remain_at_all_count_for_uin: remain }
    },
  },
  get_group_shut_list: { on: 'NB', run: mutedMembers },
  get_group_info_ex: {
    on: 'N',
    run: (params, context) => ({
      groupCode: String(groupOf(params, context).groupId),
      resultCode: 0,
      extInfo: {},
    }),
  },
  get_group_detail_info: {
    on: 'N',
    run: (params, context) => describeGroup(groupOf(params, context), context),
  },
  get_group_signed_list: {
    on: 'NB',
    run: (params, context) =>
      [...groupOf(params, context).signed].map(([userId, time], index) => ({
        user_id: userId,
        nick: context.world.people.get(userId)?.nickname ?? '',
        time,
        rank: index + 1,
      })),
  },
}
