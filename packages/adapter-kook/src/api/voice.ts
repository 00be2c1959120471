import type { PagedList } from '../http.ts'
import type { KookChannel, VoiceConnection } from '../wire/objects.ts'
import { Resource } from './resource.ts'

/** How the bot enters a voice channel. */
export interface VoiceOptions {
  /** @defaultValue '1111' */
  readonly audio_ssrc?: string
  /** @defaultValue '111' */
  readonly audio_pt?: string
  /** @defaultValue true */
  readonly rtcp_mux?: boolean
  /** What the channel asks for. */
  readonly password?: string
}

/** A voice channel the bot is in. */
export type VoiceChannel = Pick<KookChannel, 'id' | 'guild_id' | 'parent_id' | 'name'>

/** Speaking in voice channels. @see https://developer.kookapp.cn/doc/http/voice */
export class VoiceApi extends Resource {
  /** Enters a voice channel; stream Opus over RTP to where the answer says. `POST voice/join` */
  join(channelId: string, options: VoiceOptions = {}): Promise<VoiceConnection> {
    return this.http.post('/voice/join', { channel_id: channelId, ...options })
  }

  /** Voice channels the bot is in. `GET voice/list` */
  list(): PagedList<VoiceChannel> {
    return this.http.pages('/voice/list')
  }

  /** Leaves a voice channel. `POST voice/leave` */
  leave(channelId: string): Promise<void> {
    return this.http.post('/voice/leave', { channel_id: channelId })
  }

  /** Keeps the place while nothing is streamed: call it every 45 s. `POST voice/keep-alive` */
  keepAlive(channelId: string): Promise<void> {
    return this.http.post('/voice/keep-alive', { channel_id: channelId })
  }
}
