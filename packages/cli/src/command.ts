import type { Command } from 'commander'

import type { CommonOptions } from './options.ts'
import type { CommandName, Texts } from './texts/texts.ts'

/** What a command is run with. */
export interface Invocation<Options extends CommonOptions> {
  /** What stands behind `--`. */
  readonly options: Options
  /** What stands behind the name of the command, in order. */
  readonly args: readonly string[]
  /** In the language of whoever is at the keyboard. */
  readonly texts: Texts
}

/** One command of `bot`. Its module is loaded whenever `bot` runs, so it imports what its work needs in {@link run}. */
export interface CliCommand<Options extends CommonOptions = CommonOptions> {
  /** What people write behind `bot`. */
  readonly name: CommandName
  /** Adds the arguments and options that only this command has. */
  readonly define?: (command: Command, texts: Texts) => void
  /** Does the work. @returns The exit code. */
  run(invocation: Invocation<Options>): Promise<number>
}
