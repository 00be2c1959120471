import { readJson } from '@mynah/adapter-kit'
import { type Content, element, segment, toElements } from '@mynah/core'
import { describe, expect, it } from 'vitest'

import { card, cardMessage } from '../encode/card-makers.ts'
import type { Card, CardModule } from '../wire/card.ts'
import { planMessages } from './plan.ts'

const png = 'https://img.kookapp.cn/a.png'
const drafts = (...content: Content[]): { kind: number; content: unknown; quote?: string }[] =>
  planMessages(toElements(content)).map(({ attrs: { kind, content: source, ...rest } }) => ({
    kind,
    content: kind === 10 ? readJson(source) : source,
    ...rest,
  }))
const modulesOf = (draft: { content: unknown } | undefined): CardModule[] =>
  ((draft?.content ?? []) as Card[]).flatMap(({ modules }) => modules)
const types = (modules: readonly CardModule[]): string[] => modules.map(({ type }) => type)

describe('which message content becomes', () => {
  it('text is KMarkdown, a picture a picture, a video a video', () => {
    expect(drafts('a*b')).toEqual([{ kind: 9, content: String.raw`a\*b` }])
    expect(drafts('\n', segment.image(png), ' ')).toEqual([{ kind: 2, content: png }])
    expect(drafts(segment.video(png))).toEqual([{ kind: 3, content: png }])
  })

  it('audio, files and whatever is mixed are cards, in order', () => {
    const [audio] = drafts(segment.audio(png, { title: 'a.mp3' }))
    expect(audio).toEqual({
      kind: 10,
      content: [{ type: 'card', theme: 'invisible', modules: [{ type: 'audio', src: png, title: 'a.mp3' }] }],
    })
    const [mixed] = drafts(
      'a',
      segment.image(png),
      'b',
      segment.file(png),
      segment.video(png),
      segment.button('1', 'x'),
    )
    expect(types(modulesOf(mixed))).toEqual([
      'section',
      'container',
      'section',
      'file',
      'video',
      'action-group',
    ])
  })

  it.each([
    ['https://a.b/c/notes.txt?x=1', 'notes.txt'],
    ['https://a.b/%E7%8C%AB.mp3', '猫.mp3'],
    ['https://a.b/%E7%8', '%E7%8'],
    ['https://a.b/', 'file'],
    ['data:text/plain,hello', 'file'],
  ])('a file at %s is called %s', (src, title) => {
    const [sent] = drafts(segment.file(src))
    expect(modulesOf(sent)).toMatchObject([{ type: 'file', title }])
  })

  it('ten pictures are groups of 9 and 1, five buttons rows of 4 and 1', () => {
    const [pictures] = drafts(
      'look',
      Array.from({ length: 10 }, () => [segment.image(png), '\n']),
    )
    expect(modulesOf(pictures)).toMatchObject([
      { type: 'section' },
      { type: 'image-group', elements: { length: 9 } },
      { type: 'image-group', elements: { length: 1 } },
    ])
    const [buttons] = drafts(Array.from({ length: 5 }, (_, index) => segment.button(`${index}`, 'x')))
    expect(modulesOf(buttons)).toMatchObject([{ elements: { length: 4 } }, { elements: { length: 1 } }])
    const [rows] = drafts(
      segment.buttons(segment.button('1', 'a')),
      segment.buttons(segment.button('2', 'b')),
    )
    expect(modulesOf(rows)).toHaveLength(2)
  })

  it('what is too much for one message is several, and only the first quotes', () => {
    const quote = segment.quote('m1')
    expect(
      drafts(quote, 'x '.repeat(9000)).map(({ quote: id, content }) => [id, String(content).length <= 8000]),
    ).toEqual([
      ['m1', true],
      [undefined, true],
      [undefined, true],
    ])
    const modules = Array.from({ length: 120 }, (_, index) => [`text ${index}`, segment.file(png)])
    expect(drafts(quote, modules).map((draft) => [draft.quote, modulesOf(draft).length])).toEqual([
      ['m1', 50],
      [undefined, 50],
      [undefined, 50],
      [undefined, 50],
      [undefined, 40],
    ])
    const cards = Array.from({ length: 7 }, () => cardMessage(card.make({}, card.divider())))
    expect(drafts(cards).map(({ content }) => (content as Card[]).length)).toEqual([5, 2])
  })

  it('the content of one card is a list all the same', () => {
    expect(planMessages([cardMessage(card.make({}, card.divider()))])[0]?.attrs.content).toBe(
      '[{"type":"card","modules":[{"type":"divider"}]}]',
    )
    const bare = element('kook-cards', { content: '{"type":"card","modules":[]}' })
    expect(planMessages([bare])[0]?.attrs.content).toBe('[{"type":"card","modules":[]}]')
  })

  it('a template, a nonce and a recipient go with it', () => {
    const content = [
      element('kook-template', { id: 't1', input: '{"a":1}' }),
      element('kook-send', { temp: '77', nonce: 'n' }),
    ]
    expect(planMessages(content)[0]?.attrs).toEqual({
      kind: 9,
      content: '{"a":1}',
      template: 't1',
      temp: '77',
      nonce: 'n',
    })
  })

  it('nothing is nothing', () => {
    for (const empty of ['', '  \n ', [], null, segment.quote('m1'), element('b', {})])
      expect(drafts(empty)).toEqual([])
  })

  it('a card of the common vocabulary keeps its title, colour and link', () => {
    const [draft] = drafts(
      segment.card({ title: 'T', color: '#aabbcc', href: 'https://a.b' }, element('b', {}, 'x')),
    )
    expect(draft?.content).toEqual([
      {
        type: 'card',
        color: '#aabbcc',
        modules: [
          { type: 'header', text: { type: 'plain-text', content: 'T' } },
          { type: 'section', text: { type: 'kmarkdown', content: '**x**' } },
          { type: 'section', text: { type: 'kmarkdown', content: '[https://a.b](https://a.b)' } },
        ],
      },
    ])
  })

  it('coloured text is a card, because only cards show colours', () => {
    const [draft] = drafts('a ', element('b', {}, element('kook-font', { theme: 'pink' }, 'x')))
    expect(modulesOf(draft)).toEqual([
      { type: 'section', text: { type: 'kmarkdown', content: 'a **(font)x(font)[pink]**' } },
    ])
  })

  it('links and inputs are buttons too', () => {
    const [draft] = drafts(
      segment.linkButton('https://a.b', 'Open'),
      element('button', { type: 'input', text: '/help', theme: 'danger' }, 'Help'),
    )
    expect(modulesOf(draft)[0]).toMatchObject({
      elements: [
        { click: 'link', value: 'https://a.b', text: { content: 'Open' } },
        { click: 'return-val', value: '/help', theme: 'danger', text: { content: 'Help' } },
      ],
    })
  })
})
