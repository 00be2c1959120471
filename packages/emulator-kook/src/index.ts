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
 * await emulator.online()
 *
 * alice.in(lobby).say('/ping')
 * await alice.expectReply('pong')
 * await alice.expectSilence()
 *
 * emulator.faults.dropConnections()
 * alice.direct.say('/ping') // lost on the wire, until the bot resumes its session
 * await alice.expectReply('pong')
 * await emulator.close()
 * ```
 *
 * @packageDocumentation
 */
export { KookEmulator, startKookEmulator } from './emulator.ts'
export type { KookEmulatorOptions, KookGuildOptions } from './options.ts'
// who speaks, and what they hear
export {
  KookParticipant,
  type KookExpected,
  type KookFile,
  type KookSayOptions,
} from './people/participant.ts'
export { KookChannel, KookGuild, KookRole } from './people/guild.ts'
export { KookMessage, type KookButton } from './people/message.ts'
export { KookUser } from './people/user.ts'
// what the bot calls, and what goes wrong on purpose
export type { KookCall } from './calls/call.ts'
export type { CallFault, Held, JsonObject } from '@mynah/emulator-kit'
export type { KookErrorAnswer, KookFaults } from './faults/faults.ts'
// ways to connect
export type { EventFrame, KookFrameForm } from './gateway/frames.ts'
export type { KookGatewayActivity, KookGatewayOptions, KookGatewayView } from './gateway/gateway.ts'
export { encryptFrame } from './webhook/encryption.ts'
export type { KookPush, KookWebhook, KookWebhookOptions } from './webhook/webhook.ts'
// the platform's rules
export type { KookOAuthScope } from './http/oauth.ts'
export type { KookRateLimit, KookRateLimits } from './http/rate-limits.ts'
export type { KookPermission } from './world/permissions.ts'
