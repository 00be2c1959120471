/**
 * Tools for tests of bots and plugins: an app whose bot lives in memory, people who talk to it, a clock that the
 * test moves, and a check that a plugin leaves nothing behind. The emulators of the platforms are at
 * `@mynah/emulator-onebot`, `@mynah/emulator-qq` and `@mynah/emulator-kook`.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { afterEach, beforeEach, test } from 'node:test' // or vitest, or anything else
 *
 * import { definePlugin } from '@mynah/core'
 * import { createTestApp, expectNoLeaks, type TestApp } from '@mynah/testing'
 *
 * const guard = definePlugin({
 *   name: 'guard',
 *   setup(ctx) {
 *     ctx.command('quiet <user:user> [minutes:int=10]').action(async ({ args: [user, minutes], session }) => {
 *       if (!(await session.confirm(`Mute ${user.id}?`))) return 'Never mind.'
 *       await session.bot.muteMember(session.guild?.id ?? '', user.id, minutes * 60_000)
 *       ctx.setTimeout(() => session.reply(`${user.id} may speak again.`), minutes * 60_000)
 *       return 'Done.'
 *     })
 *     ctx.on('guild-member-added', (session) => session.reply(`Welcome, ${session.user.name}!`))
 *   },
 * })
 *
 * let t: TestApp
 * beforeEach(async () => {
 *   t = createTestApp()
 *   await t.plugin(guard)
 * })
 * afterEach(() => expectNoLeaks(t)) // stops the app, too
 *
 * test('mutes whom it is told to', async () => {
 *   const den = t.guild('den')
 *   const alice = t.user('alice').in(den, { role: 'admin' })
 *
 *   await alice.say('/quiet bob 5')
 *   await alice.expectReply('Mute bob?')
 *   await alice.press('yes')
 *   await alice.expectReply('Done.')
 *   assert.deepEqual(await t.expectCall('muteMember'), ['den', 'bob', 300_000])
 *
 *   await alice.expectSilence()
 *   await t.advance(300_000) // no real time passes
 *   await alice.expectReply('bob may speak again.')
 * })
 *
 * test('welcomes people', async () => {
 *   const den = t.guild('den')
 *   const carol = t.user('carol', { name: 'Carol' })
 *   await den.add(carol)
 *   await carol.in(den).expectReply(/^Welcome, Carol/)
 * })
 *
 * test('says so when the platform refuses', async () => {
 *   const alice = t.user('alice').in(t.guild('den'))
 *   t.bot.failNext('muteMember')
 *   await alice.say('/quiet bob')
 *   await alice.press('yes')
 *   await alice.expectReply(/^Something went wrong/)
 * })
 * ```
 *
 * @packageDocumentation
 */

export { createTestApp, TestApp, type TestAppOptions } from './app/test-app.ts'
export { type ExpectOptions, type SayOptions, TestUser, TestParticipant } from './app/test-user.ts'
export { type TestChannel, TestGuild } from './app/test-guild.ts'
export { type EventFields, TestBot } from './app/test-bot.ts'
export type { BotCall, CallArguments, CallResult, CallScript, DeliverScript } from './app/calls.ts'
export type { Expected, SentButton, SentMessage } from './app/messages.ts'
export type { LogEntry } from './app/log-entries.ts'
export { type PendingTimer, TestClock } from '@mynah/core/testing'
export { expectNoLeaks } from './app/leaks.ts'
