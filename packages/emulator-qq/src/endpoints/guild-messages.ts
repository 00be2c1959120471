import { ApiRefusal } from '../calls/refusal.ts'
import { rfc3339 } from '../world/time.ts'
import { checkKeyboard, checkMarkdown } from '../world/content.ts'
import {
  blank,
  ok,
  pageSize,
  privateDomain,
  type ApiReply,
  type ApiRequest,
  type Endpoints,
} from '../calls/endpoint.ts'
import type { JsonObject } from '@mynah/emulator-kit'
import type { Fields } from '../calls/fields.ts'
import { ensureDirect } from '../world/guilds.ts'
import { perSecond } from '../world/limits.ts'
import type { QQBotMessage } from '../world/message.ts'
import type { ReplySource } from '../world/reply-sources.ts'
import type { Platform } from '../world/platform.ts'
import { send } from './sending.ts'
import { userView } from '../world/views.ts'
import type { ChannelState, DirectState, GuildMessageState } from '../world/world.ts'
import { readGuildContent, type GuildContent } from './guild-content.ts'
import { admitToChannel, admitToDirect } from './guild-push.ts'
import { Places } from './places.ts'

const message = '/channels/{channel_id}/messages/{message_id}'

/** Where a message of the guild side goes. */
interface Spot {
  readonly targetKind: 'channel' | 'dm'
  readonly target: string
  readonly guildId: string | undefined
  readonly ids: { guild_id: string; channel_id: string }
  readonly state: ChannelState | DirectState
  /** Checks the quotas of a message that answers nothing; gives what counts it. */
  readonly admit: () => () => void
}

/** Messages in channels and direct message sessions. */
export const guildMessageEndpoints = (platform: Platform): Endpoints => {
  const places = new Places(platform)

  const channelSpot = (id: string): Spot => {
    const state = places.channel(id)
    const guildId = state.guild.id
    const ids = { guild_id: guildId, channel_id: id }
    return {
      targetKind: 'channel',
      target: id,
      guildId,
      ids,
      state,
      admit: () => admitToChannel(platform, state),
    }
  }
  const directSpot = (guildId: string): Spot => {
    const state = places.direct(guildId)
    const ids = { guild_id: guildId, channel_id: state.channelId }
    const admit = (): (() => void) => admitToDirect(platform, state)
    return { targetKind: 'dm', target: guildId, guildId: undefined, ids, state, admit }
  }

  const post = async (spot: Spot, request: ApiRequest): Promise<ApiReply> => {
    const { fields } = request
    if (!platform.isConnected()) throw new ApiRefusal(304018)
    const source = answered(platform, spot, fields)
    const commit = source === undefined ? spot.admit() : () => {}
    const content = await readGuildContent(platform, spot.targetKind, request)
    const quoted = quotedMessage(spot, fields)
    const view = messageView(platform, spot, content, fields)
    const sent = send(platform, {
      targetKind: spot.targetKind,
      target: spot.target,
      ...content,
      body: fields.raw,
      source,
      quoted,
      place: spot.ids,
      onDelivered: ({ id }) => keep(platform, spot, id, view(id)),
    })
    commit()
    if (sent.auditId === undefined) return ok(view(sent.message.id))
    const data = { message_audit: { audit_id: sent.auditId } }
    throw new ApiRefusal(source === undefined ? 304023 : 304024, { data })
  }

  const recall = (spot: Spot, id: string, query: URLSearchParams, event: string): ApiReply => {
    if (!['true', 'false', null].includes(query.get('hidetip')))
      throw new ApiRefusal(10000, { message: 'hidetip is wrong' })
    const found = spot.state.messages.get(id)
    if (found === undefined) throw new ApiRefusal(306001)
    const isOwn = found.author === platform.bot
    if (!isOwn && (spot.targetKind === 'dm' || !platform.grants.guildAdmin)) throw new ApiRefusal(306004)
    spot.state.messages.delete(id)
    const sent = platform.outbox.get(id)
    if (sent !== undefined) sent.recalled = true
    const { id: authorId, username, bot } = found.author
    platform.dispatch(event, {
      message: { id, ...spot.ids, author: { id: authorId, username, bot } },
      op_user: { id: platform.bot.id },
    })
    return blank
  }

  const edit = (spot: Spot, id: string, fields: Fields): ApiReply => {
    const found = spot.state.messages.get(id)
    const sent: QQBotMessage | undefined = platform.outbox.get(id)
    if (found === undefined) throw new ApiRefusal(306001)
    if (sent === undefined) throw new ApiRefusal(50049)
    if (sent.kind !== 'markdown') throw new ApiRefusal(50050)
    sent.text = checkMarkdown(fields.object('markdown', 22006))
    sent.body = fields.raw
    if (fields.has('keyboard')) checkKeyboard(fields.object('keyboard', 305007), spot.targetKind)
    return ok({ ...found.data, edited_timestamp: platform.now() })
  }

  const guideCard = (spot: Spot, fields: Fields): ApiReply => {
    const text = fields.optionalString('content') ?? ''
    const content: GuildContent = { kind: 'card', text, file: undefined }
    const { message: card } = send(platform, {
      ...content,
      targetKind: spot.targetKind,
      target: spot.target,
      body: fields.raw,
      source: undefined,
    })
    return ok(messageView(platform, spot, content, fields)(card.id))
  }

  return {
    'POST /channels/{channel_id}/messages': {
      limit: perSecond(5),
      limitCode: 20028,
      limitBy: 'channel_id',
      handle: (request) => post(channelSpot(request.param('channel_id')), request),
    },
    'POST /dms/{guild_id}/messages': {
      handle: (request) => post(directSpot(request.param('guild_id')), request),
    },
    'GET /channels/{channel_id}/messages': {
      handle({ param, query }) {
        const all = [...places.channel(param('channel_id')).messages.values()]
        return ok(around(all, query).map(({ data }) => data))
      },
    },
    [`GET ${message}`]: {
      handle({ param }) {
        const found = places.channel(param('channel_id')).messages.get(param('message_id'))
        if (found === undefined) throw new ApiRefusal(306001)
        return ok({ message: found.data })
      },
    },
    [`PATCH ${message}`]: {
      handle: ({ param, fields }) => edit(channelSpot(param('channel_id')), param('message_id'), fields),
    },
    [`DELETE ${message}`]: {
      needs: [{ ...privateDomain, code: 306004 }],
      handle: ({ param, query }) =>
        recall(channelSpot(param('channel_id')), param('message_id'), query, 'MESSAGE_DELETE'),
    },
    'DELETE /dms/{guild_id}/messages/{message_id}': {
      needs: [{ ...privateDomain, code: 306004 }],
      handle: ({ param, query }) =>
        recall(directSpot(param('guild_id')), param('message_id'), query, 'DIRECT_MESSAGE_DELETE'),
    },
    'POST /channels/{channel_id}/settingguide': {
      handle: ({ param, fields }) => guideCard(channelSpot(param('channel_id')), fields),
    },
    'POST /dms/{guild_id}/settingguide': {
      handle({ param, fields }) {
        fields.object('setting_guide').string('guild_id')
        return guideCard(directSpot(param('guild_id')), fields)
      },
    },
    'POST /users/@me/dms': {
      handle({ fields }) {
        const source = places.guild(fields.string('source_guild_id'))
        const { user } = places.member(source, fields.string('recipient_id'))
        if (source.dmDisabled) throw new ApiRefusal(304031)
        const { guildId, channelId, createdAt } = ensureDirect(platform, user, source)
        const createTime = String(Math.floor(createdAt / 1000))
        return ok({ guild_id: guildId, channel_id: channelId, create_time: createTime })
      },
    },
  }
}

function answered(platform: Platform, spot: Spot, fields: Fields): ReplySource | undefined {
  const messageId = fields.id('msg_id')
  if (messageId !== undefined) return platform.sources.message(messageId, spot)
  const eventId = fields.id('event_id')
  return eventId === undefined ? undefined : platform.sources.event(eventId, spot)
}

function quotedMessage({ state }: Spot, fields: Fields): string | undefined {
  const reference = fields.optionalObject('message_reference')
  if (reference === undefined) return undefined
  const id = reference.string('message_id')
  if (state.messages.has(id)) return id
  if (reference.boolean('ignore_get_message_error')) return undefined
  throw new ApiRefusal(306001)
}

const messageView =
  (platform: Platform, { ids }: Spot, { text, kind, file }: GuildContent, fields: Fields) =>
  (id: string): JsonObject => ({
    id,
    ...ids,
    content: kind === 'text' || kind === 'image' ? text : '',
    timestamp: rfc3339(platform.clock.now()),
    author: userView(platform.bot),
    ...(fields.has('embed') ? { embeds: [fields.raw['embed']] } : {}),
    ...(fields.has('ark') ? { ark: fields.raw['ark'] } : {}),
    ...(fields.has('message_reference') ? { message_reference: fields.raw['message_reference'] } : {}),
    ...(file === undefined
      ? {}
      : { attachments: [{ url: `example.invalid/${id}`, filename: file.name, size: file.content.length }] }),
  })

function keep(platform: Platform, { state }: Spot, id: string, data: JsonObject): void {
  state.sequence += 1
  state.messages.set(id, { id, author: platform.bot, data, reactions: new Map() })
}

function around(all: readonly GuildMessageState[], query: URLSearchParams): GuildMessageState[] {
  const size = pageSize(query, 'limit', 20, 20)
  const [mode, id] =
    ['around', 'before', 'after'].map((name) => [name, query.get(name)]).find(([, value]) => value) ?? []
  const index = all.findIndex((item) => item.id === id)
  if (index < 0) return all.slice(-size)
  if (mode === 'before') return all.slice(Math.max(0, index - size), index)
  if (mode === 'after') return all.slice(index + 1, index + 1 + size)
  const start = Math.max(0, index - Math.floor(size / 2))
  return all.slice(start, start + size)
}
