import type { CliCommand } from '../command.ts'
import { addRunningOptions, type RunningOptions } from '../options.ts'
import { StopSignals } from '../process/stop-signals.ts'
import { isSupervised } from '../process/supervised.ts'

/** `bot dev`: a process that runs the bot in one of its own, which can be run again when a package changes. */
export const dev: CliCommand<RunningOptions> = {
  name: 'dev',
  define: addRunningOptions,
  async run({ options }) {
    const signals = new StopSignals()
    if (isSupervised()) {
      const { develop } = await import('../run/develop.ts')
      return develop(options, signals)
    }
    const { supervise } = await import('../process/supervise.ts')
    return supervise(signals, options.logLevel, 'development')
  },
}
