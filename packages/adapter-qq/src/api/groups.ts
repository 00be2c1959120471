import { MynahError } from '@mynah/core'
import type { GroupJoinRequest } from '../wire/chat.ts'
import { Resource } from './resource.ts'

/** A group; allowlisted bots. */
export interface GroupInfo {
  /** Id of the group. */
  readonly group_openid: string
  /** Name of the group. */
  readonly group_name?: string
  /** What the group says of itself. */
  readonly group_finger_memo?: string
  /** Its class in words. */
  readonly group_class_text?: string
  /** Its tags. */
  readonly group_tags?: readonly string[]
  /** How many members it has. */
  readonly group_member_num?: number
}

/** The bot in a group; allowlisted bots. */
export interface GroupBotState {
  /** Id of the bot among the members of this group. */
  readonly member_openid: string
  /** When the bot came in. */
  readonly joined_at?: string
  /** Whether messages that answer nothing are welcome. */
  readonly allow_proactive_msg?: boolean
  /** Which messages the bot gets. */
  readonly recv_msg_setting?: 'all' | 'only_mention' | 'mention_and_context'
  /** Rank of the bot. */
  readonly member_role?: string
}

/** Who may not write in a group, and when nobody may. */
export interface GroupMuteSetting {
  /** When nobody may write. */
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
  /** Who may not write, and until when. */
  readonly members?: readonly {
    readonly member_openid: string
    readonly mute_expire_at: string
    readonly username?: string
    readonly union_openid?: string
  }[]
}

/** One change of who may write; `del` lifts it. */
export interface GroupMuteChange {
  /** What is done. */
  readonly op: 'add' | 'update' | 'del'
  /** Id of the person among the members of this group. */
  readonly member_openid: string
  /** RFC 3339; empty for `del`. */
  readonly mute_expire_at: string
}

/** The answer to a request to join. */
export interface JoinDecision {
  /** The answer. */
  readonly op: 'approve' | 'decline'
  /** Id of the request, from its event. */
  readonly join_request_id: string
  /** What the person is told. */
  readonly reject_reason?: string
  /** Whether the person may not ask again. */
  readonly add_to_member_blacklist?: boolean
}

/** A rule that accepts requests to join by itself. */
export interface JoinStrategy {
  /** Id of the rule. */
  readonly strategy_id: string
  /** Groups by openid. */
  readonly group_openids?: readonly string[]
  /** Groups by number. */
  readonly group_ids?: readonly string[]
  /** How many are always accepted. */
  readonly whitelist_user_count?: number
  /** Whether it works. */
  readonly is_enable: 'on' | 'off'
  /** When it ends, RFC 3339. */
  readonly expire_at?: string
  /** When it was made. */
  readonly created_at?: string
  /** When it was changed last. */
  readonly updated_at?: string
  /** A note for the administrators. */
  readonly remark?: string
}

/** What a new rule is; either kind of group ids, at most 100. */
export type JoinStrategyBody = Pick<JoinStrategy, 'is_enable' | 'expire_at' | 'remark'> &
  (
    | { readonly group_openids: readonly string[]; readonly group_ids?: never }
    | { readonly group_ids: readonly string[]; readonly group_openids?: never }
  )

/** Changes of a rule. */
export interface JoinStrategyPatch extends Partial<Pick<JoinStrategy, 'is_enable' | 'expire_at' | 'remark'>> {
  /** Groups to add or to take out. */
  readonly group_action?: {
    readonly op: 'add' | 'del'
    readonly group_openids?: readonly string[]
    readonly group_ids?: readonly string[]
  }
}

/** A member as an undocumented call tells it; anything may be missing. */
export interface GroupMemberInfo {
  /** Id of the person among the members of this group. */
  readonly member_openid?: string
  /** Name in this place. */
  readonly nick?: string
  /** When the member came in. */
  readonly joined_at?: string
  /** Rank in the group. */
  readonly member_role?: 'member' | 'admin' | 'owner'
}

const strategyPath = '/v2/groups/join_approval_strategy/{strategy_id}'
const linkDataLimit = 32

/** Groups, and links that add the bot. */
export class GroupApi extends Resource {
  /** Allowlisted bots. @see Official docs: "Groups", information. */
  info(groupOpenid: string): Promise<GroupInfo> {
    return this.call('GET /v2/groups/{group_openid}/info', [groupOpenid])
  }

  /** Allowlisted bots. @see Official docs: "Groups", state of the bot. */
  botState(groupOpenid: string): Promise<GroupBotState> {
    return this.call('GET /v2/groups/{group_openid}/bot_state', [groupOpenid])
  }

  /** Bots that administer the group. @see Official docs: "Groups", mute settings. */
  muteSetting(groupOpenid: string): Promise<GroupMuteSetting> {
    return this.call('GET /v2/groups/{group_openid}/restrict_chat_setting', [groupOpenid])
  }

  /** At most 10 ordinary members. @see Official docs: "Groups", mute settings. */
  async mute(groupOpenid: string, members: readonly GroupMuteChange[]): Promise<void> {
    await this.call('POST /v2/groups/{group_openid}/restrict_chat_setting', [groupOpenid], {
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
    return this.call('GET /v2/groups/{group_openid}/join_request_list', [groupOpenid], {
      query: { cursor, limit },
    })
  }

  /** @see Official docs: "Groups", deciding on a request. */
  async decide(groupOpenid: string, memberOpenid: string, decision: JoinDecision): Promise<void> {
    await this.call(
      'POST /v2/groups/{group_openid}/approval_join_request/{member_openid}',
      [groupOpenid, memberOpenid],
      { json: decision },
    )
  }

  /** @see Official docs: "Groups", approval strategies. */
  strategies(
    cursor?: string,
    limit = 20,
  ): Promise<{ readonly strategies: readonly JoinStrategy[] | null; readonly next_cursor: string }> {
    return this.call('GET /v2/groups/join_approval_strategy', [], { query: { cursor, limit } })
  }

  /** At most 20 strategies. @see Official docs: "Groups", approval strategies. */
  createStrategy(
    body: JoinStrategyBody,
  ): Promise<Pick<JoinStrategy, 'strategy_id' | 'is_enable' | 'expire_at'>> {
    return this.call('POST /v2/groups/join_approval_strategy', [], { json: body })
  }

  /** @see Official docs: "Groups", approval strategies. */
  updateStrategy(
    strategyId: string,
    body: JoinStrategyPatch,
  ): Promise<Pick<JoinStrategy, 'is_enable' | 'expire_at'>> {
    return this.call(`PATCH ${strategyPath}`, [strategyId], { json: body })
  }

  /** @see Official docs: "Groups", approval strategies. */
  async deleteStrategy(strategyId: string): Promise<void> {
    await this.call(`DELETE ${strategyPath}`, [strategyId])
  }

  /** Applies a strategy to open requests; takes about 10 minutes. @see Official docs: "Groups", approval strategies. */
  async executeStrategy(strategyId: string): Promise<void> {
    await this.call(`POST ${strategyPath}/execute`, [strategyId], { json: {} })
  }

  /** Changes who is always accepted: at most 10 000 a call. @see Official docs: "Groups", approval strategies. */
  changeWhitelist(
    strategyId: string,
    op: 'add' | 'del',
    users: readonly string[],
  ): Promise<Pick<JoinStrategy, 'strategy_id' | 'whitelist_user_count' | 'updated_at'>> {
    return this.call(`POST ${strategyPath}/whitelist_users`, [strategyId], {
      json: { op, whitelist_users: users.map(String) },
      idempotent: true,
    })
  }

  /** A member; undocumented, so it may go away. */
  member(groupOpenid: string, memberOpenid: string): Promise<GroupMemberInfo> {
    return this.call('GET /v2/groups/{group_openid}/members/{member_openid}', [groupOpenid, memberOpenid])
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
    const data = await this.call<{
      readonly url_link?: string
      readonly data?: { readonly url?: string }
    }>('POST /v2/generate_url_link', [], { json: { callback_data: callbackData }, idempotent: true })
    const link = data.url_link ?? data.data?.url
    if (link === undefined) throw new MynahError('API_INVALID_RESPONSE', 'The answer holds no link.')
    return link
  }
}
