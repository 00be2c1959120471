import type { LogSettings } from '@mynah/core'
import { type Command, Option } from 'commander'

import type { Texts } from './texts/texts.ts'

/** What every command of `bot` takes. */
export interface CommonOptions {
  /** Folder of the bot. @defaultValue the current one */
  readonly cwd: string
}

/** What commands take that run a bot. */
export interface RunningOptions extends CommonOptions {
  /** In place of the level that the config says. */
  readonly logLevel?: LogSettings['level']
}

/** What commands take that ask a running bot. */
export interface AskingOptions extends CommonOptions {
  /** Whether the answer is JSON, for programs. */
  readonly json?: true
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

/** Lets a command take the {@link CommonOptions}. */
export function addCommonOptions(command: Command, { help }: Texts): void {
  command.option('-C, --cwd <folder>', help.options.cwd, process.cwd())
}

/** Lets a command take the {@link RunningOptions}. */
export function addRunningOptions(command: Command, { help }: Texts): void {
  command.addOption(levelOption('--log-level <level>', help.options.logLevel))
}

/** Lets a command take the {@link AskingOptions}. */
export function addAskingOptions(command: Command, { help }: Texts): void {
  command.option('--json', help.options.json)
}

/** An option that takes a level of the log. */
export function levelOption(flags: string, description: string): Option {
  return new Option(flags, description).choices(levels)
}
