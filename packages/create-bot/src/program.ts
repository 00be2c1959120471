import { readFileSync } from 'node:fs'
import { basename, relative, resolve } from 'node:path'

import { intro, log, outro } from '@clack/prompts'
import { Command, Option } from 'commander'

import { ask, defaultFolder, targetMessage } from './ask.ts'
import {
  detectPackageManager,
  install,
  type PackageManager,
  packageManagers,
  runCommand,
} from './package-manager.ts'
import { type Platform, platforms } from './platforms.ts'
import { scaffold } from './scaffold.ts'
import { hasSqlite } from './sqlite.ts'
import { detectLocale, texts } from './texts.ts'

interface Flags {
  readonly yes?: true
  readonly platform?: Platform
  readonly install: boolean
  readonly pm?: PackageManager
}

/** The `create-bot` command line. */
export function createProgram(): Command {
  return new Command('create-bot')
    .description('Make a new Mynah bot')
    .version(readVersion(), '-v, --version')
    .argument('[folder]', `where it goes; the last part is its name (default: ${defaultFolder})`)
    .option('-y, --yes', 'ask nothing')
    .addOption(new Option('-p, --platform <name>', 'where it talks').choices(platforms))
    .addOption(
      new Option('--pm <name>', 'package manager; the one that runs this otherwise').choices(packageManagers),
    )
    .option('--no-install', 'do not install packages')
    .action(async (folder: string | undefined, flags: Flags) => {
      process.exitCode = await create(folder, flags)
    })
}

/** @returns The exit code. */
async function create(folder: string | undefined, flags: Flags): Promise<number> {
  const locale = detectLocale(process.env)
  const words = texts[locale]
  const manager = flags.pm ?? detectPackageManager(process.env['npm_config_user_agent'])
  intro(words.title)
  const { platform } = flags
  // Nobody wants to answer a question before hearing that it was for nothing.
  const early = folder === undefined ? undefined : targetMessage(folder, words)
  if (early !== undefined) return fail(early)
  // Without a terminal there is nobody to ask.
  const mayAsk = flags.yes !== true && process.stdin.isTTY && process.stdout.isTTY
  const wish = mayAsk
    ? await ask({ folder, platform }, words, { input: process.stdin, output: process.stdout })
    : { folder: folder ?? defaultFolder, platform: platform ?? 'terminal' }
  if (wish === undefined) return fail(words.cancelled)
  const problem = targetMessage(wish.folder, words)
  if (problem !== undefined) return fail(problem)
  const root = resolve(wish.folder)
  const name = basename(root)

  const { node } = process.versions
  const files = await scaffold({ folder: root, name, platform: wish.platform, locale, node })
  if (!hasSqlite(node)) log.info(words.sqliteAdded(node))
  if (flags.install) {
    log.step(words.installing(manager))
    const result = await install(manager, root)
    if (result !== 'installed') {
      return fail(result === 'missing' ? words.managerMissing(manager) : words.installFailed(manager))
    }
  }
  log.success(words.created(name, files.length))
  if (wish.platform !== 'terminal') log.info(words.fillIn(wish.platform))
  outro([words.next, ...nextSteps(root, manager, flags.install)].join('\n   '))
  return 0
}

function nextSteps(root: string, manager: PackageManager, isInstalled: boolean): string[] {
  const path = relative(process.cwd(), root)
  return [
    ...(path === '' ? [] : [`cd ${/\s/.test(path) ? JSON.stringify(path) : path}`]),
    ...(isInstalled ? [] : [`${manager} install`]),
    runCommand(manager, 'dev'),
  ]
}

function fail(message: string): number {
  log.error(message, { output: process.stderr })
  return 1
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return isManifest ? String(manifest.version) : 'unknown'
}
