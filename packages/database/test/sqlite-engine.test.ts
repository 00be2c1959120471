import { stat } from 'node:fs/promises'

import { expect, it } from 'vitest'

import { openEngine } from '../src/engine.ts'
import { engineContract } from './engine-contract.ts'
import { sqliteFile, sqliteMemory } from './places.ts'

engineContract('SQLite in a file', sqliteFile)
engineContract('SQLite in memory', sqliteMemory)

it.each([
  ['in a file', sqliteFile],
  ['in memory', sqliteMemory],
])('writes nothing where it should read, %s, whichever thread reads', async (_, prepare) => {
  const place = await prepare()
  const engine = await openEngine(place.url)
  await engine.write({ sql: 'create table kept (id integer)', parameters: [] })
  const insert = { sql: 'insert into kept values (1) returning id', parameters: [] }
  // The writer reads until the reader has started.
  for (let count = 0; count < 2; count += 1) {
    await expect(engine.read(insert)).rejects.toMatchObject({ code: 'DATABASE_QUERY' })
    await engine.transaction(() => Promise.resolve())
  }
  await engine.write({ sql: 'insert into kept values (2)', parameters: [] })
  expect((await engine.read({ sql: 'select id from kept', parameters: [] })).rows).toEqual([{ id: 2 }])
  await engine.close()
  await place.remove()
})

it('reads beside a transaction that is under way, from the first time on', async () => {
  const place = await sqliteFile()
  const engine = await openEngine(place.url)
  await engine.write({ sql: 'create table kept (id integer)', parameters: [] })
  await engine.transaction(async (transaction) => {
    await transaction.run({ sql: 'insert into kept values (1)', parameters: [] })
    expect((await engine.read({ sql: 'select id from kept', parameters: [] })).rows).toEqual([])
  })
  expect((await engine.read({ sql: 'select id from kept', parameters: [] })).rows).toEqual([{ id: 1 }])
  await engine.close()
  await place.remove()
})

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
