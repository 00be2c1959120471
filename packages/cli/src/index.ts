/**
 * The `bot` command, as a function for programs that bring their own arguments.
 *
 * @packageDocumentation
 */
export { createProgram } from './program.ts'
export { type BotConfig, defineConfig } from '@mynah/loader'
