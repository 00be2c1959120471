import { guildAdmin, ok, privateDomain, type Endpoints } from '../calls/endpoint.ts'
import type { Fields } from '../calls/fields.ts'
import { createChannel } from '../world/guilds.ts'
import type { Platform } from '../world/platform.ts'
import { channelEvent, channelView, memberView } from '../world/views.ts'
import type { ChannelState } from '../world/world.ts'
import { Places } from './places.ts'

const types = [0, 2, 4, 10_005, 10_006, 10_007]
const subTypes = [0, 1, 2, 3]
const privateTypes = [0, 1, 2]
const speakPermissions = [0, 1, 2]
const category = 4

/** Channels: look, create, change, remove. */
export const channelEndpoints = (platform: Platform): Endpoints => {
  const places = new Places(platform)
  const needs = [privateDomain, guildAdmin()]
  const tell = (event: string, channel: ChannelState): void => {
    platform.dispatch(event, channelEvent(channel, platform.bot.id))
  }
  return {
    'GET /channels/{channel_id}': {
      handle: ({ param }) => ok(channelView(places.channel(param('channel_id')))),
    },
    'POST /guilds/{guild_id}/channels': {
      needs,
      handle({ param, fields }) {
        const guild = places.guild(param('guild_id'))
        const type = fields.intOf('type', types)
        const position = optionalPosition(fields, type)
        const parentId = fields.id('parent_id')
        if (parentId !== undefined) places.channel(parentId)
        fields.strings('private_user_ids')
        const channel = createChannel(platform, guild, {
          name: fields.string('name'),
          type,
          subType: optionalOf(fields, 'sub_type', subTypes) ?? 0,
          privateType: optionalOf(fields, 'private_type', privateTypes) ?? 0,
          speakPermission: optionalOf(fields, 'speak_permission', speakPermissions) ?? 1,
          parentId: parentId ?? '',
          applicationId: fields.id('application_id') ?? '',
          ...(position === undefined ? {} : { position }),
        })
        tell('CHANNEL_CREATE', channel)
        return ok(channelView(channel))
      },
    },
    'PATCH /channels/{channel_id}': {
      needs,
      handle({ param, fields }) {
        const channel = places.channel(param('channel_id'))
        const position = optionalPosition(fields, channel.type)
        const privateType = optionalOf(fields, 'private_type', privateTypes)
        const speakPermission = optionalOf(fields, 'speak_permission', speakPermissions)
        channel.name = fields.id('name') ?? channel.name
        channel.parentId = fields.id('parent_id') ?? channel.parentId
        channel.position = position ?? channel.position
        channel.privateType = privateType ?? channel.privateType
        channel.speakPermission = speakPermission ?? channel.speakPermission
        tell('CHANNEL_UPDATE', channel)
        return ok(channelView(channel))
      },
    },
    'DELETE /channels/{channel_id}': {
      needs,
      handle({ param }) {
        const channel = places.channel(param('channel_id'))
        channel.guild.channels.delete(channel.id)
        tell('CHANNEL_DELETE', channel)
        return ok()
      },
    },
    'GET /channels/{channel_id}/online_nums': {
      handle: ({ param }) => ok({ online_nums: places.channel(param('channel_id')).present.size }),
    },
    'GET /channels/{channel_id}/voice/members': {
      handle({ param }) {
        const { present, guild } = places.channel(param('channel_id'))
        return ok([...present].map((id) => memberView(places.member(guild, id))))
      },
    },
  }
}

const optionalOf = (fields: Fields, name: string, allowed: readonly number[]): number | undefined =>
  fields.has(name) ? fields.intOf(name, allowed) : undefined

/** Positions count from 1, those of categories from 2. */
function optionalPosition(fields: Fields, type: number): number | undefined {
  const position = fields.optionalInt('position')
  const first = type === category ? 2 : 1
  if (position !== undefined && position < first) throw fields.fault('position', `starts at ${first}`)
  return position
}
