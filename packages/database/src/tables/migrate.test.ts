import { MynahError } from '@mynah/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import type { Engine } from '../engine/engine.ts'
import { t } from './column.ts'
import { emptyEngine, engineKinds } from '../../test/places.ts'
import { dropTables, listTables } from './migrate/manage.ts'
import { migrateTables, type MigrationOptions, planMigration } from './migrate/migrate.ts'
import { openTables, queryTables } from './open.ts'
import { type NewRow, table, type Tables } from './table.ts'

const user = t.text().primaryKey()
const columns = { user, coins: t.int().default(0), nick: t.text().nullable() }
const v1 = { wallets: table(columns) }

/** A way from one version to the next, with rows that are inserted before. */
interface Way {
  readonly from?: typeof v1
  readonly rows?: readonly NewRow<typeof v1.wallets>[]
  readonly to: MigrationOptions
}

/** What is done, in words, and the rows afterwards. */
interface Open extends Way {
  readonly does: readonly string[]
  readonly leaves?: readonly Record<string, unknown>[]
}

/** What the error says. */
interface Closed extends Way {
  readonly refuses: RegExp
}

const alice = { user: 'alice', coins: 5, nick: null }
const bob = { user: 'bob', coins: 7, nick: 'bobby' }

const cases: Record<string, Open | Closed> = {
  'nothing where nothing changed': { to: { tables: v1 }, does: [], leaves: [alice, bob] },
  'a new table that refers to another': {
    to: {
      tables: {
        ledger: table({ id: t.id(), user: t.text().references('wallets.user') }, { index: [['user', 'id']] }),
        ...v1,
      },
    },
    does: ['create ledger'],
  },
  'new columns with defaults, and nullable ones': {
    to: {
      tables: {
        wallets: table({
          ...columns,
          level: t.int().default(1),
          since: t.time().default(new Date(0)),
          tags: t.json<string[]>().default(['it’s']),
          seen: t.bytes().nullable(),
        }),
      },
    },
    does: ['add wallets.level', 'add wallets.since', 'add wallets.tags', 'add wallets.seen'],
    leaves: [alice, bob].map((row) => ({ ...row, level: 1, since: new Date(0), tags: ['it’s'], seen: null })),
  },
  'new and removed indexes': {
    from: { wallets: table(columns, { index: [['coins']] }) },
    to: { tables: { wallets: table(columns, { index: [['nick', 'coins']], unique: [['nick']] }) } },
    does: ['drop index wallets(coins)', 'add unique wallets(nick)', 'add index wallets(nick, coins)'],
  },
  'a unique index that rows forbid': {
    rows: [alice, { ...bob, coins: 5 }],
    to: { tables: { wallets: table(columns, { unique: [['coins']] }) } },
    refuses: /MIGRATION_FAILED.*Rows that are there hold the same values/s,
  },
  'a column that becomes nullable': {
    to: { tables: { wallets: table({ ...columns, coins: t.int().nullable() }) } },
    does: ['allow null in wallets.coins'],
    leaves: [alice, bob],
  },
  'another default': {
    to: { tables: { wallets: table({ ...columns, coins: t.int().default(9) }) } },
    does: [],
    leaves: [alice, bob],
  },
  'a new column without a value': {
    to: { tables: { wallets: table({ ...columns, level: t.int() }) } },
    refuses: /"wallets.level" is new.*2: async.*addColumn\('level', 'integer'\)/s,
  },
  'a column of another type': {
    to: { tables: { wallets: table({ ...columns, coins: t.text() }) } },
    refuses: /"wallets.coins" holds int and is declared as text.*renameColumn\('coins_new', 'coins'\)/s,
  },
  'a column that is gone': {
    to: { tables: { wallets: table({ user, nick: columns.nick }) } },
    refuses: /"wallets.coins" is no longer declared.*alterTable\('wallets'\).dropColumn\('coins'\)/s,
  },
  'a column of another name': {
    to: { tables: { wallets: table({ user, nick: columns.nick, money: t.int().default(0) }) } },
    refuses: /renameColumn\('coins', 'money'\)/,
  },
  'a table that is gone': {
    to: { tables: {} },
    refuses: /"wallets" is no longer declared.*dropTable\('wallets'\)/s,
  },
  'another primary key': {
    to: { tables: { wallets: table({ ...columns, user: t.text() }, { primaryKey: ['user', 'coins'] }) } },
    refuses: /"wallets" has another primary key/,
  },
  'null that is no longer allowed': {
    to: { tables: { wallets: table({ ...columns, nick: t.text() }) } },
    refuses: /"wallets.nick" may hold null.*where\('nick', 'is', null\)/s,
  },
  'a column that is gone and holds nothing, in development': {
    rows: [alice],
    to: { tables: { wallets: table({ user, coins: columns.coins }) }, mode: 'development' },
    does: ['drop wallets.nick'],
    leaves: [{ user: 'alice', coins: 5 }],
  },
  'a column that is gone and holds something, in development': {
    to: { tables: { wallets: table({ user, coins: columns.coins }) }, mode: 'development' },
    refuses: /"wallets.nick" is no longer declared/,
  },
  'a column of another type that holds nothing, in development': {
    from: { wallets: table(columns, { index: [['nick']] }) },
    rows: [alice],
    to: {
      tables: { wallets: table({ ...columns, nick: t.int().nullable() }, { index: [['nick']] }) },
      mode: 'development',
    },
    does: ['make wallets.nick anew'],
    leaves: [alice],
  },
  'an empty table that is quite different, in development': {
    rows: [],
    to: { tables: { wallets: table({ id: t.id(), name: t.text() }) }, mode: 'development' },
    does: ['make wallets anew'],
  },
  'an empty table that is gone, in development': {
    rows: [],
    to: { tables: {}, mode: 'development' },
    does: ['drop wallets'],
  },
  'a table with rows that is gone, in development': {
    to: { tables: {}, mode: 'development' },
    refuses: /"wallets" is no longer declared/,
  },
  'a step that renames': {
    from: { wallets: table(columns, { index: [['coins']] }) },
    to: {
      tables: {
        wallets: table({ user, nick: columns.nick, money: t.int().default(0) }, { index: [['money']] }),
      },
      migrations: {
        2: (db) => db.schema.alterTable('wallets').renameColumn('coins', 'money').execute(),
      },
    },
    does: ['step 2', 'add index wallets(money)'],
    leaves: [
      { user: 'alice', money: 5, nick: null },
      { user: 'bob', money: 7, nick: 'bobby' },
    ],
  },
  'a step that changes a type, and a new column after it': {
    from: { wallets: table(columns, { index: [['coins']] }) },
    to: {
      tables: { wallets: table({ ...columns, coins: t.text(), level: t.int().default(1) }) },
      migrations: {
        2: async (db) => {
          await db.schema.alterTable('wallets').addColumn('coins_new', 'text').execute()
          await db
            .updateTable('wallets')
            .set((e) => ({ coins_new: e.cast('coins', 'text') }))
            .execute()
          await db.schema.alterTable('wallets').dropColumn('coins').execute()
          await db.schema.alterTable('wallets').renameColumn('coins_new', 'coins').execute()
        },
      },
    },
    does: ['step 2', 'forbid null in wallets.coins', 'add wallets.level'],
    leaves: [
      { user: 'alice', coins: '5', nick: null, level: 1 },
      { user: 'bob', coins: '7', nick: 'bobby', level: 1 },
    ],
  },
  'steps one after the other, and a table of another name': {
    to: {
      tables: { purses: v1.wallets },
      migrations: {
        2: (db) => db.updateTable('wallets').set({ nick: 'nobody' }).where('nick', 'is', null).execute(),
        3: (db) => db.schema.alterTable('wallets').renameTo('purses').execute(),
      },
    },
    does: ['step 2', 'step 3'],
  },
  'a step that leaves the half': {
    to: {
      tables: { wallets: table({ ...columns, coins: t.text() }) },
      migrations: { 2: () => Promise.resolve() },
    },
    refuses: /"wallets.coins" holds int and is declared as text.*what step 2 left/s,
  },
  'a step that fails': {
    to: {
      tables: v1,
      migrations: {
        2: async (db) => {
          await db.deleteFrom('wallets').execute()
          throw new Error('no')
        },
      },
    },
    refuses: /MIGRATION_FAILED.*Step 2 of "economy" failed, and nothing was changed: no/s,
  },
  'steps that are numbered wrongly': {
    to: { tables: v1, migrations: { 1: () => Promise.resolve() } },
    refuses: /TABLE_INVALID.*from 2/s,
  },
  'a step that is missing': {
    to: { tables: v1, migrations: { 3: () => Promise.resolve() } },
    refuses: /step 2 is missing/,
  },
}

const open = Object.entries(cases).filter((way): way is [string, Open] => 'does' in way[1])
const closed = Object.entries(cases).filter((way): way is [string, Closed] => 'refuses' in way[1])

async function start(engine: Engine, { from = v1, rows = [alice, bob] }: Way): Promise<void> {
  const db = await openTables(engine, 'economy', { tables: from })
  if (rows.length > 0) await db.insertInto('wallets').values(rows).execute()
}

async function rowsOf(engine: Engine, tables: Tables): Promise<unknown> {
  return queryTables(engine, 'economy', tables).selectFrom('wallets').selectAll().orderBy('user').execute()
}

async function outcome(work: Promise<readonly string[]>): Promise<readonly string[] | string> {
  try {
    return await work
  } catch (error) {
    return MynahError.is(error) ? `${error.code}: ${error.message}` : String(error)
  }
}

describe.each(engineKinds)('migrations on %s', (kind) => {
  const state: { engine?: Engine } = {}
  beforeAll(async () => {
    state.engine = await emptyEngine(kind)
  })
  beforeEach(async () => {
    await dropTables(state.engine!, 'economy', () => Promise.resolve())
  })
  afterAll(() => state.engine?.close())

  it.each(open)('go the way of %s', async (_name, way) => {
    const engine = state.engine!
    await start(engine, way)
    expect(await migrateTables(engine, 'economy', way.to)).toEqual(way.does)
    expect(way.leaves && (await rowsOf(engine, way.to.tables))).toEqual(way.leaves)
    expect(await migrateTables(engine, 'economy', way.to)).toEqual([])
  })

  it.each(closed)('refuse %s', async (_name, way) => {
    const engine = state.engine!
    await start(engine, way)
    expect(await outcome(migrateTables(engine, 'economy', way.to))).toMatch(way.refuses)
    expect(await rowsOf(engine, way.from ?? v1)).toEqual(way.rows ?? [alice, bob])
  })

  it('begin behind all steps where there are no tables yet', async () => {
    const migrations = { 2: () => Promise.reject(new Error('not for a new one')) }
    expect(await migrateTables(state.engine!, 'economy', { tables: v1, migrations })).toEqual([
      'create wallets',
    ])
    expect(await migrateTables(state.engine!, 'economy', { tables: v1, migrations })).toEqual([])
  })

  it('refuse a plugin that is older than its tables', async () => {
    await migrateTables(state.engine!, 'economy', { tables: v1, migrations: { 2: () => Promise.resolve() } })
    const result = await outcome(migrateTables(state.engine!, 'economy', { tables: v1 }))
    expect(result).toMatch(/of version 2.*Install the newer plugin again/s)
  })

  it('say which step runs, and again while it takes long', async () => {
    await migrateTables(state.engine!, 'economy', { tables: v1 })
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
    const lines: string[] = []
    await migrateTables(state.engine!, 'economy', {
      tables: v1,
      migrations: { 2: () => vi.advanceTimersByTimeAsync(25_000) },
      tell: (line) => lines.push(line),
    })
    await vi.advanceTimersByTimeAsync(25_000)
    vi.useRealTimers()
    expect(lines).toEqual([
      'step 2 begins',
      'step 2 has been running for 10 s; all other writes wait for it',
      'step 2 has been running for 20 s; all other writes wait for it',
    ])
  })

  it('call for a copy before steps, and only then', async () => {
    const copies: string[] = []
    const beforeLoss = (): Promise<void> => Promise.resolve(void copies.push('copy'))
    await migrateTables(state.engine!, 'economy', { tables: v1, beforeLoss })
    const wider = { wallets: table({ ...columns, level: t.int().default(1) }) }
    await migrateTables(state.engine!, 'economy', { tables: wider, beforeLoss })
    expect(copies).toEqual([])
    await migrateTables(state.engine!, 'economy', {
      tables: wider,
      migrations: { 2: () => Promise.resolve() },
      beforeLoss,
    })
    expect(copies).toEqual(['copy'])
  })

  it('tell beforehand what they would do', async () => {
    const engine = state.engine!
    expect(await planMigration(engine, 'economy', { tables: v1 })).toEqual(['create wallets'])
    await migrateTables(engine, 'economy', { tables: v1 })
    const wider = { wallets: table({ ...columns, level: t.int().default(1) }) }
    expect(await planMigration(engine, 'economy', { tables: wider })).toEqual(['add wallets.level'])
    expect(await planMigration(engine, 'economy', { tables: {}, mode: 'development' })).toEqual([
      'drop wallets, if nothing is lost by it',
    ])
    expect(await outcome(planMigration(engine, 'economy', { tables: {} }))).toMatch(/MIGRATION_NEEDED/)
    expect(
      await planMigration(engine, 'economy', { tables: v1, migrations: { 2: () => Promise.resolve() } }),
    ).toEqual(['step 2'])
    expect(await migrateTables(engine, 'economy', { tables: v1 })).toEqual([])
  })

  it('happen once when two want them at the same time', async () => {
    const engine = state.engine!
    const done = await Promise.all([1, 2].map(() => migrateTables(engine, 'economy', { tables: v1 })))
    expect(done.flat()).toEqual(['create wallets'])
  })

  it('let a column hold null that has an index, and that others refer to', async () => {
    const engine = state.engine!
    const entries = { entries: table({ id: t.id(), coins: t.int().references('wallets.coins') }) }
    const tables = { wallets: table({ ...columns, coins: t.int().unique() }), ...entries }
    const db = await openTables(engine, 'economy', { tables })
    await db.insertInto('wallets').values(alice).execute()
    await db.insertInto('entries').values({ coins: 5 }).execute()
    const wider = { wallets: table({ ...columns, coins: t.int().unique().nullable() }), ...entries }
    const after = await openTables(engine, 'economy', { tables: wider })
    await after.insertInto('wallets').values({ user: 'bob', coins: null }).execute()
    await expect(after.insertInto('entries').values({ coins: 6 }).execute()).rejects.toThrow()
    await after.insertInto('entries').values({ coins: 5 }).execute()
    await expect(after.insertInto('wallets').values({ user: 'eve', coins: 5 }).execute()).rejects.toThrow()
  })

  it('give a new column the time of each insertion', async () => {
    const engine = state.engine!
    const db = await openTables(engine, 'economy', { tables: v1 })
    await db.insertInto('wallets').values({ user: 'alice' }).execute()
    const tables = { wallets: table({ ...columns, at: t.time().defaultNow() }) }
    const wider = await openTables(engine, 'economy', { tables })
    const before = Date.now()
    await wider.insertInto('wallets').values({ user: 'bob' }).execute()
    const rows = await wider.selectFrom('wallets').select('at').orderBy('user').execute()
    expect(rows.map(({ at }) => at instanceof Date)).toEqual([true, true])
    expect(rows[1]!.at.getTime()).toBeGreaterThanOrEqual(before)
  })

  it('keep tables of equal names apart, and those of plugins that are gone', async () => {
    const engine = state.engine!
    const names = ['economy', 'dice:second', 'dice_second', 'Dice', 'dice']
    const dbs = await Promise.all(names.map((owner) => openTables(engine, owner, { tables: v1 })))
    for (const [at, db] of dbs.entries())
      await db.insertInto('wallets').values({ user: 'a', coins: at }).execute()
    for (const [at, db] of dbs.entries())
      expect(await db.selectFrom('wallets').select('coins').execute()).toEqual([{ coins: at }])
    const listed = await listTables(engine)
    expect(listed.map(({ plugin, name }) => `${plugin}.${name}`).sort()).toEqual(
      names.map((one) => `${one}.wallets`).sort(),
    )
    const copied: string[] = []
    for (const name of [...names.slice(1), 'nobody']) {
      const gone = await dropTables(engine, name, () => Promise.resolve(void copied.push(name)))
      expect(gone).toEqual(name === 'nobody' ? [] : ['wallets'])
    }
    expect(copied).toEqual(names.slice(1))
    expect(await dbs[0]!.selectFrom('wallets').select('coins').execute()).toEqual([{ coins: 0 }])
    expect((await listTables(engine)).map(({ plugin }) => plugin)).toEqual(['economy'])
  })
})
