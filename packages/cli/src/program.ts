import { createRequire } from 'node:module'

import { Command } from 'commander'

import { StopSignals } from './process/stop-signals.ts'

/** What every command of `bot` takes. */
export interface CommonOptions {
  /** Folder of the bot. */
  readonly cwd: string
  readonly logLevel?: string
}

/** The `bot` command line. Commands are loaded when they are called, so that each starts fast. */
export function createProgram(): Command {
  const program = new Command('bot')
    .description('Develop and run Mynah bots')
    .version(readVersion(), '-v, --version')
    .showHelpAfterError('(bot --help shows what there is)')

  withCommonOptions(program.command('dev'))
    .description('run the bot and reload plugins when they are saved')
    .action(async (options: CommonOptions) => {
      const signals = new StopSignals()
      const { dev } = await import('./commands/dev.ts')
      await dev(options, signals)
    })

  withCommonOptions(program.command('start'))
    .description('run the bot in production')
    .action(async (options: CommonOptions) => {
      const signals = new StopSignals()
      const { start } = await import('./commands/start.ts')
      await start(options, signals)
    })

  return program
}

function withCommonOptions(command: Command): Command {
  return command
    .option('-C, --cwd <folder>', 'folder of the bot', process.cwd())
    .option('--log-level <level>', 'trace, debug, info, warn, error or fatal; overrides the config')
}

function readVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('../package.json')
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return isManifest ? String(manifest.version) : 'unknown'
}
