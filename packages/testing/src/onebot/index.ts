/**
 * A OneBot v11 implementation without QQ behind it: it plays go-cqhttp, NapCat, LLOneBot or
 * Lagrange.OneBot on real sockets, as strictly as they are, with people who speak and groups they speak
 * in. Point any OneBot client at it and test what the bot does.
 *
 * @example
 * ```ts
 * const emulator = await startOneBotEmulator({ selfId: 3889001234, profile: 'napcat', accessToken: 's3cret' })
 * await emulator.connectReverse('ws://127.0.0.1:8080/onebot/v11/ws')
 * await emulator.connected()
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
export { OneBotEmulator, startOneBotEmulator, type OneBotEmulatorOptions } from './emulator.ts'
export { type Speech, type Voice } from './chat.ts'
export { type CqDialect, parseCq, stringifyCq } from './cq-code.ts'
export { type AnswerFault, type ApiCall, type Faults, type HeldAnswers } from './faults.ts'
export { type FakeGroup } from './group.ts'
export { type Expectation, type HeardMessage } from './heard-message.ts'
export { type FakeUser } from './people.ts'
export { type PathUse, type Profile, type ProfileName, profiles, type ReverseRole } from './profile.ts'
export { type Connection } from './transports/connection.ts'
export { type ForwardServer } from './transports/forward.ts'
export { type ReverseClient, type ReverseOptions } from './transports/reverse.ts'
export { type Envelope, type RawEvent, type Segment, type SegmentInput, type Via } from './wire.ts'
export { type Group, type Member, type Person, type Role, type StoredMessage } from './world/entities.ts'
export { type Media } from './world/media-store.ts'
export { type GroupInfo, type MemberInfo, type PersonInfo, type World } from './world/world.ts'
