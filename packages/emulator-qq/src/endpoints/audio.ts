import { ok, type Endpoints } from '../calls/endpoint.ts'
import type { Platform } from '../world/platform.ts'
import type { ChannelState } from '../world/world.ts'
import { Places } from './places.ts'

const status = { start: 0, pause: 1, resume: 2, stop: 3 }

/** Sound in voice channels. */
export const audioEndpoints = (platform: Platform): Endpoints => {
  const places = new Places(platform)
  const needs = [{ grant: 'audio', code: 11253 }] as const
  const tell = (event: string, { guild, id }: ChannelState, extra: Record<string, string> = {}): void => {
    platform.dispatch(event, { guild_id: guild.id, channel_id: id, ...extra })
  }
  return {
    'POST /channels/{channel_id}/audio': {
      needs,
      handle({ param, fields }) {
        const channel = places.channel(param('channel_id'))
        const wanted = fields.intOf('status', Object.values(status))
        if (wanted === status.start) {
          const url = fields.string('audio_url')
          const text = fields.optionalString('text') ?? ''
          channel.audio = { url, text, paused: false }
          tell('AUDIO_START', channel, { audio_url: url, text })
          return ok()
        }
        if (channel.audio === undefined) throw fields.fault('status', 'fits nothing that plays')
        if (wanted === status.stop) {
          const { url, text } = channel.audio
          channel.audio = undefined
          tell('AUDIO_FINISH', channel, { audio_url: url, text })
        } else channel.audio.paused = wanted === status.pause
        return ok()
      },
    },
    'PUT /channels/{channel_id}/mic': {
      needs,
      handle({ param }) {
        const channel = places.channel(param('channel_id'))
        channel.botOnMic = true
        tell('AUDIO_ON_MIC', channel)
        return ok()
      },
    },
    'DELETE /channels/{channel_id}/mic': {
      needs,
      handle({ param }) {
        const channel = places.channel(param('channel_id'))
        channel.botOnMic = false
        tell('AUDIO_OFF_MIC', channel)
        return ok()
      },
    },
  }
}
