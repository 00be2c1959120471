import type { CliCommand } from '../command.ts'
import { addRunningOptions, type RunningOptions } from '../options.ts'
import { StopSignals } from '../process/stop-signals.ts'
import { isSupervised, restartExitCode } from '../process/supervised.ts'

/** `bot start`: production, Node's own import, no watching; one process, until it is asked to start anew. */
export const start: CliCommand<RunningOptions> = {
  name: 'start',
  define: addRunningOptions,
  async run({ options }) {
    const { produce } = await import('../run/produce.ts')
    const hasSupervisor = isSupervised()
    const code = await produce(options, new StopSignals())
    if (code !== restartExitCode || hasSupervisor) return code
    const { supervise } = await import('../process/supervise.ts')
    return supervise(new StopSignals(), options.logLevel, 'production')
  },
}
