/**
 * Tools for tests, whatever runs them.
 *
 * @packageDocumentation
 */
export { expectLinear, type LinearOptions, repeated } from './linear.ts'
export { Mailbox } from './mailbox.ts'
export { type RecordedLine, RecordingLogger } from './recording-logger.ts'
export { type PendingTimer, TestClock } from './test-clock.ts'
export { localBot, localBotOf } from './local-bot-of.ts'
export { MemoryStore } from '../storage/memory-store.ts'
