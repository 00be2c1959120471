import type { Clock } from '@mynah/core'

import type { QQTargetKind } from './world/message.ts'
import type { QQGrants } from './world/platform.ts'

/** What the emulated platform is like. */
export interface QQEmulatorOptions {
  /** The AppID of the bot. */
  appId: string
  /** The AppSecret of the bot: for tokens and for webhook signatures. */
  secret: string
  /** The TCP port on 127.0.0.1. @defaultValue a free one */
  port?: number
  /** The bot's guild-side id, which READY and mentions show. @defaultValue a made-up one */
  botId?: string
  /** @defaultValue `demo-bot` */
  botName?: string
  /** @defaultValue the machine's clock */
  clock?: Clock
  /** Life of an access token in seconds. @defaultValue 7200 */
  tokenLifeSeconds?: number
  /** The `Token` credential; given, the deprecated `Bot {appid}.{token}` form works too. */
  legacyToken?: string
  /** What the bot was granted. @defaultValue everything */
  grants?: Partial<QQGrants>
  /** In ms. @defaultValue 45000 */
  heartbeatIntervalMs?: number
  /** How long a session can be resumed after its socket closed, in ms. @defaultValue 300000 */
  resumeWindowMs?: number
  /** Gateway sessions that may start per 24 hours. @defaultValue 1000 */
  sessionStarts?: number
  /** Identifies per 5 seconds that `/gateway/bot` announces. @defaultValue 1 */
  maxConcurrency?: number
  /** Whether faster Identifies are closed with 4008. @defaultValue false */
  enforceConcurrency?: boolean
  /** Guilds one shard can carry. @defaultValue 2500 */
  guildsPerShard?: number
  /** Whether this is the sandbox. @defaultValue false */
  sandbox?: boolean
  /** Answers per message or event, by kind of place. @defaultValue 4 in C2C, 5 in groups, no limit elsewhere */
  replyBudgets?: Partial<Record<QQTargetKind, number>>
  /** Whether rates and quotas are enforced. @defaultValue true */
  rateLimits?: boolean
  /** Hosts that may stand in texts, as registered in the console. @defaultValue none */
  allowedHosts?: readonly string[]
  /** Life of a `file_info` in seconds, 0 for ever. @defaultValue 3600 */
  mediaTtlSeconds?: number
  /** The number of the first part of a chunked upload; deployed servers differ. @defaultValue 0 */
  firstPartIndex?: 0 | 1
  /** How long a webhook may take to answer, in ms by `clock`. @defaultValue 3000 */
  webhookTimeoutMs?: number
}
