import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

import type { EnginePlace } from './engine/lazy-engine.ts'

/** Folders of plugins: beside the file of the database, in `data` with a server, and gone at the end with memory. */
export class Folders {
  readonly #database: EnginePlace
  readonly #root: string
  #temporary: Promise<string> | undefined

  /** @param root - Folder of the project. */
  constructor(database: EnginePlace, root: string) {
    this.#database = database
    this.#root = root
  }

  /** Makes the folder of a plugin. @returns Its path. */
  async of(owner: string): Promise<string> {
    const folder = folderOf(await this.#base(), owner)
    await mkdir(folder, { recursive: true })
    return folder
  }

  /** Deletes those that were for this run alone. */
  async close(): Promise<void> {
    const folder = await this.#temporary
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  }

  #base(): string | Promise<string> {
    if (this.#database.place !== ':memory:') return baseOf(this.#database, this.#root)
    this.#temporary ??= mkdtemp(join(tmpdir(), 'mynah-'))
    return this.#temporary
  }
}

/** Where the folders of plugins are. @param root - Folder of the project */
export function baseOf({ kind, place }: EnginePlace, root: string): string {
  return kind === 'postgres' ? resolve(root, 'data') : dirname(place)
}

/** The folder of one plugin. */
export function folderOf(base: string, owner: string): string {
  return join(base, encodeURIComponent(owner))
}
