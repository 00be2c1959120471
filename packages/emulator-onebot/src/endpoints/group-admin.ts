import { ApiRefusal } from '../calls/refusal.ts'
import type { Params } from '../calls/params.ts'
import { isJsonObject } from '@mynah/emulator-kit'
import type { RawEvent } from '../wire/wire.ts'
import type { Group, Member, Role } from '../world/entities.ts'
import type { ActionContext, ActionTable } from '../calls/action.ts'
import { messageOf } from './messages.ts'

const all = 'GNBL'
const longestMuteSeconds = 30 * 86_400
const ranks: Record<Role, number> = { member: 0, admin: 1, owner: 2 }

const groupOf = (params: Params, { outbox }: ActionContext): Group =>
  outbox.groupOf(params.integer('group_id'))

/** The group, in which the bot has at least the given rank. @throws ApiRefusal */
function ruledGroup(params: Params, context: ActionContext, rank: Role = 'admin'): Group {
  const group = groupOf(params, context)
  if (ranks[context.outbox.botRole(group)] < ranks[rank]) throw new ApiRefusal('PERMISSION_DENIED')
  return group
}

/** A member whom the bot outranks. @throws ApiRefusal */
function ruledMember(group: Group, userId: number, { outbox }: ActionContext): Member {
  const { member } = outbox.memberOf(group.groupId, userId)
  if (ranks[outbox.botRole(group)] <= ranks[member.role]) throw new ApiRefusal('NOT_MANAGEABLE')
  return member
}

function kick(group: Group, userId: number, context: ActionContext): null {
  ruledMember(group, userId, context)
  group.members.delete(userId)
  context.emit(context.events.kicked(group, userId, context.world.self.userId))
  return null
}

function kickAll(userIds: readonly number[], params: Params, context: ActionContext): null {
  const group = groupOf(params, context)
  for (const userId of userIds) kick(group, userId, context)
  return null
}

function ban(params: Params, context: ActionContext): null {
  const group = groupOf(params, context)
  const member = ruledMember(group, params.integer('user_id'), context)
  const duration = params.integerOr('duration', context.profile.defaultMuteSeconds)
  if (duration < 0 || duration > longestMuteSeconds) throw new ApiRefusal('DURATION_IS_NOT_IN_RANGE')
  const { world, events } = context
  member.mutedUntil = duration === 0 ? 0 : world.time + duration
  context.emit(events.muted(group, member.person.userId, world.self.userId, duration))
  return null
}

function banAnonymous(params: Params, context: ActionContext): null {
  ruledGroup(params, context)
  const anonymous = params.raw('anonymous')
  const flag = isJsonObject(anonymous)
    ? anonymous['flag']
    : params.textOr('anonymous_flag', '') || params.textOr('flag', '')
  if (typeof flag !== 'string' || !flag.includes('|')) throw new ApiRefusal('INVALID_FLAG')
  return null
}

function banWhole(params: Params, context: ActionContext): null {
  const group = ruledGroup(params, context)
  const { world, events, profile } = context
  group.wholeBan = params.flag('enable', profile.defaultEnable)
  context.emit(events.muted(group, 0, world.self.userId, group.wholeBan ? -1 : 0))
  return null
}

function setAdmin(params: Params, context: ActionContext): null {
  const group = ruledGroup(params, context, 'owner')
  const member = ruledMember(group, params.integer('user_id'), context)
  const enable = params.flag('enable', context.profile.defaultEnable)
  member.role = enable ? 'admin' : 'member'
  const fields = { group_id: group.groupId, user_id: member.person.userId }
  context.emit(context.events.notice('group_admin', { sub_type: enable ? 'set' : 'unset', ...fields }))
  return null
}

function setCard(params: Params, context: ActionContext): null {
  const userId = params.integer('user_id')
  const isOwn = userId === context.world.self.userId
  const group = isOwn ? groupOf(params, context) : ruledGroup(params, context)
  const { member } = context.outbox.memberOf(group.groupId, userId)
  const card = params.textOr('card', '')
  // Others see it at once; the event comes when the member next speaks.
  if (!isOwn && member.card !== card) member.unnoticedCard ??= member.card
  member.card = card
  return null
}

function setName(params: Params, context: ActionContext): null {
  const group = ruledGroup(params, context)
  group.name = params.text('group_name')
  context.emit(context.events.renamed(group, context.world.self.userId))
  return null
}

function leave(params: Params, context: ActionContext): null {
  const group = groupOf(params, context)
  const { world, profile, events, outbox } = context
  const canDissolve = profile.letter === 'G' || profile.letter === 'L'
  const dissolves = canDissolve && params.flag('is_dismiss', false) && outbox.botRole(group) === 'owner'
  world.groups.delete(group.groupId)
  const { userId } = world.self
  context.emit(dissolves ? events.dissolved(group, userId) : events.left(group, userId))
  return null
}

function setTitle(params: Params, context: ActionContext): null {
  const group = ruledGroup(params, context, 'owner')
  const { member } = context.outbox.memberOf(group.groupId, params.integer('user_id'))
  member.title = params.textOr('special_title', '')
  context.emit(context.events.titled(group, member))
  return null
}

function sign(params: Params, context: ActionContext): null {
  const { signed } = groupOf(params, context)
  signed.set(context.world.self.userId, context.world.time)
  return null
}

function announce(params: Params, context: ActionContext): null {
  const group = ruledGroup(params, context)
  const { world } = context
  const image = params.textOr('image', '')
  const noticeId = world.longId()
  group.announcements.set(noticeId, {
    noticeId,
    senderId: world.self.userId,
    publishTime: world.time,
    text: params.text('content'),
    image: image === '' ? undefined : world.media.accept(image).md5,
  })
  return null
}

function announcements(params: Params, context: ActionContext): RawEvent[] {
  const { letter } = context.profile
  return [...groupOf(params, context).announcements.values()].map((notice) => ({
    ...(letter === 'N' || letter === 'B' ? { notice_id: notice.noticeId } : {}),
    sender_id: notice.senderId,
    publish_time: notice.publishTime,
    message: {
      text: notice.text,
      images: notice.image === undefined ? [] : [{ height: '0', width: '0', id: notice.image }],
    },
  }))
}

function withdraw(params: Params, context: ActionContext): null {
  const group = ruledGroup(params, context)
  if (!group.announcements.delete(params.text('notice_id'))) {
    throw new ApiRefusal(undefined, { text: '群公告不存在' })
  }
  return null
}

function setting(params: Params, context: ActionContext): null {
  ruledGroup(params, context)
  return null
}

function todo(params: Params, context: ActionContext): null {
  groupOf(params, context)
  messageOf(params, context)
  return null
}

/** Ruling groups. */
export const groupAdminActions: ActionTable = {
  set_group_kick: {
    on: all,
    run: (params, context) => kick(groupOf(params, context), params.integer('user_id'), context),
  },
  set_group_kick_members: {
    on: 'N',
    run: (params, context) => kickAll(params.integers('user_id'), params, context),
  },
  batch_delete_group_member: {
    on: 'B',
    run: (params, context) => kickAll(params.integers('user_ids'), params, context),
  },
  set_group_ban: { on: all, run: ban },
  set_group_anonymous_ban: { on: 'G', run: banAnonymous },
  set_group_whole_ban: { on: all, run: banWhole },
  set_group_admin: { on: all, run: setAdmin },
  set_group_anonymous: {
    on: 'G',
    run: (params, context) => {
      ruledGroup(params, context).anonymousAllowed = params.flag('enable', true)
      return null
    },
  },
  set_group_card: { on: all, run: setCard },
  set_group_name: { on: all, run: setName },
  set_group_leave: { on: all, run: leave },
  set_group_special_title: { on: all, run: setTitle },
  set_group_portrait: {
    on: all,
    run: (params, context) => {
      ruledGroup(params, context)
      context.world.media.accept(params.text('file'))
      return null
    },
  },
  set_group_remark: {
    on: 'NB',
    run: (params, context) => {
      groupOf(params, context).remark = params.text('remark')
      return null
    },
  },
  send_group_sign: { on: 'GNB', run: sign },
  set_group_sign: { on: 'N', run: sign },
  _send_group_notice: { on: all, run: announce },
  _get_group_notice: { on: all, run: announcements },
  _del_group_notice: { on: 'GNL', run: withdraw },
  _delete_group_notice: { on: 'B', run: withdraw },
  set_group_add_option: { on: 'N', run: setting },
  set_group_robot_add_option: { on: 'N', run: setting },
  set_group_search: { on: 'N', run: setting },
  set_group_member_invite_policy: { on: 'N', run: setting },
  set_group_member_permissions: { on: 'N', run: setting },
  set_group_new_member_history_visibility: { on: 'N', run: setting },
  set_group_todo: { on: 'N', run: todo },
  complete_group_todo: { on: 'N', run: todo },
  cancel_group_todo: { on: 'N', run: todo },
}
