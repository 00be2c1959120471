import type { CommonOptions } from './options.ts'

/** One command of `bot`. Its module is loaded whenever `bot` runs, so it imports what its work needs in {@link run}. */
export interface CliCommand {
  /** What people write behind `bot`. */
  readonly name: string
  /** One line for the help. */
  readonly description: string
  /** Does the work. @returns The exit code. */
  run(options: CommonOptions): Promise<number>
}
