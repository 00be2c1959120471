import { ApiRefusal } from '../calls/refusal.ts'
import { toInteger, type Params } from '../calls/params.ts'
import type { RawEvent } from '../wire/wire.ts'
import type { PendingRequest, Person } from '../world/entities.ts'
import type { ActionContext, ActionTable } from '../calls/action.ts'

const all = 'GNBL'
const likesADay = 10

const friendOf = (params: Params, { world }: ActionContext): Person => {
  const person = world.people.get(params.integer('user_id'))
  if (person?.isFriend !== true) throw new ApiRefusal('FRIEND_NOT_FOUND')
  return person
}

const friends = ({ world }: ActionContext): Person[] =>
  [...world.people.values()].filter((person) => person.isFriend)

function describeFriend(
  { userId, nickname, remark, sex, age, uid }: Person,
  { profile }: ActionContext,
): RawEvent {
  const friend = { user_id: userId, nickname, remark }
  if (profile.letter !== 'N') return friend
  return { ...friend, uid, sex, age, level: 0, categoryId: 0, categoryName: '我的好友', birthday_year: 0 }
}

function strangerInfo(params: Params, { world, profile }: ActionContext): RawEvent {
  const person = world.people.get(params.integer('user_id'))
  if (person === undefined) throw new ApiRefusal('USER_NOT_FOUND')
  const { userId, nickname, sex, age, uid } = person
  const info = { user_id: userId, nickname, sex, age }
  if (profile.letter === 'G') return { ...info, qid: '', level: 1, login_days: 0, sign: '', vip_level: '' }
  if (profile.letter === 'N')
    return { ...info, uid, qid: '', qqLevel: 1, long_nick: '', reg_time: 0, is_vip: false }
  return info
}

function sendLike(params: Params, { world }: ActionContext): null {
  const person = world.people.get(params.integer('user_id'))
  const times = params.integerOr('times', 1)
  // Lagrange answers with a sentence for a status, and retcode 0.
  if (person === undefined)
    throw new ApiRefusal('USER_NOT_FOUND', { status: 'user not found', resultNumber: 0 })
  const given = (world.likes.get(person.userId) ?? 0) + times
  if (given > likesADay)
    throw new ApiRefusal(undefined, { text: '今日同一好友点赞数已达上限', resultNumber: 51 })
  world.likes.set(person.userId, given)
  return null
}

/** @throws ApiRefusal when there is no such request or it was answered before. */
function openRequest(params: Params, { world }: ActionContext, isFriend: boolean): PendingRequest {
  const request = world.requests.get(params.text('flag'))
  // Lagrange calls a friend request that it cannot answer a success, with retcode 1.
  const details = isFriend ? { status: 'ok', resultNumber: 1 } : {}
  if (request === undefined || (request.kind === 'friend') !== isFriend) {
    throw new ApiRefusal('FLAG_NOT_FOUND', details)
  }
  if (request.answered) throw new ApiRefusal('FLAG_HAS_BEEN_CHECKED', details)
  return request
}

// NapCat takes everything but a plain no for a yes.
const approves = (params: Params, { profile }: ActionContext): boolean =>
  profile.letter === 'N'
    ? params.raw('approve') !== false && params.raw('approve') !== 'false'
    : params.flag('approve', true)

function answerFriendRequest(params: Params, context: ActionContext): null {
  const { world, profile, emit, events } = context
  const request = openRequest(params, context, true)
  request.answered = true
  if (!approves(params, context)) return null
  const person = world.person({ userId: request.userId })
  person.isFriend = true
  if (profile.letter !== 'G') person.remark = params.textOr('remark', '')
  if (profile.letter !== 'L') emit(events.friendAdded(person))
  return null
}

function answerGroupRequest(params: Params, context: ActionContext): null {
  const { world, profile, emit, events } = context
  const request = openRequest(params, context, false)
  if (profile.letter === 'G') {
    const subType = params.textOr('sub_type', params.textOr('type', ''))
    if (subType !== request.kind) throw new ApiRefusal('FLAG_NOT_FOUND')
  }
  request.answered = true
  if (!approves(params, context)) return null
  const group = world.groups.get(request.groupId)
  const operatorId = request.kind === 'invite' ? request.userId : world.self.userId
  const joined = request.kind === 'invite' ? world.self : world.person({ userId: request.userId })
  const target = group ?? world.group({ groupId: request.groupId, name: String(request.groupId) })
  world.join(target, joined)
  emit(events.increase(target, joined.userId, operatorId, request.kind === 'invite' ? 'invite' : 'approve'))
  return null
}

function onlineClients({ profile }: ActionContext): unknown {
  const clients = [{ app_id: 537_066_978, device_name: 'EMULATED', device_kind: 'Windows' }]
  return profile.letter === 'N' ? clients : { clients }
}

function oneWayFriends({ world, profile }: ActionContext): RawEvent[] {
  const people = [...world.people.values()].filter((person) => person.isOneWay)
  if (profile.letter === 'G') {
    return people.map(({ userId, nickname }) => ({ user_id: userId, nickname, source: 'QQ号查找' }))
  }
  return people.map(({ userId, uid, nickname, age }) => ({
    uin: userId,
    uid,
    nick_name: nickname,
    age,
    source: '',
  }))
}

function deleteFriend(params: Params, { world, profile }: ActionContext): null {
  const names = profile.letter === 'N' ? ['user_id', 'friend_id'] : ['user_id', 'id']
  const userId = names.map((name) => toInteger(params.raw(name))).find((id) => id !== undefined)
  const person = world.people.get(userId ?? 0)
  if (person?.isFriend !== true) throw new ApiRefusal('FRIEND_NOT_FOUND')
  person.isFriend = false
  return null
}

/** The account, its friends and the requests it gets. */
export const accountActions: ActionTable = {
  get_login_info: {
    on: all,
    run: (_params, { world }) => ({ user_id: world.self.userId, nickname: world.self.nickname }),
  },
  get_stranger_info: { on: all, run: strangerInfo },
  get_friend_list: {
    on: all,
    run: (_params, context) => friends(context).map((friend) => describeFriend(friend, context)),
  },
  get_friends_with_category: {
    on: 'NB',
    run: (_params, context) => {
      const buddyList = friends(context).map((friend) => describeFriend(friend, context))
      return [{ categoryId: 1, categoryName: '我的好友', categoryMbCount: buddyList.length, buddyList }]
    },
  },
  get_unidirectional_friend_list: { on: 'GN', run: (_params, context) => oneWayFriends(context) },
  delete_unidirectional_friend: {
    on: 'G',
    run: (params, { world }) => {
      const person = world.people.get(params.integer('user_id'))
      if (person?.isOneWay !== true) throw new ApiRefusal('FRIEND_NOT_FOUND')
      person.isOneWay = false
      return null
    },
  },
  delete_friend: { on: all, run: deleteFriend },
  send_like: { on: 'NBL', run: sendLike },
  set_friend_remark: {
    on: 'NB',
    run: (params, context) => {
      friendOf(params, context).remark = params.text('remark')
      return null
    },
  },
  set_qq_profile: {
    on: 'GNB',
    run: (params, { world }) => {
      world.self.nickname = params.textOr('nickname', world.self.nickname)
      return null
    },
  },
  set_qq_avatar: {
    on: 'NBL',
    run: (params, { world }) => {
      world.media.accept(params.text('file'))
      return null
    },
  },
  set_self_longnick: { on: 'N', run: (params) => ({ result: 0, errMsg: params.text('longNick') && '' }) },
  set_online_status: {
    on: 'NB',
    run: (params) => {
      params.integer('status')
      return null
    },
  },
  set_diy_online_status: {
    on: 'N',
    run: (params) => {
      params.integer('face_id')
      return ''
    },
  },
  set_input_status: {
    on: 'NB',
    run: (params) => {
      params.integer('user_id')
      params.integer('event_type')
      return { result: 0, errMsg: '' }
    },
  },
  get_online_clients: { on: 'GN', run: (_params, context) => onlineClients(context) },
  get_profile_like: {
    on: 'NB',
    run: () => ({
      favoriteInfo: { total_count: 0, userInfos: [] },
      voteInfo: { total_count: 0, userInfos: [] },
    }),
  },
  nc_get_user_status: {
    on: 'N',
    run: (params) => {
      params.integer('user_id')
      return { status: 10, ext_status: 0 }
    },
  },
  _get_model_show: {
    on: 'GN',
    run: (params) => ({ variants: [{ model_show: params.text('model'), need_pay: false }] }),
  },
  _set_model_show: { on: 'GN', run: () => null },
  qidian_get_account_info: { on: 'G', run: () => ({ master_id: 0, ext_name: '', create_time: 0 }) },
  get_recent_contact: {
    on: 'N',
    run: (params, { world, events }) =>
      world.messages
        .latest()
        .slice(-params.integerOr('count', 10))
        .map((message) => ({
          lastestMsg: events.message(message),
          peerUin: String(message.chat.kind === 'group' ? message.chat.groupId : message.chat.userId),
          remark: '',
          msgTime: String(message.time),
          chatType: message.chat.kind === 'group' ? 2 : 1,
          msgId: String(message.id),
          sendNickName: world.people.get(message.senderId)?.nickname ?? '',
          peerName: '',
        })),
  },
  set_friend_add_request: { on: all, run: answerFriendRequest },
  set_group_add_request: { on: all, run: answerGroupRequest },
  get_doubt_friends_add_request: { on: 'NB', run: () => [] },
  set_doubt_friends_add_request: {
    on: 'NB',
    run: () => {
      throw new ApiRefusal('FLAG_NOT_FOUND')
    },
  },
}
