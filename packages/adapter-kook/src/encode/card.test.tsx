import { type Content, element, findElement, MynahError, segment, text, toElements } from '@mynah/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { card, cardMessage } from './card-makers.ts'
import { decodeCards } from '../decode/card.ts'
import type { Card, CardModule } from '../wire/card.ts'
import { parseJson } from '../wire/read.ts'
import { cardLimits, checkCards } from './check-cards.ts'
import { maxContentLength, planMessages } from '../send/plan.ts'

const png = 'https://img.kookapp.cn/a.png'
const drafts = (...content: Content[]): { kind: number; content: unknown; quote?: string }[] =>
  planMessages(toElements(content)).map(({ attrs: { kind, content: source, ...rest } }) => ({
    kind,
    content: kind === 10 ? parseJson(source) : source,
    ...rest,
  }))
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

describe('cards as markup', () => {
  it('has every part of a card', () => {
    const end = Date.now() + 60_000
    const content = (
      <kook-card theme="info" size="lg">
        <kook-header>Vote *now*</kook-header>
        <kook-section mode="right">
          Hello <at id="7" />, <kook-font theme="pink">pick</kook-font>
          <button id="vote:yes">Yes</button>
        </kook-section>
        <kook-section>
          <kook-paragraph cols={2}>
            <kook-field>
              <b>a</b>
            </kook-field>
            <kook-field>b</kook-field>
          </kook-paragraph>
        </kook-section>
        <kook-divider />
        <kook-image-group>
          <kook-image src={png} alt="x" circle fallback={png} />
          <image src={png} />
        </kook-image-group>
        <kook-container>
          <image src={png} />
        </kook-container>
        <kook-context>
          small <image src={png} /> print
        </kook-context>
        <kook-countdown mode="second" end={end} />
        <kook-invite code="abc" />
        <button-group>
          <button id="a">A</button>
        </button-group>
      </kook-card>
    )
    const [draft] = drafts(content)
    expect(draft?.content).toEqual([
      {
        type: 'card',
        theme: 'info',
        size: 'lg',
        modules: [
          { type: 'header', text: { type: 'plain-text', content: 'Vote *now*' } },
          {
            type: 'section',
            mode: 'right',
            text: { type: 'kmarkdown', content: 'Hello (met)7(met), (font)pick(font)[pink]' },
            accessory: {
              type: 'button',
              theme: 'primary',
              click: 'return-val',
              value: 'vote:yes',
              text: { type: 'plain-text', content: 'Yes' },
            },
          },
          {
            type: 'section',
            text: {
              type: 'paragraph',
              cols: 2,
              fields: [
                { type: 'kmarkdown', content: '**a**' },
                { type: 'kmarkdown', content: 'b' },
              ],
            },
          },
          { type: 'divider' },
          {
            type: 'image-group',
            elements: [
              { type: 'image', src: png, alt: 'x', circle: true, fallbackUrl: png },
              { type: 'image', src: png },
            ],
          },
          { type: 'container', elements: [{ type: 'image', src: png }] },
          {
            type: 'context',
            elements: [
              { type: 'kmarkdown', content: 'small' },
              { type: 'image', src: png },
              { type: 'kmarkdown', content: 'print' },
            ],
          },
          { type: 'countdown', mode: 'second', endTime: end },
          { type: 'invite', code: 'abc' },
          {
            type: 'action-group',
            elements: [
              {
                type: 'button',
                theme: 'primary',
                click: 'return-val',
                value: 'a',
                text: { type: 'plain-text', content: 'A' },
              },
            ],
          },
        ],
      },
    ])
  })

  it('is refused with the path when a part is too long', () => {
    const content = (
      <>
        <kook-card>
          <kook-divider />
        </kook-card>
        <kook-card>
          <kook-header>{'x'.repeat(101)}</kook-header>
        </kook-card>
      </>
    )
    expect(refusal(() => drafts(content))).toContain(
      'cards[1].modules[0].text has 101 characters; KOOK takes at most 100.',
    )
  })
})

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
    expect(types(modulesOf({ content: parseJson(draft?.attrs.content ?? '') }))).toEqual([
      'header',
      'section',
      'countdown',
    ])
  })
})
