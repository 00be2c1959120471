import { fileURLToPath } from 'node:url'

import { describe, expect, it } from 'vitest'

import { configKeys, configPage } from './config-reference.ts'
import { chineseConfigTexts } from './config-texts.ts'

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url))

describe('the reference of the config', () => {
  it('is what the schemas say; `pnpm docs:config` writes it', async () => {
    await expect(configPage('en')).toMatchFileSnapshot(`${docs}reference/config.md`)
    await expect(configPage('zh-CN')).toMatchFileSnapshot(`${docs}zh-CN/reference/config.md`)
  })

  it('has each key in Chinese, and no other', () => {
    expect(Object.keys(chineseConfigTexts).sort()).toEqual(
      Array.from(new Set(configKeys().map(({ path }) => path))).sort(),
    )
  })
})
