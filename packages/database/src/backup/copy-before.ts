import { basename, join } from 'node:path'

import type { Address } from '../engine/address.ts'
import { baseOf } from '../folders.ts'
import { writeBackup } from './backup-file.ts'
import { dump } from './dump.ts'
import { openSnapshot } from './snapshot.ts'
import { stampNow } from './stamp.ts'

/** Copies everything beside the database, before the tables of a plugin are changed in a way that could lose data. */
export async function copyBefore(
  address: Address,
  root: string,
  plugin: string,
  tell: (line: string) => void,
): Promise<void> {
  // What is in memory is for this run alone.
  if (address.place === ':memory:') return
  const name = address.kind === 'sqlite' ? basename(address.path) : 'database'
  const file = `${name}.before-${encodeURIComponent(plugin)}-${stampNow()}.backup`
  const path = join(baseOf(address, root), file)
  const snapshot = await openSnapshot(address)
  try {
    await writeBackup(path, (await dump(snapshot)).records)
  } finally {
    await snapshot.close()
  }
  tell(`Copied everything to ${path}, before steps of ${plugin} change its tables`)
}
