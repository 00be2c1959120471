import { basename, join } from 'node:path'

import type { Address } from '../engine/address.ts'
import { baseOf } from '../folders.ts'
import { copyTo } from './copy-to.ts'
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
  await copyTo(address, path)
  tell(`Copied everything to ${path}, before steps of ${plugin} change its tables`)
}
