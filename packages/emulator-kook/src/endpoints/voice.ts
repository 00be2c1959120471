import { nothing, page, type ApiCall, type Endpoints } from '../calls/endpoint.ts'
import { forbidden, impossible } from '../calls/refusal.ts'
import { joinVoice, leaveVoice } from '../world/guilds.ts'
import type { ChannelState } from '../world/model.ts'
import { demand, voiceChannelOf } from './lookup.ts'

/** Streams of the bot into voice channels. The address is plausible, but nobody listens there. */
export const voiceEndpoints: Endpoints = {
  'POST voice/join': (call) => {
    const { params } = call
    const channel = voiceChannelOf(call)
    const guild = call.world.guildOf(channel)
    demand(call, guild, 'connectVoice', channel)
    if (channel.password !== '' && params.optionalString('password') !== channel.password) {
      throw forbidden('enter without the password')
    }
    const isFull = channel.limitAmount > 0 && channel.voiceUsers.size >= channel.limitAmount
    if (isFull && !channel.voiceUsers.has(call.caller.id)) throw impossible('the channel is full')
    const rtcpMux = params.boolean('rtcp_mux', true)
    const answer = {
      ip: '127.0.0.1',
      port: '40000',
      rtcp_port: rtcpMux ? 40_000 : 40_001,
      rtcp_mux: rtcpMux,
      bitrate: 48_000,
      audio_ssrc: params.optionalString('audio_ssrc') ?? '1111',
      audio_pt: params.optionalString('audio_pt') ?? '111',
    }
    if (!channel.voiceUsers.has(call.caller.id)) joinVoice(call.world, channel, call.caller.id)
    return answer
  },

  'GET voice/list': (call) => {
    const channels = [...call.world.channels.values()]
    return page(
      call,
      channels.filter(({ voiceUsers }) => voiceUsers.has(call.caller.id)),
      (channel) => ({
        id: channel.id,
        guild_id: channel.guildId,
        parent_id: channel.parentId,
        name: channel.name,
      }),
    )
  },

  'POST voice/leave': (call) => {
    leaveVoice(call.world, joinedChannel(call), call.caller.id)
    return nothing
  },

  'POST voice/keep-alive': (call) => {
    joinedChannel(call)
    return nothing
  },
}

function joinedChannel(call: ApiCall): ChannelState {
  const channel = voiceChannelOf(call)
  if (!channel.voiceUsers.has(call.caller.id)) throw impossible('the bot is not in this voice channel')
  return channel
}
