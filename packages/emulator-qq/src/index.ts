/**
 * The QQ official bot platform on a loopback port, for tests: token endpoint, OpenAPI, gateway and webhook,
 * with people who talk to the bot. Any client that lets its addresses be set can log in.
 *
 * @example
 * ```ts
 * import { startQQEmulator } from '@mynah/emulator-qq'
 *
 * const emulator = await startQQEmulator({ appId: '102000001', secret: 'kq7Zt2WmXp9LcR4vBn3Y' })
 * const { token, api } = emulator.baseUrls // point your bot here and start it
 * await emulator.online()
 *
 * const alice = emulator.user({ name: 'alice' })
 * alice.c2c.say('/ping')
 * await alice.c2c.expectReply('pong')
 *
 * const group = emulator.group({ name: 'Readers' })
 * alice.in(group).say('/ping')
 * await alice.in(group).expectReply(/^pong/)
 * await emulator.expectCall('POST /v2/groups/{group_openid}/messages')
 *
 * emulator.faults.dropConnections(4009)
 * alice.c2c.say('are you back?') // replayed when the bot resumes
 * await emulator.close()
 * ```
 *
 * @packageDocumentation
 */
export { startQQEmulator, type QQBaseUrls, type QQEmulator } from './emulator.ts'
export type { QQEmulatorOptions } from './options.ts'
export { allIntents, basicIntents } from './gateway/intents.ts'
export { qqTamperings, type QQTampering } from './webhook/tampering.ts'
export type { QQAudit } from './world/audits.ts'
export type { QQCall } from './calls/call.ts'
export type { QQErrorAnswer, QQFaults } from './faults/faults.ts'
export type { CallFault, Held, JsonObject, PushAnswer } from '@mynah/emulator-kit'
export type { QQGatewayActivity, QQGatewayView, QQLoginRefusal } from './gateway/gateway.ts'
export type { QQChannelOptions, QQGuildOptions } from './world/guilds.ts'
export type { QQBotMessage, QQFile, QQMessageKind, QQTargetKind } from './world/message.ts'
export type { QQC2CChat } from './people/c2c-chat.ts'
export type { Listener, QQExpected } from './people/listener.ts'
export type { QQGroupChat } from './people/group-chat.ts'
export type { QQGroup, QQGroupOptions, QQJoinRequestOptions } from './people/group.ts'
export type { QQChannelChat, QQDirectChat, QQEmoji } from './people/guild-chat.ts'
export type { QQChannel, QQGuild } from './people/guild.ts'
export { marketFace } from './people/saying.ts'
export type { QQAttachment, QQInteraction, QQQuotable, QQSaid, QQSayOptions } from './people/saying.ts'
export type { QQFriendOptions, QQUser, QQUserOptions } from './people/user.ts'
export type { QQBotState, QQEnvelope, QQGrants } from './world/platform.ts'
export type {
  QQPostOptions,
  QQPushAttempt,
  QQPushed,
  QQPushOutcome,
  QQWebhookView,
} from './webhook/webhook.ts'
