import { element, text } from '@mynah/core'
import { describe, expect, it } from 'vitest'

import { growthOf } from './growth.ts'
import { decodeCards } from '../src/decode/card.ts'
import { decodeKMarkdown } from '../src/decode/kmarkdown.ts'
import { decodeLegacyText } from '../src/decode/legacy-text.ts'
import { encodeKMarkdown } from '../src/encode/kmarkdown.ts'
import { splitKMarkdown } from '../src/encode/split.ts'
import { fromWireEmoji } from '../src/wire/emoji.ts'
import { encodeText } from '../src/wire/kmarkdown.ts'

/** What was, or might be, looked for again from every place. */
const pieces = [
  '*',
  '`',
  '```',
  '[',
  '[a](',
  '(ins)[',
  '(ins)(spl)',
  '**a',
  '(emj)a',
  '\\',
  ':a',
  '**a**',
  '(met)1(met)',
]

// The collector of garbage and other work on the machine may fall into any one run.
describe('reading takes time that grows with the length of the text', { retry: 3 }, () => {
  it.each(pieces)('KMarkdown of %s again and again', (piece) => {
    const { ratio, ms } = growthOf(decodeKMarkdown, piece)
    expect(ratio).toBeLessThanOrEqual(2.5)
    expect(ms).toBeLessThan(300)
  })

  it.each([
    ['[', '](http://a b)'],
    ['[', '](http://a)'],
    ['(ins)[', '](http://a)(ins)'],
  ])('KMarkdown of %s again and again before %s', (piece, tail) => {
    const { ratio, ms } = growthOf(decodeKMarkdown, piece, tail)
    expect(ratio).toBeLessThanOrEqual(2.5)
    expect(ms).toBeLessThan(300)
  })

  it.each(['@', '@a#', '[:', '[:a:', '@a#12345'])('text of older clients of %s again and again', (piece) => {
    const { ratio, ms } = growthOf(decodeLegacyText, piece)
    expect(ratio).toBeLessThanOrEqual(2.5)
    expect(ms).toBeLessThan(300)
  })

  it.each(['.', '(', 'http://', 'http://a.b '])('text to be sent of %s again and again', (piece) => {
    const { ratio, ms } = growthOf((source) => encodeText(`http://a${source}x`), piece)
    expect(ratio).toBeLessThanOrEqual(2.5)
    expect(ms).toBeLessThan(300)
  })

  it('many paragraphs to be sent', () => {
    const { ratio, ms } = growthOf(
      (source) => encodeKMarkdown(Array.from({ length: source.length / 128 }, () => element('p', {}, 'a'))),
      'x',
    )
    expect(ratio).toBeLessThanOrEqual(2.5)
    expect(ms).toBeLessThan(300)
  })

  it('code to be sent', () => {
    const { ratio, ms } = growthOf((source) => encodeKMarkdown([element('code', {}, text(source))]), '\\`')
    expect(ratio).toBeLessThanOrEqual(2.5)
    expect(ms).toBeLessThan(300)
  })

  it.each(['[', '[a', '(emj)', ':a', '```', 'a '])('cutting of %s again and again', (piece) => {
    const { ratio, ms } = growthOf((source) => splitKMarkdown(source, 8000), piece)
    expect(ratio).toBeLessThanOrEqual(2.5)
    expect(ms).toBeLessThan(300)
  })

  it('cards, whose texts are KMarkdown', () => {
    const { ratio, ms } = growthOf((content) => {
      const section = { type: 'section', text: { type: 'kmarkdown', content } }
      return decodeCards(JSON.stringify([{ type: 'card', modules: [section] }]))
    }, '[a](')
    expect(ratio).toBeLessThanOrEqual(2.5)
    expect(ms).toBeLessThan(300)
  })

  it.each(['[#1;]', '[#1'])('emoji of %s again and again', (piece) => {
    const { ratio, ms } = growthOf(fromWireEmoji, piece)
    expect(ratio).toBeLessThanOrEqual(2.5)
    expect(ms).toBeLessThan(300)
  })
})
