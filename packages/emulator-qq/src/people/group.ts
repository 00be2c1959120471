import type { JsonObject } from '@mynah/emulator-kit'
import type { Platform, QQEnvelope } from '../world/platform.ts'
import {
  known,
  newInbox,
  type GroupMemberState,
  type GroupRole,
  type GroupState,
  type UserState,
} from '../world/world.ts'
import { Listener } from './listener.ts'

/** Whoever has an account: a user of the emulator. */
export interface Person {
  readonly state: UserState
}

/** How a group starts. */
export interface QQGroupOptions {
  /** @defaultValue 'Group' */
  name?: string
  /** Whether the bot sees messages that do not mention it. @defaultValue false */
  fullMode?: boolean
  /** Whether the bot is a member from the start. @defaultValue true */
  withBot?: boolean
  /** A fixed `group_openid`. */
  openid?: string
}

/** What somebody writes who wants to join a group. */
export interface QQJoinRequestOptions {
  /** The words of the request. */
  message?: string
  /** Answers to the questions that the group asks. */
  answers?: readonly { question: string; answer: string }[]
  /** The member who invited them. */
  invitedBy?: Person
}

export function createGroup(platform: Platform, options: QQGroupOptions = {}): GroupState {
  const group: GroupState = {
    openid: options.openid ?? platform.ids.openid(),
    name: options.name ?? 'Group',
    members: new Map(),
    joinRequests: new Map(),
    blacklist: new Set(),
    botMember: undefined,
    pushAllowed: true,
    fullMode: options.fullMode ?? false,
    inbox: newInbox(),
  }
  if (options.withBot ?? true) addBotMember(platform, group)
  platform.world.groups.set(group.openid, group)
  return group
}

function addBotMember(platform: Platform, group: GroupState): void {
  const joinedAt = platform.clock.now()
  group.botMember = { openid: platform.ids.openid(), role: 'member', joinedAt, muted: false }
}

/** The membership of a user, made when it is not there. */
export function ensureMember(
  platform: Platform,
  group: GroupState,
  user: UserState,
  openid?: string,
): GroupMemberState {
  const present = [...group.members.values()].find((member) => member.user === user)
  if (present !== undefined) return present
  const member: GroupMemberState = {
    openid: openid ?? platform.ids.openid(),
    user,
    role: 'member',
    joinedAt: platform.clock.now(),
    muteExpiresAt: undefined,
  }
  group.members.set(member.openid, member)
  return member
}

/** A group chat. Expectations on it hear all messages in it, those a member took already included. */
export class QQGroup extends Listener {
  /** What the platform knows of it; calls of the bot change it. */
  readonly state: GroupState
  readonly #platform: Platform

  constructor(platform: Platform, state: GroupState) {
    super(state.inbox)
    this.#platform = platform
    this.state = state
  }

  /** The `group_openid`, which only this bot knows the group by. */
  get openid(): string {
    return this.state.openid
  }

  #operation(by: Person): JsonObject {
    return {
      group_openid: this.openid,
      op_member_openid: ensureMember(this.#platform, this.state, by.state).openid,
      timestamp: this.#platform.seconds(),
    }
  }

  /** Somebody adds the bot: GROUP_ADD_ROBOT. */
  addBot(by: Person): QQEnvelope {
    addBotMember(this.#platform, this.state)
    return this.#platform.dispatch('GROUP_ADD_ROBOT', this.#operation(by))
  }

  /** Somebody removes the bot: GROUP_DEL_ROBOT. */
  removeBot(by: Person): QQEnvelope {
    this.state.botMember = undefined
    this.#platform.sources.forget('group', this.openid)
    return this.#platform.dispatch('GROUP_DEL_ROBOT', this.#operation(by))
  }

  /** An admin turns proactive messages off: GROUP_MSG_REJECT. */
  rejectPush(by: Person): QQEnvelope {
    this.state.pushAllowed = false
    return this.#platform.dispatch('GROUP_MSG_REJECT', this.#operation(by))
  }

  /** An admin turns proactive messages on: GROUP_MSG_RECEIVE. */
  allowPush(by: Person): QQEnvelope {
    this.state.pushAllowed = true
    return this.#platform.dispatch('GROUP_MSG_RECEIVE', this.#operation(by))
  }

  /** Mutes or unmutes the bot. */
  muteBot(isMuted: boolean): void {
    known(this.state.botMember, 'The bot in this group').muted = isMuted
  }

  /** Changes what a member may do. */
  setRole(person: Person, role: GroupRole): void {
    ensureMember(this.#platform, this.state, person.state).role = role
  }

  /** Somebody becomes a member: GROUP_MEMBER_ADD. */
  addMember(person: Person): QQEnvelope {
    const { openid } = ensureMember(this.#platform, this.state, person.state)
    return this.#memberEvent('GROUP_MEMBER_ADD', openid)
  }

  /** Somebody leaves: GROUP_MEMBER_REMOVE. */
  removeMember(person: Person): QQEnvelope {
    const { openid } = ensureMember(this.#platform, this.state, person.state)
    this.state.members.delete(openid)
    return this.#memberEvent('GROUP_MEMBER_REMOVE', openid)
  }

  #memberEvent(event: string, memberOpenid: string): QQEnvelope {
    return this.#platform.dispatch(event, {
      timestamp: this.#platform.seconds(),
      group_openid: this.openid,
      member_openid: memberOpenid,
      user_openid: '',
    })
  }

  /** Somebody asks to be let in: GROUP_JOIN_REQUEST, as far as the bot is an admin. */
  requestJoin(person: Person, options: QQJoinRequestOptions = {}): { readonly id: string } {
    const id = this.#platform.ids.opaque('AVq7')
    const memberOpenid = this.#platform.ids.openid()
    const { message = '', answers, invitedBy } = options
    const data: JsonObject = {
      group_openid: this.openid,
      join_request_id: id,
      risk_tips: '',
      union_openid: '',
      member_openid: memberOpenid,
      username: person.state.username,
      apply_at: this.#platform.now(),
      bot: false,
      apply_source: invitedBy === undefined ? 'self_apply' : 'invited',
      ...(invitedBy === undefined
        ? { verify_info: verification(message, answers) }
        : { invited_by: ensureMember(this.#platform, this.state, invitedBy.state).openid }),
    }
    this.state.joinRequests.set(memberOpenid, { id, memberOpenid, user: person.state, data })
    if (this.#platform.grants.groupAdmin) this.#platform.dispatch('GROUP_JOIN_REQUEST', data)
    return { id }
  }

  /** Whether somebody is a member. */
  has(person: Person): boolean {
    return [...this.state.members.values()].some(({ user }) => user === person.state)
  }
}

const verification = (message: string, answers: QQJoinRequestOptions['answers']): JsonObject =>
  answers === undefined
    ? { method: 'verify_message', verify_message: message }
    : { method: 'admin_review_qa', review_qa_list: answers }
