/**
 * A KOOK platform on this machine: the HTTP API, the WebSocket gateway and the webhook pusher, with people
 * who speak. It is as strict as the platform, and any KOOK client can log in to it given a base URL.
 *
 * @example
 * ```ts
 * import { startKookEmulator } from '@mynah/emulator-kook'
 *
 * const emulator = await startKookEmulator()
 * const alice = emulator.user({ username: 'alice' })
 * const lobby = emulator.guild({ members: [alice] }).channel('lobby')
 *
 * await startBot({ baseUrl: emulator.baseUrl, token: emulator.token })
 * await emulator.ready()
 *
 * alice.in(lobby).say('/ping')
 * await alice.expectReply('pong')
 * await alice.expectSilence()
 *
 * emulator.gateway.drop()
 * alice.direct.say('/ping') // lost on the wire, until the bot resumes its session
 * await alice.expectReply('pong')
 * await emulator.close()
 * ```
 *
 * @packageDocumentation
 */
export {
  KookEmulator,
  startKookEmulator,
  type KookEmulatorOptions,
  type KookGuildOptions,
} from './emulator.ts'
export {
  KookConversation,
  type KookFile,
  type KookReplyMatch,
  type KookSayOptions,
} from './people/conversation.ts'
export { KookChannel, KookGuild, KookRole } from './people/guild.ts'
export { KookMessage, type KookButton } from './people/message.ts'
export { KookUser } from './people/user.ts'
export { ManualKookClock, type KookClock } from './world/clock.ts'
export { encryptFrame } from './webhook/encryption.ts'
export { type EventFrame, type KookFrameForm } from './gateway/frames.ts'
export { KookGatewayFaults } from './faults/gateway-faults.ts'
export { type KookGatewayActivity } from './gateway/activity-log.ts'
export { type KookGatewayOptions } from './gateway/server.ts'
export { KookGateway } from './gateway/gateway.ts'
export { KookWebhook, type KookPush, type KookWebhookOptions } from './webhook/webhook.ts'
export { type KookCall } from './calls/call.ts'
export { type KookHttpFault } from './faults/http-faults.ts'
export { type KookOAuthScope } from './http/oauth.ts'
export { type KookRateLimit, type KookRateLimits } from './http/rate-limits.ts'
export type { JsonObject } from '@mynah/emulator-kit'
export { escapeKMarkdown } from './world/kmarkdown.ts'
export { type KookPermission } from './world/permissions.ts'
