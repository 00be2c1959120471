import type { Clock } from '@mynah/core'

import type { KookGatewayOptions } from './gateway/gateway.ts'
import type { KookRateLimits } from './http/rate-limits.ts'
import type { KookUser } from './people/user.ts'
import type { KookPermission } from './world/permissions.ts'

/** Settings of the emulator. */
export interface KookEmulatorOptions {
  /** The bot's token. @defaultValue one with the characters real tokens have: `/`, `+` and `=` */
  token?: string
  /** The TCP port on 127.0.0.1. @defaultValue a free one */
  port?: number
  /** @defaultValue 'mynah' */
  botName?: string
  /** Time stamps, rate limits, expiries and retries follow it. @defaultValue the machine's time */
  clock?: Clock
  /** How many calls are allowed. @defaultValue those of the platform */
  rateLimits?: KookRateLimits
  /** How the gateway behaves. */
  gateway?: KookGatewayOptions
  /** What `user/me` shows as the bot's intent mask. @defaultValue -1, everything */
  intent?: number
  /** Where uploads appear to live. @defaultValue the emulator itself, which serves them */
  assetBaseUrl?: string
  /** Whether cards may show pictures and files that were never uploaded. @defaultValue false */
  allowExternalMedia?: boolean
}

/** How a new guild looks. */
export interface KookGuildOptions {
  /** A fixed id. @defaultValue one as KOOK gives it */
  id?: string
  /** @defaultValue 'Guild' */
  name?: string
  /** @defaultValue the first member, or somebody new */
  owner?: KookUser
  /** Who is in it from the start, beside the owner and the bot. */
  members?: readonly KookUser[]
  /** Names of text channels, made in this order. @defaultValue ['lobby'] */
  channels?: readonly string[]
  /** What the bot's own role allows. @defaultValue ['administrator'] */
  botPermissions?: readonly KookPermission[]
  /** Whether the bot is a member from the start. @defaultValue true */
  bot?: boolean
}
