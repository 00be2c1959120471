import { symlink } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { TemporaryFolder } from '../../test/temporary-folder.ts'
import { listFolderPlugins } from './plugin-folder.ts'

async function list(files: Readonly<Record<string, string>>, links: Readonly<Record<string, string>> = {}) {
  await using folder = await TemporaryFolder.create({ 'plugins/.keep': '', ...files })
  for (const [path, target] of Object.entries(links)) await symlink(target, join(folder.path, path))
  const found = await listFolderPlugins(join(folder.path, 'plugins'))
  return found.map(({ name, file, leftOut }) => [name, file.slice(folder.path.length + 1), leftOut])
}

describe('the plugins of a folder', () => {
  it('are its files and its folders with an index', async () => {
    const files = {
      'plugins/a.ts': '',
      'plugins/b/index.js': '',
      'plugins/c/other.ts': '',
      'plugins/_d.ts': '',
      'plugins/a.test.ts': '',
      'plugins/e.d.ts': '',
    }
    expect(await list(files)).toEqual([
      ['a', 'plugins/a.ts', []],
      ['b', 'plugins/b/index.js', []],
    ])
  })

  it('may be links to files and folders, known by where they lead', async () => {
    const files = { 'store/x.ts': '', 'store/deep/index.ts': '' }
    const links = {
      'plugins/a.ts': '../store/x.ts',
      'plugins/b': '../store/deep',
      'plugins/c.ts': '../nowhere.ts',
    }
    expect(await list(files, links)).toEqual([
      ['a', 'store/x.ts', []],
      ['b', 'store/deep/index.ts', []],
      ['c', 'plugins/c.ts', []],
    ])
  })

  it('of one name are one, what was written before what was built, and the others are told', async () => {
    const files = {
      'plugins/a.js': '',
      'plugins/a.ts': '',
      'plugins/a/index.ts': '',
      'plugins/b.mjs': '',
      'plugins/b/index.ts': '',
    }
    expect(await list(files)).toEqual([
      ['a', 'plugins/a.ts', ['a.js', 'a/index.ts']],
      ['b', 'plugins/b.mjs', ['b/index.ts']],
    ])
  })
})
