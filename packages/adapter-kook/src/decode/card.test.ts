import { readJson } from '@mynah/adapter-kit'
import { element, findElement, MynahError, segment, text } from '@mynah/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { card } from '../encode/card-makers.ts'
import { decodeCards } from './card.ts'
import type { Card, CardModule } from '../wire/card.ts'
import { planMessages } from '../send/plan.ts'

const png = 'https://img.kookapp.cn/a.png'
const modulesOf = (draft: { content: unknown } | undefined): CardModule[] =>
  ((draft?.content ?? []) as Card[]).flatMap(({ modules }) => modules)
const types = (modules: readonly CardModule[]): string[] => modules.map(({ type }) => type)

function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (MynahError.is(error)) return `${error.code}: ${error.message}`
  }
  return 'nothing was refused'
}

describe('received cards', () => {
  it('show text, pictures, media and buttons; what is unknown is kept', () => {
    const source = JSON.stringify([
      card.make(
        { theme: 'primary', color: '#aabbcc' },
        card.header('Title'),
        card.section(card.kmarkdown('(met)7(met) **b**'), { accessory: card.image(png, { alt: 'A' }) }),
        card.section(card.paragraph(2, 'one', card.kmarkdown('*two*'))),
        card.context('note', card.image(png)),
        card.container(card.image(png)),
        card.actions(card.button('Yes', 'y'), card.linkButton('Open', 'https://a.b')),
        card.file(png, 'f'),
        card.audio('file:///etc/passwd'),
        card.video(png),
        { type: 'mystery', x: 1 } as unknown as CardModule,
        card.countdown('day', 1),
      ),
    ])
    expect(decodeCards(source)).toEqual([
      element(
        'card',
        { title: 'Title', color: '#aabbcc' },
        element('p', {}, segment.at('7'), ' ', element('b', {}, 'b')),
        element('image', { src: png, title: 'A' }),
        element('p', {}, element('p', {}, 'one'), element('p', {}, element('i', {}, 'two'))),
        element('p', {}, 'note', segment.image(png)),
        segment.image(png),
        segment.buttons(segment.button('y', 'Yes'), segment.linkButton('https://a.b', 'Open')),
        segment.file(png, { title: 'f' }),
        element('audio', {}),
        segment.video(png),
        element('raw:kook', { json: '{"type":"mystery","x":1}' }),
        element('raw:kook', { json: '{"type":"countdown","mode":"day","endTime":1}' }),
      ),
    ])
  })

  it('without a frame are what their author wrote', () => {
    const source = JSON.stringify([
      card.make(
        { theme: 'invisible' },
        card.section(card.kmarkdown('a')),
        card.section('b'),
        card.container(card.image(png)),
      ),
    ])
    expect(decodeCards(source)).toEqual([text('a\nb'), segment.image(png)])
  })

  it.each(['', '{}', '[1]', 'null', '[{"type":"card"', '"x"'])('are none: %s', (source) => {
    expect(decodeCards(source)).toBeUndefined()
  })

  it('never fail on what is inside', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.dictionary(fc.constantFrom('type', 'modules', 'text', 'elements', 'theme'), fc.jsonValue()),
        ),
        (cards) => {
          const modules = fc.sample(fc.jsonValue(), 3)
          expect(decodeCards(JSON.stringify([...cards, { type: 'card', modules }]))).toBeDefined()
        },
      ),
    )
  })

  it('never lead to files of this machine when they are sent on', () => {
    for (const src of ['file:///etc/passwd', '/etc/passwd', 'data:,x', 'HTTPS', 'ftp://a.b']) {
      const module = { type: 'mystery', elements: [{ type: 'image', src }] } as unknown as CardModule
      const decoded = decodeCards(JSON.stringify([card.make({}, module, card.container(card.image(src)))]))
      expect(refusal(() => planMessages(decoded ?? []))).toContain('not on the web')
      expect(findElement(decoded ?? [], 'image')?.attrs.src).toBeUndefined()
    }
  })

  it('can be sent on', () => {
    const source = JSON.stringify([
      card.make({}, card.header('T'), card.section('x'), card.countdown('day', Date.now() + 60_000)),
    ])
    const [draft] = planMessages(decodeCards(source) ?? [])
    expect(types(modulesOf({ content: readJson(draft?.attrs.content ?? '') }))).toEqual([
      'header',
      'section',
      'countdown',
    ])
  })
})
