import type { Status, VersionInfo } from '../wire/results.ts'
import { type ConnectionState, Resource } from './actions.ts'

/** The OneBot implementation itself. */
export class ImplementationApi extends Resource {
  /** How the bot's connections to it are doing. */
  getConnection(): Promise<ConnectionState> {
    return Promise.resolve(this.actions.state)
  }

  /** Who it is. */
  getVersion(): Promise<VersionInfo> {
    return this.actions.object('get_version_info')
  }

  /** How it is doing. */
  getStatus(): Promise<Status> {
    return this.actions.object('get_status')
  }

  /** The actions that it knows. */
  listActions(): Promise<unknown> {
    return this.actions.call('get_supported_actions')
  }

  /** Restarts it; expect a disconnect. @param delay - In ms. */
  restart(delay?: number): Promise<void> {
    return this.actions.run('set_restart', { delay })
  }

  /** Ends it (NapCat). */
  exit(): Promise<void> {
    return this.actions.run('bot_exit')
  }

  /** Empties its cache. */
  cleanCache(): Promise<void> {
    return this.actions.run('clean_cache')
  }

  /** Reads the event filter again. */
  reloadFilter(file: string): Promise<void> {
    return this.actions.run('reload_event_filter', { file })
  }

  /** Events that wait, where events are fetched by HTTP. @param params - `timeout` in seconds. */
  listEvents(params: { limit?: number; timeout?: number } = {}): Promise<object[]> {
    return this.actions.entries('get_updates', params)
  }

  /** Splits Chinese text into words. */
  splitWords(content: string): Promise<{ slices: string[] }> {
    return this.actions.object('.get_word_slices', { content })
  }

  /** Translates words to Chinese (NapCat). */
  translate(words: readonly string[]): Promise<unknown> {
    return this.actions.call('translate_en2zh', { words })
  }

  /** Whether packets can be sent (NapCat). */
  getPacketStatus(): Promise<unknown> {
    return this.actions.call('nc_get_packet_status')
  }

  /** Sends a packet of the QQ protocol (NapCat). */
  sendPacket(params: { cmd: string; data: string; rsp?: boolean }): Promise<unknown> {
    return this.actions.call('send_packet', params)
  }
}
