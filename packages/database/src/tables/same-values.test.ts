import { sql, type Kysely } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Engine } from '../engine/engine.ts'
import { emptyEngine, engineKinds } from '../../test/places.ts'
import { everyType } from '../../test/tables/every-type.ts'
import { openTables } from './open.ts'
import type { DB } from './table.ts'

type Db = Kysely<DB<typeof everyType>>

const noon = new Date('2024-05-01T12:00:00.123Z')
const later = new Date('2024-05-02T12:00:00.456Z')

const wallets = [
  {
    user: 'a',
    coins: 10,
    big: 2n ** 60n,
    rate: 1.5,
    vip: true,
    signedAt: noon,
    prefs: { b: 1, a: ['x', '\0'] },
  },
  { user: 'B', coins: 3, photo: new Uint8Array([0, 255]), nick: 'bee' },
  { user: 'é', coins: 3, rate: -0.25, signedAt: later, prefs: [1, 2], nick: '100%' },
  { user: '猫', coins: -7, big: -5n, vip: true, prefs: 'text', nick: 'Bee' },
]
const ledger = [
  { user: 'a', delta: 4, at: noon },
  { user: 'a', delta: 5, reason: 'gift', at: later },
  { user: 'B', delta: 3, at: later },
]

async function fill(db: Db): Promise<void> {
  for (const wallet of wallets) await db.insertInto('wallets').values(wallet).execute()
  await db.insertInto('ledger').values(ledger).execute()
}

/** Queries with what they give, on every engine. */
const queries: Record<string, readonly [(db: Db) => Promise<unknown>, unknown]> = {
  'all columns of a row': [
    (db) => db.selectFrom('wallets').selectAll().where('user', '=', 'a').executeTakeFirst(),
    { ...wallets[0], photo: null, nick: null },
  ],
  'defaults, and bytes': [
    (db) => db.selectFrom('wallets').selectAll().where('user', '=', 'B').executeTakeFirst(),
    { ...wallets[1], big: 0n, rate: 0.5, vip: false, signedAt: null, prefs: { quiet: false } },
  ],
  'json that is no object': [
    (db) =>
      db.selectFrom('wallets').select('prefs').where('user', 'in', ['é', '猫']).orderBy('user').execute(),
    [{ prefs: [1, 2] }, { prefs: 'text' }],
  ],
  'json that is a number, null in an object, and true': [
    async (db) => {
      const numbers = [5, 0.1 + 0.2, 1e300, -1.5e-7, 2 ** 53, true, 'x', '5', [null]]
      for (const [at, prefs] of numbers.entries())
        await db
          .insertInto('wallets')
          .values({ user: `number ${at}`, prefs })
          .execute()
      const rows = await db
        .selectFrom('wallets')
        .select('prefs')
        .where('user', 'like', 'number%')
        .orderBy('user')
        .execute()
      return rows.map(({ prefs }) => prefs)
    },
    [5, 0.1 + 0.2, 1e300, -1.5e-7, 2 ** 53, true, 'x', '5', [null]],
  ],
  'keys of json in their order': [
    async (db) =>
      JSON.stringify(
        (await db.selectFrom('wallets').select('prefs').where('user', '=', 'a').executeTakeFirst())?.prefs,
      ),
    JSON.stringify(wallets[0]?.prefs),
  ],
  'text by code points': [
    (db) => db.selectFrom('wallets').select('user').orderBy('user').execute(),
    [{ user: 'B' }, { user: 'a' }, { user: 'é' }, { user: '猫' }],
  ],
  'null as the smallest': [
    (db) => db.selectFrom('wallets').select('nick').orderBy('nick').orderBy('user').execute(),
    [{ nick: null }, { nick: '100%' }, { nick: 'Bee' }, { nick: 'bee' }],
  ],
  'null as the smallest, downwards': [
    (db) => db.selectFrom('wallets').select('signedAt').orderBy('signedAt', 'desc').limit(3).execute(),
    [{ signedAt: later }, { signedAt: noon }, { signedAt: null }],
  ],
  'min and max of every type': [
    (db) =>
      db
        .selectFrom('wallets')
        .select(({ fn }) => [
          fn.max('coins').as('coins'),
          fn.max('big').as('big'),
          fn.min('rate').as('rate'),
          fn.max('signedAt').as('signedAt'),
          fn.min('user').as('user'),
        ])
        .executeTakeFirst(),
    { coins: 10, big: 2n ** 60n, rate: -0.25, signedAt: later, user: 'B' },
  ],
  'counts, sums and averages': [
    (db) =>
      db
        .selectFrom('wallets')
        .select(({ fn }) => [
          fn.countAll<number>().as('all'),
          fn.count<number>('nick').as('nicks'),
          fn.count<number>('coins').distinct().as('different'),
          fn.sum<number>('coins').as('coins'),
          fn.sum<bigint>('big').as('big'),
          fn.sum<number>('rate').as('rate'),
          fn.avg<number>('coins').as('average'),
        ])
        .executeTakeFirst(),
    { all: 4, nicks: 3, different: 3, coins: 9, big: 2n ** 60n - 5n, rate: 2.25, average: 2.25 },
  ],
  'sums that are divided as integers': [
    (db) =>
      db
        .selectFrom('wallets')
        .select((e) => e(e.fn.sum<number>('coins'), '/', e.fn.countAll<number>()).as('share'))
        .executeTakeFirst(),
    { share: 2 },
  ],
  'a sum of nothing': [
    (db) =>
      db
        .selectFrom('wallets')
        .select((e) => [
          e.fn.sum('coins').as('sum'),
          e.fn.max('signedAt').as('last'),
          e.fn.countAll<number>().as('n'),
        ])
        .where('user', '=', 'nobody')
        .executeTakeFirst(),
    { sum: null, last: null, n: 0 },
  ],
  'coalesce of columns and values': [
    (db) =>
      db
        .selectFrom('wallets')
        .select((e) => [
          e.fn.coalesce('signedAt', e.val(noon)).as('at'),
          e.fn.coalesce('nick', 'user').as('name'),
          e.fn.coalesce(e.val(null), e.val(5)).as('five'),
        ])
        .where('user', '=', 'B')
        .executeTakeFirst(),
    { at: noon, name: 'bee', five: 5 },
  ],
  'values and comparisons': [
    (db) =>
      db
        .selectFrom('wallets')
        .select((e) => [
          e.val(5).as('int'),
          e.val(1.5).as('real'),
          e.val('5').as('text'),
          e.val(true).as('bool'),
          e.val(noon).as('time'),
          e.val(7n).as('big'),
          e('coins', '>', 3).as('rich'),
          e.not(e('vip', '=', true)).as('plain'),
          e
            .exists(e.selectFrom('ledger').select('id').whereRef('ledger.user', '=', 'wallets.user'))
            .as('known'),
        ])
        .where('user', '=', 'a')
        .executeTakeFirst(),
    { int: 5, real: 1.5, text: '5', bool: true, time: noon, big: 7n, rich: true, plain: false, known: true },
  ],
  'case with values': [
    (db) =>
      db
        .selectFrom('wallets')
        .select((e) => [
          e.case().when('coins', '>', 5).then(1).else(0).end().as('rich'),
          e.case().when('vip', '=', true).then(e.ref('signedAt')).else(null).end().as('at'),
          e.case('coins').when(10).then('ten').when(3).then('three').else('other').end().as('word'),
        ])
        .orderBy('user')
        .limit(2)
        .execute(),
    [
      { rich: 0, at: null, word: 'three' },
      { rich: 1, at: noon, word: 'ten' },
    ],
  ],
  arithmetic: [
    (db) =>
      db
        .selectFrom('wallets')
        .select((e) => [
          e('coins', '/', 4).as('int'),
          e('rate', '*', 3).as('real'),
          e('big', '+', 1n).as('big'),
        ])
        .where('user', '=', 'a')
        .executeTakeFirst(),
    { int: 2, real: 4.5, big: 2n ** 60n + 1n },
  ],
  'a join with groups': [
    (db) =>
      db
        .selectFrom('wallets as w')
        .innerJoin('ledger as l', 'l.user', 'w.user')
        .select((e) => [
          'w.user',
          'w.signedAt',
          e.fn.count<number>('l.id').as('entries'),
          e.fn.max('l.at').as('last'),
        ])
        .groupBy(['w.user', 'w.signedAt'])
        .having((e) => e.fn.sum('l.delta'), '>', 2)
        .orderBy('entries', 'desc')
        .execute(),
    [
      { user: 'a', signedAt: noon, entries: 2, last: later },
      { user: 'B', signedAt: null, entries: 1, last: later },
    ],
  ],
  'a left join without a row': [
    (db) =>
      db
        .selectFrom('wallets')
        .leftJoin('ledger', 'ledger.user', 'wallets.user')
        .select(['wallets.user', 'ledger.at', 'ledger.delta'])
        .orderBy('ledger.at')
        .orderBy('wallets.user')
        .limit(3)
        .execute(),
    [
      { user: 'é', at: null, delta: null },
      { user: '猫', at: null, delta: null },
      { user: 'a', at: noon, delta: 4 },
    ],
  ],
  'a common table expression with the name of a table': [
    (db) =>
      db
        .with('ledger', (q) =>
          q
            .selectFrom('ledger')
            .select((e) => ['user', e.fn.max('at').as('at'), e.fn.sum<number>('delta').as('delta')])
            .groupBy('user'),
        )
        .selectFrom('ledger')
        .innerJoin('wallets', 'wallets.user', 'ledger.user')
        .select(['ledger.user', 'ledger.at', 'ledger.delta', 'wallets.vip'])
        .orderBy('ledger.user')
        .execute(),
    [
      { user: 'B', at: later, delta: 3, vip: false },
      { user: 'a', at: later, delta: 9, vip: true },
    ],
  ],
  subqueries: [
    (db) =>
      db
        .selectFrom((e) =>
          e.selectFrom('wallets').select(['user', 'vip', 'big', 'signedAt', 'prefs']).as('x'),
        )
        .selectAll('x')
        .select((e) =>
          e
            .selectFrom('ledger')
            .select(({ fn }) => fn.max('ledger.at').as('last'))
            .whereRef('ledger.user', '=', 'x.user')
            .as('last'),
        )
        .where('x.user', 'in', db.selectFrom('ledger').select('ledger.user').where('delta', '=', 4))
        .execute(),
    [{ user: 'a', vip: true, big: 2n ** 60n, signedAt: noon, prefs: wallets[0]?.prefs, last: later }],
  ],
  'a union': [
    (db) =>
      db
        .selectFrom('wallets')
        .select(['user', 'signedAt as at'])
        .where('user', '=', 'a')
        .unionAll(db.selectFrom('ledger').select(['user', 'at']).where('delta', '=', 3))
        .orderBy('user')
        .execute(),
    [
      { user: 'B', at: later },
      { user: 'a', at: noon },
    ],
  ],
  'like, of lower and upper case, and with an escape': [
    (db) =>
      db
        .selectFrom('wallets')
        .select('nick')
        .where((e) => e.or([e('nick', 'like', 'b_E'), e('nick', 'ilike', '100\\%')]))
        .orderBy('nick')
        .execute(),
    [{ nick: '100%' }, { nick: 'Bee' }, { nick: 'bee' }],
  ],
  'text functions and casts': [
    (db) =>
      db
        .selectFrom('wallets')
        .select((e) => [
          e.fn<string>('upper', ['user']).as('upper'),
          e.cast<string>('coins', 'text').as('text'),
          e.cast<number>(e.val('12'), 'integer').as('twelve'),
          e('user', '||', '!').as('loud'),
        ])
        .where('user', '=', 'a')
        .executeTakeFirst(),
    { upper: 'A', text: '10', twelve: 12, loud: 'a!' },
  ],
  'a window': [
    (db) =>
      db
        .selectFrom('ledger')
        .select((e) => [
          'delta',
          e.fn
            .agg<number>('row_number')
            .over((o) => o.partitionBy('user').orderBy('at'))
            .as('nth'),
          e.fn
            .sum<number>('delta')
            .over((o) => o.partitionBy('user'))
            .as('sum'),
          e.fn
            .agg<Date | null>('lag', ['at'])
            .over((o) => o.partitionBy('user').orderBy('at'))
            .as('before'),
        ])
        .orderBy('delta')
        .execute(),
    [
      { delta: 3, nth: 1, sum: 3, before: null },
      { delta: 4, nth: 1, sum: 9, before: null },
      { delta: 5, nth: 2, sum: 9, before: noon },
    ],
  ],
  'raw text with the names of tables': [
    async (db) =>
      (
        await sql<{
          n: number
        }>`select count(*) as n from ${sql.table('wallets')} where ${sql.ref('wallets.coins')} = ${3}`.execute(
          db,
        )
      ).rows,
    [{ n: 2 }],
  ],
  'names with their table, and times to compare with': [
    (db) =>
      db
        .selectFrom('wallets')
        .selectAll('wallets')
        .where((e) => e.between('wallets.signedAt', noon, new Date(later.getTime() - 1)))
        .where('wallets.signedAt', 'in', [noon, later])
        .where('wallets.vip', '=', true)
        .orderBy('wallets.coins')
        .execute(),
    [{ ...wallets[0], photo: null, nick: null }],
  ],
  'rows that others are to leave alone': [
    (db) => db.selectFrom('wallets').select('coins').where('user', '=', 'a').forUpdate().executeTakeFirst(),
    { coins: 10 },
  ],
  'a recursive table expression': [
    (db) =>
      db
        .withRecursive('counted(n)', (q) =>
          q
            .selectFrom('wallets')
            .select('coins as n')
            .where('user', '=', 'B')
            .unionAll(
              q
                .selectFrom('counted')
                .select((e) => e('n', '+', 1).as('n'))
                .where('n', '<', 5),
            ),
        )
        .selectFrom('counted')
        .select((e) => [e.fn.max('n').as('last'), e.fn.sum<number>('n').as('sum')])
        .execute(),
    [{ last: 5, sum: 12 }],
  ],
  'an alias that is the name of another table': [
    (db) =>
      db
        .selectFrom('wallets as ledger')
        .select(['ledger.user', 'ledger.signedAt'])
        .where((e) =>
          e.exists(
            e
              .selectFrom('ledger as wallets')
              .select('wallets.id')
              .whereRef('wallets.user', '=', 'ledger.user')
              .where('wallets.at', '=', noon),
          ),
        )
        .execute(),
    [{ user: 'a', signedAt: noon }],
  ],
  'an update from another table': [
    (db) =>
      db
        .updateTable('wallets')
        .from('ledger')
        .set((e) => ({ coins: e('wallets.coins', '+', e.ref('ledger.delta')), signedAt: e.ref('ledger.at') }))
        .whereRef('ledger.user', '=', 'wallets.user')
        .where('ledger.delta', '=', 3)
        .returning(['wallets.user', 'coins', 'signedAt'])
        .execute(),
    [{ user: 'B', coins: 6, signedAt: later }],
  ],
  'returning of an insertion, with defaults': [
    (db) =>
      db
        .insertInto('ledger')
        .values({ user: 'a', delta: 9, at: noon })
        .returning((e) => ['user', 'reason', 'at', e('delta', '>', 5).as('large')])
        .executeTakeFirst(),
    { user: 'a', reason: 'sign', at: noon, large: true },
  ],
  'rows of which one leaves out what another has': [
    (db) =>
      db
        .insertInto('ledger')
        .values([
          { user: 'B', delta: 20, reason: 'x', at: noon },
          { user: 'B', delta: 21, at: noon },
        ])
        .returning(['delta', 'reason'])
        .execute(),
    [
      { delta: 20, reason: 'x' },
      { delta: 21, reason: 'sign' },
    ],
  ],
  'an insertion of what was selected': [
    (db) =>
      db
        .insertInto('ledger')
        .columns(['user', 'delta'])
        .expression((e) =>
          e
            .selectFrom('wallets')
            .select((w) => ['user', w.val(30).as('delta')])
            .where('vip', '=', true),
        )
        .returning(['user', 'delta', 'reason'])
        .execute(),
    [
      { user: 'a', delta: 30, reason: 'sign' },
      { user: '猫', delta: 30, reason: 'sign' },
    ],
  ],
  'an update on conflict': [
    (db) =>
      db
        .insertInto('wallets')
        .values({ user: 'a', coins: 5, prefs: ['new'] })
        .onConflict((c) =>
          c.column('user').doUpdateSet((e) => ({
            coins: e('wallets.coins', '+', e.ref('excluded.coins')),
            prefs: e.ref('excluded.prefs'),
          })),
        )
        .returning(['coins', 'prefs', 'signedAt'])
        .executeTakeFirst(),
    { coins: 15, prefs: ['new'], signedAt: noon },
  ],
  'an update of json': [
    (db) =>
      db
        .updateTable('wallets')
        .set({ prefs: ['list'], vip: false, big: 1n })
        .where('user', '=', 'a')
        .returning(['prefs', 'vip', 'big'])
        .executeTakeFirst(),
    { prefs: ['list'], vip: false, big: 1n },
  ],
  'how many rows an update changed': [
    async (db) =>
      (await db.updateTable('wallets').set({ vip: true }).where('coins', '=', 3).executeTakeFirst())
        .numUpdatedRows,
    2n,
  ],
  'a deletion with what refers to it': [
    async (db) => {
      await db.deleteFrom('wallets').where('user', '=', 'B').execute()
      return db.selectFrom('ledger').select('delta').where('user', '=', 'B').execute()
    },
    [],
  ],
}

describe.each(engineKinds)('queries on %s', (kind) => {
  const state: { engine?: Engine; db?: Db } = {}
  beforeAll(async () => {
    state.engine = await emptyEngine(kind)
    state.db = await openTables(state.engine, 'economy', { tables: everyType })
    await fill(state.db)
  })
  afterAll(() => state.engine?.close())

  it.each(Object.entries(queries))('give the same: %s', async (_name, [query, expected]) => {
    const undo = new Error('undo')
    const result: { value?: unknown } = {}
    await state
      .db!.transaction()
      .execute(async (tx) => {
        result.value = await query(tx)
        throw undo
      })
      .catch((error: unknown) => {
        if (error !== undo) throw error
      })
    expect(result.value).toEqual(expected)
  })
})
