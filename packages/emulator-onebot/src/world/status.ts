import type { Profile } from '../wire/profile.ts'
import type { RawEvent } from '../wire/wire.ts'

/** What `get_status` and heartbeats report. */
export class Status {
  /** Whether the account is signed in to QQ. */
  online = true
  received = 0
  sent = 0
  /** Unix seconds. */
  lastMessageTime = 0
  readonly #profile: Profile

  constructor(profile: Profile) {
    this.#profile = profile
  }

  report(): RawEvent {
    const { letter } = this.#profile
    // go-cqhttp and Lagrange say "online" whatever happens.
    const online = letter === 'G' || letter === 'L' ? true : this.online
    if (letter !== 'G') return { online, good: true }
    const stat = {
      packet_received: this.received,
      packet_sent: this.sent,
      packet_lost: 0,
      message_received: this.received,
      message_sent: this.sent,
      last_message_time: this.lastMessageTime,
      disconnect_times: 0,
      lost_times: 0,
    }
    const app = { app_enabled: true, app_good: true, app_initialized: true, plugins_good: null }
    return { ...app, good: true, online, stat }
  }
}
