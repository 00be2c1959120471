import type { Command } from 'commander'

/** What every command of `bot` takes. */
export interface CommonOptions {
  /** Folder of the bot. @defaultValue the current one */
  readonly cwd: string
  /** Overrides the level of the config: `trace`, `debug`, `info`, `warn`, `error` or `fatal`. */
  readonly logLevel?: string
}

/** Lets a command take the {@link CommonOptions}. */
export function addCommonOptions(command: Command): Command {
  return command
    .option('-C, --cwd <folder>', 'folder of the bot', process.cwd())
    .option('--log-level <level>', 'trace, debug, info, warn, error or fatal; overrides the config')
}
