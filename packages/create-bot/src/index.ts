/**
 * Makes new bots: the `create-bot` command, and what it does as a function.
 *
 * @packageDocumentation
 */

export { type Platform, platforms } from './platforms.ts'
export { scaffold, type ScaffoldOptions } from './scaffold.ts'
export type { Locale } from './texts.ts'
