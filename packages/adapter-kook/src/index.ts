/**
 * KOOK bots: events by WebSocket or webhook, messages as KMarkdown and cards, and every call of the platform.
 *
 * @example
 * ```ts
 * import { App } from '@mynah/core'
 * import kook from '@mynah/adapter-kook'
 *
 * const app = new App()
 * app.plugin(kook, { token: process.env.KOOK_TOKEN })
 * await app.start()
 * ```
 *
 * @packageDocumentation
 */
import type { KookApi } from './api/kook-api.ts'
import type { KookConfigInput } from './config.ts'
import type { ItemEvent, MessageEvent, SystemEvent } from './wire/events.ts'
import type { SystemEventBodies } from './wire/system-events.ts'

export { kookAdapter, kookAdapter as default } from './adapter.ts'
export { KookBot } from './bot.ts'
export { kookConfig, type KookConfig, type KookConfigInput, type KookWebhookConfig } from './config.ts'
export { kookErrors, type KookErrorRule } from './errors.ts'

// messages
export { card, cardMessage } from './encode/card-makers.ts'
export { cardLimits, checkCards } from './encode/check-cards.ts'
export type { FontTheme } from './encode/elements.ts'
export { encodeKMarkdown } from './encode/kmarkdown.ts'
export { decodeKMarkdown } from './decode/kmarkdown.ts'
export { escapeKMarkdown, unescapeKMarkdown } from './wire/kmarkdown.ts'
export { readItem } from './decode/message-event.ts'
export { displayName } from './decode/resources.ts'
export { fromWireEmoji, toWireEmoji } from './wire/emoji.ts'
export { isAddressed, type AddressOptions } from './decode/addressed.ts'

// calls
export { KookApi } from './api/kook-api.ts'
export type { OwnRoles } from './api/own-roles.ts'
export type { VoiceStates } from './api/voice-states.ts'
export { type ListPage, PagedList } from './http.ts'
export {
  applyOverwrite,
  hasPermission,
  type KookPermission,
  permissionBits,
  permissionNames,
  type PermissionSet,
  permissionSet,
  toWirePermissions,
} from './wire/permissions.ts'

type SystemEvents = {
  [K in keyof SystemEventBodies as `kook/${K}`]: SystemEvent<
    K extends 'updated_guild.person' ? 'updated_guild' : K,
    SystemEventBodies[K]
  >
}

declare module '@mynah/core' {
  interface AdapterConfigs {
    kook: KookConfigInput
  }
  interface PlatformApis {
    kook: KookApi
  }
  interface PlatformEvents extends SystemEvents {
    'kook/message.text': MessageEvent<1>
    'kook/message.image': MessageEvent<2>
    'kook/message.video': MessageEvent<3>
    'kook/message.file': MessageEvent<4>
    'kook/message.audio': MessageEvent<8>
    'kook/message.kmarkdown': MessageEvent<9>
    'kook/message.card': MessageEvent<10>
    'kook/message.item': ItemEvent
  }
}
