import { nothing, page, type ApiCall, type Endpoints } from '../calls/endpoint.ts'
import { badParameter, notFound, tooLarge } from '../calls/refusal.ts'
import { sniffContentType } from '../world/assets.ts'
import type { EmojiState, GuildState, InviteState } from '../world/model.ts'
import { emojiView, inviteView } from '../world/views.ts'
import { channelOf, demand, guildOf } from './lookup.ts'

const emojiBytes = 256 * 1024
const durations = [0, 1800, 3600, 21_600, 43_200, 86_400, 604_800] as const
const uses = [-1, 1, 5, 10, 25, 50, 100] as const

/** Guild emojis and invites. */
export const emojiAndInviteEndpoints: Endpoints = {
  'GET guild-emoji/list': (call) =>
    page(call, [...guildOf(call).emojis.values()], (emoji) => emojiView(call.world, emoji)),

  'POST guild-emoji/create': (call) => {
    const guild = guildOf(call)
    demand(call, guild, 'manageEmojis')
    const file = call.files.get('emoji')
    if (file === undefined) throw badParameter('emoji', 'must be a file of a multipart form')
    if (file.bytes.length > emojiBytes) throw tooLarge('emoji')
    if (sniffContentType(file.bytes) !== 'image/png') throw badParameter('emoji', 'must be a PNG')
    const name = call.params.has('name') ? emojiName(call) : `emoji_${call.world.ids.integer()}`
    const id = `${guild.id}/${call.world.ids.hex(8)}`
    const emoji = { id, name, creatorId: call.caller.id }
    guild.emojis.set(id, emoji)
    call.world.announce(guild, 'added_emoji', { id, name })
    return emojiView(call.world, emoji)
  },

  'POST guild-emoji/update': (call) => {
    const { guild, emoji } = emojiOf(call)
    emoji.name = emojiName(call)
    call.world.announce(guild, 'updated_emoji', { id: emoji.id, name: emoji.name })
    return nothing
  },

  'POST guild-emoji/delete': (call) => {
    const { guild, emoji } = emojiOf(call)
    guild.emojis.delete(emoji.id)
    call.world.announce(guild, 'removed_emoji', { id: emoji.id, name: emoji.name })
    return nothing
  },

  'GET invite/list': (call) => {
    const { guild, channelId } = invitePlace(call)
    demand(call, guild, 'manageInvites')
    const invites = [...call.world.invites.values()].filter(
      (invite) => invite.guildId === guild.id && (channelId === undefined || invite.channelId === channelId),
    )
    return page(call, invites, (invite) => inviteView(call.world, invite))
  },

  'POST invite/create': (call) => {
    const { guild, channelId } = invitePlace(call)
    demand(call, guild, 'createInvites')
    call.params.choice('duration', durations, 604_800)
    call.params.choice('setting_times', uses, -1)
    const code = call.world.ids.hex(3)
    const invite: InviteState = {
      code,
      url: `https://kook.top/${code}`,
      guildId: guild.id,
      channelId: channelId ?? guild.defaultChannelId,
      creatorId: call.caller.id,
    }
    call.world.invites.set(code, invite)
    return { url: invite.url }
  },

  'POST invite/delete': (call) => {
    const code = call.params.string('url_code')
    const invite = call.world.invites.get(code)
    const guild = call.world.guilds.get(invite?.guildId ?? '')
    if (invite === undefined || guild?.members.has(call.caller.id) !== true) throw notFound('invite')
    if (invite.creatorId !== call.caller.id) demand(call, guild, 'manageInvites')
    call.world.invites.delete(code)
    return nothing
  },
}

function emojiName(call: ApiCall): string {
  const name = call.params.string('name')
  if (name.length < 2 || name.length > 32) throw badParameter('name', 'has 2 to 32 characters')
  return name
}

function emojiOf(call: ApiCall): { guild: GuildState; emoji: EmojiState } {
  const id = call.params.string('id')
  const guild = call.world.guilds.get(id.split('/')[0] ?? '')
  const emoji = guild?.emojis.get(id)
  if (guild?.members.has(call.caller.id) !== true || emoji === undefined) throw notFound('emoji')
  demand(call, guild, 'manageEmojis')
  return { guild, emoji }
}

/** Invites belong to the guild or to one of its channels; one of the two is named. */
function invitePlace(call: ApiCall): { guild: GuildState; channelId: string | undefined } {
  if (!call.params.has('channel_id')) return { guild: guildOf(call), channelId: undefined }
  const channel = channelOf(call)
  return { guild: call.world.guildOf(channel), channelId: channel.id }
}
