import { realpathSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, parse } from 'node:path'

import { attempt, codeOf } from '../shared/attempt.ts'

/** The first of those that are there counts: what is written by hand comes before what was built of it. */
export const sourceExtensions: readonly string[] = ['.ts', '.tsx', '.mts', '.js', '.mjs']

/** A plugin that loads because its file is in the `plugins` folder. */
export interface FolderPlugin {
  /** Of the file without its extension, or of the folder. */
  readonly name: string
  /** Without symbolic links. */
  readonly file: string
  /** Files of the same name that do not load, relative to the folder. */
  readonly leftOut: readonly string[]
}

/**
 * Plugins in a folder: each source file, and each sub-folder with an index file, also by symbolic links. Names
 * that begin with `_` or `.`, tests and declarations are left out.
 */
export async function listFolderPlugins(folder: string): Promise<FolderPlugin[]> {
  const found = new Map<string, string[]>()
  for (const entry of await readFolder(folder)) {
    if (/^[._]/.test(entry)) continue
    const path = join(folder, entry)
    const stats = await stat(path).catch(() => undefined)
    const file = stats?.isDirectory() === true ? await indexOf(path) : isPluginFile(entry) ? path : undefined
    if (file === undefined) continue
    const name = file === path ? parse(entry).name : entry
    found.set(name, [...(found.get(name) ?? []), file])
  }
  return Array.from(found, ([name, files]) => toPlugin(folder, name, files)).sort((a, b) =>
    a.name.localeCompare(b.name),
  )
}

/** Whether a path, relative to the plugins' folder, may be that of a plugin. */
export function isPluginPath(path: readonly string[]): boolean {
  const [name = '', index] = path
  if (/^[._]/.test(name)) return false
  return path.length === 1 ? isPluginFile(name) : path.length === 2 && isIndex(index ?? '')
}

function toPlugin(folder: string, name: string, files: readonly string[]): FolderPlugin {
  const [file = '', ...others] = files.toSorted((a, b) => rank(a, folder) - rank(b, folder))
  return { name, file: realPath(file), leftOut: others.map((other) => other.slice(folder.length + 1)) }
}

/** Files come before folders, and among them the order of {@link sourceExtensions} holds. */
function rank(file: string, folder: string): number {
  return sourceExtensions.indexOf(extname(file)) + (dirname(file) === folder ? 0 : sourceExtensions.length)
}

async function indexOf(folder: string): Promise<string | undefined> {
  const names = new Set(await readFolder(folder))
  const index = sourceExtensions.map((extension) => `index${extension}`).find((name) => names.has(name))
  return index === undefined ? undefined : join(folder, index)
}

function isIndex(name: string): boolean {
  return basename(name, extname(name)) === 'index' && sourceExtensions.includes(extname(name))
}

function isPluginFile(name: string): boolean {
  return sourceExtensions.includes(extname(name)) && !/\.(?:test|spec|d)\.[cm]?[jt]sx?$/.test(name)
}

/** A link that leads nowhere stays what it is, so that loading it tells. */
function realPath(file: string): string {
  return attempt(() => realpathSync(file)) ?? file
}

async function readFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return []
    throw error
  }
}
