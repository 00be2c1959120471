import { nothing, page, type ApiCall, type Endpoints } from '../calls/endpoint.ts'
import type { JsonObject } from '@mynah/emulator-kit'
import { ApiRefusal, badParameter, notFound } from '../calls/refusal.ts'
import type { GameState, IntimacyState } from '../world/model.ts'
import { userView } from '../world/views.ts'
import { guildOf, userOf } from './lookup.ts'

const intimacyImages = [
  { id: '1', url: 'https://img.kookapp.cn/assets/intimacy-1.png' },
  { id: '2', url: 'https://img.kookapp.cn/assets/intimacy-2.png' },
]

/** Games that may be made within a day. */
const gamesPerDay = 5

/** Friends, intimacy and games. */
export const peopleEndpoints: Endpoints = {
  'GET friend': (call) => {
    const { world } = call
    const type = call.params.has('type')
      ? call.params.word('type', ['friend', 'request', 'block'])
      : undefined
    const item = (userId: string, kind: string, id: number, own: boolean): JsonObject => {
      const user = world.users.get(userId)
      return { id, type: kind, friend_info: user === undefined ? {} : userView(user), own }
    }
    const wanted = (kind: string): boolean => type === undefined || type === kind
    return {
      friend: wanted('friend') ? [...world.friends].map((id, at) => item(id, 'friend', at + 1, false)) : [],
      request: wanted('request')
        ? [...world.friendRequests.values()].map(({ id, userId, own }) => item(userId, 'request', id, own))
        : [],
      blocked: wanted('block')
        ? [...world.blockedUsers].map((id, at) => item(id, 'block', at + 1, true))
        : [],
    }
  },

  'POST friend/request': (call) => {
    const { world, params } = call
    const code = params.string('user_code')
    if (params.choice('from', [0, 2]) === 2) guildOf(call)
    const user = [...world.users.values()].find((one) => `${one.username}#${one.identifyNum}` === code)
    if (user === undefined || user.id === world.bot.id) throw notFound('user')
    if (world.friends.has(user.id)) {
      throw new ApiRefusal(200, 42007, { zh: '已经是好友了', en: 'You are friends already.' })
    }
    const id = world.ids.integer()
    world.friendRequests.set(id, { id, userId: user.id, own: true })
    return nothing
  },

  'POST friend/handle-request': (call) => {
    const request = call.world.friendRequests.get(call.params.int('id'))
    const accept = call.params.choice('accept', [0, 1])
    if (request === undefined || request.own) throw notFound('friend request')
    call.world.friendRequests.delete(request.id)
    if (accept === 1) call.world.friends.add(request.userId)
    return true
  },

  'POST friend/delete': (call) => {
    if (!call.world.friends.delete(userOf(call).id)) throw notFound('friend')
    return nothing
  },

  'POST friend/block': (call) => {
    const { id } = userOf(call)
    call.world.friends.delete(id)
    call.world.blockedUsers.add(id)
    return nothing
  },

  'POST friend/unblock': (call) => {
    if (!call.world.blockedUsers.delete(userOf(call).id)) throw notFound('blocked user')
    return nothing
  },

  'GET intimacy/index': (call) => {
    const intimacy = intimacyOf(call)
    intimacy.lastRead = call.world.now()
    return {
      img_url: intimacyImages.find(({ id }) => id === intimacy.imageId)?.url ?? '',
      social_info: intimacy.socialInfo,
      last_read: intimacy.lastRead,
      last_modify: intimacy.lastModify,
      score: intimacy.score,
      img_list: intimacyImages,
    }
  },

  'POST intimacy/update': (call) => {
    const { params } = call
    const intimacy = intimacyOf(call)
    const score = params.optionalInt('score', { min: 0, max: 2200 })
    const socialInfo = params.optionalString('social_info')
    const imageId = params.optionalString('img_id')
    if (socialInfo !== undefined && socialInfo.length > 500) throw badParameter('social_info', 'is too long')
    if (imageId !== undefined && !intimacyImages.some(({ id }) => id === imageId)) {
      throw badParameter('img_id', 'is no intimacy image')
    }
    intimacy.score = score ?? intimacy.score
    intimacy.socialInfo = socialInfo ?? intimacy.socialInfo
    intimacy.imageId = imageId ?? intimacy.imageId
    intimacy.lastModify = call.world.now()
    return nothing
  },

  'GET game': (call) => {
    const type = call.params.choice('type', [0, 1, 2], 0)
    const games = [...call.world.games.values()].filter((game) => type === 0 || game.own === (type === 1))
    return page(call, games, gameView)
  },

  'POST game/create': (call) => {
    const { world } = call
    const today = [...world.games.values()].filter(
      (game) => game.own && game.createdAt > world.now() - 86_400_000,
    )
    const name = call.params.string('name')
    if (today.length >= gamesPerDay) {
      throw new ApiRefusal(200, 40000, { zh: '今日创建次数已达上限', en: 'No more games today.' })
    }
    const icon = call.params.optionalString('icon') ?? ''
    const game: GameState = { id: world.ids.integer(), name, icon, own: true, createdAt: world.now() }
    world.games.set(game.id, game)
    return gameView(game)
  },

  'POST game/update': (call) => {
    const game = ownGame(call)
    game.name = call.params.optionalString('name') ?? game.name
    game.icon = call.params.optionalString('icon') ?? game.icon
    return gameView(game)
  },

  'POST game/delete': (call) => {
    call.world.games.delete(ownGame(call).id)
    return nothing
  },

  'POST game/activity': (call) => {
    const { params, world } = call
    if (params.choice('data_type', [1, 2]) === 1) {
      const id = params.int('id')
      if (!world.games.has(id)) throw notFound('game')
      world.profile.activity = { id }
      return nothing
    }
    world.profile.music = {
      software: params.word('software', ['cloudmusic', 'qqmusic', 'kugou'], 'cloudmusic'),
      singer: params.string('singer'),
      music_name: params.string('music_name'),
    }
    return nothing
  },

  'POST game/delete-activity': (call) => {
    if (call.params.choice('data_type', [1, 2]) === 1) call.world.profile.activity = undefined
    else call.world.profile.music = undefined
    return nothing
  },
}

function intimacyOf(call: ApiCall): IntimacyState {
  const { id } = userOf(call)
  const known = call.world.intimacies.get(id)
  if (known !== undefined) return known
  const fresh = { score: 0, socialInfo: '', imageId: '1', lastRead: 0, lastModify: 0 }
  call.world.intimacies.set(id, fresh)
  return fresh
}

function ownGame(call: ApiCall): GameState {
  const game = call.world.games.get(call.params.int('id'))
  if (game?.own !== true) throw notFound('game')
  return game
}

const gameView = (game: GameState): JsonObject => ({
  id: game.id,
  name: game.name,
  type: 0,
  options: '',
  kmhook_admin: false,
  process_name: [],
  product_name: [],
  icon: game.icon,
})
