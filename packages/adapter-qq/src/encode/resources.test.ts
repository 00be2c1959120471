import { expect, it } from 'vitest'
import { muteBody, reactionEmoji, roleBody } from './resources.ts'

it('reactions are faces by number, everything else by code point', () => {
  expect(reactionEmoji('277')).toEqual({ type: 1, id: '277' })
  expect(reactionEmoji('👍')).toEqual({ type: 2, id: '128077' })
})

it('muting is told in seconds as text', () => {
  expect(muteBody(0)).toEqual({ mute_seconds: '0' })
  expect(muteBody(90_500)).toEqual({ mute_seconds: '91' })
  expect(muteBody(Infinity)).toEqual({ mute_seconds: '2592000' })
})

it('colours of roles are opaque', () => {
  expect(roleBody({ name: 'red', color: 0xff0000 })).toEqual({ name: 'red', color: 0xffff0000 })
})
