import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect, it } from 'vitest'

const packages = fileURLToPath(new URL('../..', import.meta.url))

/** The codes that a package adds to those of the core. */
function codesOf(name: string): string[] {
  const source = join(packages, name, 'src')
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const [, fields = ''] =
        /\n {2}interface ErrorCodes \{(.*?)\n {2}\}/s.exec(readFileSync(join(source, file), 'utf8')) ?? []
      return Array.from(fields.matchAll(/^ {4}([A-Z_]+): true$/gm), ([, code = '']) => code)
    })
}

it('the table of error codes has each code of all packages once, with what to do', () => {
  const source = readFileSync(join(packages, 'core/src/errors/codes.ts'), 'utf8')
  const own = Array.from(source.matchAll(/^ {2}([A-Z_]+): '/gm), ([, code = '']) => code)
  const others = readdirSync(packages)
    .filter((name) => name !== 'core')
    .flatMap(codesOf)
  const page = readFileSync(join(packages, '../docs/reference/errors.md'), 'utf8')
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()))
  expect(own.length).toBeGreaterThan(20)
  expect(others.length).toBeGreaterThan(4)
  const all = Array.from(new Set([...own, ...others]), (code) => `\`${code}\``)
  expect(new Set(cells.map(([, code]) => code))).toEqual(new Set(all))
  expect(cells).toHaveLength(all.length)
  for (const [, , meaning, advice] of cells) {
    expect(meaning).toMatch(/\.$/)
    expect(advice).toMatch(/\.$/)
  }
})
