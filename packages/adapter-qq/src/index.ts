/**
 * QQ official bots for Mynah: guilds, channels, direct messages, groups and one-to-one chats, over WebSocket
 * or webhook.
 *
 * @example
 * ```yaml
 * adapters:
 *   qq: { appId: '102000001', secret: '${QQ_SECRET}' }
 * ```
 *
 * @packageDocumentation
 */
import type { QQApi } from './api/qq-api.ts'
import type { QQConfigInput } from './config.ts'
import type { QQPlatformEvents } from './wire/events.ts'

declare module '@mynah/core' {
  interface AdapterConfigs {
    qq: QQConfigInput
  }
  interface PlatformApis {
    /** The whole OpenAPI of QQ, typed. */
    qq: QQApi
  }
  interface PlatformEvents extends QQPlatformEvents {}
}

export { qqAdapter, qqAdapter as default } from './adapter.ts'
export { type QQConfig, qqConfig, type QQConfigInput } from './config.ts'
export { QQApiError, type ErrorAction } from './errors.ts'
export type { CallOptions } from './http.ts'
export { diagnose, type DiagnoseOptions, type Finding } from './api/diagnose.ts'
export type { AckCode } from './api/interactions.ts'
export type { QQApi } from './api/qq-api.ts'
export { identityOf, type QQIdentity } from './decode/identity.ts'
export { commandTag, escapeMarkdown } from './encode/escape.ts'
export { type ArkPicture, type ArkThumbnail, qq } from './encode/qq-segment.ts'
export { type IntentName, intents } from './receive/intents.ts'
export { shardOf } from './receive/shards.ts'
