import type { ChatEventName } from '@mynah/core'
import { avatarOf } from './identity.ts'
import { webAddress } from './web-address.ts'
import {
  directMessagePlace,
  type Decoded,
  type DecodeContext,
  groupPlace,
  guildPlace,
  userOf,
  userPlace,
} from './context.ts'
import type {
  EnterChatEvent,
  FriendAddEvent,
  GroupEvent,
  GroupJoinRequest,
  GroupMemberEvent,
  Interaction,
  InteractionData,
  SubscribeStatusEvent,
  UserEvent,
} from '../wire/chat.ts'

/** Something between a user and the bot. */
export const userEvent =
  (type: ChatEventName) =>
  (d: UserEvent & Pick<FriendAddEvent, 'nick' | 'avatar'>, { selfId }: DecodeContext): Decoded => {
    const avatar = webAddress(d.avatar) ?? avatarOf(selfId, d.openid)
    return { type, time: d.timestamp, user: { id: d.openid, name: d.nick, avatar }, ...userPlace(d.openid) }
  }

/** Something between a group and the bot; the operator is a member of the group. */
export const groupEvent =
  (type: ChatEventName) =>
  (d: GroupEvent): Decoded => ({
    type,
    time: d.timestamp,
    ...groupPlace(d.group_openid),
    operator: userOf(d.op_member_openid),
  })

/** Somebody came into or left a group. */
export const groupMemberEvent =
  (type: ChatEventName) =>
  (d: GroupMemberEvent, { selfId }: DecodeContext): Decoded => {
    const user = { id: d.member_openid, avatar: avatarOf(selfId, d.member_openid) }
    return { type, time: d.timestamp, ...groupPlace(d.group_openid), user, member: { user } }
  }

/** Somebody wants into a group. One that a strategy accepted already is nothing to decide any more. */
export function joinRequestEvent(d: GroupJoinRequest, { selfId }: DecodeContext): Decoded {
  const { member_openid: id, username: name, bot: isBot } = d
  return {
    type: d.auto_approved === undefined ? 'guild-member-request' : undefined,
    time: d.apply_at,
    ...groupPlace(d.group_openid),
    user: { id, name, avatar: avatarOf(selfId, id), isBot },
    operator: userOf(d.invited_by),
    comment: commentOf(d),
    referrer: { joinRequestId: d.join_request_id },
  }
}

function commentOf({ verify_info: info }: GroupJoinRequest): string | undefined {
  if (info?.verify_message) return info.verify_message
  const answers = info?.review_qa_list?.map(({ question, answer }) => `${question} ${answer}`)
  return answers === undefined || answers.length === 0 ? undefined : answers.join('\n')
}

/** A user or a group allowed or refused template messages. */
export function subscribeStatusEvent(d: SubscribeStatusEvent): Decoded {
  if (d.group_openid) return groupPlace(d.group_openid)
  return d.openid ? { user: { id: d.openid }, ...userPlace(d.openid) } : {}
}

/** A user opened the chat with the bot. */
export function enterChatEvent(d: EnterChatEvent): Decoded {
  return { user: { id: d.user_openid }, ...userPlace(d.user_openid) }
}

/** Kinds of interactions that are clicks; the others have no common word. */
export const clickTypes: { readonly button: number; readonly menu: number } = { button: 11, menu: 12 }

const pushScopes: ReadonlySet<string | undefined> = new Set(['c2c_push', 'group_push'])

/** Somebody pressed a button, chose from the menu, rated a message or changed a permission. */
export function interactionEvent(d: Interaction): Decoded {
  const data = d.data?.resolved ?? d.data?.resoloved ?? {}
  return {
    time: d.timestamp,
    ...interactionPlace(d, data),
    message: data.message_id ? { id: data.message_id, content: [] } : undefined,
    ...meaningOf(d, data),
    referrer: { interactionId: d.id },
  }
}

/** The ids that are there tell the kind of place; `chat_type` and `scene` are not always. */
function interactionPlace(d: Interaction, data: InteractionData): Decoded {
  if (d.group_openid) {
    return { ...groupPlace(d.group_openid), user: userOf(d.group_member_openid) }
  }
  if (d.user_openid) return { user: { id: d.user_openid }, ...userPlace(d.user_openid) }
  const user = userOf(data.user_id)
  if (d.guild_id && d.channel_id) return { ...guildPlace(d.guild_id, d.channel_id), user }
  return { ...(d.guild_id && directMessagePlace(d.guild_id)), user }
}

/**
 * What happened. The platform tells that somebody authorised pushes (18, 19) but not which way; it is read as
 * consent, because a refusal shows with the next message while a missed consent never does.
 */
function meaningOf(d: Interaction, data: InteractionData): Pick<Decoded, 'type' | 'button'> {
  if (d.type === clickTypes.button || d.type === clickTypes.menu) {
    const button = { id: data.button_id ?? data.feature_id, value: data.button_data }
    return { type: 'interaction/button', button }
  }
  return pushScopes.has(data.authorize_data?.scope) ? { type: 'proactive-message-allowed' } : {}
}
