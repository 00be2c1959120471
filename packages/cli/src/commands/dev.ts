import type { CliCommand } from '../command.ts'
import { StopSignals } from '../process/stop-signals.ts'
import { isSupervised } from '../process/supervised.ts'

/** `bot dev`: a process that runs the bot in one of its own, which can be run again when a package changes. */
export const dev: CliCommand = {
  name: 'dev',
  description: 'run the bot and reload plugins when they are saved',
  async run(options) {
    const signals = new StopSignals()
    if (isSupervised()) {
      const { develop } = await import('../run/develop.ts')
      return develop(options, signals)
    }
    const { supervise } = await import('../process/supervise.ts')
    return supervise(signals, options.logLevel)
  },
}
