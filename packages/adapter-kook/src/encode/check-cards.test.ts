import { readJson } from '@mynah/adapter-kit'
import { type Content, element, MynahError, segment, text, toElements } from '@mynah/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { card, cardMessage } from './card-makers.ts'
import type { Card } from '../wire/card.ts'
import { cardLimits, checkCards } from './check-cards.ts'
import { maxContentLength, planMessages } from '../send/plan.ts'

const png = 'https://img.kookapp.cn/a.png'
const drafts = (...content: Content[]): { kind: number; content: unknown; quote?: string }[] =>
  planMessages(toElements(content)).map(({ attrs: { kind, content: source, ...rest } }) => ({
    kind,
    content: kind === 10 ? readJson(source) : source,
    ...rest,
  }))

function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (MynahError.is(error)) return `${error.code}: ${error.message}`
  }
  return 'nothing was refused'
}

describe('limits', () => {
  const button = (changes: object): Card =>
    card.make({}, { type: 'action-group', elements: [{ ...card.button('x', 'y'), ...changes }] })
  const later = Date.now() + 60_000

  it.each<[string, unknown, string]>([
    [
      'a long header',
      card.make({}, card.header('x'.repeat(101))),
      'cards[0].modules[0].text has 101 characters; KOOK takes at most 100.',
    ],
    [
      'a long text',
      card.make({}, card.section('x'.repeat(2001))),
      'cards[0].modules[0].text has 2001 characters; KOOK takes at most 2000.',
    ],
    [
      'long KMarkdown',
      card.make({}, card.section(card.kmarkdown('x'.repeat(5001)))),
      'cards[0].modules[0].text has 5001 characters; KOOK takes at most 5000.',
    ],
    [
      'a button on the left',
      card.make({}, card.divider(), card.section('x', { mode: 'left', accessory: card.button('a', 'b') })),
      'cards[0].modules[1].accessory is a button, which stands only on the right.',
    ],
    ['a value that is no text', button({ value: 7 }), 'cards[0].modules[0].elements[0].value is no string'],
    [
      'a link without address',
      button({ click: 'link', value: 'javascript:1' }),
      'elements[0].value is no http(s) URL',
    ],
    ['a button without words', button({ text: '' }), 'elements[0].text is empty'],
    [
      'a wordy button',
      button({ text: 'x'.repeat(41) }),
      'elements[0].text has 41 characters; KOOK takes at most 40.',
    ],
    ['an unknown click', button({ click: 'call' }), 'elements[0].click is not link or return-val'],
    ['an unknown button theme', button({ theme: 'rainbow' }), 'elements[0].theme is not one of'],
    [
      '5 buttons',
      card.make({}, card.actions(...Array.from({ length: 5 }, () => card.button('x', 'y')))),
      'cards[0].modules[0].elements has 5 elements; KOOK takes at most 4.',
    ],
    ['no pictures', card.make({}, card.imageGroup()), 'cards[0].modules[0].elements is empty'],
    [
      '10 pictures',
      card.make({}, card.container(...Array.from({ length: 10 }, () => card.image(png)))),
      'has 10 elements; KOOK takes at most 9.',
    ],
    [
      'a long alt text',
      card.make({}, card.container(card.image(png, { alt: 'x'.repeat(21) }))),
      'elements[0].alt has 21 characters; KOOK takes at most 20.',
    ],
    ['a picture without source', card.make({}, card.container(card.image(''))), 'elements[0].src is missing'],
    [
      '11 notes',
      card.make({}, card.context(...Array.from({ length: 11 }, () => 'x'))),
      'has 11 elements; KOOK takes at most 10.',
    ],
    [
      '4 columns',
      card.make({}, card.section({ ...card.paragraph(1, 'x'), cols: 4 as 3 })),
      'text.cols is not 1, 2 or 3',
    ],
    [
      '51 fields',
      card.make({}, card.section(card.paragraph(3, ...Array.from({ length: 51 }, () => 'x')))),
      'text.fields has 51 fields; KOOK takes at most 50.',
    ],
    [
      'an accessory without a frame',
      card.make({ theme: 'invisible' }, card.section('x', { accessory: card.image(png) })),
      'cards[0].modules[0].accessory cannot stand in an invisible card',
    ],
    [
      'a frame it has not',
      card.make({ theme: 'invisible' }, card.imageGroup(card.image(png))),
      'cards[0].modules[0] is of the type image-group',
    ],
    ['a past end', card.make({}, card.countdown('day', 1)), 'cards[0].modules[0].endTime lies in the past'],
    [
      'a start that is no use',
      card.make({}, card.countdown('day', later, later - 1)),
      'startTime goes only with the mode second',
    ],
    [
      'a start behind the end',
      card.make({}, card.countdown('second', later, later + 1)),
      'startTime does not lie before endTime',
    ],
    ['a past start', card.make({}, card.countdown('second', later, 1)), 'startTime lies in the past'],
    ['no code', card.make({}, card.invite('')), 'cards[0].modules[0].code is missing'],
    ['a colour that is none', card.make({ color: 'red' }), 'cards[0].color is no colour'],
    ['an unknown theme', card.make({ theme: 'rainbow' as 'info' }), 'cards[0].theme is not one of'],
    ['an unknown size', card.make({ size: 'xl' as 'lg' }), 'cards[0].size is neither sm nor lg'],
    ['a file without source', card.make({}, card.file('')), 'cards[0].modules[0].src is missing'],
    [
      '51 modules',
      card.make({}, ...Array.from({ length: 51 }, () => card.divider())),
      'cards[0].modules brings the message to 51 modules; KOOK takes at most 50.',
    ],
    ['no module', { type: 'card', modules: [7] }, 'cards[0].modules[0] is no module'],
    ['no card', { type: 'post' }, 'cards[0] is no card'],
  ])('%s is refused with its path and the limit', (_what, wrong, message) => {
    expect(refusal(() => checkCards([wrong]))).toContain(
      `ELEMENT_INVALID: The message element is not valid. `,
    )
    expect(refusal(() => checkCards([wrong]))).toContain(message)
    expect(refusal(() => cardMessage(wrong as Card))).toContain(message)
    expect(refusal(() => drafts(element('kook-cards', { content: JSON.stringify([wrong]) })))).toContain(
      message,
    )
  })

  it('six cards are refused by the builder, and the sixth is named', () => {
    const six = Array.from({ length: 6 }, () => card.make({}, card.divider()))
    expect(refusal(() => cardMessage(...six))).toContain('cards has 6 cards; KOOK takes at most 5.')
    const cards = JSON.stringify([card.make({}), card.make({}, card.header('x'.repeat(101)))])
    expect(refusal(() => drafts(element('kook-cards', { content: cards })))).toContain(
      'cards[1].modules[0].text has 101',
    )
    expect(refusal(() => drafts(element('kook-cards', { content: '{' })))).toContain('holds no JSON')
  })

  it('whatever is exactly at a limit passes', () => {
    const full = card.make(
      { theme: 'info', color: '#aaBBcc', size: 'sm' },
      card.header('x'.repeat(cardLimits.headerCharacters)),
      card.section(card.kmarkdown('x'.repeat(cardLimits.kmarkdownCharacters)), {
        accessory: card.image(png),
      }),
      card.section(card.paragraph(3, ...Array.from({ length: 50 }, () => card.plain('x', false)))),
      card.imageGroup(
        ...Array.from({ length: 9 }, () => card.image(png, { alt: 'x'.repeat(20), circle: true })),
      ),
      card.actions(...Array.from({ length: 4 }, () => card.linkButton('x'.repeat(40), 'https://a.b'))),
      card.context(...Array.from({ length: 10 }, () => card.kmarkdown('x'))),
      card.countdown('second', Date.now() + 120_000, Date.now() + 60_000),
      card.audio(png, { cover: png }),
      card.video(png, 'a'),
      card.invite('abc'),
    )
    expect(refusal(() => checkCards([full]))).toBe('nothing was refused')
  })

  it('what content is made into never breaks a limit', () => {
    const node = fc.oneof(
      fc.string({ maxLength: 200 }).map((value) => text(value)),
      fc.string({ minLength: 4000, maxLength: 9000 }).map((value) => text(value)),
      fc.constant(segment.image(png)),
      fc.constant(segment.file('https://a.b/c.txt')),
      fc.constant(segment.button('id', 'Press')),
      fc.constant(segment.video(png)),
      fc.constant(segment.card({ title: 'T'.repeat(150) }, 'x', segment.image(png))),
    )
    fc.assert(
      fc.property(fc.array(node, { maxLength: 70 }), (nodes) => {
        const planned = drafts(nodes)
        for (const draft of planned) {
          if (draft.kind === 10) checkCards(draft.content as unknown[])
          const length = draft.kind === 10 ? 0 : String(draft.content).length
          expect(length).toBeLessThanOrEqual(maxContentLength)
        }
        const alone = planned.filter(({ kind }) => kind === 2).length
        const inCards = JSON.stringify(planned).split('"image"').length - 1
        const wanted = nodes.filter(({ type }) => type === 'image' || type === 'card').length
        expect(alone + inCards).toBe(wanted)
      }),
      { numRuns: 60 },
    )
  })
})
