import { ApiRefusal } from '../calls/refusal.ts'
import { empty, ok, pageSize, type ApiRequest, type Endpoints } from '../calls/endpoint.ts'
import type { Platform } from '../world/platform.ts'
import { Places } from './places.ts'

const path = '/channels/{channel_id}/messages/{message_id}/reactions/{type}/{id}'
const kindLimit = 20

/** Faces below messages. */
export const reactionEndpoints = (platform: Platform): Endpoints => {
  const places = new Places(platform)
  const self = platform.bot.id
  const find = ({ param }: ApiRequest): { reactions: Map<string, Set<string>>; key: string } => {
    const message = places.channel(param('channel_id')).messages.get(param('message_id'))
    if (message === undefined) throw new ApiRefusal(306001)
    if (!['1', '2'].includes(param('type'))) throw new ApiRefusal(620001)
    return { reactions: message.reactions, key: `${param('type')}/${param('id')}` }
  }
  return {
    [`PUT ${path}`]: {
      handle(request) {
        const { reactions, key } = find(request)
        const users = reactions.get(key) ?? new Set()
        if (users.has(self)) throw new ApiRefusal(620003)
        if (users.size === 0 && reactions.size >= kindLimit) throw new ApiRefusal(620002)
        reactions.set(key, users.add(self))
        return empty
      },
    },
    [`DELETE ${path}`]: {
      handle(request) {
        const { reactions, key } = find(request)
        if (!reactions.get(key)?.delete(self)) throw new ApiRefusal(620004)
        if (reactions.get(key)?.size === 0) reactions.delete(key)
        return empty
      },
    },
    [`GET ${path}`]: {
      handle(request) {
        const { reactions, key } = find(request)
        const users = [...(reactions.get(key) ?? [])]
        const cookie = request.query.get('cookie') ?? ''
        // The page size travels in the cookie: only the first call names it.
        const [start = 0, size = pageSize(request.query, 'limit', 20, 50)] = cookie
          .split(':')
          .filter(Boolean)
          .map(Number)
        const end = start + size
        const page = users.slice(start, end).map((id) => {
          const user = id === self ? platform.bot : platform.world.userByAnyId(id)
          return { id, username: user?.username ?? '', avatar: user?.avatar ?? '' }
        })
        const isEnd = end >= users.length
        return ok({ users: page, cookie: isEnd ? '' : `${end}:${size}`, is_end: isEnd })
      },
    },
  }
}
