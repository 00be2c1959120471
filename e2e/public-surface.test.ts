import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, it } from 'vitest'

import { publicNames } from './public-surface.ts'

const packages = fileURLToPath(new URL('../packages', import.meta.url))

/** Of the names that a package exports, and of their members, this share has to say what it is for. */
const documentedShare = 0.97

describe.each(readdirSync(packages))('what %s exports', (name) => {
  const names = publicNames(join(packages, name))

  it('is what the list of its names says', async () => {
    const lines = names.map(({ entry, name: exported, kind }) => `${entry} ${exported} (${kind})`)
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`./public-surface/${name}.txt`)
  })

  it('says in its TSDoc what it is for', () => {
    const all = new Map(names.flatMap(({ documented }) => Array.from(documented)))
    const silent = Array.from(all).filter(([, documented]) => !documented)
    const share = all.size === 0 ? 1 : 1 - silent.length / all.size
    expect(share, `without TSDoc:\n${silent.map(([path]) => path).join('\n')}`).toBeGreaterThanOrEqual(
      documentedShare,
    )
  })
})
