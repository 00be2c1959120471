import { Command, type Help } from 'commander'

import type { CliCommand } from './command.ts'
import { commands } from './commands/table.ts'
import { addCommonOptions, type CommonOptions } from './options.ts'
import type { HelpTexts, Texts } from './texts/texts.ts'
import { textsFor } from './texts/texts-for.ts'
import { readVersion } from './version.ts'

/** The `bot` command line, made of the table of commands, in the language of the environment. */
export function createProgram(): Command {
  const texts = textsFor(process.env)
  const { help } = texts
  const program = new Command('bot')
    .description(help.program)
    .version(readVersion(), '-v, --version', help.options.version)
    .helpOption('-h, --help', help.options.help)
    .helpCommand('help [command]', help.options.helpCommand)
    .configureHelp(titlesOf(help))
    .showHelpAfterError(help.hint)
  for (const command of commands) addCommand(program, command, texts)
  return program
}

function addCommand(program: Command, command: CliCommand, texts: Texts): void {
  const created = program
    .command(command.name)
    .description(texts.help.commands[command.name])
    .helpOption('-h, --help', texts.help.options.help)
    .configureHelp(titlesOf(texts.help))
  addCommonOptions(created, texts)
  command.define?.(created, texts)
  created.action(async () => {
    const options = created.opts<CommonOptions>()
    // What plugins left behind (sockets, timers) must not keep a stopped bot alive.
    process.exit(await command.run({ options, args: created.args, texts }))
  })
}

function titlesOf({ titles }: HelpTexts): Partial<Help> {
  const words: Readonly<Record<string, string>> = {
    'Usage:': titles.usage,
    'Arguments:': titles.arguments,
    'Options:': titles.options,
    'Commands:': titles.commands,
  }
  return { styleTitle: (title) => words[title] ?? title }
}
