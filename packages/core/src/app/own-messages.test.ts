import { expect, it } from 'vitest'

import { OwnMessages } from './own-messages.ts'

const at = (channelId: string, selfId = 'bot') =>
  ({ platform: 'fake', selfId, channel: { id: channelId, type: 'text' } }) as const

it('knows the messages of a bot where they are, and of another account none of them', () => {
  const own = new OwnMessages()
  own.add({ key: 'fake:bot' }, 'tea', { status: 'delivered', messageIds: ['1', '2'] })
  expect(own.has(at('tea'), '2')).toBe(true)
  expect(own.has(at('tea'), '3')).toBe(false)
  expect(own.has(at('milk'), '2')).toBe(false)
  expect(own.has(at('tea', 'another'), '2')).toBe(false)
})

it('tells messages apart on platforms that count anew in each channel', () => {
  const own = new OwnMessages()
  for (const channel of ['tea', 'milk', 'tea']) {
    own.add({ key: 'fake:bot' }, channel, { status: 'delivered', messageIds: ['1'] })
  }
  expect(own.has(at('tea'), '1')).toBe(true)
  expect(own.has(at('milk'), '1')).toBe(true)
  expect(own.has(at('water'), '1')).toBe(false)
})
