/**
 * Chat with the bot in the terminal, without an account on any platform.
 *
 * @example
 * ```yaml
 * # bot.config.yaml
 * adapters:
 *   sandbox: {}
 * ```
 *
 * @packageDocumentation
 */

import type { Plugin } from '@mynah/core'

import type { SandboxEventName, SandboxInput } from './events.ts'
import { createSandbox } from './sandbox.ts'

export type { SandboxEventName, SandboxInput } from './events.ts'
export { createSandbox, type SandboxOptions } from './sandbox.ts'

declare module '@mynah/core' {
  interface AdapterConfigs {
    sandbox: object
  }
  interface PlatformEvents extends Record<`sandbox/${SandboxEventName}`, SandboxInput> {}
}

/** The sandbox on the terminal that the program runs in. */
const sandboxAdapter: Plugin<object> = createSandbox()
export { sandboxAdapter, sandboxAdapter as default }
