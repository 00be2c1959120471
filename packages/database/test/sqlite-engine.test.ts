import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { openEngine } from '../src/index.ts'
import { engineContract, type Place } from './engine-contract.ts'

async function inFolder(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'mynah-'))
  return {
    url: `sqlite:${join(folder, 'data', 'bot.db')}`,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

engineContract('SQLite in a file', inFolder)
engineContract('SQLite in memory', () =>
  Promise.resolve({ url: 'sqlite::memory:', remove: () => Promise.resolve() }),
)

it('commits what many write at once together', async () => {
  const place = await inFolder()
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
