import type { ChildProcess } from 'node:child_process'

import type { Chat } from './chat.ts'

/** Which module an edit changes. */
export type Edit = 'leaf' | 'heavy'

/** A framework whose reloads are measured: a plugin of 30 modules in a folder of its own. */
export interface Contender {
  readonly name: string
  /** Starts the bot with the collector of V8 at hand, connected to the chat. */
  start(chat: Chat): Promise<ChildProcess>
  /** Saves a version of a module. */
  edit(kind: Edit, version: number): Promise<void>
  /** Saves a module that cannot be compiled. */
  breakIt(): Promise<void>
  remove(): Promise<void>
}

/** Names of the modules that are part of the plugin and never edited. */
export const otherModules: readonly string[] = Array.from({ length: 25 }, (_, index) => `other${index}`)
