import { stat } from 'node:fs/promises'

import { expect, it } from 'vitest'

import { openEngine } from '../src/engine.ts'
import { engineContract } from './engine-contract.ts'
import { sqliteFile, sqliteMemory } from './places.ts'

engineContract('SQLite in a file', sqliteFile)
engineContract('SQLite in memory', sqliteMemory)

it('commits what many write at once together', async () => {
  const place = await sqliteFile()
  const engine = await openEngine(place.url)
  await engine.write({ sql: 'create table counts (id text primary key, count integer)', parameters: [] })
  const walSize = async (): Promise<number> => (await stat(`${engine.place}-wal`)).size
  const before = await walSize()
  const sql = 'insert into counts values ($1, 1) on conflict (id) do update set count = count + 1'
  await Promise.all(Array.from({ length: 64 }, () => engine.write({ sql, parameters: ['a'] })))
  const frameBytes = 4096 + 24
  // A commit writes every page that it changed once; alone, 64 writes would be 64 frames at least.
  expect((await walSize()) - before).toBeLessThan(10 * frameBytes)
  expect((await engine.read({ sql: 'select count from counts', parameters: [] })).rows).toEqual([
    { count: 64 },
  ])
  await engine.close()
  await place.remove()
})
