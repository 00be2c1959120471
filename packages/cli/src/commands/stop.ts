import type { CliCommand } from '../command.ts'
import { addAskingOptions, type AskingOptions } from '../options.ts'

/** `bot stop`: ends the running bot, and waits until it has ended. */
export const stop: CliCommand<AskingOptions> = {
  name: 'stop',
  define: addAskingOptions,
  async run({ options, texts }) {
    const { asking, print } = await import('../ask/asking.ts')
    const { ended, whoAsks } = await import('../ask/ending.ts')
    return asking(options, texts, async (control) => {
      const { pid } = await control.ask('stop', { by: whoAsks('bot stop') })
      await ended(pid, texts)
      print(options, { pid }, texts.stopped(pid))
    })
  },
}
