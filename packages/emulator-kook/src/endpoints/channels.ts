import { nothing, page, type ApiCall, type Endpoints } from '../calls/endpoint.ts'
import type { JsonObject } from '@mynah/emulator-kit'
import { badParameter, impossible, notFound } from '../calls/refusal.ts'
import { announceChannel, createChannel, deleteChannel, joinVoice, leaveVoice } from '../world/guilds.ts'
import type { ChannelState, GuildState, Overwrite } from '../world/model.ts'
import { may } from '../world/permissions.ts'
import { channelView, memberView, overwritesView } from '../world/views.ts'
import { channelOf, demand, guildOf, memberOf, voiceChannelOf } from './lookup.ts'

/** The slow modes there are, in ms as `channel/update` takes them. */
const slowModes = [
  0, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000,
  7_200_000, 21_600_000,
] as const

/** Channels and the permissions in them. */
export const channelEndpoints: Endpoints = {
  'GET channel/list': (call) => {
    const guild = guildOf(call)
    const type = call.params.optionalInt('type')
    const parentId = call.params.optionalString('parent_id')
    const channels = call.world
      .channelsOf(guild)
      .filter((channel) => may(guild, call.caller.id, 'viewChannels', channel))
      .filter((channel) => type === undefined || channel.type === type)
      .filter((channel) => parentId === undefined || channel.parentId === parentId)
    return page(call, channels, (channel) => ({
      id: channel.id,
      user_id: channel.creatorId,
      parent_id: channel.parentId,
      name: channel.name,
      type: channel.type,
      level: channel.level,
      limit_amount: channel.limitAmount,
      is_category: channel.type === 0,
    }))
  },

  'GET channel/view': (call) => {
    const channel = channelOf(call, 'target_id')
    const children = call.world
      .channelsOf(call.world.guildOf(channel))
      .filter((child) => child.parentId === channel.id)
      .map((child) => child.id)
    return {
      ...channelView(call.world, channel, 'http'),
      ...(call.params.boolean('need_children', false) && { children }),
    }
  },

  'POST channel/create': (call) => {
    const { params } = call
    const guild = guildOf(call)
    const name = params.string('name')
    demand(call, guild, 'manageChannels')
    const draft = { name, creatorId: call.caller.id }
    const channel = params.boolean('is_category', false)
      ? createChannel(call.world, guild, { ...draft, type: 0 })
      : createChannel(call.world, guild, {
          ...draft,
          type: params.choice('type', [1, 2], 1),
          parentId: categoryOf(call, guild),
          limitAmount: params.optionalInt('limit_amount', { min: 0, max: 99 }),
          voiceQuality: params.word('voice_quality', ['1', '2', '3'], '2'),
        })
    return channelView(call.world, channel, 'http')
  },

  'POST channel/update': (call) => {
    const { params } = call
    const channel = channelOf(call)
    const guild = call.world.guildOf(channel)
    demand(call, guild, 'manageChannels', channel)
    const slowMode = params.choice('slow_mode', slowModes, 0)
    const limitAmount = params.optionalInt('limit_amount', { min: 0, max: 99 })
    const voiceQuality = params.word('voice_quality', ['1', '2', '3'], '2')
    const parentId = categoryOf(call, guild)
    if (params.has('name')) channel.name = params.string('name')
    if (params.has('parent_id')) channel.parentId = parentId ?? ''
    if (params.has('slow_mode')) channel.slowModeSeconds = slowMode / 1000
    if (params.has('voice_quality')) channel.voiceQuality = voiceQuality
    channel.level = params.optionalInt('level') ?? channel.level
    channel.topic = params.optionalString('topic') ?? channel.topic
    channel.password = params.optionalString('password') ?? channel.password
    channel.limitAmount = limitAmount ?? channel.limitAmount
    announceChannel(call.world, channel)
    // This one answer shows is_category as events do.
    return { ...channelView(call.world, channel, 'http'), is_category: Number(channel.type === 0) }
  },

  'POST channel/delete': (call) => {
    const channel = channelOf(call)
    demand(call, call.world.guildOf(channel), 'manageChannels', channel)
    deleteChannel(call.world, channel)
    return nothing
  },

  'GET channel/user-list': (call) => {
    const channel = voiceChannelOf(call)
    const guild = call.world.guildOf(channel)
    return [...channel.voiceUsers].map((id) => memberView(call.world, guild, id))
  },

  'POST channel/move-user': (call) => {
    const target = voiceChannelOf(call, 'target_id')
    const guild = call.world.guildOf(target)
    const userIds = call.params.strings('user_ids')
    demand(call, guild, 'manageVoice', target)
    const voices = call.world.channelsOf(guild)
    if (!userIds.every((id) => voices.some((channel) => channel.voiceUsers.has(id)))) {
      throw impossible('a user is in no voice channel')
    }
    for (const id of userIds) joinVoice(call.world, target, id)
    return nothing
  },

  'POST channel/kickout': (call) => {
    const channel = voiceChannelOf(call)
    const userId = call.params.string('user_id')
    demand(call, call.world.guildOf(channel), 'manageVoice', channel)
    if (!channel.voiceUsers.has(userId)) throw notFound('user in the channel')
    leaveVoice(call.world, channel, userId)
    return nothing
  },

  'GET channel-user/get-joined-channel': (call) => {
    const guild = guildOf(call)
    const { userId } = memberOf(call, guild)
    const channels = call.world.channelsOf(guild).filter((channel) => channel.voiceUsers.has(userId))
    return page(call, channels, (channel) => channelView(call.world, channel, 'http'))
  },

  'GET channel-role/index': (call) => {
    const channel = channelOf(call)
    return { ...overwritesView(call.world, channel), permission_sync: Number(channel.synced) }
  },

  'POST channel-role/create': (call) => {
    const place = overwritePlace(call)
    if (place.get() === undefined) place.set({ allow: 0n, deny: 0n })
    return place.view(place.get() ?? { allow: 0n, deny: 0n })
  },

  'POST channel-role/update': (call) => {
    const place = overwritePlace(call)
    if (place.get() === undefined) throw notFound('overwrite')
    const overwrite = { allow: call.params.bits('allow') ?? 0n, deny: call.params.bits('deny') ?? 0n }
    place.set(overwrite)
    return place.view(overwrite)
  },

  'POST channel-role/delete': (call) => {
    const place = overwritePlace(call)
    if (place.get() === undefined) throw notFound('overwrite')
    place.set(undefined)
    return nothing
  },

  'POST channel-role/sync': (call) => {
    const channel = channelOf(call)
    demand(call, call.world.guildOf(channel), 'manageRoles', channel)
    const parent = call.world.channels.get(channel.parentId)
    if (parent === undefined) throw impossible('the channel is in no category')
    copyOverwrites(parent, channel)
    channel.synced = true
    announceChannel(call.world, channel)
    return overwritesView(call.world, channel)
  },
}

/** The category named by `parent_id`; `0` and nothing stand for none. */
function categoryOf(call: ApiCall, guild: GuildState): string | undefined {
  const id = call.params.optionalString('parent_id')
  if (id === undefined || id === '' || id === '0') return undefined
  const parent = call.world.channels.get(id)
  if (parent?.guildId !== guild.id || parent.type !== 0) throw badParameter('parent_id', 'is no category')
  return id
}

interface OverwritePlace {
  get(): Overwrite | undefined
  set(overwrite: Overwrite | undefined): void
  view(overwrite: Overwrite): JsonObject
}

/** Where the overwrite named by `type` and `value` is kept, with the bot's right to change it checked. */
function overwritePlace(call: ApiCall): OverwritePlace {
  const channel = channelOf(call)
  const guild = call.world.guildOf(channel)
  demand(call, guild, 'manageRoles', channel)
  const type = call.params.word('type', ['role_id', 'user_id'], 'user_id')
  const value = call.params.string('value')
  const known = type === 'role_id' ? guild.roles.has(Number(value)) : guild.members.has(value)
  if (!known) throw notFound(type === 'role_id' ? 'role' : 'member')
  return {
    get: () =>
      type === 'role_id' ? channel.roleOverwrites.get(Number(value)) : channel.userOverwrites.get(value),
    set: (overwrite) => {
      if (type === 'role_id') put(channel.roleOverwrites, Number(value), overwrite)
      else put(channel.userOverwrites, value, overwrite)
      spread(call, channel)
    },
    view: (overwrite): JsonObject => ({
      ...identify(type, value),
      allow: Number(overwrite.allow),
      deny: Number(overwrite.deny),
    }),
  }
}

const identify = (type: 'role_id' | 'user_id', value: string): Record<string, unknown> =>
  type === 'role_id' ? { role_id: Number(value) } : { user_id: value }

function put<K>(overwrites: Map<K, Overwrite>, key: K, overwrite: Overwrite | undefined): void {
  if (overwrite === undefined) overwrites.delete(key)
  else overwrites.set(key, overwrite)
}

/** A channel with permissions of its own is no longer in step; a category takes its channels in step along. */
function spread(call: ApiCall, channel: ChannelState): void {
  const guild = call.world.guildOf(channel)
  if (channel.type !== 0) channel.synced = false
  for (const child of call.world.channelsOf(guild)) {
    if (child.parentId === channel.id && child.synced) copyOverwrites(channel, child)
  }
  announceChannel(call.world, channel)
}

function copyOverwrites(from: ChannelState, to: ChannelState): void {
  to.roleOverwrites = new Map(from.roleOverwrites)
  to.userOverwrites = new Map(from.userOverwrites)
}
