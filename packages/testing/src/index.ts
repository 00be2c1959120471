/**
 * Tools for tests of bots and plugins; the emulators of the platforms are at `@mynah/testing/onebot`,
 * `@mynah/testing/qq` and `@mynah/testing/kook`.
 *
 * @packageDocumentation
 */
export { Mailbox } from './shared/mailbox.ts'
