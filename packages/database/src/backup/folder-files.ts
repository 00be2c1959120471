import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** A file in a folder. */
export interface FolderFile {
  /** Its path in the folder, with `/` between. */
  readonly path: string
  readonly fullPath: string
}

const pieceBytes = 64 * 1024

/** All files of a folder and of those in it; nothing where there is no folder. What is no plain file is left out. */
export async function* listFiles(folder: string, before = ''): AsyncGenerator<FolderFile, void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(ignoreMissing)
  for (const entry of entries) {
    const path = before + entry.name
    const fullPath = join(folder, entry.name)
    if (entry.isDirectory()) yield* listFiles(fullPath, `${path}/`)
    else if (entry.isFile()) yield { path, fullPath }
  }
}

/** A file, piece by piece. */
export function readPieces(path: string): AsyncIterable<Buffer> {
  return createReadStream(path, { highWaterMark: pieceBytes })
}

function ignoreMissing(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return []
  throw error
}
