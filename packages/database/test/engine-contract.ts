import { AsyncResource } from 'node:async_hooks'

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Engine, openEngine, type Parameter, type Result, type ValueType } from '../src/engine.ts'
import { DatabaseError } from '../src/index.ts'
import type { Place } from './places.ts'

const transactionMs = 1000

const sqlTypes: Readonly<Record<Engine['kind'], Readonly<Record<ValueType, string>>>> = {
  sqlite: {
    int: 'INTEGER',
    bigint: 'BIGINT',
    real: 'REAL',
    text: 'TEXT',
    bool: 'BOOLEAN',
    time: 'TIMESTAMP',
    json: 'JSON',
    bytes: 'BLOB',
  },
  postgres: {
    int: 'bigint',
    bigint: 'bigint',
    real: 'double precision',
    text: 'text',
    bool: 'boolean',
    time: 'timestamptz',
    json: 'json',
    bytes: 'bytea',
  },
}

/** Values of each type. */
const values: Readonly<Record<ValueType, fc.Arbitrary<unknown>>> = {
  int: fc.maxSafeInteger(),
  bigint: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  real: fc.double({ noNaN: true }).map((value) => value + 0),
  text: fc.string({ unit: 'binary', maxLength: 40 }).filter((value) => !value.includes('\0')),
  bool: fc.boolean(),
  time: fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
  json: fc.jsonValue({ stringUnit: 'binary' }).filter((value) => value !== null),
  bytes: fc.uint8Array({ maxLength: 100 }),
}

const types = ['int', 'bigint', 'real', 'text', 'bool', 'time', 'json', 'bytes'] as const

/** What every engine does, whatever it stores in. */
export function engineContract(name: string, prepare: () => Promise<Place>): void {
  describe(`the engine of ${name}`, () => {
    let place: Place
    let engine: Engine

    const run = (sql: string, ...parameters: Parameter[]): Promise<readonly Result[]> =>
      engine.write({ sql, parameters })
    const rows = async (sql: string, ...parameters: Parameter[]): Promise<Result['rows']> =>
      (await engine.read({ sql, parameters })).rows
    const insert = (id: number, name = `name ${id}`): { sql: string; parameters: Parameter[] } => ({
      sql: 'insert into people (id, name) values ($1, $2)',
      parameters: [id, name],
    })
    const fails = async (promise: Promise<unknown>): Promise<DatabaseError> => {
      const error: unknown = await promise.then(
        () => undefined,
        (reason: unknown) => reason,
      )
      if (!(error instanceof DatabaseError)) throw new Error(`It did not fail as expected: ${String(error)}`)
      return error
    }

    beforeAll(async () => {
      place = await prepare()
      engine = await openEngine(place.url, { transactionMs })
      const type = sqlTypes[engine.kind]
      await run(`create table people (id ${type.int} primary key, name text not null unique)`)
      await run(`create table pets (id ${type.int} primary key, owner ${type.int} references people (id))`)
      await run(`create table held (${types.map((name) => `"${name}" ${type[name]}`).join(', ')})`)
    })

    afterAll(async () => {
      await engine.close()
      await place.remove()
    })

    it('gives back every value as it was', async () => {
      const columns = types.map((type) => `"${type}"`).join(', ')
      const places = types.map((_, index) => `$${index + 1}`).join(', ')
      const sql = `insert into held (${columns}) values (${places}) returning *`
      await fc.assert(
        fc.asyncProperty(fc.record(values), async (held) => {
          const parameters = types.map((type): Parameter =>
            type === 'json' ? JSON.stringify(held.json) : (held[type] as Parameter),
          )
          const [result] = await engine.write({ sql, parameters, types: { bigint: 'bigint' } })
          const json: unknown = JSON.parse(JSON.stringify(held.json))
          expect(result).toEqual({ rows: [{ ...held, json }], changes: 1 })
          await run('delete from held')
        }),
        { numRuns: 60 },
      )
    })

    it('gives back null for nothing', async () => {
      const sql = `insert into held (${types.map((type) => `"${type}"`).join(', ')}) values (${types.map((_, index) => `$${index + 1}`).join(', ')}) returning *`
      const [result] = await engine.write({ sql, parameters: types.map(() => null) })
      expect(result?.rows).toEqual([Object.fromEntries(types.map((type) => [type, null]))])
    })

    it('takes the same parameter twice, and integers as integers', async () => {
      expect(
        await rows('select cast($1 as bigint) + $1 as twice, 5 / cast($2 as bigint) as half', 20, 2),
      ).toEqual([{ twice: 40, half: 2 }])
    })

    it('reads what is no column as the type that the statement names', async () => {
      await run('delete from held')
      await run('insert into held ("time", "bigint") values ($1, $2)', new Date(5), 7n)
      const { rows: found } = await engine.read({
        sql: 'select max("time") as last, max("bigint") as most, count(*) as count from held',
        parameters: [],
        types: { last: 'time', most: 'bigint' },
      })
      expect(found).toEqual([{ last: new Date(5), most: 7n, count: 1 }])
    })

    it('refuses to read an integer as a wrong number', async () => {
      const error = await fails(
        engine.read({ sql: 'select cast($1 as bigint) as big', parameters: [2n ** 60n] }),
      )
      expect(error.code).toBe('DATABASE_VALUE')
      expect(error.message).toContain('"big"')
    })

    it.each<[string, Parameter]>([
      ['text with U+0000', 'a\0b'],
      ['NaN', Number.NaN],
      ['a bigint of 65 bits', 2n ** 64n],
      ['an invalid date', new Date(Number.NaN)],
    ])('refuses %s before it asks', async (_, value) => {
      expect((await fails(engine.read({ sql: 'select $1', parameters: [value] }))).code).toBe(
        'DATABASE_VALUE',
      )
    })

    it('tells how many rows a statement changed', async () => {
      await engine.write(insert(1), insert(2), insert(3))
      const [update, deletion] = await engine.write(
        { sql: "update people set name = name || '!' where id <= $1", parameters: [2] },
        { sql: 'delete from people where id <= $1 returning id', parameters: [3] },
      )
      expect(update).toEqual({ rows: [], changes: 2 })
      expect(deletion?.changes).toBe(3)
      expect((await engine.read({ sql: 'select 1 as one', parameters: [] })).changes).toBe(0)
    })

    it('keeps all statements of a write, or none', async () => {
      const error = await fails(engine.write(insert(10), insert(11), insert(10)))
      expect(error).toMatchObject({
        code: 'DATABASE_CONSTRAINT',
        constraint: { kind: 'unique', table: 'people' },
      })
      expect(await rows('select id from people')).toEqual([])
    })

    it('lets one of many writes fail alone', async () => {
      const writes = Array.from({ length: 64 }, (_, index) =>
        engine.write(insert(index), insert(index === 40 ? 0 : 1000 + index)),
      )
      const outcomes = await Promise.allSettled(writes)
      expect(outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([40])
      const [found] = await rows('select count(*) as count from people')
      expect(found).toEqual({ count: 126 })
      await run('delete from people')
    })

    it('reads what was written, as soon as that has resolved', async () => {
      for (let id = 0; id < 50; id += 1) {
        await engine.write(insert(id))
        expect(await rows('select id from people where id = $1', id)).toEqual([{ id }])
      }
      await run('delete from people')
    })

    it('adds up what many change at once', async () => {
      await run(`create table sums (id text primary key, total ${sqlTypes[engine.kind].int})`)
      const sql = 'insert into sums values ($1, 1) on conflict (id) do update set total = sums.total + 1'
      await Promise.all(Array.from({ length: 100 }, () => run(sql, 'x')))
      expect(await rows('select total from sums')).toEqual([{ total: 100 }])
    })

    it('reads a table anew after a column has come', async () => {
      await run('create table growing (a text)')
      await run('insert into growing values ($1)', 'one')
      expect(await rows('select * from growing')).toEqual([{ a: 'one' }])
      await run(`alter table growing add column b ${sqlTypes[engine.kind].bool}`)
      await run('update growing set b = $1', true)
      expect(await rows('select * from growing')).toEqual([{ a: 'one', b: true }])
    })

    describe('a transaction', () => {
      it('sees what it does, and keeps it', async () => {
        const seen = await engine.transaction(async (transaction) => {
          await transaction.run(insert(1))
          return await transaction.run({ sql: 'select id from people', parameters: [] })
        })
        expect(seen.rows).toEqual([{ id: 1 }])
        expect(await rows('select id from people')).toEqual([{ id: 1 }])
        await run('delete from people')
      })

      it('is undone by what its work throws', async () => {
        const thrown = new Error('no')
        const work = engine.transaction(async (transaction) => {
          await transaction.run(insert(1))
          throw thrown
        })
        await expect(work).rejects.toBe(thrown)
        expect(await rows('select id from people')).toEqual([])
      })

      it('can only be undone after a statement has failed, even when the failure is caught', async () => {
        let second: DatabaseError | undefined
        const work = engine.transaction(async (transaction) => {
          await transaction.run(insert(1))
          await transaction.run(insert(1)).catch(() => {})
          second = await fails(transaction.run(insert(2)))
        })
        const error = await fails(work)
        expect(error.code).toBe('DATABASE_ABORTED')
        expect(error.cause).toMatchObject({ code: 'DATABASE_CONSTRAINT' })
        expect(second?.code).toBe('DATABASE_ABORTED')
        expect(await rows('select id from people')).toEqual([])
      })

      it('waits for statements that nobody waited for', async () => {
        await engine.transaction((transaction) => {
          void transaction.run(insert(1))
          void transaction.run({ sql: 'update people set name = $1', parameters: ['second'] })
          return Promise.resolve()
        })
        expect(await rows('select name from people')).toEqual([{ name: 'second' }])
        await run('delete from people')
      })

      it('is undone when it takes too long, and others go on', async () => {
        let hasBegun = (): void => {}
        const begun = new Promise<void>((resolve) => {
          hasBegun = resolve
        })
        const never = fails(
          engine.transaction(async (transaction) => {
            await transaction.run(insert(1))
            hasBegun()
            await new Promise(() => {})
          }),
        )
        await begun
        await engine.write(insert(1, 'another'))
        expect((await never).code).toBe('DATABASE_TIMEOUT')
        expect(await rows('select name from people')).toEqual([{ name: 'another' }])
        await run('delete from people')
      })

      it('has a limit of its own where it asks for one', async () => {
        const other = await prepare()
        const another = await openEngine(other.url, { transactionMs })
        const work = engine.transaction(
          async (transaction) => {
            await transaction.run(insert(1))
            const never = another.transaction(() => new Promise(() => {}))
            expect((await fails(never)).code).toBe('DATABASE_TIMEOUT')
            await transaction.run(insert(2))
          },
          { limitMs: 20_000 },
        )
        await work
        await another.close()
        await other.remove()
        const short = engine.transaction(() => new Promise(() => {}), { limitMs: 10 })
        expect((await fails(short)).code).toBe('DATABASE_TIMEOUT')
        await run('delete from people')
      })

      it('refuses at once what would wait for its own end, and lets others wait', async () => {
        const refused: Record<string, () => Promise<unknown>> = {
          write: () => engine.write(insert(2)),
          transaction: () => engine.transaction((inner) => inner.run(insert(3))),
        }
        let others: Promise<unknown> | undefined
        const askOutside = AsyncResource.bind(() => {
          others = engine.write(insert(4))
        })
        let later: (() => Promise<unknown>) | undefined
        await engine.transaction(async (transaction) => {
          await transaction.run(insert(1))
          for (const ask of Object.values(refused)) {
            expect(await fails(ask())).toMatchObject({ code: 'DATABASE_NESTED' })
          }
          askOutside()
          later = AsyncResource.bind(() => engine.write(insert(5)))
        })
        await others
        await later?.()
        expect(await rows('select id from people order by id')).toEqual([{ id: 1 }, { id: 4 }, { id: 5 }])
        await run('delete from people')
      })

      it('takes no statement after its end', async () => {
        let late: (() => Promise<unknown>) | undefined
        await engine.transaction((transaction) => {
          late = () => transaction.run(insert(1))
          return Promise.resolve()
        })
        expect((await fails(late?.() ?? Promise.resolve())).code).toBe('DATABASE_CLOSED')
        expect(await rows('select id from people')).toEqual([])
      })

      it('loses nothing that many add up in turn', async () => {
        await engine.write(insert(1, '0'))
        const add = (): Promise<void> =>
          engine.transaction(async (transaction) => {
            const sql = `select name from people where id = 1${engine.kind === 'postgres' ? ' for update' : ''}`
            const { rows: found } = await transaction.run({ sql, parameters: [] })
            const next = Number(found[0]?.['name']) + 1
            await transaction.run({
              sql: 'update people set name = $1 where id = 1',
              parameters: [String(next)],
            })
          })
        await Promise.all(Array.from({ length: 30 }, add))
        expect(await rows('select name from people')).toEqual([{ name: '30' }])
        await run('delete from people')
      })
    })

    it.each<[string, string, object]>([
      ['words that are no SQL', 'selec 1', { code: 'DATABASE_QUERY' }],
      ['a column that is not there', 'select colour from people', { code: 'DATABASE_QUERY' }],
      ['a table that is not there', 'insert into nowhere values (1)', { code: 'DATABASE_QUERY' }],
      [
        'a missing value',
        'insert into people (id) values (1)',
        {
          code: 'DATABASE_CONSTRAINT',
          constraint: { kind: 'not-null', table: 'people', columns: ['name'] },
          message: 'A value is missing (people.name).',
        },
      ],
      [
        'a value that is there already',
        "insert into people (id, name) values (1, 'a'), (2, 'a')",
        {
          code: 'DATABASE_CONSTRAINT',
          constraint: { kind: 'unique', table: 'people', columns: ['name'] },
          message: 'There is already a row with this value (people.name).',
        },
      ],
      [
        'a row that refers to nothing',
        'insert into pets (id, owner) values (1, 99)',
        { code: 'DATABASE_CONSTRAINT', constraint: { kind: 'foreign-key' } },
      ],
    ])('tells %s', async (_, sql, expected) => {
      expect(await fails(run(sql))).toMatchObject(expected)
    })

    it('writes what was asked for before it closes, and nothing after', async () => {
      const other = await prepare()
      const closing = await openEngine(other.url, { transactionMs })
      await closing.write({ sql: 'create table closing (id bigint primary key)', parameters: [] })
      const sql = 'insert into closing values ($1)'
      const writes = Array.from({ length: 20 }, (_, id) => closing.write({ sql, parameters: [id] }))
      const transaction = closing.transaction((step) => step.run({ sql, parameters: [20] }))
      const closed = closing.close()
      expect(await Promise.all(writes)).toHaveLength(20)
      expect((await transaction).changes).toBe(1)
      await closed
      await closing.close()
      expect((await fails(closing.write({ sql, parameters: [30] }))).code).toBe('DATABASE_CLOSED')
      expect((await fails(closing.read({ sql, parameters: [30] }))).code).toBe('DATABASE_CLOSED')
      await other.remove()
    })
  })
}
