import type { CliCommand } from '../command.ts'
import { dev } from './dev.ts'
import { start } from './start.ts'

/** Every command of `bot`, in the order of the help. */
export const commands: readonly CliCommand[] = [dev, start]
