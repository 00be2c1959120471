import type { CliCommand } from '../command.ts'
import { addAskingOptions, type AskingOptions } from '../options.ts'

/** `bot status`: how the running bot is. */
export const status: CliCommand<AskingOptions> = {
  name: 'status',
  define: addAskingOptions,
  async run({ options, texts }) {
    const { asking, print } = await import('../ask/asking.ts')
    const { describeStatus } = await import('../ask/describe-status.ts')
    return asking(options, texts, async (control) => {
      const answer = await control.ask('status', {})
      print(options, answer, describeStatus(answer, texts, Date.now()))
    })
  },
}
