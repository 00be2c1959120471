import { stat } from 'node:fs/promises'

import type { Row } from '../engine/engine.ts'
import { DatabaseError } from '../engine/errors.ts'
import { checkParameters } from '../engine/parameters.ts'
import type { Snapshot } from '../engine/snapshot.ts'
import { realFile } from './real-file.ts'
import { ThreadClient } from './thread-client.ts'

/** A file as it is now, also one that another process writes. @throws DatabaseError */
export async function openSqliteSnapshot(path: string): Promise<Snapshot> {
  await expectFile(path)
  const thread = new ThreadClient({ path: await realFile(path), role: 'reader' })
  try {
    await thread.request({ kind: 'snapshot' })
  } catch (error) {
    await thread.close().catch(() => {})
    throw error
  }
  return {
    kind: 'sqlite',
    place: path,
    async read(statement): Promise<readonly Row[]> {
      checkParameters([statement])
      const [result] = await thread.request({ kind: 'read', statement })
      return result?.rows ?? []
    },
    close: () => thread.close(),
  }
}

/** A connection would make the file. */
async function expectFile(path: string): Promise<void> {
  try {
    await stat(path)
  } catch (cause) {
    const detail = `There is no database at ${path}. Check the address: relative paths are from the folder of the bot.`
    throw new DatabaseError('DATABASE_UNREACHABLE', detail, { cause })
  }
}
