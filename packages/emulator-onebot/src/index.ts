/**
 * A OneBot v11 implementation without QQ behind it: it plays go-cqhttp, NapCat, LLOneBot or
 * Lagrange.OneBot on real sockets, as strictly as they are, with people who speak and groups they speak
 * in. Point any OneBot client at it and test what the bot does.
 *
 * Sources: the OneBot v11 specification (botuniverse/onebot-11) and the API and event pages of go-cqhttp,
 * NapCat, LLOneBot and Lagrange.OneBot.
 *
 * @example
 * ```ts
 * const emulator = await startOneBotEmulator({ selfId: 3889001234, profile: 'napcat', accessToken: 's3cret' })
 * await emulator.connectReverse('ws://127.0.0.1:8080/onebot/v11/ws')
 * await emulator.online()
 *
 * const alice = emulator.friend({ userId: 1357924680, nickname: 'Alice' })
 * const group = emulator.group({ groupId: 765432109, name: 'Test & Co.' }).add(alice, { role: 'admin' })
 *
 * await alice.say('/ping')
 * await alice.expectReply('pong')
 *
 * await alice.in(group).say([{ type: 'at', data: { qq: '3889001234' } }, { type: 'text', data: { text: ' hi' } }])
 * await alice.in(group).expectReply(/^hello/)
 * await alice.in(group).expectSilence()
 *
 * await emulator.close()
 * ```
 *
 * @packageDocumentation
 */
export { OneBotEmulator, startOneBotEmulator } from './emulator.ts'
export type { OneBotEmulatorOptions } from './options.ts'
// who speaks, and what they hear
export type { GroupRef, Speech, Participant } from './people/participant.ts'
export type { OneBotGroup } from './people/group.ts'
export type { HeardMessage, OneBotExpected } from './people/heard-message.ts'
export type { OneBotUser } from './people/user.ts'
// what the bot calls, and what goes wrong on purpose
export type { Answer } from './calls/api.ts'
export type { ApiCall } from './calls/call.ts'
export type { CallFault, Held } from '@mynah/emulator-kit'
export type { OneBotErrorAnswer, OneBotFaults } from './faults/faults.ts'
// ways to connect
export type { Connection } from './gateway/connection.ts'
export type { ReverseOptions } from './gateway/reverse.ts'
export type { OneBotForward, OneBotReverse, OneBotTransport, OneBotWebhook } from './gateway/transports.ts'
export type { WebhookAttempt, WebhookOptions } from './webhook/webhook.ts'
// the platform's memory
export type {
  Anonymous,
  Announcement,
  Chat,
  Essence,
  Group,
  GroupFile,
  GroupFolder,
  Member,
  PendingRequest,
  Person,
  Role,
  StoredMessage,
} from './world/entities.ts'
export type { Media } from './world/media-store.ts'
export type { OneBotEvents, OneBotMedia, OneBotMessages, OneBotWorld } from './world/view.ts'
export type { ForwardNode, GroupInfo, MemberInfo, PersonInfo } from './world/world.ts'
// the protocol
export type { PathUse, ProfileName, ReverseRole } from './wire/profile.ts'
export type { Envelope, RawEvent, Segment, SegmentInput } from './wire/wire.ts'
