import { readdir } from 'node:fs/promises'
import { extname, join, parse } from 'node:path'

const extensions = ['.ts', '.tsx', '.mts', '.js', '.mjs']

/** A plugin that loads because its file is in the `plugins` folder. */
export interface FolderPlugin {
  readonly name: string
  readonly file: string
}

/**
 * Plugins in a folder: each source file, and each sub-folder with an index file. Names that begin with `_`
 * or `.`, tests and declarations are left out.
 */
export async function listFolderPlugins(folder: string): Promise<FolderPlugin[]> {
  const found: FolderPlugin[] = []
  for (const entry of await readFolder(folder)) {
    if (/^[._]/.test(entry.name)) continue
    if (entry.isFile() && isPluginFile(entry.name)) {
      found.push({ name: parse(entry.name).name, file: join(folder, entry.name) })
    } else if (entry.isDirectory()) {
      const names = new Set((await readFolder(join(folder, entry.name))).map(({ name }) => name))
      const index = extensions.map((extension) => `index${extension}`).find((name) => names.has(name))
      if (index !== undefined) found.push({ name: entry.name, file: join(folder, entry.name, index) })
    }
  }
  return found.sort((a, b) => a.name.localeCompare(b.name))
}

function isPluginFile(name: string): boolean {
  return extensions.includes(extname(name)) && !/\.(?:test|spec|d)\.[cm]?[jt]sx?$/.test(name)
}

async function readFolder(
  folder: string,
): Promise<{ name: string; isFile(): boolean; isDirectory(): boolean }[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return []
    throw error
  }
}
