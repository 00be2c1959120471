import type { CliCommand } from '../command.ts'
import { addAskingOptions, type AskingOptions } from '../options.ts'

interface SendOptions extends AskingOptions {
  readonly account: string
  readonly channel?: string
  readonly user?: string
}

/** `bot send`: lets the running bot say something. */
export const send: CliCommand<SendOptions> = {
  name: 'send',
  define(command, texts) {
    const { options } = texts.help
    addAskingOptions(command, texts)
    command
      .argument('<text>', options.text)
      .requiredOption('--account <key>', options.account)
      .option('--channel <id>', options.channel)
      .option('--user <id>', options.user)
  },
  async run({ options, args, texts }) {
    const { asking, print } = await import('../ask/asking.ts')
    const { account, channel, user } = options
    return asking(options, texts, async (control) => {
      const answer = await control.ask('send', { account, channel, user, text: args.join(' ') })
      print(options, answer, texts.sent(answer.account, answer.channel))
    })
  },
}
