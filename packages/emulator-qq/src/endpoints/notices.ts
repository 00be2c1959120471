import { ApiRefusal } from '../calls/refusal.ts'
import { empty, guildAdmin, ok, type Endpoints } from '../calls/endpoint.ts'
import type { JsonObject } from '@mynah/emulator-kit'
import type { Fields } from '../calls/fields.ts'
import type { Platform } from '../world/platform.ts'
import type { ChannelState, GuildState } from '../world/world.ts'
import { Places } from './places.ts'

const pinLimit = 20
const recommendationLimit = 3

/** Announcements of guilds and pinned messages of channels. */
export const noticeEndpoints = (platform: Platform): Endpoints => {
  const places = new Places(platform)
  const needs = [guildAdmin(501017)]
  const announceMessage = (channel: ChannelState, fields: Fields): JsonObject => {
    const messageId = fields.string('message_id')
    if (!channel.messages.has(messageId)) throw new ApiRefusal(501001)
    return {
      guild_id: channel.guild.id,
      channel_id: channel.id,
      message_id: messageId,
      announces_type: 0,
      recommend_channels: [],
    }
  }
  const withdraw = ({ announces }: GuildState, id: string): void => {
    if (id !== 'all' && announces.message?.['message_id'] !== id) throw new ApiRefusal(501001)
    announces.message = undefined
  }
  const pinsOf = ({ guild, id, pins }: ChannelState): JsonObject => ({
    guild_id: guild.id,
    channel_id: id,
    message_ids: pins,
  })
  return {
    'POST /guilds/{guild_id}/announces': {
      needs,
      handle({ param, fields }) {
        const guild = places.guild(param('guild_id'))
        const recommended = fields.objects('recommend_channels')
        const announcement =
          recommended.length === 0
            ? announceMessage(places.channel(fields.string('channel_id')), fields)
            : recommend(guild, places, recommended, fields)
        guild.announces.message = announcement
        return ok(announcement)
      },
    },
    'DELETE /guilds/{guild_id}/announces/{message_id}': {
      needs,
      handle({ param }) {
        withdraw(places.guild(param('guild_id')), param('message_id'))
        return empty
      },
    },
    'POST /channels/{channel_id}/announces': {
      needs,
      handle({ param, fields }) {
        const channel = places.channel(param('channel_id'))
        const announcement = announceMessage(channel, fields)
        channel.guild.announces.message = announcement
        return ok(announcement)
      },
    },
    'DELETE /channels/{channel_id}/announces/{message_id}': {
      needs,
      handle({ param }) {
        withdraw(places.channel(param('channel_id')).guild, param('message_id'))
        return empty
      },
    },
    'GET /channels/{channel_id}/pins': {
      handle: ({ param }) => ok(pinsOf(places.channel(param('channel_id')))),
    },
    'PUT /channels/{channel_id}/pins/{message_id}': {
      needs,
      handle({ param }) {
        const channel = places.channel(param('channel_id'))
        const id = param('message_id')
        if (!channel.messages.has(id)) throw new ApiRefusal(501001)
        if (channel.pins.length >= pinLimit) throw new ApiRefusal(501013)
        if (!channel.pins.includes(id)) channel.pins.unshift(id)
        return ok(pinsOf(channel))
      },
    },
    'DELETE /channels/{channel_id}/pins/{message_id}': {
      needs,
      handle({ param }) {
        const { pins } = places.channel(param('channel_id'))
        const id = param('message_id')
        if (id === 'all') pins.length = 0
        else if (pins.includes(id)) pins.splice(pins.indexOf(id), 1)
        else throw new ApiRefusal(501001)
        return empty
      },
    },
  }
}

function recommend(
  guild: GuildState,
  places: Places,
  channels: readonly Fields[],
  fields: Fields,
): JsonObject {
  const type = fields.has('announces_type') ? fields.intOf('announces_type', [0, 1]) : 0
  if (channels.length > recommendationLimit) throw new ApiRefusal(501016)
  const recommended = channels.map((item) => ({
    channel_id: places.channel(item.string('channel_id')).id,
    introduce: item.optionalString('introduce') ?? '',
  }))
  return {
    guild_id: guild.id,
    channel_id: '',
    message_id: '',
    announces_type: type,
    recommend_channels: recommended,
  }
}
