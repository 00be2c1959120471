/**
 * Tools for tests, whatever runs them.
 *
 * @packageDocumentation
 */
export { Mailbox } from './mailbox.ts'
