import { element, text } from '@mynah/core'
import { expectLinear, repeated } from '@mynah/core/testing'
import { describe, it } from 'vitest'

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
    expectLinear(repeated(piece), decodeKMarkdown)
  })

  it.each([
    ['[', '](http://a b)'],
    ['[', '](http://a)'],
    ['(ins)[', '](http://a)(ins)'],
  ])('KMarkdown of %s again and again before %s', (piece, tail) => {
    expectLinear((length) => repeated(piece)(length) + tail, decodeKMarkdown)
  })

  it.each(['@', '@a#', '[:', '[:a:', '@a#12345'])('text of older clients of %s again and again', (piece) => {
    expectLinear(repeated(piece), decodeLegacyText)
  })

  it.each(['.', '(', 'http://', 'http://a.b '])('text to be sent of %s again and again', (piece) => {
    expectLinear(repeated(piece), (source) => encodeText(`http://a${source}x`))
  })

  it('many paragraphs to be sent', () => {
    expectLinear(repeated('x'), (source) =>
      encodeKMarkdown(Array.from({ length: source.length / 128 }, () => element('p', {}, 'a'))),
    )
  })

  it('code to be sent', () => {
    expectLinear(repeated('\\`'), (source) => encodeKMarkdown([element('code', {}, text(source))]))
  })

  it.each(['[', '[a', '(emj)', ':a', '```', 'a '])('cutting of %s again and again', (piece) => {
    expectLinear(repeated(piece), (source) => splitKMarkdown(source, 8000))
  })

  it('cards, whose texts are KMarkdown', () => {
    expectLinear(repeated('[a]('), (content) => {
      const section = { type: 'section', text: { type: 'kmarkdown', content } }
      return decodeCards(JSON.stringify([{ type: 'card', modules: [section] }]))
    })
  })

  it.each(['[#1;]', '[#1'])('emoji of %s again and again', (piece) => {
    expectLinear(repeated(piece), fromWireEmoji)
  })
})
