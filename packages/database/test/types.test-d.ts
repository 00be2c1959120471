/** Types that have to hold: this file compiles, and each line marked so must not. */
import type { Kysely } from 'kysely'
import { expectTypeOf } from 'vitest'

import { t } from '../src/tables/column.ts'
import { type DB, type NewRow, type Row, type RowUpdate, table } from '../src/tables/table.ts'

const wallets = table(
  {
    user: t.text().primaryKey(),
    coins: t.int().default(0),
    vip: t.bool().default(false),
    signedAt: t.time().nullable(),
    prefs: t.json<{ quiet: boolean; tags: string[] }>().default({ quiet: false, tags: [] }),
    photo: t.bytes().nullable(),
    big: t.bigint(),
  },
  { index: [['vip', 'coins']], unique: [['coins', 'big']] },
)
const ledger = table({
  id: t.id(),
  user: t.text().references('wallets.user', { onDelete: 'cascade' }),
  delta: t.int(),
  at: t.time().defaultNow(),
})

expectTypeOf<Row<typeof wallets>>().toEqualTypeOf<{
  user: string
  coins: number
  vip: boolean
  signedAt: Date | null
  prefs: { quiet: boolean; tags: string[] }
  photo: Uint8Array | null
  big: bigint
}>()
expectTypeOf<{ user: string; delta: number }>().toExtend<NewRow<typeof ledger>>()
expectTypeOf<NewRow<typeof ledger>['id']>().toEqualTypeOf<undefined>()
expectTypeOf<NewRow<typeof ledger>['at']>().toEqualTypeOf<Date | undefined>()
expectTypeOf<RowUpdate<typeof ledger>['delta']>().toEqualTypeOf<number | undefined>()

// @ts-expect-error there is no such column
table({ user: t.text() }, { index: [['coins']] })
// @ts-expect-error the default is of another type
t.int().default('0')
// @ts-expect-error the default is of another type
t.json<string[]>().default([1])
// @ts-expect-error only times are now
t.text().defaultNow()
// @ts-expect-error a table and a column
t.text().references('wallets')
// @ts-expect-error there is no such thing to do
t.text().references('wallets.user', { onDelete: 'explode' })

const tables = { wallets, ledger }

export async function queries(db: Kysely<DB<typeof tables>>): Promise<void> {
  const wallet = await db.selectFrom('wallets').selectAll().executeTakeFirstOrThrow()
  expectTypeOf(wallet).toEqualTypeOf<Row<typeof wallets>>()
  const joined = await db
    .selectFrom('wallets as w')
    .leftJoin('ledger as l', 'l.user', 'w.user')
    .select((e) => [
      'w.user',
      'l.delta',
      e.fn.max('l.at').as('last'),
      e.fn.count<number>('l.id').as('entries'),
    ])
    .groupBy(['w.user', 'l.delta'])
    .executeTakeFirstOrThrow()
  expectTypeOf(joined.delta).toEqualTypeOf<number | null>()
  expectTypeOf(joined.entries).toEqualTypeOf<number>()

  await db.insertInto('wallets').values({ user: 'a', big: 1n, signedAt: null }).execute()
  // @ts-expect-error "big" is missing
  await db.insertInto('wallets').values({ user: 'a' }).execute()
  // @ts-expect-error the database counts ids
  await db.insertInto('ledger').values({ id: 5, user: 'a', delta: 1 }).execute()
  // @ts-expect-error there is no such column
  db.selectFrom('wallets').select('coinz')
  // @ts-expect-error a number is wanted
  db.updateTable('wallets').set({ coins: 'x' })
  // @ts-expect-error it cannot be null
  db.updateTable('wallets').set({ coins: null })
  // @ts-expect-error there is no such table
  db.selectFrom('wallet')
}
