import { describe, expect, it } from 'vitest'

import { fromWireEmoji, toWireEmoji } from './emoji.ts'

describe('emojis', () => {
  it.each([
    ['[#128226;]', '📢'],
    ['[#128104;][#8205;][#128187;]', '👨‍💻'],
    ['6016389910000000/zTpn', '6016389910000000/zTpn'],
  ])('%s is %s', (wire, emoji) => {
    expect(fromWireEmoji(wire)).toBe(emoji)
    expect(toWireEmoji(emoji)).toBe(wire)
    expect(toWireEmoji(wire)).toBe(wire)
  })

  it('keeps what is no character', () => {
    expect(fromWireEmoji('[#99999999;]')).toBe('[#99999999;]')
    expect(fromWireEmoji('smile')).toBe('smile')
  })
})
