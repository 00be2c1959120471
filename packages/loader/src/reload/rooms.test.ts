import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join, sep } from 'node:path'

import { expect, it } from 'vitest'

it('nothing but development loads what is for hot reload', () => {
  const source = fileURLToPath(new URL('..', import.meta.url))
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.startsWith(`reload${sep}`),
  )
  expect(files).toContain('index.ts')
  const importing = files.filter((name) => /'[./]+\/reload\//.test(readFileSync(join(source, name), 'utf8')))
  expect(importing).toEqual([])
})
