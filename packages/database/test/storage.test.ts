import { TestClock } from '@mynah/core/testing'
import { describe, expect, it } from 'vitest'

import { openEngine } from '../src/engine.ts'
import { StorageService } from '../src/storage/storage-service.ts'
import { engineWith, hasServer, inSchema, skipReason, sqliteFile, sqliteMemory } from './places.ts'
import { storageContract } from './storage-contract.ts'

storageContract('SQLite in a file', sqliteFile)
storageContract('SQLite in memory', sqliteMemory)
describe.skipIf(!hasServer)(`PostgreSQL${skipReason}`, () => {
  storageContract('PostgreSQL', inSchema)
})

it('counts what was acknowledged and nothing else, whatever writes fail in between', async () => {
  const place = await sqliteMemory()
  const engine = await openEngine(place.url)
  let writes = 0
  const failing = engineWith(engine, {
    write(...statements) {
      writes += 1
      const isBroken = writes > 1 && writes % 3 === 0
      return isBroken ? Promise.reject(new Error('The disk is full.')) : engine.write(...statements)
    },
  })
  const service = new StorageService(failing, new TestClock(), () => Promise.resolve(''))
  const storage = service.of('tea')
  const results = await Promise.allSettled(Array.from({ length: 100 }, () => storage.increment('count')))
  const acknowledged = results.filter(({ status }) => status === 'fulfilled').length
  expect(acknowledged).toBeGreaterThan(0)
  expect(acknowledged).toBeLessThan(100)
  expect(await service.of('tea').get('count')).toBe(acknowledged)
  expect(await storage.get('count')).toBe(acknowledged)
  await engine.close()
})

it('reads what it knows without asking the database again', async () => {
  const engine = await openEngine('sqlite::memory:')
  let reads = 0
  const counting = engineWith(engine, {
    read(statement) {
      reads += 1
      return engine.read(statement)
    },
  })
  const storage = new StorageService(counting, new TestClock(), () => Promise.resolve('')).of('tea')
  await storage.set('hot', 1)
  for (let count = 0; count < 10; count += 1) await storage.get('hot')
  for (let count = 0; count < 10; count += 1) await storage.get('absent')
  expect(reads).toBe(1)
  await engine.close()
})
