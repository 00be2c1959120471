import { readdirSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

import { type Platform, type PlatformFiles, platformFiles } from './platforms.ts'
import { hasSqlite, sqlitePackage } from './sqlite.ts'
import type { Locale } from './texts.ts'

/** What is written. */
export interface ScaffoldOptions {
  /** Where; made when it is not there. */
  readonly folder: string
  /** Name of the package; a valid one. */
  readonly name: string
  /** What the bot talks through. */
  readonly platform: Platform
  /** Language of the config's comments and of the bot itself. */
  readonly locale: Locale
  /** Version of the Node that the bot is for. @defaultValue that of the one that runs */
  readonly node?: string
}

/** State of a folder that a project is to go into. */
export type FolderState = 'free' | 'occupied' | 'file'

/** What systems, editors and version control put into folders by themselves. */
const unrelated =
  /^(?:\.git|\.hg|\.svn|\.idea|\.vscode|\.vs|\.fleet|\.zed|\.DS_Store|\.localized|\.directory|\._.*|Thumbs\.db|desktop\.ini)$/i

/** Whether a project may go into a folder: it is not there, or nobody has put anything into it. */
export function folderState(folder: string): FolderState {
  try {
    return readdirSync(folder).every((name) => unrelated.test(name)) ? 'free' : 'occupied'
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    if (error.code === 'ENOENT') return 'free'
    if (error.code === 'ENOTDIR') return 'file'
    throw error
  }
}

/**
 * Writes a project.
 *
 * @returns Paths of the files, relative to the folder.
 */
export async function scaffold(options: ScaffoldOptions): Promise<string[]> {
  const template = fileURLToPath(new URL('./templates/basic', import.meta.url))
  const files = new Map<string, string>()
  for (const entry of await readdir(template, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    // npm leaves .gitignore out of packages, hence the other name.
    const target = relative(template, file).replace(/_gitignore$/, '.gitignore')
    files.set(target, adapt(target, await readFile(file, 'utf8'), options))
  }
  const { platform, locale } = options
  if (platform !== 'terminal') files.set('.env', environmentFile(platformFiles[platform], locale))
  for (const [target, content] of files) {
    const file = join(options.folder, target)
    await mkdir(dirname(file), { recursive: true })
    // What only this machine should know is for nobody else who uses it.
    const mode = target === '.env' ? 0o600 : 0o666
    await writeFile(file, content, { flag: 'wx', mode })
  }
  return Array.from(files.keys()).sort()
}

/** Puts what was chosen into a file of the template. */
function adapt(file: string, content: string, options: ScaffoldOptions): string {
  const { name, platform, locale } = options
  switch (file) {
    case 'package.json':
      return adaptManifest(content, options)
    case 'README.md':
      return content.replace(/^# .*$/m, `# ${name}`)
    case 'bot.config.yaml': {
      const config = content.replace(/^locale: .*$/m, `locale: ${locale}`)
      return platform === 'terminal' ? config : withPlatform(config, platformFiles[platform], locale)
    }
    default:
      return content
  }
}

interface Manifest {
  name: string
  version: string
  dependencies: Record<string, string>
}

function adaptManifest(content: string, options: ScaffoldOptions): string {
  const { name, platform, node = process.versions.node } = options
  // The file is ours: the build wrote it.
  const manifest = JSON.parse(content) as Manifest
  const { [sqlitePackage]: sqlite, ...always } = manifest.dependencies
  const { '@mynah/core': range } = always
  const adapter = platform === 'terminal' ? undefined : platformFiles[platform].adapter
  const dependencies = {
    ...always,
    ...(sqlite === undefined || hasSqlite(node) ? {} : { [sqlitePackage]: sqlite }),
    ...(adapter === undefined || range === undefined ? {} : { [adapter]: range }),
  }
  const sorted = Object.fromEntries(Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1)))
  return `${JSON.stringify({ ...manifest, name, version: '0.1.0', dependencies: sorted }, undefined, 2)}\n`
}

/** Adds the adapter below the sandbox, switched off until `.env` is filled in. */
function withPlatform(config: string, { config: entry }: PlatformFiles, locale: Locale): string {
  const help: Record<Locale, string> = {
    en: 'Fill in .env, then take the # away from the lines below.',
    'zh-CN': '填写 .env 之后，去掉下面各行的 #。',
  }
  const lines = [`# ${help[locale]}`, ...entry.split('\n').map((line) => `# ${line}`)]
  return config.replace(/^ {2}sandbox: .*$/m, (sandbox) =>
    [sandbox, ...lines.map((line) => `  ${line}`)].join('\n'),
  )
}

function environmentFile({ values }: PlatformFiles, locale: Locale): string {
  const head: Record<Locale, string> = {
    en: 'Values that only this machine should know; never commit this file.',
    'zh-CN': '只属于这台机器的值；不要提交本文件。',
  }
  const lines = values.flatMap(({ variable, help }) => [`# ${help[locale]}`, `${variable}=`])
  return `# ${head[locale]}\n${lines.join('\n')}\n`
}
