import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { degrade, markdownToText } from './degrade.ts'
import { type Content, element, plainText, toElements } from './element.ts'
import { segment } from './segment.ts'
import { split } from './split.ts'

const shows = (...elements: string[]): { elements: Set<string> } => ({ elements: new Set(elements) })

describe('degrade', () => {
  it.each<[string, Content, string]>([
    ['a mention', segment.at('1', 'Lin'), '@Lin'],
    ['a mention of all', segment.atAll(), '@all'],
    ['a channel', segment.channel('7', 'lobby'), '#lobby'],
    ['a link', segment.link('https://a.example', 'here'), 'here (https://a.example)'],
    ['an image with an address', segment.image('https://a.example/1.png'), '[image] https://a.example/1.png'],
    ['an image without one', segment.image(new Uint8Array([1])), '[image]'],
    ['a named file', segment.file('file:///tmp/a.txt', { title: 'a.txt' }), '[file: a.txt]'],
    ['styles', element('b', {}, 'bold ', element('i', {}, 'both')), 'bold both'],
    ['Markdown', segment.markdown('# Hi\n**bold** [x](https://x.example)'), 'Hi\nbold x (https://x.example)'],
    [
      'buttons',
      [
        'Choose:',
        segment.buttons(segment.button('a', 'Tea'), segment.linkButton('https://b.example', 'Shop')),
        segment.button('c', 'Milk'),
      ],
      'Choose:\n1. Tea\nShop: https://b.example\n2. Milk',
    ],
    ['a card', segment.card({ title: 'News' }, 'all is well'), '【News】\nall is well'],
    [
      'a forward',
      segment.forward(segment.message({ name: 'Lin' }, 'hi'), segment.message({ name: 'Bo' }, 'yo')),
      'Lin: hi\nBo: yo\n\n',
    ],
    ['a location', segment.location({ latitude: 1, longitude: 2, title: 'Park' }), '[Park] 1,2'],
    ['an element of another platform', element('raw:kook', { data: '{}' }), '[raw:kook]'],
    ['an unknown element with content', element('shout', {}, 'hey'), 'hey'],
  ])('turns %s into words', (_, content, expected) => {
    expect(plainText(degrade(toElements(content), shows()))).toBe(expected)
  })

  it('hands back the same array when all is supported', () => {
    const elements = toElements(['hi ', segment.at('1')])
    expect(degrade(elements, shows('at'))).toBe(elements)
  })

  it('keeps what is supported inside what is not', () => {
    expect(degrade(toElements(element('b', {}, segment.at('1'))), shows('at'))).toEqual([segment.at('1')])
  })
})

describe('markdownToText', () => {
  it.each([
    ['`code` and *it* and ~~gone~~', 'code and it and gone'],
    ['2 * 3 * 4', '2 * 3 * 4'],
    ['```ts\nlet a\n```', 'let a\n'],
    ['![cat](https://c.example/c.png)', '[image: cat] https://c.example/c.png'],
    ['> said', 'said'],
  ])('reads %j', (source, expected) => {
    expect(markdownToText(source)).toBe(expected)
  })
})

describe('split', () => {
  it('keeps every character, every element and the limit', () => {
    const node = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', ' ', '\n', '好', '😀'), minLength: 1 }),
      fc.constant(segment.at('1')),
    )
    fc.assert(
      fc.property(fc.array(node), fc.integer({ min: 2, max: 20 }), (content, limit) => {
        const elements = toElements(content)
        const parts = split(elements, limit)
        expect(toElements(parts)).toEqual(elements)
        for (const part of parts) {
          expect(plainText(part).length).toBeLessThanOrEqual(limit)
          expect(plainText(part)).not.toMatch(/\p{Surrogate}/u)
        }
      }),
      { numRuns: 10_000 },
    )
  })

  it('cuts at a line break when one is near', () => {
    expect(split(toElements('first line\nsecond'), 14).map(plainText)).toEqual(['first line\n', 'second'])
  })
})
