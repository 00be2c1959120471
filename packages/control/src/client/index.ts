/**
 * Asks the bot that runs in a folder, from another process.
 *
 * @example
 * ```ts
 * const control = await RemoteControl.open(process.cwd())
 * const { accounts } = await control.ask('status', {})
 * ```
 *
 * @packageDocumentation
 */
export { RemoteControl } from './remote-control.ts'
