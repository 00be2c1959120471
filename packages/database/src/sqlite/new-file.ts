import { existsSync } from 'node:fs'

import { markerOf } from './marker.ts'
import { stagingOf } from './pending-restore.ts'

/** Whether there never was a database at a path: no file, none that has gone, and none that is being restored. */
export function isNewFile(path: string): boolean {
  return ![path, markerOf(path), stagingOf(path)].some((file) => existsSync(file))
}
