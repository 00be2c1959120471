import type { CliCommand } from '../command.ts'
import { StopSignals } from '../process/stop-signals.ts'

/** `bot start`: production, Node's own import, no watching. */
export const start: CliCommand = {
  name: 'start',
  description: 'run the bot in production',
  async run(options) {
    const signals = new StopSignals()
    const { produce } = await import('../run/produce.ts')
    return produce(options, signals)
  },
}
