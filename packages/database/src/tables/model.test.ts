import fc from 'fast-check'
import type { Kysely } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Engine } from '../engine/engine.ts'
import { emptyEngine, engineKinds } from '../../test/places.ts'
import { everyType } from '../../test/tables/every-type.ts'
import { openTables } from './open.ts'
import type { DB, Row } from './table.ts'

type Db = Kysely<DB<typeof everyType>>
type Wallet = Row<typeof everyType.wallets>
/** What is given; what is not is not there. */
type Change = Partial<Wallet>

const defaults = {
  coins: 0,
  big: 0n,
  rate: 0.5,
  vip: false,
  signedAt: null,
  prefs: { quiet: false },
  photo: null,
  nick: null,
}

const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', ''))
const user = fc.constantFrom('a', 'B', 'é', '猫', "it's", '"', '$1', '')
const values = fc.record(
  {
    coins: fc.integer({ min: -1_000_000, max: 1_000_000 }),
    big: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    rate: fc.double({ noNaN: true }).map((value) => value + 0),
    vip: fc.boolean(),
    signedAt: fc.option(
      fc.date({ noInvalidDate: true, min: new Date('-003999-01-01'), max: new Date('9999-12-31') }),
    ),
    prefs: fc.json().map((json): unknown => JSON.parse(json) ?? 0),
    photo: fc.option(fc.uint8Array()),
    nick: fc.option(text),
  },
  { requiredKeys: [] },
)

/** What is done to the database, and to a model of it that is a map. */
interface Command {
  readonly name: string
  readonly run: (db: Db) => Promise<unknown>
  readonly model: (wallets: Map<string, Wallet>) => void
}

function insert(row: Change & { user: string }): Command {
  return {
    name: 'insert',
    run: (db) =>
      db
        .insertInto('wallets')
        .values(row)
        .onConflict((c) => c.doNothing())
        .execute(),
    model: (wallets) => {
      if (!wallets.has(row.user)) wallets.set(row.user, { ...defaults, ...row })
    },
  }
}

function upsert(user: string, change: Change): Command {
  return {
    name: 'upsert',
    run: (db) =>
      db
        .insertInto('wallets')
        .values({ user, coins: 1 })
        .onConflict((c) =>
          c.column('user').doUpdateSet((e) => ({ ...change, coins: e('wallets.coins', '+', 3) })),
        )
        .execute(),
    model: (wallets) => {
      const old = wallets.get(user)
      wallets.set(user, {
        ...(old ?? { user, ...defaults }),
        ...(old && change),
        coins: old ? old.coins + 3 : 1,
      })
    },
  }
}

function update(users: readonly string[], change: Change): Command {
  return {
    name: 'update',
    run: (db) =>
      db
        .updateTable('wallets')
        .set({ nick: 'changed', ...change })
        .where('user', 'in', users)
        .execute(),
    model: (wallets) => {
      for (const user of users) {
        const old = wallets.get(user)
        if (old !== undefined) wallets.set(user, { ...old, nick: 'changed', ...change })
      }
    },
  }
}

function remove(below: number): Command {
  return {
    name: 'delete',
    run: (db) => db.deleteFrom('wallets').where('coins', '<', below).execute(),
    model: (wallets) => {
      for (const [user, { coins }] of wallets) if (coins < below) wallets.delete(user)
    },
  }
}

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.tuple(user, values).map(([name, row]) => insert({ user: name, ...row })),
  fc.tuple(user, values).map(([name, change]) => upsert(name, change)),
  fc.tuple(fc.array(user, { minLength: 1 }), values).map(([users, change]) => update(users, change)),
  fc.integer({ min: -1000, max: 1000 }).map(remove),
)

/** By code points, as databases do it. */
function byUser(a: Wallet, b: Wallet): number {
  return Buffer.compare(Buffer.from(a.user), Buffer.from(b.user))
}

describe.each(engineKinds)('tables on %s', (kind) => {
  const state: { engine?: Engine; db?: Db } = {}
  beforeAll(async () => {
    state.engine = await emptyEngine(kind)
    state.db = await openTables(state.engine, 'economy', { tables: everyType })
  })
  afterAll(() => state.engine?.close())

  it('hold what a map would hold, whatever is done to them', async () => {
    const db = state.db!
    const property = fc.asyncProperty(fc.array(command, { maxLength: 12 }), async (commands) => {
      await db.deleteFrom('wallets').execute()
      const wallets = new Map<string, Wallet>()
      for (const { run, model } of commands) {
        await run(db)
        model(wallets)
      }
      const rows = await db.selectFrom('wallets').selectAll().orderBy('user').execute()
      expect(rows).toEqual(Array.from(wallets.values()).sort(byUser))
    })
    await fc.assert(property, { numRuns: 60 })
  })
})
