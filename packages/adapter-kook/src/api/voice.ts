import type { Call } from '@mynah/adapter-kit'
import type { KookChannel, VoiceConnection } from '../wire/objects.ts'
import { type Listing, Resource } from './resource.ts'

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
  readonly join: Call<[channelId: string, options?: VoiceOptions], VoiceConnection> =
    this.does('/voice/join(channel_id)')

  /** Voice channels the bot is in. `GET voice/list` */
  readonly list: Listing<[], VoiceChannel> = this.lists('/voice/list')

  /** Leaves a voice channel. `POST voice/leave` */
  readonly leave: Call<[channelId: string]> = this.does('/voice/leave(channel_id)')

  /** Keeps the place while nothing is streamed: call it every 45 s. `POST voice/keep-alive` */
  readonly keepAlive: Call<[channelId: string]> = this.does('/voice/keep-alive(channel_id)')
}
