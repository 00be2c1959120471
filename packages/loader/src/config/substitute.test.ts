import { describe, expect, it } from 'vitest'

import { substitute } from './substitute.ts'

const environment = { FULL: 'full', EMPTY: '' }

describe('variables in a config', () => {
  it('leave out a key or an item where an empty one is all that is written', () => {
    const { data, missing, empty } = substitute(
      { token: '${EMPTY}', list: ['${EMPTY}', '${FULL}'], deep: { url: '${FULL}', token: '${EMPTY:-}' } },
      environment,
    )
    expect(data).toEqual({ list: ['full'], deep: { url: 'full' } })
    expect(missing).toEqual([])
    expect(Array.from(empty.values())).toEqual(['EMPTY', 'EMPTY', 'EMPTY'])
  })

  it('take the default where they are empty or not set', () => {
    expect(substitute(['${EMPTY:-a}', '${NONE:-b}'], environment).data).toEqual(['a', 'b'])
  })

  it('tell whether they are empty or not set, where more is written', () => {
    expect(substitute({ a: 'x${EMPTY}', b: '${NONE}' }, environment).missing).toEqual([
      { path: ['a'], name: 'EMPTY', isEmpty: true },
      { path: ['b'], name: 'NONE', isEmpty: false },
    ])
  })
})
