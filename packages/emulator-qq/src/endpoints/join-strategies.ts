import { ApiRefusal } from '../calls/refusal.ts'
import { ok, pageSize, type Endpoint, type Endpoints } from '../calls/endpoint.ts'
import type { JsonObject } from '@mynah/emulator-kit'
import type { Fields } from '../calls/fields.ts'
import { perMinute } from '../world/limits.ts'
import type { Platform } from '../world/platform.ts'

const base = '/v2/groups/join_approval_strategy'
const limit = perMinute(60)
const most = { strategies: 20, groups: 100, usersPerCall: 10_000, users: 100_000 }

interface Strategy {
  readonly id: string
  readonly groupOpenids: Set<string>
  readonly groupIds: Set<string>
  readonly whitelist: Set<string>
  isEnable: string
  expireAt: string
  remark: string
  readonly createdAt: string
  updatedAt: string
}

/** Strategies that let people into groups without asking the bot. */
export const joinStrategyEndpoints = (platform: Platform): Endpoints => {
  const strategies = new Map<string, Strategy>()
  const find = (id: string): Strategy => {
    const found = strategies.get(id)
    if (found === undefined) throw new ApiRefusal(10000, { message: 'strategy_id is unknown' })
    return found
  }
  const endpoint = (handle: Endpoint['handle']): Endpoint => ({ limit, handle })
  return {
    [`GET ${base}`]: endpoint(({ query }) => {
      const start = Number(query.get('cursor') || 0)
      const end = start + pageSize(query, 'limit', 20, 100)
      const page = [...strategies.values()].slice(start, end).map(show)
      return ok({ strategies: page, next_cursor: end < strategies.size ? String(end) : '' })
    }),
    [`POST ${base}`]: endpoint(({ fields }) => {
      if (strategies.size >= most.strategies)
        throw fields.fault('strategies', `are ${most.strategies} already`)
      const { groupOpenids, groupIds } = groupsOf(fields)
      const strategy: Strategy = {
        id: platform.ids.opaque('st_'),
        groupOpenids: new Set(groupOpenids),
        groupIds: new Set(groupIds),
        whitelist: new Set(),
        isEnable: fields.stringOf('is_enable', ['on', 'off']),
        expireAt: fields.optionalString('expire_at') ?? '',
        remark: fields.optionalString('remark') ?? '',
        createdAt: platform.now(),
        updatedAt: platform.now(),
      }
      strategies.set(strategy.id, strategy)
      return ok({ strategy_id: strategy.id, is_enable: strategy.isEnable, expire_at: strategy.expireAt })
    }),
    [`PATCH ${base}/{strategy_id}`]: endpoint(({ param, fields }) => {
      const strategy = find(param('strategy_id'))
      if (fields.has('is_enable')) strategy.isEnable = fields.stringOf('is_enable', ['on', 'off'])
      strategy.expireAt = fields.optionalString('expire_at') ?? strategy.expireAt
      strategy.remark = fields.optionalString('remark') ?? strategy.remark
      const action = fields.optionalObject('group_action')
      if (action !== undefined) changeGroups(strategy, action)
      strategy.updatedAt = platform.now()
      return ok({ is_enable: strategy.isEnable, expire_at: strategy.expireAt })
    }),
    [`DELETE ${base}/{strategy_id}`]: endpoint(({ param }) => {
      strategies.delete(find(param('strategy_id')).id)
      return ok()
    }),
    [`POST ${base}/{strategy_id}/execute`]: endpoint(({ param }) => {
      find(param('strategy_id'))
      return ok()
    }),
    [`POST ${base}/{strategy_id}/whitelist_users`]: endpoint(({ param, fields }) => {
      const strategy = find(param('strategy_id'))
      changeWhitelist(strategy, fields)
      strategy.updatedAt = platform.now()
      const { id, whitelist, updatedAt } = strategy
      return ok({ strategy_id: id, whitelist_user_count: whitelist.size, updated_at: updatedAt })
    }),
  }
}

const show = (strategy: Strategy): JsonObject => ({
  strategy_id: strategy.id,
  group_openids: [...strategy.groupOpenids],
  group_ids: [...strategy.groupIds],
  whitelist_user_count: strategy.whitelist.size,
  is_enable: strategy.isEnable,
  expire_at: strategy.expireAt,
  created_at: strategy.createdAt,
  updated_at: strategy.updatedAt,
  remark: strategy.remark,
})

/** Exactly one of the two lists of groups has to be there. */
function groupsOf(fields: Fields): { groupOpenids: string[]; groupIds: string[] } {
  const groupOpenids = fields.strings('group_openids')
  const groupIds = fields.strings('group_ids')
  const count = groupOpenids.length + groupIds.length
  const isOne = (groupOpenids.length === 0) !== (groupIds.length === 0)
  if (!isOne || count > most.groups) throw fields.fault('group_openids', 'or group_ids, 1 to 100, is needed')
  return { groupOpenids, groupIds }
}

function changeGroups(strategy: Strategy, action: Fields): void {
  const change = action.stringOf('op', ['add', 'del']) === 'add' ? add : remove
  const { groupOpenids, groupIds } = groupsOf(action)
  change(strategy.groupOpenids, groupOpenids)
  change(strategy.groupIds, groupIds)
}

function changeWhitelist({ whitelist }: Strategy, fields: Fields): void {
  const op = fields.stringOf('op', ['add', 'del'])
  const users = fields.strings('whitelist_users')
  if (users.length === 0 || users.length > most.usersPerCall) throw fields.fault('whitelist_users')
  if (op === 'add' && whitelist.size + users.length > most.users)
    throw fields.fault('whitelist_users', 'are too many')
  ;(op === 'add' ? add : remove)(whitelist, users)
}

const add = (set: Set<string>, items: readonly string[]): void => {
  for (const item of items) set.add(item)
}
const remove = (set: Set<string>, items: readonly string[]): void => {
  for (const item of items) set.delete(item)
}
