import { readFileSync } from 'node:fs'

import { expect, it } from 'vitest'

import { errorCodes } from '../src/index.ts'

it('the table of error codes has each code once, in the order of the source, with what to do', () => {
  const page = readFileSync(new URL('../../../docs/reference/errors.md', import.meta.url), 'utf8')
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()))
  expect(cells.map(([, code]) => code)).toEqual(Object.keys(errorCodes).map((code) => `\`${code}\``))
  for (const [, , meaning, advice] of cells) {
    expect(meaning).toMatch(/\.$/)
    expect(advice).toMatch(/\.$/)
  }
})
