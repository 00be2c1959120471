import { expect, it } from 'vitest'
import { identityOf } from './identity.ts'

it('who somebody is includes the id space', () => {
  const event = { id: '1', type: 't', platformType: 'qq/t', platform: 'qq', selfId: '1', time: 0 }
  const raw = { author: { union_openid: 'UNION' } }
  expect(identityOf({ ...event, user: { id: 'U' }, raw })).toEqual({
    space: 'user',
    id: 'U',
    unionOpenid: 'UNION',
  })
  expect(identityOf({ ...event, user: { id: 'M' }, guild: { id: 'GROUP' }, raw: {} })).toEqual({
    space: 'member',
    id: 'M',
  })
  expect(identityOf({ ...event, user: { id: '1' }, guild: { id: '48' }, raw: {} })).toEqual({
    space: 'guild',
    id: '1',
  })
})
