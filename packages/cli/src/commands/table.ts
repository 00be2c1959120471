import type { CliCommand } from '../command.ts'
import { dev } from './dev.ts'
import { explain } from './explain.ts'
import { logs } from './logs.ts'
import { restart } from './restart.ts'
import { send } from './send.ts'
import { start } from './start.ts'
import { status } from './status.ts'
import { stop } from './stop.ts'

/** Every command of `bot`, in the order of the help. */
export const commands: readonly CliCommand[] = [dev, start, status, stop, restart, logs, send, explain]
