import { ApiRefusal } from '../calls/refusal.ts'
import type { Params } from '../calls/params.ts'
import type { RawEvent } from '../wire/wire.ts'
import type { ActionContext, ActionTable } from '../calls/action.ts'

function pokeInGroup(params: Params, context: ActionContext): null {
  const { group } = context.outbox.memberOf(params.integer('group_id'), params.integer('user_id'))
  const { world, events } = context
  context.emit(events.poke(world.self.userId, params.integer('user_id'), { groupId: group.groupId }))
  return null
}

function pokeFriend(params: Params, context: ActionContext): null {
  const { world, events } = context
  const userId = params.integer('user_id')
  if (world.people.get(userId)?.isFriend !== true) throw new ApiRefusal('FRIEND_NOT_FOUND')
  const targetId = params.integerOr('target_id', userId)
  context.emit(events.poke(world.self.userId, targetId, { friendId: userId }))
  return null
}

const characters = [
  { type: '推荐', characters: [{ character_id: 'lucy-voice-laibixiaoxin', character_name: '小新' }] },
]

function speak(params: Params, context: ActionContext): RawEvent {
  const groupId = params.integer('group_id')
  const media = context.world.media.add(Buffer.from(params.text('text')), params.text('character'))
  context.outbox.groupOf(groupId)
  const message = context.outbox.toGroup(groupId, [{ type: 'record', data: { file: media.url } }])
  return { message_id: message.id }
}

function record(params: Params, context: ActionContext): string {
  context.outbox.groupOf(params.integer('group_id'))
  return context.world.media.add(Buffer.from(params.text('text')), params.text('character')).url
}

const card = (app: string, params: RawEvent): RawEvent => ({ app, ver: '1.0.0.1', meta: params })

const shareCard = (params: Params): string =>
  JSON.stringify(
    card('com.tencent.contact.lua', {
      user_id: params.textOr('user_id', ''),
      group_id: params.textOr('group_id', ''),
    }),
  )

/** Nudges, synthetic voices and cards. */
export const extensionActions: ActionTable = {
  group_poke: { on: 'NBL', run: pokeInGroup },
  friend_poke: { on: 'NBL', run: pokeFriend },
  send_poke: {
    on: 'NBL',
    run: (params, context) =>
      params.has('group_id') ? pokeInGroup(params, context) : pokeFriend(params, context),
  },
  get_ai_characters: {
    on: 'NBL',
    run: (params, context) => {
      context.outbox.groupOf(params.integer('group_id'))
      return characters
    },
  },
  get_ai_record: { on: 'NL', run: record },
  send_group_ai_record: { on: 'NBL', run: speak },
  send_ark_share: { on: 'N', run: (params) => ({ arkJson: shareCard(params) }) },
  ArkSharePeer: { on: 'N', run: (params) => ({ arkJson: shareCard(params) }) },
  send_group_ark_share: { on: 'N', run: shareCard },
  ArkShareGroup: { on: 'N', run: shareCard },
  get_mini_app_ark: {
    on: 'N',
    run: (params) => ({ data: card('com.tencent.miniapp_01', { title: params.textOr('title', '') }) }),
  },
  get_music_ark: {
    on: 'L',
    run: (params) => JSON.stringify(card('com.tencent.structmsg', { title: params.text('title') })),
  },
  send_packet: {
    on: 'N',
    run: (params) => {
      params.text('cmd')
      return ''
    },
  },
  '.send_packet': {
    on: 'L',
    run: (params) => {
      params.text('command')
      return { sequence: 0, ret_code: 0, extra: null, result: '' }
    },
  },
  translate_en2zh: {
    on: 'N',
    run: (params) => {
      const words = params.raw('words')
      if (!Array.isArray(words))
        throw new ApiRefusal(undefined, { kind: 'badParams', text: 'words must be an array' })
      return { words }
    },
  },
}
