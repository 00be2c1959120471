import { expect, it } from 'vitest'

import { hasSqlite } from './sqlite.ts'

it.each([
  ['20.19.0', false],
  ['20.99.0', false],
  ['22.12.0', false],
  ['22.15.1', false],
  ['22.16.0', true],
  ['23.10.0', false],
  ['23.11.0', true],
  ['24.0.0', true],
  ['26.10.0', true],
])('knows whether Node %s brings SQLite: %s', (version, has) => {
  expect(hasSqlite(version)).toBe(has)
})

it('agrees with the Node that runs this', async () => {
  const columns = await import('node:sqlite').then(
    ({ StatementSync }) => 'columns' in StatementSync.prototype,
    () => false,
  )
  expect(hasSqlite(process.versions.node)).toBe(columns)
})
