import type { CommonOptions } from '../program.ts'
import type { StopSignals } from '../process/stop-signals.ts'
import { isSupervised } from '../process/supervised.ts'

/** `bot dev`: a process that runs the bot in one of its own, which can be run again when a package changes. */
export async function dev(options: CommonOptions, signals: StopSignals): Promise<void> {
  if (isSupervised()) {
    const { develop } = await import('./develop.ts')
    await develop(options, signals)
  } else {
    const { supervise } = await import('../process/supervise.ts')
    process.exit(await supervise(signals, options.logLevel))
  }
}
