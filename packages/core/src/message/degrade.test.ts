import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { degrade } from './degrade.ts'
import {
  type Content,
  type Element,
  element,
  plainText,
  text,
  toElements,
  standardElements,
} from './element.ts'
import { file } from './local-file.ts'
import { type Fence, fenceAfter, markdownToText } from './markdown.ts'
import { parse } from './parse.ts'
import { render } from './render.ts'
import { segment } from './segment.ts'
import { split } from './split.ts'

const shows = (...elements: string[]): { elements: string[] } => ({ elements })

describe('degrade', () => {
  it.each<[string, Content, string]>([
    ['a mention', segment.at('1', 'Lin'), '@Lin'],
    ['a mention of all', segment.atAll(), '@all'],
    ['a channel', segment.channel('7', 'lobby'), '#lobby'],
    ['a link', segment.link('https://a.example', 'here'), 'here (https://a.example)'],
    ['an image with an address', segment.image('https://a.example/1.png'), '[image] https://a.example/1.png'],
    ['an image without one', segment.image(new Uint8Array([1])), '[image]'],
    ['a named file', segment.file(file('/tmp/a.txt'), { title: 'a.txt' }), '[file: a.txt]'],
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
      'Lin: hi\nBo: yo',
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
    ['> > ## both', 'both'],
    ['***both*** **a `*b*` c**', 'both a *b* c'],
    ['2 ** 3 ** 4 and a*b*c and snake_case__name', '2 ** 3 ** 4 and a*b*c and snake_case__name'],
    ['**open and ~~gone~~', '**open and gone'],
    [String.raw`\*not slanted\* C:\dir`, String.raw`*not slanted* C:\dir`],
    [
      '[a](https://a.example "title") [b]( x) [c](not a link)',
      'a (https://a.example) [b]( x) [c](not a link)',
    ],
    [
      '[![badge](https://b.example/1.svg)](https://b.example)',
      '[image: badge] https://b.example/1.svg (https://b.example)',
    ],
    ['[wiki](https://w.example/a_(b)) [[x](y)', 'wiki (https://w.example/a_(b)) [x (y)'],
    ['``a`b`` `open', 'a`b `open'],
    ['~~~\n# **kept** [a](b)\n~~~\n# not', '# **kept** [a](b)\nnot'],
    ['````md\n```ts\n```\n````\nend', '```ts\n```\nend'],
  ])('reads %j', (source, expected) => {
    expect(markdownToText(source)).toBe(expected)
  })
})

/** What platforms of today can show. */
const tables = {
  'text only': shows(),
  'text and images': shows('at', 'image'),
  'Markdown and buttons': shows('at', 'image', 'markdown', 'button', 'button-group', 'a', 'b'),
}

const samples = {
  text: text('hi'),
  at: segment.at('1', 'Lin'),
  sharp: segment.channel('7', 'lobby'),
  emoji: segment.emoji('14', 'smile'),
  a: segment.link('https://a.example', 'here'),
  image: segment.image('https://a.example/1.png', { title: 'cat' }),
  audio: segment.audio('https://a.example/1.mp3'),
  video: segment.video('data:video/mp4;base64,AA=='),
  file: segment.file('https://a.example/a.pdf', { title: 'a.pdf' }),
  b: element('b', {}, 'bold'),
  i: element('i', {}, 'slanted'),
  u: element('u', {}, 'under'),
  s: element('s', {}, 'gone'),
  spoiler: element('spoiler', {}, 'the butler'),
  code: element('code', {}, 'let a'),
  pre: element('pre', { lang: 'ts' }, 'let a\nlet b'),
  br: element('br', {}),
  p: element('p', {}, 'a paragraph'),
  quote: element('quote', { id: '5' }, 'said\nbefore'),
  markdown: segment.markdown('**strong** words'),
  button: segment.button('t', 'Tea'),
  'button-group': segment.buttons(
    segment.button('t', 'Tea'),
    segment.linkButton('https://b.example', 'Shop'),
  ),
  card: segment.card({ title: 'News', href: 'https://n.example' }, segment.image('https://a.example/1.png')),
  message: segment.forward(segment.message({ name: 'Lin' }, 'hi'), segment.message({ id: '2' }, 'yo')),
  author: element('author', { name: 'Lin' }),
  location: segment.location({ latitude: 1.5, longitude: 2, address: 'Main Street' }),
  'raw:kook': element('raw:kook', { data: '{}' }),
  shout: element('shout', {}, segment.at('1', 'Lin'), '!'),
}

/** What each becomes between other words; where a platform shows it, it stays. */
const words: { readonly [K in keyof typeof samples]: string } = {
  text: 'x hi y',
  at: 'x @Lin y',
  sharp: 'x #lobby y',
  emoji: 'x [smile] y',
  a: 'x here (https://a.example) y',
  image: 'x [image: cat] https://a.example/1.png y',
  audio: 'x [audio] https://a.example/1.mp3 y',
  video: 'x [video] y',
  file: 'x [file: a.pdf] https://a.example/a.pdf y',
  b: 'x bold y',
  i: 'x slanted y',
  u: 'x under y',
  s: 'x gone y',
  spoiler: 'x the butler y',
  code: 'x let a y',
  pre: 'x \nlet a\nlet b\n y',
  br: 'x \n y',
  p: 'x \na paragraph\n y',
  quote: 'x \n> said\n> before\n y',
  markdown: 'x strong words y',
  button: 'x \n1. Tea\n y',
  'button-group': 'x \n1. Tea\nShop: https://b.example\n y',
  card: 'x \n【News】\n[image] https://a.example/1.png\nhttps://n.example\n y',
  message: 'x \nLin: hi\n2: yo\n y',
  author: 'x Lin:  y',
  location: 'x [Main Street] 1.5,2 y',
  'raw:kook': 'x [raw:kook] y',
  shout: 'x @Lin! y',
}

it('knows what becomes of each standard element', () => {
  expect(Object.keys(samples)).toEqual(expect.arrayContaining([...standardElements]))
})

describe.each(Object.entries(tables))('a platform that shows %s', (_, support) => {
  it.each(Object.keys(samples))('gets every %s in words, or as it is', (name) => {
    const sample = samples[name as keyof typeof samples]
    const result = degrade(toElements(['x ', sample, ' y']), support)
    const unknown = new Set<string>()
    const note = (nodes: readonly Element[]): void => {
      for (const node of nodes) {
        if (node.type !== 'text' && !support.elements.includes(node.type)) unknown.add(node.type)
        note(node.children)
      }
    }
    note(result)
    expect([...unknown]).toEqual([])
    const expected = support.elements.includes(name) ? render(['x ', sample, ' y']) : undefined
    const onlyText = plainText(degrade(result, tables['text only']))
    expect(expected ?? onlyText).toBe(
      expected === undefined ? words[name as keyof typeof words] : render(result),
    )
  })
})

describe('any message in text form', () => {
  it('can be degraded for any platform: without an error, and never to nothing', () => {
    const name = fc.constantFrom(...Object.keys(samples).filter((type) => type !== 'text'))
    const attribute = fc.constantFrom(
      '',
      ' id="1"',
      ' src',
      ' src=x',
      ' content',
      ' href={5}',
      ' latitude="?"',
    )
    const node = fc
      .tuple(name, attribute, fc.constantFrom('', 'words', '<b>x</b>', '<button/>', '<image/>'))
      .map(([type, attrs, inside]) => `<${type}${attrs}>${inside}</${type}>`)
    fc.assert(
      fc.property(
        fc.array(node, { minLength: 1 }),
        fc.constantFrom(...Object.values(tables)),
        (nodes, support) => {
          const result = degrade(parse(nodes.join('')), support)
          const silent =
            /^(<(b|i|u|s|spoiler|code|pre|p|a|quote|markdown|button-group|card|message|shout)( [^>]*)?><\/\2>)+$/
          expect(result.length > 0 || silent.test(nodes.join(''))).toBe(true)
        },
      ),
      { numRuns: 2000 },
    )
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

  it('goes on with styles and links in the next part, and leaves other elements whole', () => {
    const parts = split(
      [
        element('b', {}, 'one two ', element('i', {}, 'three four')),
        segment.card({}, 'a card with many words'),
      ],
      10,
    )
    expect(parts).toEqual([
      [element('b', {}, 'one two ')],
      [element('b', {}, element('i', {}, 'three four'))],
      [segment.card({}, 'a card with many words')],
    ])
  })

  it('cuts Markdown too', () => {
    expect(split([segment.markdown('# Title\nwords')], 9)).toEqual([
      [segment.markdown('# Title\n')],
      [segment.markdown('words')],
    ])
  })

  it('closes a block of code that is cut, and opens it again', () => {
    const source = `# T\n\`\`\`js\n${'let x = 1\n'.repeat(12)}\`\`\`\nend`
    const parts = split([segment.markdown(source)], 60).map((part) => String(part[0]?.attrs['content']))
    expect(parts).toEqual([
      `# T\n\`\`\`js\n${'let x = 1\n'.repeat(4)}\`\`\``,
      `\`\`\`js\n${'let x = 1\n'.repeat(5)}\`\`\``,
      `\`\`\`js\n${'let x = 1\n'.repeat(3)}\`\`\`\nend`,
    ])
  })

  it('leaves no block of code open, and loses no line, whatever Markdown it cuts', () => {
    const line = fc.constantFrom('```js', '```', '~~~~', 'let x = 1', 'some more words', '  return x', '')
    const size = ({ attrs }: Element): string => String(attrs['content'])
    const words = (source: string): string =>
      source.replaceAll(/^(?:```(?:js)?|~~~~)$/gm, '').replaceAll(/\s/g, '')
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), fc.integer({ min: 24, max: 80 }), (lines, limit) => {
        const parts = split([segment.markdown(lines.join('\n'))], limit).map(
          ([node]) => (node && size(node)) || '',
        )
        for (const part of parts.slice(0, -1)) {
          let fence: Fence | undefined
          for (const one of part.split('\n')) fence = fenceAfter(one, fence)
          expect(fence).toBeUndefined()
        }
        for (const part of parts) expect(part.length).toBeLessThanOrEqual(limit)
        expect(words(parts.join('\n'))).toBe(words(lines.join('\n')))
      }),
      { numRuns: 5000 },
    )
  })

  it('does not leave an empty style behind, and finds room for what cannot be cut', () => {
    const card = segment.card({}, 'a card with many words')
    expect(
      split(
        [element('b', {}, 'one two', card), 'end'].flatMap((one) => toElements(one)),
        10,
      ),
    ).toEqual([[element('b', {}, 'one two')], [element('b', {}, card)], [text('end')]])
  })

  it.each([
    ['a family', '👨‍👩‍👧‍👦', 12],
    ['a flag', '🇨🇳', 6],
    ['a letter with marks', 'ẹ̈', 4],
    ['a skin tone', '👍🏽', 5],
    ['a Windows line break', '\r\n', 3],
    ['a Hangul syllable in parts', '각', 4],
  ])('does not cut %s', (_, character, limit) => {
    const content = character.repeat(40)
    const parts = split(toElements(content), limit).map(plainText)
    expect(parts.join('')).toBe(content)
    for (const part of parts) expect(part).toBe(character.repeat(part.length / character.length))
  })

  it('gets through a character that is longer than the limit', () => {
    const content = `a${'\u0301'.repeat(50)}`
    const parts = split(toElements(content), 10).map(plainText)
    expect(parts.join('')).toBe(content)
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(10)
  })

  it('takes time linear to the length of the text', () => {
    const start = performance.now()
    expect(split(toElements('好'.repeat(1_000_000)), 100)).toHaveLength(10_000)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})
