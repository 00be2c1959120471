// Brings the workspace into a runnable state: packages from the lock file, then builds; each only when needed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const isWindows = process.platform === 'win32'
const stampFile = join(root, 'node_modules', '.mynah-setup.json')

/**
 * Runs a program to its end; what it prints goes to stderr unless `stdio` says otherwise. When this process is
 * asked to stop, or npm, which started it, is gone, the program and all it has started are stopped first.
 *
 * @returns {Promise<number>} its exit code
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: isWindows,
      detached: !isWindows,
      ...options,
    })
    const release = endWith(child)
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      release()
      resolve(signal === null ? (code ?? 1) : 1)
    })
  })
}

/** Lets a program, which leads a group of its own, end when this process has to. */
function endWith(child) {
  const parent = process.ppid
  const stop = (signal) => {
    try {
      if (isWindows) child.kill(signal)
      else process.kill(-child.pid, signal)
    } catch {
      // It has ended by itself.
    }
    process.exit(signal === 'SIGINT' ? 130 : 143)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, stop)
  const watch = setInterval(() => {
    if (process.ppid !== parent) stop('SIGTERM')
  }, 500)
  return () => {
    clearInterval(watch)
    for (const signal of signals) process.off(signal, stop)
  }
}

/** Runs pnpm at the pinned version, which npx brings and keeps. */
export async function pnpm(...args) {
  const { packageManager } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const code = await run('npx', ['--yes', '--prefer-offline', packageManager, ...args], {
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', npm_config_loglevel: 'error' },
  })
  if (code !== 0) throw new Error(`pnpm ${args.join(' ')} ended with exit code ${code}`)
}

/** Path of a program that a dependency brings. */
export function bin(name) {
  return join(root, 'node_modules', '.bin', isWindows ? `${name}.cmd` : name)
}

export async function setup() {
  const stamp = await readStamp()
  const installed = await installState()
  const isInstalled = stamp.installed === installed
  if (!isInstalled) {
    say('Installing packages; the first time this takes about a minute')
    await pnpm('install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only')
  }
  if (isInstalled && stamp.built === (await buildState())) return
  say('Building what has changed; the first time this takes about half a minute')
  await pnpm('run', 'build')
  say('Ready')
  await mkdir(join(root, 'node_modules'), { recursive: true })
  await writeFile(stampFile, JSON.stringify({ installed, built: await buildState() }))
}

/** Tells on stderr what goes on, since stdout belongs to what is started. */
function say(line) {
  console.error(`> ${line}`)
}

async function readStamp() {
  try {
    return JSON.parse(await readFile(stampFile, 'utf8'))
  } catch {
    return { installed: '', built: '' }
  }
}

/** What the installed packages depend on. */
async function installState() {
  const hash = createHash('sha256').update(process.version)
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'])
    hash.update(await readFile(join(root, file)))
  return hash.digest('hex')
}

/** What the builds depend on: names, sizes and times of all sources, and whether each build is there. */
async function buildState() {
  const lines = []
  for (const name of await readdir(join(root, 'packages'))) {
    const folder = join(root, 'packages', name)
    lines.push(`${name} ${await exists(join(folder, 'dist', 'index.js'))}`)
    await listFiles(join(folder, 'src'), lines)
    await listFiles(join(folder, 'package.json'), lines)
  }
  await listFiles(join(root, 'templates'), lines)
  await listFiles(join(root, 'tsconfig.base.json'), lines)
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex')
}

async function exists(path) {
  return stat(path).then(
    () => true,
    () => false,
  )
}

async function listFiles(path, lines) {
  const info = await stat(path).catch(() => undefined)
  if (info === undefined) return
  if (!info.isDirectory()) {
    lines.push(`${path} ${info.size} ${info.mtimeMs}`)
    return
  }
  for (const name of await readdir(path)) {
    if (name !== 'node_modules' && !name.startsWith('.')) await listFiles(join(path, name), lines)
  }
}
