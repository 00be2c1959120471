import { type Element, element, plainText, render, segment, text } from '@mynah/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { decodeKMarkdown } from '../decode/kmarkdown.ts'
import { encodeKMarkdown } from './kmarkdown.ts'
import { escapeKMarkdown, unescapeKMarkdown } from '../wire/kmarkdown.ts'

describe('escaping', () => {
  it.each([
    ['a*b', String.raw`a\*b`],
    ['(met)all(met)', String.raw`\(met\)all\(met\)`],
    ['[x](y)', String.raw`\[x\]\(y\)`],
    [String.raw`C:\dir`, String.raw`C\:\\dir`],
    [':smile:', String.raw`\:smile\:`],
    ['--gamma=1', String.raw`\-\-gamma=1`],
    ['> q', String.raw`\> q`],
    ['a_b #c {d}', 'a_b #c {d}'],
    ['~x~ `y`', '\\~x\\~ \\`y\\`'],
    ['a|b+c!.', 'a|b+c!.'],
  ])('%s is sent as %s', (plain, source) => {
    expect(encodeKMarkdown([text(plain)])).toBe(source)
  })

  it.each([
    ['1:\\[ 2:\\] 3:\\` 4:\\-\\-', '1:[ 2:] 3:` 4:--'],
    [String.raw`1\:2`, '1:2'],
    [String.raw`x\ny`, String.raw`x\ny`],
    [String.raw`\\`, '\\'],
    [String.raw`done\!`, 'done!'],
    [String.raw`\(met\)all\(met\)`, '(met)all(met)'],
    [String.raw`a\_b\#`, String.raw`a\_b\#`],
    ['\\', '\\'],
  ])('%s is read as %s', (source, plain) => {
    expect(decodeKMarkdown(source)).toEqual([text(plain)])
    expect(unescapeKMarkdown(source)).toBe(plain)
  })

  it('a mention in front leaves the text behind it', () => {
    expect(decodeKMarkdown('(met)2862900000(met) /help')).toEqual([segment.at('2862900000'), text(' /help')])
  })

  const plain = fc
    .string({
      unit: fc.constantFrom(...Array.from(' !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~abAB019\n中文，。！😀é')),
    })
    .filter((value) => !/https?:/i.test(value))

  it('a text comes back as it was', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(unescapeKMarkdown(escapeKMarkdown(value))).toBe(value)
        expect(decodeKMarkdown(encodeKMarkdown([text(value)]))).toEqual(value === '' ? [] : [text(value)])
      }),
      { numRuns: 500 },
    )
  })

  it('no text ever becomes a mention, a link or any other markup', () => {
    const hostile = fc.array(
      fc.constantFrom(
        '(met)all(met)',
        '(rol)1(rol)',
        '**',
        '`',
        '\\',
        '[a](https://b)',
        ':a:',
        ' ',
        'x',
        '\n',
        '(emj)a(emj)[b]',
      ),
    )
    fc.assert(
      fc.property(hostile, (parts) => {
        const decoded = decodeKMarkdown(encodeKMarkdown([text(parts.join(''))]))
        expect(decoded.every((node) => node.type === 'text')).toBe(true)
        expect(plainText(decoded)).toBe(parts.join(''))
      }),
      { numRuns: 500 },
    )
  })
})

describe('elements', () => {
  it.each<[string, Element, string]>([
    ['a user', segment.at('1'), '(met)1(met)'],
    ['everybody', segment.atAll(), '(met)all(met)'],
    ['who is online', element('at', { type: 'here' }), '(met)here(met)'],
    ['a role', segment.atRole('702'), '(rol)702(rol)'],
    ['a channel', segment.channel('5'), '(chn)5(chn)'],
    ['an emoji of a guild', segment.emoji('6/a.b', 'party'), '(emj)party(emj)[6/a.b]'],
    ['an emoji by name', segment.emoji('smile'), ':smile:'],
    ['a Unicode emoji', segment.emoji('📢'), '📢'],
    ['bold', element('b', {}, 'x*'), String.raw`**x\***`],
    ['italic', element('i', {}, 'x'), '*x*'],
    ['bold and italic', element('b', {}, element('i', {}, 'x')), '***x***'],
    ['struck', element('s', {}, 'x'), '~~x~~'],
    ['underlined', element('u', {}, 'x'), '(ins)x(ins)'],
    ['hidden', element('spoiler', {}, 'x'), '(spl)x(spl)'],
    ['blanks at the edges', element('b', {}, ' x '), ' **x** '],
    ['nothing', element('b', {}), ''],
    ['a coloured text', element('kook-font', { theme: 'pink' }, 'x'), '(font)x(font)[pink]'],
  ])('%s', (_what, node, source) => {
    expect(encodeKMarkdown([node])).toBe(source)
  })

  const ids = ['all', 'here', '1(met)(met)all(met)', '1 2', '', '-1', 'constructor', '1\n2']
  it.each(ids)('an id that is none stays a word, and mentions nobody: %j', (id) => {
    const elements = [
      segment.at(id),
      segment.atRole(id),
      segment.channel(id),
      segment.at(id, '(met)all(met)'),
    ]
    for (const node of elements) {
      const source = encodeKMarkdown([node])
      expect(decodeKMarkdown(source, { all: true, here: true }).every(({ type }) => type === 'text')).toBe(
        true,
      )
    }
    expect(encodeKMarkdown([segment.at(id, 'Tea')])).toBe('@Tea')
  })

  it('a role 0 would be everybody, and is a word', () => {
    expect(encodeKMarkdown([segment.atRole('0')])).toBe('@0')
  })

  it.each(['a(emj)[x]', 'party(met)all(met)', 'a\nb', '\\', ']'])(
    'an emoji is sent again with its name as it was: %j',
    (name) => {
      const emoji = segment.emoji('6/a.b', name)
      const shown = name.replaceAll(/\s+/g, ' ')
      expect(decodeKMarkdown(encodeKMarkdown([emoji]), { all: true })).toEqual([
        segment.emoji('6/a.b', shown),
      ])
    },
  )

  it.each(['6/a](met)all(met)', '6/a b', 'x/y', '6/', '[#1;]'])(
    'an emoji whose id is none is text: %j',
    (id) => {
      const decoded = decodeKMarkdown(encodeKMarkdown([segment.emoji(id, '(met)all(met)')]), { all: true })
      expect(decoded.every(({ type }) => type === 'text')).toBe(true)
    },
  )

  it('a language or a colour that is none is left out', () => {
    expect(encodeKMarkdown([element('pre', { lang: '`\n(met)all(met)' }, 'x')])).toBe('```\nx\n```')
    expect(encodeKMarkdown([element('kook-font', { theme: 'a](met)all(met)' }, 'x')])).toBe('x')
  })

  it('no text gets out of its code', () => {
    const hostile = fc.array(fc.constantFrom('`', '\\', '(met)all(met)', '**', 'x', '\n', ' '), {
      minLength: 1,
    })
    fc.assert(
      fc.property(hostile, fc.constantFrom('code', 'pre'), (parts, type) => {
        const node = element(type, {}, `x${parts.join('')}`)
        const decoded = decodeKMarkdown(encodeKMarkdown([node, text('(met)all(met)')]), { all: true })
        expect(decoded.map((one) => one.type)).toEqual([type, 'text'])
        expect(plainText(decoded.slice(0, 1))).toBe(`x${parts.join('')}`)
      }),
      { numRuns: 500 },
    )
  })

  it('inside code only backticks are escaped', () => {
    expect(encodeKMarkdown([element('code', {}, 'a*b`c')])).toBe('`a*b\\`c`')
    const block = element('pre', { lang: 'ts' }, 'let a = `*`\n')
    expect(encodeKMarkdown([block])).toBe('```ts\nlet a = \\`*\\`\n\n```')
    expect(decodeKMarkdown('```ts\nlet a = \\`*\\`\n```')).toEqual([
      element('pre', { lang: 'ts' }, 'let a = `*`'),
    ])
    expect(decodeKMarkdown('`a*b\\`c`')).toEqual([element('code', {}, 'a*b`c')])
  })

  it.each([
    ['see https://a.b/c_d!', 'see [https://a.b/c_d](https://a.b/c_d)!'],
    ['看https://a.b/c，好', '看[https://a.b/c](https://a.b/c)，好'],
    ['(https://a.b/(c))', String.raw`\([https://a.b/%28c%29](https://a.b/%28c%29)\)`],
    ['https://', String.raw`https\://`],
  ])('a bare URL becomes a link: %s', (plain, source) => {
    expect(encodeKMarkdown([text(plain)])).toBe(source)
  })

  it('a link keeps text and address apart', () => {
    expect(encodeKMarkdown([segment.link('https://a.b/?q=(1) 2', 'x]y')])).toBe(
      String.raw`[x\]y](https://a.b/?q=%281%29%202)`,
    )
    expect(encodeKMarkdown([segment.link('https://a.b', 'see https://c.d')])).toBe(
      String.raw`[see https\://c.d](https://a.b)`,
    )
    expect(encodeKMarkdown([segment.link('https://a.b')])).toBe('[https://a.b](https://a.b)')
    expect(decodeKMarkdown('[https://a.b](https://a.b)')).toEqual([text('https://a.b')])
    expect(decodeKMarkdown(String.raw`[x\]y](https://a.b)`)).toEqual([segment.link('https://a.b', 'x]y')])
    expect(decodeKMarkdown('[x](javascript:alert)')).toEqual([text('[x](javascript:alert)')])
  })

  it('markdown is source, and only it', () => {
    expect(
      encodeKMarkdown(
        [segment.markdown('(met)all(met)'), '(met)all(met)'].map((part) =>
          typeof part === 'string' ? text(part) : part,
        ),
      ),
    ).toBe(String.raw`(met)all(met)\(met\)all\(met\)`)
  })

  it.each([
    ['**a** b', '<b>a</b> b'],
    ['***a***', '<b><i>a</i></b>'],
    ['~~a~~ *b*', '<s>a</s> <i>b</i>'],
    ['2 * 3 * 4', '2 * 3 * 4'],
    ['**open', '**open'],
    [String.raw`**a\*\*b**`, '<b>a**b</b>'],
    ['(ins)a(ins)(spl)**b**(spl)', '<u>a</u><spoiler><b>b</b></spoiler>'],
    ['(ins)open', '(ins)open'],
    ['(font)a(font)[success]', '<kook-font theme="success">a</kook-font>'],
    ['(emj)party(emj)[6/a.b]', '<emoji id="6/a.b" name="party"/>'],
    ['a :smile: :12: 10:20:30', 'a <emoji id="smile"/> :12: 10:20:30'],
    ['(met)1(met)(met)2(met)', '<at id="1"/><at id="2"/>'],
    ['(met)(met)', '(met)(met)'],
    ['(met)1(/met)', '(met)1(/met)'],
    ['a\nb', 'a\nb'],
  ])('reads %s', (source, form) => {
    expect(render(decodeKMarkdown(source))).toBe(form)
  })

  it('mentions everybody only where the platform says so', () => {
    const source = '(met)all(met) (met)here(met)'
    expect(decodeKMarkdown(source)).toEqual([text(source)])
    expect(render(decodeKMarkdown(source, { all: true, here: false }))).toBe(
      '<at type="all"/> (met)here(met)',
    )
    expect(render(decodeKMarkdown(source, { here: true }))).toBe('(met)all(met) <at type="here"/>')
    expect(encodeKMarkdown(decodeKMarkdown(source))).toBe(String.raw`\(met\)all\(met\) \(met\)here\(met\)`)
  })

  it.each(['(rol)all(rol)', '(chn)here(chn)', '(met)a b(met)', '(met)1|2(met)', '(met)constructor(met)'])(
    'takes %s for text, which names nobody',
    (source) => {
      expect(decodeKMarkdown(source, { all: true, here: true })).toEqual([text(source)])
    },
  )

  it('names come from the parts, whose ids may be numbers', () => {
    const names = {
      mention_part: [{ id: 7, username: 'seven' }],
      mention_role_part: [{ role_id: '702', name: 'Admin' }],
      channel_part: [{ id: '5', name: 'lobby' }],
    }
    expect(render(decodeKMarkdown('(met)7(met)(rol)702(rol)(chn)5(chn)(met)8(met)', names))).toBe(
      '<at id="7" name="seven"/><at role="702" name="Admin"/><sharp id="5" name="lobby"/><at id="8"/>',
    )
  })

  it('reads anything without failing', () => {
    const piece = fc.constantFrom(
      '*',
      '**',
      '~~',
      '`',
      '```',
      '(ins)',
      '(spl)',
      '(met)',
      '(font)',
      '[',
      '](',
      ')',
      '\\',
      'a',
      ' ',
      '\n',
      ':a:',
      'https://a',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 200 }), (parts) => {
        expect(Array.isArray(decodeKMarkdown(parts.join('')))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('what is written is read back as it was', () => {
    const leaf = fc.oneof(
      fc.stringMatching(/^[a-z*_()[\]:\\~` ]{1,12}$/).map((value) => text(`x${value}x`)),
      fc.stringMatching(/^[1-9]\d{4,19}$/).map((id) => segment.at(id)),
      fc.constant(segment.atAll()),
      fc.stringMatching(/^[1-9]\d{3,9}$/).map((id) => segment.atRole(id)),
      fc.stringMatching(/^[1-9]\d{4,19}$/).map((id) => segment.channel(id)),
    )
    const marked = fc
      .tuple(fc.constantFrom('b', 'u', 's', 'spoiler', 'i'), fc.array(leaf, { minLength: 1, maxLength: 3 }))
      .map(([type, children]) => element(type, {}, 'x', children, 'x'))
    const message = fc.array(fc.oneof(leaf, marked), { maxLength: 5 }).map(
      (nodes) =>
        element(
          'p',
          {},
          nodes.flatMap((node) => [node, text(' ')]),
        ).children,
    )
    fc.assert(
      fc.property(message, (elements) => {
        expect(decodeKMarkdown(encodeKMarkdown(elements), { all: true })).toEqual(elements)
      }),
      { numRuns: 300 },
    )
  })
})
