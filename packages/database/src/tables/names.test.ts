import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { realIndexName, realTableName } from './names.ts'

const name = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', 'A', '_', ':', '$', '5', '8', '猫'), maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('a', '_'), minLength: 60, maxLength: 70 }),
)

describe('the names of tables in a database', () => {
  it.each([
    ['economy', 'wallets', 'economy__wallets'],
    ['dice:second', 'rolls', 'dice$58$second__rolls'],
    ['dice', 'dailyRolls', 'dice__daily$rolls'],
    ['dice_', 'rolls', 'dice$95$__rolls'],
    ['a__b', 'c', 'a$95$_b__c'],
  ])('are those of %s and %s', (owner, table, real) => {
    expect(realTableName(owner, table)).toBe(real)
  })

  it('are never the same for two tables, and never too long', () => {
    fc.assert(
      fc.property(name, name, name, name, (owner, table, owner2, table2) => {
        const one = realTableName(owner, table)
        const other = realTableName(owner2, table2)
        expect(one.toLowerCase() === other.toLowerCase()).toBe(owner === owner2 && table === table2)
        expect(Buffer.byteLength(one)).toBeLessThanOrEqual(63)
        expect(realIndexName(owner, table, 'index', [table2])).not.toBe(other)
      }),
    )
  })
})
