import { isObject } from './fields.ts'
import { createGroup, ensureMember } from './people/group.ts'
import type { Platform } from './platform.ts'

/**
 * Makes the users and groups a raw event names part of the world, so that the bot can answer it. Without
 * this an event from a fixture would come from nowhere.
 */
export function adopt(platform: Platform, data: unknown): void {
  if (!isObject(data)) return
  const author = isObject(data['author']) ? data['author'] : {}
  const groupOpenid = data['group_openid']
  if (typeof groupOpenid === 'string' && groupOpenid !== '') {
    const group = platform.world.groups.get(groupOpenid) ?? createGroup(platform, { openid: groupOpenid })
    const memberOpenid = author['member_openid'] ?? data['op_member_openid'] ?? data['group_member_openid']
    if (typeof memberOpenid === 'string' && !group.members.has(memberOpenid)) {
      const name = typeof author['username'] === 'string' ? author['username'] : 'member'
      ensureMember(platform, group, platform.createUser(name), memberOpenid)
    }
    return
  }
  const openid = author['user_openid'] ?? data['openid'] ?? data['user_openid']
  if (typeof openid === 'string' && openid !== '' && platform.world.userByOpenid(openid) === undefined) {
    platform.createUser('user', { openid })
  }
}
