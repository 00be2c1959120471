/**
 * Reads and remembers what a bot logs, from before the rest of this package is loaded.
 *
 * @packageDocumentation
 */
export { LogTail, readLogLine } from './running/log-tail.ts'
export type { LogLine, LogQuery } from './protocol/resources.ts'
