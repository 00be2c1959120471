import { describe, expect, it } from 'vitest'

import { declarationsOf } from './check-tables.ts'
import { t } from './column.ts'
import { declarationText, parseDeclaration } from './declaration.ts'
import { table, type Tables } from './table.ts'

const wallets = table({ user: t.text().primaryKey(), coins: t.int() })

const invalid: readonly (readonly [string, Tables, RegExp])[] = [
  ['a name with a hyphen', { 'my-wallets': wallets }, /"my-wallets".*letters, digits and _/],
  ['no columns', { wallets: table({}) }, /"wallets".*no columns/],
  ['a column that begins with a digit', { wallets: table({ '1st': t.int() }) }, /"wallets.1st".*digit/],
  ['a column of the database', { wallets: table({ ctid: t.int() }) }, /"wallets.ctid".*databases keep/],
  ['a long name', { wallets: table({ ['x'.repeat(64)]: t.int() }) }, /63 characters/],
  ['two columns that differ in case', { wallets: table({ at: t.int(), At: t.int() }) }, /"wallets.At".*"at"/],
  [
    'a default of another type',
    { wallets: table({ coins: t.int().default(0.5) }) },
    /"wallets.coins".*integer.*0\.5/,
  ],
  [
    'a default that JSON cannot hold',
    { wallets: table({ f: t.json<unknown>().default(() => 1) }) },
    /"wallets.f".*JSON/,
  ],
  [
    'a reference to no table',
    { l: table({ u: t.text().references('wallet.user') }) },
    /"l.u".*"wallet.user".*no such table/,
  ],
  [
    'a reference to no column',
    { wallets, l: table({ u: t.text().references('wallets.usr') }) },
    /"l.u".*no such column/,
  ],
  [
    'a reference of another type',
    { wallets, l: table({ u: t.int().references('wallets.user') }) },
    /"l.u".*holds int/,
  ],
  [
    'a reference to what is not unique',
    { wallets, l: table({ u: t.int().references('wallets.coins') }) },
    /"l.u".*unique/,
  ],
  [
    'a reference that becomes null and cannot',
    { wallets, l: table({ u: t.text().references('wallets.user', { onDelete: 'set null' }) }) },
    /"l.u".*nullable/,
  ],
  [
    'references in a circle',
    {
      a: table({ id: t.id(), b: t.int().references('b.id') }),
      b: table({ id: t.id(), a: t.int().references('a.id') }),
    },
    /a → b → a/,
  ],
  [
    'a key that can be null',
    { l: table({ a: t.int().nullable().primaryKey() as never, b: t.int() }) },
    /"l.a".*null/,
  ],
  ['two ids', { l: table({ a: t.id(), b: t.id() }) }, /"l.b".*"a"/],
  ['an index of JSON', { l: table({ a: t.json<string>() }, { index: [['a']] }) }, /"l.a".*JSON/],
  ['an index of no column', { l: table({ a: t.int() }, { index: [['b' as 'a']] }) }, /"l.b".*no such column/],
]

describe('declarations of tables', () => {
  it.each(invalid)('refuse %s', (_name, tables, message) => {
    expect(() => declarationsOf(tables)).toThrow(message)
  })

  it('come in the order of their references', () => {
    const tables = {
      c: table({ id: t.id(), b: t.int().references('b.id') }),
      b: table({ id: t.id(), a: t.int().references('a.id'), self: t.int().nullable().references('b.id') }),
      a: table({ id: t.id() }),
    }
    expect(Object.keys(declarationsOf(tables))).toEqual(['a', 'b', 'c'])
  })

  it('are the same after they were stored', () => {
    const { declaration } = table(
      {
        id: t.id(),
        at: t.time().default(new Date(5)),
        big: t.bigint().default(2n ** 62n),
        photo: t.bytes().default(new Uint8Array([1, 2])),
        prefs: t.json<unknown>().default({ $: 'time', value: 'x' }),
      },
      { index: [['at']] },
    )
    expect(parseDeclaration(declarationText(declaration))).toEqual(declaration)
  })
})
