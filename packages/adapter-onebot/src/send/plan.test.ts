import { segment, text } from '@mynah/core'
import { describe, expect, it } from 'vitest'

import { planMessages } from './plan.ts'

describe('the messages that content becomes', () => {
  it('splits where something has to stand alone, the quote with the words', () => {
    const parts = planMessages([
      segment.quote('5'),
      text('before'),
      segment.audio('http://e.x/a.amr'),
      segment.video('http://e.x/v.mp4'),
      text('after'),
      segment.image('http://e.x/i.png'),
    ])
    expect(parts.map((part) => part.map(({ type }) => type))).toEqual([
      ['quote', 'text'],
      ['audio'],
      ['video'],
      ['text', 'image'],
    ])
  })

  it('drops the quote where nothing can carry it', () => {
    expect(planMessages([segment.quote('5'), segment.audio('http://e.x/a.amr')])).toEqual([
      [segment.audio('http://e.x/a.amr')],
    ])
  })
})
