import { readlink, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

/** As many links as Linux follows. */
const maxLinks = 40

/** Where the file of a path is, so that all ways to one file mean the same lock; it need not be there yet. */
export async function realFile(path: string, links: number = maxLinks): Promise<string> {
  if (path === ':memory:' || links === 0) return path
  const target = await readlink(path).catch(() => undefined)
  if (target !== undefined) return realFile(resolve(dirname(path), target), links - 1)
  const folder = await realpath(dirname(path)).catch(() => dirname(path))
  return join(folder, basename(path))
}
