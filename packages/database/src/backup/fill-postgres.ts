import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { Address } from '../engine/address.ts'
import type { Transaction } from '../engine/engine.ts'
import { Nesting } from '../engine/nesting.ts'
import { plainStatement } from '../engine/plain-statement.ts'
import { baseOf } from '../folders.ts'
import { openPostgres } from '../postgres/postgres-engine.ts'
import { decideRestore, finishRestore } from '../sqlite/pending-restore.ts'
import { quoted } from '../tables/names.ts'
import { copyTo } from './copy-to.ts'
import { type Filled, type FillOptions, limitMs, notEmpty } from './fill.ts'
import { load } from './load.ts'
import type { BackupRecord } from './records.ts'
import { StagedFiles } from './staged-files.ts'
import { type Inventory, takeInventory } from './stored-tables.ts'

type PostgresAddress = Extract<Address, { kind: 'postgres' }>

/** Puts records into a database of a server, in one transaction. @throws DatabaseError or MynahError */
export async function fillPostgres(
  address: PostgresAddress,
  records: AsyncIterable<BackupRecord>,
  options: FillOptions,
): Promise<Filled> {
  const base = baseOf(address, options.root)
  const staging = join(base, 'database.restoring')
  finishRestore(base, staging)
  await rm(staging, { recursive: true, force: true })
  await mkdir(staging, { recursive: true })
  const files = new StagedFiles(staging)
  const nesting = new Nesting()
  const engine = await openPostgres({ ...address, transactionMs: limitMs, nesting })
  try {
    const before = await takeInventory('postgres', async (statement) => (await engine.read(statement)).rows)
    const isEmpty = before.tables.length === 0
    if (!isEmpty && !options.replaces) throw notEmpty(address.place)
    const aside = isEmpty ? undefined : await putAside(address, base, options.stamp)
    const contents = await engine.transaction(async (transaction) => {
      await dropAll(transaction, before)
      return await load(records, 'postgres', transaction, files)
    })
    const folders = files.swaps(base, options.stamp)
    // The server has all of it by now; folders cannot be part of its transaction.
    if (folders.length > 0) decideRestore(staging, { aside: '', folders })
    finishRestore(base, staging)
    return { contents, aside }
  } finally {
    await files.close()
    await rm(staging, { recursive: true, force: true })
    await engine.close()
  }
}

async function putAside(address: PostgresAddress, base: string, stamp: string): Promise<string> {
  const path = join(base, `database.before-restore-${stamp}.backup`)
  await copyTo(address, path)
  return path
}

async function dropAll(transaction: Transaction, { tables, plugins }: Inventory): Promise<void> {
  // What refers to others goes before them.
  const names = tables.map(({ realName }) => realName).reverse()
  if (plugins.size > 0) names.push('mynah_schema')
  for (const name of names) await transaction.run(plainStatement(`drop table if exists ${quoted(name)}`))
}
