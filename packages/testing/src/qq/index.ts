/**
 * The QQ official bot platform on a loopback port, for tests: token endpoint, OpenAPI, gateway and webhook,
 * with people who talk to the bot. Any client that lets its addresses be set can log in.
 *
 * @example
 * ```ts
 * import { startQQEmulator } from '@mynah/testing/qq'
 *
 * const emulator = await startQQEmulator({ appId: '102000001', secret: 'kq7Zt2WmXp9LcR4vBn3Y' })
 * const { token, api } = emulator.baseUrls // point your bot here and start it
 * await emulator.gateway.nextOnline()
 *
 * const alice = emulator.user({ name: 'alice' })
 * alice.c2c.say('/ping')
 * await alice.c2c.expectReply('pong')
 *
 * const group = emulator.group({ name: 'Readers' })
 * alice.in(group).say('/ping')
 * await alice.in(group).expectReply(/^pong/)
 * await group.expectSilence()
 *
 * emulator.faults.dropSockets(4009)
 * alice.c2c.say('are you back?') // replayed when the bot resumes
 * await emulator.close()
 * ```
 *
 * @packageDocumentation
 */
export { startQQEmulator, type QQBaseUrls, type QQEmulator, type QQEmulatorOptions } from './emulator.ts'
export { FakeClock, systemClock, type QQClock } from './clock.ts'
