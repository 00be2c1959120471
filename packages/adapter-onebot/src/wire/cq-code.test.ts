import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { Segment } from './segment.ts'
import { expectLinear } from '@mynah/core/testing'
import { escapeCqText, escapeCqValue, parseCq, stringifyCq, unescapeCq } from './cq-code.ts'

const text = (value: string): Segment => ({ type: 'text', data: { text: value } })
const segment = (type: string, data: Record<string, unknown> = {}): Segment => ({ type, data })

/** Characters that matter to the format, and some that must not. */
const trickyText = fc.string({
  unit: fc.constantFrom(
    '&',
    '[',
    ']',
    ',',
    '=',
    'C',
    'Q',
    ':',
    ';',
    '#',
    '9',
    '1',
    'amp',
    '😀',
    '\r',
    '\n',
    ' ',
    '\u200d',
    'ا',
  ),
})

describe('escaping', () => {
  it('escapes only &, [ and ] in text; commas stay', () => {
    expect(escapeCqText('a[1] & b, c')).toBe('a&#91;1&#93; &amp; b, c')
  })

  it('escapes &, [, ] and the comma in values', () => {
    expect(escapeCqValue('a[1],b&c=d')).toBe('a&#91;1&#93;&#44;b&amp;c=d')
  })

  it('keeps an escaped entity an entity', () => {
    expect(unescapeCq('&amp;#91;')).toBe('&#91;')
  })

  it.each(['&lt;', '&#x5b;', '&unknown;', '&', '&&amp', '\u{1F468}\u200d\u{1F469}', '\u202eRTL'])(
    'leaves %j alone',
    (value) => {
      expect(unescapeCq(value)).toBe(value)
    },
  )

  it('gives every text back', () => {
    fc.assert(
      fc.property(fc.oneof(trickyText, fc.string({ unit: 'binary' })), (value) => {
        expect(unescapeCq(escapeCqText(value))).toBe(value)
        expect(unescapeCq(escapeCqValue(value))).toBe(value)
        expect(parseCq(escapeCqText(value))).toEqual(value === '' ? [] : [text(value)])
      }),
      { numRuns: 1000 },
    )
  })

  it('never lets a text become a code', () => {
    fc.assert(
      fc.property(trickyText, (value) => {
        const source = stringifyCq([text(`[CQ:at,qq=all]${value}`)])
        expect(parseCq(source).every(({ type }) => type === 'text')).toBe(true)
      }),
    )
  })
})

describe('parsing', () => {
  it.each<[string, Segment[]]>([
    ['[CQ:shake]', [segment('shake')]],
    ['[CQ:image,file=]', [segment('image', { file: '' })]],
    ['[CQ:at,qq=1,qq=2]', [segment('at', { qq: '2' })]],
    ['[CQ:json,data={"a":1&#44;"b":"x"}]', [segment('json', { data: '{"a":1,"b":"x"}' })]],
    ['[CQ:share,url=http://e.x/?a=1,title=t]', [segment('share', { url: 'http://e.x/?a=1', title: 't' })]],
    ['[CQ:hologram,x=1]', [segment('hologram', { x: '1' })]],
    ['[CQ:at,qq=all[CQ:face,id=1]]', [segment('at', { qq: 'all[CQ:face', id: '1' }), text(']')]],
    ['[CQ:at,qq=1', [text('[CQ:at,qq=1')]],
    ['[CQ:at,qq]', [text('[CQ:at,qq]')]],
    ['[CQ:,a=b]', [text('[CQ:,a=b]')]],
    ['[CQ:]', [text('[CQ:]')]],
    ['[CQ:at,qq=1,]', [segment('at', { qq: '1' })]],
    ['[cq:at,qq=1]', [text('[cq:at,qq=1]')]],
    ['[CQ：at]', [text('[CQ：at]')]],
    [' [CQ:at,qq=1] ', [text(' '), segment('at', { qq: '1' }), text(' ')]],
    ['[CQ:at,qq[CQ:face,id=1]', [text('[CQ:at,qq'), segment('face', { id: '1' })]],
    ['[CQ:a b][CQ:face,id=1]x', [text('[CQ:a b]'), segment('face', { id: '1' }), text('x')]],
    ['a&#44;b', [text('a,b')]],
    ['', []],
  ])('reads %j', (source, expected) => {
    expect(parseCq(source)).toEqual(expected)
  })

  it('takes the example of the documents both ways', () => {
    const share = segment('share', { url: 'http://e.x/?a=1&b=2', title: 'a[1],b&c' })
    const source = '[CQ:share,url=http://e.x/?a=1&amp;b=2,title=a&#91;1&#93;&#44;b&amp;c]'
    expect(stringifyCq([share])).toBe(source)
    expect(parseCq(source)).toEqual([share])
  })

  it('gives every message back', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,8}$/)
    const anySegment = fc.oneof(
      trickyText.filter((value) => value !== '').map(text),
      fc.record({
        type: name.filter((type) => type !== 'text'),
        data: fc.dictionary(name, trickyText, { noNullPrototype: true }),
      }),
    )
    fc.assert(
      fc.property(fc.array(anySegment), (message) => {
        const joined = message.reduce<Segment[]>((list, next) => {
          const last = list.at(-1)
          if (last?.type !== 'text' || next.type !== 'text') return [...list, next]
          return [...list.slice(0, -1), text(`${String(last.data['text'])}${String(next.data['text'])}`)]
        }, [])
        expect(parseCq(stringifyCq(message))).toEqual(joined)
      }),
    )
  })

  it('never writes a name that would be a code of its own', () => {
    const source = stringifyCq([
      segment('at,qq=all][CQ:at', { qq: 'all' }),
      segment('face', { 'id=1][CQ:at,qq': 'all', id: '5' }),
    ])
    expect(parseCq(source).filter(({ type }) => type !== 'text')).toEqual([segment('face', { id: '5' })])
  })

  it('writes booleans as 0 and 1, objects as JSON, and leaves out what is not there', () => {
    const data = { cache: true, magic: false, raw: { a: [1] }, none: null, missing: undefined }
    expect(stringifyCq([segment('record', data)])).toBe('[CQ:record,cache=1,magic=0,raw={"a":&#91;1&#93;}]')
  })

  it.each([
    ['[CQ:', '[CQ:'],
    ['opening brackets', '['],
    ['codes without an end', '[CQ:a,k=v'],
    ['codes', '[CQ:a]'],
    ['codes with a bad parameter', '[CQ:a,k]'],
    ['commas', '[CQ:a,,'],
    ['entities', '&amp;'],
    ['halves of entities', '&#9'],
    ['names without an end', '[CQ:aaaaaaaaaaaaaaaa'],
    ['equals signs', '[CQ:a,k===='],
  ])('reads %s in linear time', (_, unit) => {
    const worst = (length: number): string => unit.repeat(Math.ceil(length / unit.length))
    expectLinear(worst, parseCq)
    expectLinear((length) => `${worst(length)},x]`, parseCq)
    expectLinear(worst, (value) => stringifyCq([text(value)]))
  })
})
