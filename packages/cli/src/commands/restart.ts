import type { CliCommand } from '../command.ts'
import { addAskingOptions, type AskingOptions } from '../options.ts'

/** `bot restart`: starts the running bot in a new process, and waits until it is back. */
export const restart: CliCommand<AskingOptions> = {
  name: 'restart',
  define: addAskingOptions,
  async run({ options, texts }) {
    const { asking, print } = await import('../ask/asking.ts')
    const { back, whoAsks } = await import('../ask/ending.ts')
    return asking(options, texts, async (control) => {
      const { pid: before } = await control.ask('restart', { by: whoAsks('bot restart') })
      const pid = await back(options.cwd, before, texts)
      print(options, { before, pid }, texts.restarted(before, pid))
    })
  },
}
