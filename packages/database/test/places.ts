import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Place } from './engine-contract.ts'

/** A file in a folder of its own. */
export async function sqliteFile(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'mynah-'))
  return {
    url: `sqlite:${join(folder, 'data', 'bot.db')}`,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Nothing but memory. */
export function sqliteMemory(): Promise<Place> {
  return Promise.resolve({ url: 'sqlite::memory:', remove: () => Promise.resolve() })
}
