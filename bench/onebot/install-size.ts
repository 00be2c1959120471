import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const start = fileURLToPath(new URL('..', import.meta.url))

/** Size in MiB of packages and of everything they need at run time, each counted once. */
export function installSize(names: readonly string[]): number {
  const folders = new Set<string>()
  for (const name of names) collect(name, start, folders)
  let bytes = 0
  for (const folder of folders) bytes += folderSize(folder)
  return bytes / 1024 / 1024
}

function collect(name: string, from: string, folders: Set<string>): void {
  const folder = find(name, from)
  if (folder === undefined || folders.has(folder)) return
  folders.add(folder)
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    collect(dependency, folder, folders)
  }
}

interface Manifest {
  readonly dependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
}

function find(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate)
    if (dirname(folder) === folder) return undefined
  }
}

/** Files as they are published: nested packages, tests and sources in the workspace do not count. */
function folderSize(folder: string): number {
  let bytes = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'test' || entry.name === '.turbo') continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) bytes += folderSize(path)
    else if (entry.isFile()) bytes += statSync(path).size
  }
  return bytes
}
