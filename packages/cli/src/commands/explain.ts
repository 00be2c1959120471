import type { CliCommand } from '../command.ts'
import { addAskingOptions, type AskingOptions } from '../options.ts'

interface ExplainOptions extends AskingOptions {
  readonly user?: string
  readonly in?: string
}

/** `bot explain`: why a message was answered or not. */
export const explain: CliCommand<ExplainOptions> = {
  name: 'explain',
  define(command, texts) {
    const { options } = texts.help
    addAskingOptions(command, texts)
    command
      .argument('[message]', options.message)
      .option('--user <id>', options.writer)
      .option('--in <id>', options.place)
  },
  async run({ options, args, texts }) {
    const { asking, print } = await import('../ask/asking.ts')
    const { describeExplanation } = await import('../ask/describe-explanation.ts')
    const { user, in: place } = options
    const [message = 'last'] = args
    const query = { user, place, ...(message === 'last' ? {} : { message }) }
    return asking(options, texts, async (control) => {
      const answer = await control.ask('explain', query)
      print(options, answer, describeExplanation(answer, texts))
    })
  },
}
