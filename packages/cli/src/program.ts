import { createRequire } from 'node:module'

import { Command } from 'commander'

import { commands } from './commands/table.ts'
import { addCommonOptions, type CommonOptions } from './options.ts'

/** The `bot` command line, made of the table of commands. */
export function createProgram(): Command {
  const program = new Command('bot')
    .description('Develop and run Mynah bots')
    .version(readVersion(), '-v, --version')
    .showHelpAfterError('(bot --help shows what there is)')
  for (const command of commands) {
    addCommonOptions(program.command(command.name))
      .description(command.description)
      .action(async (options: CommonOptions) => {
        // What plugins left behind (sockets, timers) must not keep a stopped bot alive.
        process.exit(await command.run(options))
      })
  }
  return program
}

function readVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('../package.json')
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return isManifest ? String(manifest.version) : 'unknown'
}
