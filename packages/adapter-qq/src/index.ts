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
import type { QQConfigInput } from './config.ts'
import type { QQPlatformEvents } from './platform-events.ts'

declare module '@mynah/core' {
  interface AdapterConfigs {
    qq: QQConfigInput
  }
  interface PlatformEvents extends QQPlatformEvents {}
}

export { qqAdapter as default } from './adapter.ts'
export { QQBot } from './bot.ts'
export type { QQConfig, QQConfigInput } from './config.ts'
export { identityOf, type QQIdentity } from './identity.ts'
export { type IntentName, intents } from './intents.ts'
export { diagnose, type DiagnoseOptions, type Finding } from './diagnose.ts'
export { commandTag, escapeMarkdown } from './escape.ts'
export { type ArkPicture, type ArkThumbnail, qq } from './encode/qq-segment.ts'
export type { GatewaySession } from './gateway/gateway-state.ts'
export { shardOf } from './gateway/shards.ts'
export type { GatewaySessionStore, SavedSession } from './gateway/session-store.ts'
export { QQApiError } from './errors/qq-api-error.ts'
export type { ErrorAction } from './errors/error-actions.ts'
export type { AckCode } from './api/interactions.ts'
export type { QQApi } from './api/qq-api.ts'
export type { CallOptions } from './http.ts'
export type { Ark, ArkEntry, Button, Embed, Keyboard, Markdown } from './wire/content.ts'
export type { QQPlatformEvents } from './platform-events.ts'
export type { WireEventName, WireEvents } from './wire/events.ts'
export type { RichText } from './wire/forum.ts'
