import { MynahError } from '@mynah/core'
import { TestClock } from '@mynah/core/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { emptyEngine, engineKinds, engineWith } from '../../../test/places.ts'
import type { Engine } from '../../engine/engine.ts'
import { DatabaseJournal } from '../../outbox/journal.ts'
import type { Storage } from '../../storage/storage.ts'
import { StorageService } from '../../storage/storage-service.ts'
import { t } from '../column.ts'
import { openTables } from '../open.ts'
import { table } from '../table.ts'

const tables = {
  wallets: table({
    user: t.text().primaryKey(),
    coins: t.int().default(0),
    prefs: t.json<unknown>().nullable(),
    at: t.time().nullable(),
  }),
}

/** Writes down which way statements go. */
function watched(engine: Engine, ways: string[]): Engine {
  return engineWith(engine, {
    read: (statement) => (ways.push('read'), engine.read(statement)),
    write: (...statements) => (ways.push('write'), engine.write(...statements)),
    transaction: (work) => (ways.push('transaction'), engine.transaction(work)),
  })
}

type Database = Awaited<ReturnType<typeof open>>

function storageOf(engine: Engine): Storage {
  return new StorageService(engine, new TestClock(), () => Promise.resolve('')).of('economy')
}

function open(engine: Engine) {
  return openTables(engine, 'economy', { tables })
}

describe.each(engineKinds)('queries through Kysely on %s', (kind) => {
  const ways: string[] = []
  const state: { engine?: Engine; db?: Database } = {}
  beforeAll(async () => {
    state.engine = watched(await emptyEngine(kind), ways)
    state.db = await open(state.engine)
  })
  beforeEach(async () => {
    await state.db!.deleteFrom('wallets').execute()
    ways.length = 0
  })
  afterAll(() => state.engine?.close())

  it('read what reads, and write what writes', async () => {
    const db = state.db!
    await db.selectFrom('wallets').selectAll().execute()
    await db.insertInto('wallets').values({ user: 'a' }).execute()
    await sql`select 1 as one`.execute(db)
    await sql`delete from ${sql.table('wallets')}`.execute(db)
    expect(ways).toEqual(['read', 'write', 'read', 'write'])
  })

  it('send everything inside of a transaction through it, and undo it when it throws', async () => {
    const db = state.db!
    const failed = db.transaction().execute(async (tx) => {
      await tx.insertInto('wallets').values({ user: 'a' }).execute()
      expect(await tx.selectFrom('wallets').select('user').execute()).toEqual([{ user: 'a' }])
      throw new Error('undo')
    })
    await expect(failed).rejects.toThrow('undo')
    expect(ways).toEqual(['transaction'])
    expect(await db.selectFrom('wallets').selectAll().execute()).toEqual([])
  })

  it('keep what a transaction wrote', async () => {
    const db = state.db!
    await db.transaction().execute((tx) => tx.insertInto('wallets').values({ user: 'a' }).execute())
    expect(await db.selectFrom('wallets').select('user').execute()).toEqual([{ user: 'a' }])
  })

  it('undo a transaction in which a statement failed, also where nobody cared', async () => {
    const db = state.db!
    const work = db.transaction().execute(async (tx) => {
      await tx.insertInto('wallets').values({ user: 'a' }).execute()
      await tx
        .insertInto('wallets')
        .values({ user: 'a' })
        .execute()
        .catch(() => {})
    })
    await work.catch(() => {})
    expect(await db.selectFrom('wallets').select('user').execute()).toEqual([])
  })

  it.each<[string, (db: Database, engine: Engine) => Promise<unknown>]>([
    ['a query', (db) => db.insertInto('wallets').values({ user: 'a' }).execute()],
    ['a transaction', (db) => db.transaction().execute(() => Promise.resolve())],
    ['a key', (_, engine) => storageOf(engine).set('a', 1)],
    ['a key that is changed', (_, engine) => storageOf(engine).increment('a')],
    ['a durable message', (_, engine) => new DatabaseJournal(engine, new TestClock()).remove('a')],
  ])('refuse at once %s beside a transaction, from within it', async (_name, write) => {
    const db = state.db!
    await storageOf(state.engine!).set('known', 1)
    const work = db.transaction().execute(async (tx) => {
      await tx.insertInto('wallets').values({ user: 'a' }).execute()
      await write(db, state.engine!)
    })
    await expect(work).rejects.toMatchObject({ code: 'DATABASE_NESTED' })
    await write(db, state.engine!)
  })

  it('write freely after a transaction, and beside one that others have', async () => {
    const db = state.db!
    const both = await Promise.all([
      db.transaction().execute((tx) => tx.insertInto('wallets').values({ user: 'a' }).execute()),
      db.insertInto('wallets').values({ user: 'b' }).execute(),
    ])
    await db.insertInto('wallets').values({ user: 'c' }).execute()
    expect(both).toHaveLength(2)
    expect(await db.selectFrom('wallets').select('user').orderBy('user').execute()).toHaveLength(3)
  })

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'to stream',
      async () => {
        for await (const row of state.db!.selectFrom('wallets').selectAll().stream()) return row
        return undefined
      },
      /not streamed/,
    ],
    [
      'another isolation',
      () =>
        state
          .db!.transaction()
          .setIsolationLevel('serializable')
          .execute(() => Promise.resolve()),
      /isolation/,
    ],
    ['to look tables up', () => state.db!.introspection.getTables(), /listTables/],
    [
      'half a coin',
      () => state.db!.insertInto('wallets').values({ user: 'a', coins: 0.5 }).execute(),
      /"wallets.coins".*integer.*0\.5/,
    ],
    [
      'half a coin more',
      () =>
        state
          .db!.updateTable('wallets')
          .set((e) => ({ coins: e('coins', '*', 1.5) }))
          .execute(),
      /"wallets.coins"/,
    ],
    [
      'to look for half a coin',
      () => state.db!.selectFrom('wallets').selectAll().where('coins', '=', 0.5).execute(),
      /"wallets.coins"/,
    ],
    [
      'null where it may not be',
      () =>
        state
          .db!.updateTable('wallets')
          .set({ coins: null as never })
          .execute(),
      /"wallets.coins".*nullable/,
    ],
    [
      'a row without a value',
      () =>
        state
          .db!.insertInto('wallets')
          .values({ coins: 1 } as never)
          .execute(),
      /"wallets.user".*no default/,
    ],
    [
      'an invalid time',
      () =>
        state
          .db!.insertInto('wallets')
          .values({ user: 'a', at: new Date(Number.NaN) })
          .execute(),
      /"wallets.at".*invalid Date/,
    ],
    [
      'what JSON cannot hold',
      () => state.db!.insertInto('wallets').values({ user: 'a', prefs: 5n }).execute(),
      /"wallets.prefs".*JSON/,
    ],
  ])('refuse %s', async (_name, query, message) => {
    const error = await query().then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(MynahError.is(error)).toBe(true)
    expect(error).toMatchObject({ message: expect.stringMatching(message) as string })
    expect(ways).toEqual([])
  })

  it('know no tables of others, whatever they are called', async () => {
    const other = await openTables(state.engine!, 'economy__wallets', { tables })
    await other.insertInto('wallets').values({ user: 'theirs' }).execute()
    await expect(
      state
        .db!.selectFrom('economy__wallets__wallets' as 'wallets')
        .selectAll()
        .execute(),
    ).rejects.toThrow()
    expect(await state.db!.selectFrom('wallets').selectAll().execute()).toEqual([])
  })
})
