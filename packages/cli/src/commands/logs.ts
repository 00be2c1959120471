import { InvalidArgumentError } from 'commander'

import type { LogSettings } from '@mynah/core'

import type { CliCommand } from '../command.ts'
import { addAskingOptions, type AskingOptions, levelOption } from '../options.ts'

interface LogsOptions extends AskingOptions {
  readonly follow?: true
  readonly lines?: number
  readonly plugin?: string
  readonly level?: LogSettings['level']
}

/** `bot logs`: what the running bot has logged lately, and what it goes on to log. */
export const logs: CliCommand<LogsOptions> = {
  name: 'logs',
  define(command, texts) {
    const { options } = texts.help
    addAskingOptions(command, texts)
    command
      .option('-f, --follow', options.follow)
      .option('-n, --lines <count>', options.lines, readCount)
      .option('--plugin <name>', options.plugin)
      .addOption(levelOption('--level <level>', options.level))
  },
  async run({ options, texts }) {
    const { asking } = await import('../ask/asking.ts')
    const { showLines } = await import('../ask/show-lines.ts')
    const { follow, lines, plugin, level } = options
    return asking(options, texts, async (control) => {
      await showLines(control.follow('logs', { follow, lines, plugin, level }), options.json === true)
    })
  },
}

function readCount(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('')
  return Number(value)
}
