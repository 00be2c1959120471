import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCards } from '../src/world/cards.ts'
import { escapeKMarkdown, readKMarkdown, readLegacyText, type NameLookup } from '../src/world/kmarkdown.ts'

const names: NameLookup = {
  user: (id) => (id === '2862900000' ? 'demo-bot' : undefined),
  role: (id) => (id === 702 ? 'Admin' : undefined),
  channel: (id) => (id === '5823470000000001' ? 'lobby' : undefined),
}

describe('reading KMarkdown', () => {
  it.each([
    ['1:\\[ 2:\\] 3:\\` 4:\\-\\-', '1:[ 2:] 3:` 4:--'],
    ['1\\:2', '1:2'],
    ['x\\ny', 'x\\ny'],
    ['\\\\', '\\'],
    ['done\\!', 'done!'],
    ['\\(met\\)all\\(met\\)', '(met)all(met)'],
    ['(met)2862900000(met) /help', '@demo-bot /help'],
    ['(met)1(met)', '(met)1(met)'],
    ['*Hello World*', 'Hello World'],
    ['***a*** **b** ~~c~~', 'a b c'],
    ['a*b', 'a*b'],
    ['_a_ __b__', '_a_ __b__'],
    ['(ins)x(ins) (spl)y(spl) (font)z(font)[pink]', 'x y z'],
    ['(emj)party(emj)[601/abc.d]', ':party:'],
    ['[text](https://example.com)', 'text'],
    ['[text](ftp://example.com)', '[text](ftp://example.com)'],
    ['`(met)all(met)`', '(met)all(met)'],
    ['```js\nlet a = 1```', 'let a = 1'],
    ['> quoted', 'quoted'],
    ['(rol)702(rol) (rol)9(rol)', '@Admin (rol)9(rol)'],
    ['(chn)5823470000000001(chn)', '#lobby'],
    ['  spaces  ', 'spaces'],
  ])('shows %j as %j', (source, plain) => {
    expect(readKMarkdown(source, names).rawContent).toBe(plain)
  })

  it('gives back whatever was typed and escaped, and finds nobody in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
        const { rawContent, users, all } = readKMarkdown(escapeKMarkdown(typed), names)
        expect(rawContent).toBe(typed.trim())
        expect({ users, all }).toEqual({ users: [], all: false })
      }),
    )
  })

  it('never fails', () => {
    const markup = fc.constantFrom(
      '(met)',
      '(rol)',
      'all',
      '*',
      '`',
      '```',
      '\\',
      '[',
      '](https://x)',
      '> ',
      '\n',
      'a',
    )
    fc.assert(
      fc.property(fc.array(markup), (parts) => {
        expect(typeof readKMarkdown(parts.join(''), names).rawContent).toBe('string')
      }),
    )
  })

  it('finds the mentions of plain text messages', () => {
    expect(
      readLegacyText('@demo-bot#2862900000 @role:702; #channel:5823470000000001; @全体成员 @在线成员', names),
    ).toMatchObject({
      users: ['2862900000'],
      roles: [702],
      channels: ['5823470000000001'],
      all: true,
      here: true,
    })
  })
})

const now = 1_712_345_600_000
const rules = { now, isUsableMedia: (url: string) => url.startsWith('https://img.kookapp.cn/') }
const read = (cards: unknown) => readCards(JSON.stringify(cards), rules)
const inCard = (...modules: unknown[]): unknown => [{ type: 'card', modules }]
const image = (extra: { [key: string]: unknown } = {}): unknown => ({
  type: 'image',
  src: 'https://img.kookapp.cn/a.png',
  ...extra,
})
const button = (extra: { [key: string]: unknown } = {}): unknown => ({
  type: 'button',
  text: 'Yes',
  ...extra,
})
const kmd = (length: number): unknown => ({ type: 'kmarkdown', content: 'x'.repeat(length) })
const plain = (length: number): unknown => ({ type: 'plain-text', content: 'x'.repeat(length) })
const many = (count: number, item: unknown): unknown[] => Array.from({ length: count }, () => item)
const divider: unknown = { type: 'divider' }

describe('card messages', () => {
  it.each<[string, unknown]>([
    ['five cards', many(5, { type: 'card', modules: [] })],
    ['fifty modules over two cards', [...many(2, { type: 'card', modules: many(25, divider) })]],
    ['a colour', [{ type: 'card', color: '#aaaaaa', theme: 'none', size: 'sm', modules: [] }]],
    ['a header of 100', inCard({ type: 'header', text: plain(100) })],
    ['a header of a bare string', inCard({ type: 'header', text: 'Vote' })],
    ['kmarkdown of 5000', inCard({ type: 'section', text: kmd(5000) })],
    ['plain text of 2000', inCard({ type: 'section', text: plain(2000) })],
    ['an image on the left', inCard({ type: 'section', mode: 'left', text: 'a', accessory: image() })],
    ['no accessory, as an empty list', inCard({ type: 'section', text: 'a', accessory: [] })],
    [
      'a paragraph',
      inCard({ type: 'section', text: { type: 'paragraph', cols: 3, fields: many(50, kmd(1)) } }),
    ],
    ['nine images', inCard({ type: 'image-group', elements: many(9, image()) })],
    ['four buttons', inCard({ type: 'action-group', elements: many(4, button()) })],
    ['ten elements of context', inCard({ type: 'context', elements: [...many(9, kmd(1)), image()] })],
    [
      'a fallback picture',
      inCard({
        type: 'container',
        elements: [image({ src: 'https://x', fallbackUrl: 'https://img.kookapp.cn/b.png' })],
      }),
    ],
    ['an audio', inCard({ type: 'audio', src: 'https://img.kookapp.cn/a.wav', title: 'a', cover: '' })],
    ['a countdown', inCard({ type: 'countdown', mode: 'second', startTime: now, endTime: now + 1 })],
    ['an invite', inCard({ type: 'invite', code: 'abc' })],
    [
      'an invisible card',
      [
        {
          type: 'card',
          theme: 'invisible',
          modules: [
            { type: 'section', text: 'a' },
            { type: 'container', elements: [image()] },
          ],
        },
      ],
    ],
  ])('may hold %s', (_what, cards) => {
    expect(JSON.parse(read(cards).content)).toHaveLength(Array.isArray(cards) ? cards.length : 0)
  })

  it.each<[string, unknown, RegExp]>([
    ['an object', { type: 'card', modules: [] }, /JSON array/],
    ['no card', [], /no card/],
    ['six cards', many(6, { type: 'card', modules: [] }), /more than 5 cards/],
    ['51 modules', [...many(3, { type: 'card', modules: many(17, divider) })], /more than 50 modules/],
    ['another type', [{ type: 'deck', modules: [] }], /type "card"/],
    ['no modules', [{ type: 'card' }], /needs modules/],
    ['an unknown theme', [{ type: 'card', theme: 'dark', modules: [] }], /theme/],
    ['a named colour', [{ type: 'card', color: 'red', modules: [] }], /colour/],
    ['an odd size', [{ type: 'card', size: 'md', modules: [] }], /sm or lg/],
    ['an unknown module', inCard({ type: 'table' }), /unknown module table/],
    ['a header of 101', inCard({ type: 'header', text: plain(101) }), /100/],
    ['a header of kmarkdown', inCard({ type: 'header', text: kmd(1) }), /plain-text/],
    ['kmarkdown of 5001', inCard({ type: 'section', text: kmd(5001) }), /5000/],
    ['plain text of 2001', inCard({ type: 'section', text: plain(2001) }), /2000/],
    [
      'a button on the left',
      inCard({ type: 'section', mode: 'left', text: 'a', accessory: button() }),
      /right/,
    ],
    [
      'a divider as accessory',
      inCard({ type: 'section', text: 'a', accessory: divider }),
      /image or a button/,
    ],
    [
      'four columns',
      inCard({ type: 'section', text: { type: 'paragraph', cols: 4, fields: [] } }),
      /columns/,
    ],
    [
      '51 fields',
      inCard({ type: 'section', text: { type: 'paragraph', cols: 1, fields: many(51, kmd(1)) } }),
      /50 fields/,
    ],
    ['no image', inCard({ type: 'image-group', elements: [] }), /1 to 9/],
    ['ten images', inCard({ type: 'container', elements: many(10, image()) }), /1 to 9/],
    ['five buttons', inCard({ type: 'action-group', elements: many(5, button()) }), /1 to 4/],
    ['eleven elements of context', inCard({ type: 'context', elements: many(11, kmd(1)) }), /1 to 10/],
    ['a number as value', inCard({ type: 'action-group', elements: [button({ value: 1 })] }), /string/],
    ['a link to nowhere', inCard({ type: 'action-group', elements: [button({ click: 'link' })] }), /http/],
    ['an unlabelled button', inCard({ type: 'action-group', elements: [button({ text: '' })] }), /1 to 40/],
    ['a long label', inCard({ type: 'action-group', elements: [button({ text: plain(41) })] }), /1 to 40/],
    ['a long alt text', inCard({ type: 'container', elements: [image({ alt: 'x'.repeat(21) })] }), /alt/],
    ['a foreign picture', inCard({ type: 'container', elements: [image({ src: 'https://x' })] }), /resource/],
    ['a foreign file', inCard({ type: 'file', src: 'https://x' }), /resource/],
    ['a past countdown', inCard({ type: 'countdown', mode: 'day', endTime: now - 1 }), /ended/],
    [
      'a start without seconds',
      inCard({ type: 'countdown', mode: 'day', startTime: now, endTime: now + 9 }),
      /mode second/,
    ],
    [
      'a start after the end',
      inCard({ type: 'countdown', mode: 'second', startTime: now + 9, endTime: now + 1 }),
      /behind endTime/,
    ],
    [
      'an accessory where nothing is to be seen',
      [{ type: 'card', theme: 'invisible', modules: [{ type: 'section', text: 'a', accessory: image() }] }],
      /accessory/,
    ],
    [
      'an image-group where nothing is to be seen',
      [{ type: 'card', theme: 'invisible', modules: [{ type: 'image-group', elements: [image()] }] }],
      /image-group/,
    ],
  ])('may not hold %s', (_what, cards, why) => {
    expect(() => read(cards)).toThrow(why)
  })

  it('are delivered with every default filled in', () => {
    const { content, texts } = read(
      inCard({ type: 'section', text: 'Vote', accessory: button({ click: 'return-val', value: 'y' }) }),
    )
    const filled = { type: 'plain-text', emoji: true, elements: [] }
    expect(JSON.parse(content)).toEqual([
      {
        theme: 'primary',
        color: '',
        size: 'lg',
        expand: false,
        modules: [
          {
            type: 'section',
            mode: 'right',
            accessory: {
              type: 'button',
              theme: 'primary',
              value: 'y',
              click: 'return-val',
              text: { ...filled, content: 'Yes' },
            },
            text: { ...filled, content: 'Vote' },
            elements: [],
          },
        ],
        type: 'card',
      },
    ])
    expect(texts).toEqual([{ kind: 'plain', content: 'Vote' }])
  })
})
