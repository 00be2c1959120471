import fc from 'fast-check'
import { expect, it } from 'vitest'

import {
  applyOverwrite,
  hasPermission,
  permissionBits,
  permissionNames,
  permissionSet,
  toWirePermissions,
} from './permissions.ts'

it('reads bits beyond the 32nd', () => {
  const wide = 5_571_747_823
  expect(permissionNames(2n ** 32n + 4096n)).toEqual(['sendMessages'])
  expect(hasPermission(wide - 1, 'recordAudio')).toBe(((BigInt(wide) >> 30n) & 1n) === 1n)
  expect(toWirePermissions(BigInt(wide))).toBe(wide)
})

it('an administrator may do everything', () => {
  for (const name of Object.keys(permissionBits) as (keyof typeof permissionBits)[]) {
    expect(hasPermission(1, name)).toBe(true)
    expect(hasPermission(0, name)).toBe(false)
  }
})

it('makes sets that hold exactly what was named', () => {
  const names = fc.uniqueArray(
    fc.constantFrom(...(Object.keys(permissionBits) as (keyof typeof permissionBits)[])),
  )
  fc.assert(
    fc.property(names, (list) => {
      expect(permissionNames(permissionSet(...list)).toSorted()).toEqual(list.toSorted())
    }),
  )
})

it('keeps unknown bits when an overwrite changes others', () => {
  const set = 2n ** 40n + permissionSet('sendMessages', 'speak')
  const overwrite = { allow: permissionSet('addReactions'), deny: permissionSet('speak') }
  expect(applyOverwrite(set, overwrite)).toBe(2n ** 40n + permissionSet('sendMessages', 'addReactions'))
})

it('refuses what a JSON number cannot hold', () => {
  expect(() => toWirePermissions(2n ** 60n)).toThrow(RangeError)
})
