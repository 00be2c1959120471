import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { folderOf } from '../folders.ts'
import type { FolderSwap } from '../sqlite/pending-restore.ts'
import { backupError } from './errors.ts'
import type { FileTaker } from './load.ts'

/** Files of plugins, which stand ready beside the folders that they will be in. */
export class StagedFiles implements FileTaker {
  readonly #staging: string
  readonly #plugins = new Set<string>()
  #open: FileHandle | undefined

  constructor(staging: string) {
    this.#staging = staging
  }

  async begin(plugin: string, path: string): Promise<void> {
    await this.close()
    const parts = path.split('/')
    if (parts.some((part) => part === '' || part === '.' || part === '..' || /[\\:\0]/.test(part)))
      throw backupError(
        'BACKUP_DAMAGED',
        `The backup has a file "${path}", which is in no folder of a plugin.`,
      )
    this.#plugins.add(plugin)
    const full = join(folderOf(this.#staging, plugin), ...parts)
    await mkdir(dirname(full), { recursive: true })
    this.#open = await open(full, 'w')
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#open?.writeFile(bytes)
  }

  async end(): Promise<void> {
    await this.#open?.sync()
    await this.close()
  }

  /** Closes what a failure has left open. */
  async close(): Promise<void> {
    await this.#open?.close()
    this.#open = undefined
  }

  /** What goes where. @param stamp - A part of the names of what is there */
  swaps(base: string, stamp: string): FolderSwap[] {
    return Array.from(this.#plugins, (plugin) => {
      const to = folderOf(base, plugin)
      return { from: folderOf(this.#staging, plugin), to, aside: `${to}.before-restore-${stamp}` }
    })
  }
}
