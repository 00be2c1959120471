import { MynahError } from '@mynah/core'
import type { HttpApi } from '../http.ts'
import type { GroupJoinRequest } from '../wire/chat.ts'

/** A group; allowlisted bots. */
export interface GroupInfo {
  readonly group_openid: string
  readonly group_name?: string
  readonly group_finger_memo?: string
  readonly group_class_text?: string
  readonly group_tags?: readonly string[]
  readonly group_member_num?: number
}

/** The bot in a group; allowlisted bots. */
export interface GroupBotState {
  readonly member_openid: string
  readonly joined_at?: string
  readonly allow_proactive_msg?: boolean
  readonly recv_msg_setting?: 'all' | 'only_mention' | 'mention_and_context'
  readonly member_role?: string
}

/** Who may not write in a group, and when nobody may. */
export interface GroupMuteSetting {
  readonly global_rule?: {
    readonly mode: 'none' | 'always' | 'schedule'
    readonly schedule_rules?: readonly {
      readonly task_id: string
      readonly start_at: string
      readonly end_at: string
      readonly enabled: boolean
    }[]
    readonly recurring_rules?: readonly {
      readonly task_id: string
      /** 1 to 7. */
      readonly weekdays: readonly number[]
      readonly start_time: string
      readonly end_time: string
      readonly enabled: boolean
    }[]
  }
  readonly members?: readonly {
    readonly member_openid: string
    readonly mute_expire_at: string
    readonly username?: string
    readonly union_openid?: string
  }[]
}

/** One change of who may write; `del` lifts it. */
export interface GroupMuteChange {
  readonly op: 'add' | 'update' | 'del'
  readonly member_openid: string
  /** RFC 3339; empty for `del`. */
  readonly mute_expire_at: string
}

/** The answer to a request to join. */
export interface JoinDecision {
  readonly op: 'approve' | 'decline'
  readonly join_request_id: string
  readonly reject_reason?: string
  readonly add_to_member_blacklist?: boolean
}

/** A rule that accepts requests to join by itself. */
export interface JoinStrategy {
  readonly strategy_id: string
  readonly group_openids?: readonly string[]
  readonly group_ids?: readonly string[]
  readonly whitelist_user_count?: number
  readonly is_enable: 'on' | 'off'
  readonly expire_at?: string
  readonly created_at?: string
  readonly updated_at?: string
  readonly remark?: string
}

/** What a new rule is; either kind of group ids, at most 100. */
export type JoinStrategyBody = Pick<JoinStrategy, 'is_enable' | 'expire_at' | 'remark'> &
  (
    | { readonly group_openids: readonly string[]; readonly group_ids?: never }
    | { readonly group_ids: readonly string[]; readonly group_openids?: never }
  )

/** Changes of a rule. */
export interface JoinStrategyPatch {
  readonly is_enable?: 'on' | 'off'
  readonly expire_at?: string
  readonly remark?: string
  readonly group_action?: {
    readonly op: 'add' | 'del'
    readonly group_openids?: readonly string[]
    readonly group_ids?: readonly string[]
  }
}

/** A member as an undocumented call tells it; anything may be missing. */
export interface GroupMemberInfo {
  readonly member_openid?: string
  readonly nick?: string
  readonly joined_at?: string
  readonly member_role?: 'member' | 'admin' | 'owner'
}

const strategyPath = '/v2/groups/join_approval_strategy/{strategy_id}'
const linkDataLimit = 32

/** Groups, and links that add the bot. */
export class GroupApi {
  readonly #http: HttpApi

  constructor(http: HttpApi) {
    this.#http = http
  }

  /** Allowlisted bots. @see Official docs: "Groups", information. */
  info(groupOpenid: string): Promise<GroupInfo> {
    return this.#http.call('GET', '/v2/groups/{group_openid}/info', { path: { group_openid: groupOpenid } })
  }

  /** Allowlisted bots. @see Official docs: "Groups", state of the bot. */
  botState(groupOpenid: string): Promise<GroupBotState> {
    return this.#http.call('GET', '/v2/groups/{group_openid}/bot_state', {
      path: { group_openid: groupOpenid },
    })
  }

  /** Bots that administer the group. @see Official docs: "Groups", mute settings. */
  muteSetting(groupOpenid: string): Promise<GroupMuteSetting> {
    return this.#http.call('GET', '/v2/groups/{group_openid}/restrict_chat_setting', {
      path: { group_openid: groupOpenid },
    })
  }

  /** At most 10 ordinary members. @see Official docs: "Groups", mute settings. */
  async mute(groupOpenid: string, members: readonly GroupMuteChange[]): Promise<void> {
    await this.#http.call('POST', '/v2/groups/{group_openid}/restrict_chat_setting', {
      path: { group_openid: groupOpenid },
      json: { members },
      idempotent: true,
    })
  }

  /** One page of the open requests; an empty `next_cursor` ends. @see Official docs: "Groups", requests to join. */
  joinRequests(
    groupOpenid: string,
    cursor?: string,
    limit = 20,
  ): Promise<{ readonly list: readonly GroupJoinRequest[] | null; readonly next_cursor: string }> {
    return this.#http.call('GET', '/v2/groups/{group_openid}/join_request_list', {
      path: { group_openid: groupOpenid },
      query: { cursor, limit },
    })
  }

  /** @see Official docs: "Groups", deciding on a request. */
  async decide(groupOpenid: string, memberOpenid: string, decision: JoinDecision): Promise<void> {
    await this.#http.call('POST', '/v2/groups/{group_openid}/approval_join_request/{member_openid}', {
      path: { group_openid: groupOpenid, member_openid: memberOpenid },
      json: decision,
    })
  }

  /** @see Official docs: "Groups", approval strategies. */
  strategies(
    cursor?: string,
    limit = 20,
  ): Promise<{ readonly strategies: readonly JoinStrategy[] | null; readonly next_cursor: string }> {
    return this.#http.call('GET', '/v2/groups/join_approval_strategy', { query: { cursor, limit } })
  }

  /** At most 20 strategies. @see Official docs: "Groups", approval strategies. */
  createStrategy(
    body: JoinStrategyBody,
  ): Promise<Pick<JoinStrategy, 'strategy_id' | 'is_enable' | 'expire_at'>> {
    return this.#http.call('POST', '/v2/groups/join_approval_strategy', { json: body })
  }

  /** @see Official docs: "Groups", approval strategies. */
  updateStrategy(
    strategyId: string,
    body: JoinStrategyPatch,
  ): Promise<Pick<JoinStrategy, 'is_enable' | 'expire_at'>> {
    return this.#http.call('PATCH', strategyPath, { path: { strategy_id: strategyId }, json: body })
  }

  /** @see Official docs: "Groups", approval strategies. */
  async deleteStrategy(strategyId: string): Promise<void> {
    await this.#http.call('DELETE', strategyPath, { path: { strategy_id: strategyId } })
  }

  /** Applies a strategy to open requests; takes about 10 minutes. @see Official docs: "Groups", approval strategies. */
  async executeStrategy(strategyId: string): Promise<void> {
    await this.#http.call('POST', `${strategyPath}/execute`, { path: { strategy_id: strategyId }, json: {} })
  }

  /** Changes who is always accepted: at most 10 000 a call. @see Official docs: "Groups", approval strategies. */
  changeWhitelist(
    strategyId: string,
    op: 'add' | 'del',
    users: readonly string[],
  ): Promise<Pick<JoinStrategy, 'strategy_id' | 'whitelist_user_count' | 'updated_at'>> {
    return this.#http.call('POST', `${strategyPath}/whitelist_users`, {
      path: { strategy_id: strategyId },
      json: { op, whitelist_users: users.map(String) },
      idempotent: true,
    })
  }

  /** A member; undocumented, so it may go away. */
  member(groupOpenid: string, memberOpenid: string): Promise<GroupMemberInfo> {
    return this.#http.call('GET', '/v2/groups/{group_openid}/members/{member_openid}', {
      path: { group_openid: groupOpenid, member_openid: memberOpenid },
    })
  }

  /**
   * A link by which people add the bot; FRIEND_ADD then carries `callbackData` as `scene_param`.
   *
   * @param callbackData - At most 32 characters.
   * @throws MynahError `API_REJECTED` when it is longer, before anything is sent.
   * @see Official docs: "Share links".
   */
  async shareLink(callbackData: string): Promise<string> {
    if (Array.from(callbackData).length > linkDataLimit) {
      throw new MynahError('API_REJECTED', `callback_data has more than ${linkDataLimit} characters.`)
    }
    const data = await this.#http.call<{
      readonly url_link?: string
      readonly data?: { readonly url?: string }
    }>('POST', '/v2/generate_url_link', { json: { callback_data: callbackData }, idempotent: true })
    const link = data.url_link ?? data.data?.url
    if (link === undefined) throw new MynahError('API_INVALID_RESPONSE', 'The answer holds no link.')
    return link
  }
}
