import { render, text } from '@mynah/core'
import { describe, expect, it } from 'vitest'

import { decodeLegacyText } from './legacy-text.ts'

describe('text of older clients', () => {
  it.each([
    ['@Tea#2418200000 hi', '<at id="2418200000" name="Tea"/> hi'],
    ['@role:702; x', '<at role="702"/> x'],
    ['in #channel:5823470000000001; now', 'in <sharp id="5823470000000001"/> now'],
    ['[:party:6/abc]!', '<emoji id="6/abc" name="party"/>!'],
    ['mail a@b.c #1', 'mail a@b.c #1'],
    ['**not bold**', '**not bold**'],
  ])('%s', (source, form) => {
    expect(render(decodeLegacyText(source))).toBe(form)
  })

  it('mentions everybody only where the platform says so', () => {
    const words = '@全体成员 @在线成员'
    expect(decodeLegacyText(words)).toEqual([text(words)])
    expect(render(decodeLegacyText(words, { all: true }))).toBe('<at type="all"/> @在线成员')
    expect(render(decodeLegacyText(words, { here: true }))).toBe('@全体成员 <at type="here"/>')
  })
})
