/**
 * OneBot v11 for Mynah: go-cqhttp, NapCat, LLOneBot, Lagrange.OneBot and everything else that speaks it.
 *
 * @example
 * ```ts
 * import { App } from '@mynah/core'
 * import onebot from '@mynah/adapter-onebot'
 *
 * const app = new App()
 * app.plugin(onebot, { forward: [{ url: 'ws://127.0.0.1:3001', token: process.env.ONEBOT_TOKEN }] })
 * await app.start()
 * ```
 *
 * @packageDocumentation
 */
import type { OneBotApi } from './api/onebot-api.ts'
import type { OneBotConfigInput } from './config.ts'
import type { OneBotEvents } from './wire/events.ts'

declare module '@mynah/core' {
  interface AdapterConfigs {
    onebot: OneBotConfigInput
  }
  interface PlatformApis {
    onebot: OneBotApi
  }
  interface PlatformEvents extends OneBotEvents {}
}

// the adapter and its bots
export { onebotAdapter, onebotAdapter as default } from './adapter.ts'
export type { OneBotBot } from './bot.ts'
export {
  type ForwardConfig,
  type HttpConfig,
  type MediaConfig,
  type OneBotConfig,
  onebotConfig,
  type OneBotConfigInput,
  type ReverseConfig,
  type WebhookConfig,
} from './config.ts'
export type { Implementation } from './api/quirks.ts'

// actions and their errors
export type { ConnectionState } from './api/actions.ts'
export type { CallOptions } from './api/caller.ts'
export type { AlbumPicture } from './api/boards.ts'
export type { GroupFileRef } from './api/files.ts'
export type { HistoryQuery, MessageTarget } from './api/messages.ts'
export { OneBotApi } from './api/onebot-api.ts'
export type { DownloadedStream, StreamSource } from './api/streams.ts'
export type { FlashFileRef } from './api/transfers.ts'
export {
  type CallOutcome,
  type CallTransport,
  OneBotError,
  type OneBotErrorDetails,
  type OneBotErrorKind,
} from './errors.ts'
