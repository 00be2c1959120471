import type { LogSettings } from '@mynah/core'
import { type Command, Option } from 'commander'

/** What every command of `bot` takes. */
export interface CommonOptions {
  /** Folder of the bot. @defaultValue the current one */
  readonly cwd: string
  /** In place of the level that the config says. */
  readonly logLevel?: LogSettings['level']
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

/** Lets a command take the {@link CommonOptions}. */
export function addCommonOptions(command: Command): Command {
  return command
    .option('-C, --cwd <folder>', 'folder of the bot', process.cwd())
    .addOption(new Option('--log-level <level>', 'overrides the config').choices(levels))
}
