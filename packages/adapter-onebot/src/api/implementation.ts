import type { Call, CallWith } from '@mynah/adapter-kit'
import type { Status, VersionInfo } from '../wire/results.ts'
import { type ConnectionState, Resource } from './actions.ts'

/** The OneBot implementation itself. */
export class ImplementationApi extends Resource {
  /** How the bot's connections to it are doing. */
  getConnection(): Promise<ConnectionState> {
    return Promise.resolve(this.actions.host.state)
  }

  /** Who it is. */
  readonly getVersion: Call<[], VersionInfo> = this.gives('get_version_info')

  /** How it is doing. */
  readonly getStatus: Call<[], Status> = this.gives('get_status')

  /** The actions that it knows. */
  readonly listActions: Call<[], unknown> = this.asks('get_supported_actions')

  /** Restarts it; expect a disconnect. @param delay - In ms. */
  readonly restart: Call<[delay?: number]> = this.does('set_restart(delay)')

  /** Ends it (NapCat). */
  readonly exit: Call<[]> = this.does('bot_exit')

  /** Empties its cache. */
  readonly cleanCache: Call<[]> = this.does('clean_cache')

  /** Reads the event filter again. */
  readonly reloadFilter: Call<[file: string]> = this.does('reload_event_filter(file)')

  /** Events that wait, where events are fetched by HTTP. @param params - `timeout` in seconds. */
  readonly listEvents: Call<[params?: { limit?: number; timeout?: number }], object[]> =
    this.lists('get_updates')

  /** Splits Chinese text into words. */
  readonly splitWords: Call<[content: string], { slices: string[] }> = this.gives('.get_word_slices(content)')

  /** Translates words to Chinese (NapCat). */
  readonly translate: Call<[words: readonly string[]], unknown> = this.asks('translate_en2zh(words)')

  /** Whether packets can be sent (NapCat). */
  readonly getPacketStatus: Call<[], unknown> = this.asks('nc_get_packet_status')

  /** Sends a packet of the QQ protocol (NapCat). */
  readonly sendPacket: CallWith<{ cmd: string; data: string; rsp?: boolean }, unknown> =
    this.asks('send_packet')
}
