import type { Clock } from '@mynah/core'

import type { ProfileName } from './wire/profile.ts'

/** Options of `startOneBotEmulator`. */
export interface OneBotEmulatorOptions {
  /** The QQ number of the bot. */
  selfId: number
  /** @defaultValue 'Robo' */
  nickname?: string
  /** The implementation to play. @defaultValue 'napcat' */
  profile?: ProfileName
  /** Asked of everybody who dials, told to everybody who is dialled. @defaultValue none */
  accessToken?: string
  /** Form of `message` in events. @defaultValue 'array' */
  messageFormat?: 'array' | 'string'
  /** Period of heartbeats in ms; 0 turns them off. @defaultValue that of the implementation */
  heartbeatMs?: number
  /** Whether the bot's own messages are reported. @defaultValue false */
  reportSelfMessages?: boolean
  /** Time stamps, heartbeats, delays and pauses before retries follow it. @defaultValue the machine's time */
  clock?: Clock
  /**
   * Settles when the bot under test has nothing left to do. With it, `expectSilence` needs no waiting;
   * without it, silence is that nothing came for 100 ms after everything was read.
   */
  settled?: () => Promise<unknown>
}
