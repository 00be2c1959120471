import type { Address } from '../engine/address.ts'
import { writeBackup } from './backup-file.ts'
import { dump } from './dump.ts'
import { openSnapshot } from './snapshot.ts'

/** Copies everything but folders into a file. @throws DatabaseError or MynahError `BACKUP_FILE` */
export async function copyTo(address: Address, path: string): Promise<void> {
  const snapshot = await openSnapshot(address)
  try {
    const { records } = await dump(snapshot)
    await writeBackup(path, records)
  } finally {
    await snapshot.close()
  }
}
