import { expect, it } from 'vitest'

import { isAddressed, isMessageData } from './addressed.ts'

function isMeant(extra: object): boolean {
  const data: unknown = { channel_type: 'GROUP', content: 'hi', extra }
  return isMessageData(data) && isAddressed(data, { selfId: '1', roleIds: new Set(['7']) })
}

it('is who is mentioned, by name or by role', () => {
  expect(isMeant({ mention: ['1'] })).toBe(true)
  expect(isMeant({ mention_roles: [7] })).toBe(true)
  expect(isMeant({ mention: ['2'], mention_roles: ['8'] })).toBe(false)
})

it('is nobody where the platform leaves a list out in a way of its own', () => {
  for (const none of ['', null, false, undefined, {}]) {
    expect(isMeant({ mention: none, mention_roles: none })).toBe(false)
  }
})
