import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { TemporaryFolder } from '../../test/temporary-folder.ts'
import { loadError } from './load-error.ts'

describe('the error of a load', () => {
  it.each(['my bot', 'a (b) [c]', 'a:b', '机器人', 'C#bot', '100%'])(
    'shows the place in a folder named "%s"',
    async (name) => {
      await using folder = await TemporaryFolder.create({ [`${name}/w.ts`]: 'one\ntwo\nthree\n' })
      const file = join(folder.path, name, 'w.ts')
      const error = Object.assign(new TypeError('no x'), { stack: `TypeError: no x\n    at ${file}:2:3` })
      const { message } = await loadError('entry', error)
      expect(message).toContain(`${file}:2:3: no x\n  1 | one\n> 2 | two\n`)
      const inCall = Object.assign(new TypeError('no x'), {
        stack: `TypeError: no x\n    at f (${file}:2:3)`,
      })
      expect((await loadError('entry', inCall)).message).toBe(message)
    },
  )

  it('shows the place that a file URL names', async () => {
    await using folder = await TemporaryFolder.create({ 'my bot/w.ts': 'one\n' })
    const url = `file://${folder.path}/my%20bot/w.ts`
    const error = Object.assign(new SyntaxError('no'), { stack: `${url}:1\none\n^\n\nSyntaxError: no` })
    expect((await loadError('entry', error)).message).toContain(`${folder.path}/my bot/w.ts:1:1: no`)
  })

  it.each([
    ['a.ts', 'a.tsx'],
    ['a.js', 'a.jsx'],
  ])('says that JSX in %s wants another name', async (name, other) => {
    await using folder = await TemporaryFolder.create({
      [name]: 'const a = 1\nexport const b = () => <b>x</b>\n',
    })
    const error = new Error(`${join(folder.path, name)}:2:37: Unterminated regular expression`)
    expect((await loadError('entry', error)).message).toContain(`rename this one to ${other}`)
  })

  it('does not take every < for JSX', async () => {
    await using folder = await TemporaryFolder.create({
      'a.ts': 'const a = 1 < b\nconst c = new Map<string, X>(]\n',
    })
    const error = new Error(`${join(folder.path, 'a.ts')}:2:30: Unexpected token`)
    expect((await loadError('entry', error)).message).not.toContain('JSX')
  })

  it.each([
    [undefined, 'undefined'],
    ['a text', 'a text'],
    [Object.create(null), 'something was thrown that is no error'],
    [
      {
        toString: () => {
          throw new Error('no')
        },
      },
      'something was thrown',
    ],
  ])('has words for whatever was thrown', async (thrown, words) => {
    expect((await loadError('/p/a.ts', thrown)).message).toContain(words)
  })
})
