import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCq, stringifyCq } from './cq-code.ts'
import { profiles } from './profiles.ts'
import type { Segment } from './wire.ts'

const text = (value: string): Segment => ({ type: 'text', data: { text: value } })
const segment = (type: string, data: Record<string, unknown> = {}): Segment => ({ type, data })

describe('reading a CQ string', () => {
  it.each<[string, Segment[]]>([
    ['', []],
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
    ['&lt;&#x5b;&unknown;', [text('&lt;&#x5b;&unknown;')]],
    ['&amp;#91;', [text('&#91;')]],
    ['a&#91;1&#93; &amp; b, c', [text('a[1] & b, c')]],
    ['a&#44;b', [text('a,b')]],
    ['[CQ:at,qq=1][CQ:at,qq', [segment('at', { qq: '1' }), text('[CQ:at,qq')]],
    ['[CQ:a,b][CQ:face,id=1]', [text('[CQ:a,b]'), segment('face', { id: '1' })]],
  ])('gives the documented result for %s', (input, expected) => {
    expect(parseCq(input)).toEqual(expected)
  })

  it('drops an unclosed code and keeps escaped commas in text as go-cqhttp does', () => {
    const { cq } = profiles['go-cqhttp']
    expect(parseCq('a&#44;b[CQ:at,qq=1', cq)).toEqual([text('a&#44;b')])
    expect(parseCq('[CQ:share,title=a&#44;b]', cq)).toEqual([segment('share', { title: 'a,b' })])
  })

  it.each(['[CQ:', '[', '[CQ:a,b=', '[CQ:a,', '[CQ:a,b]', '[CQ:a,b=1,', '[CQ:a'])(
    'takes linear time for a mebibyte of %s',
    (piece) => {
      const input = piece.repeat(Math.ceil(2 ** 20 / piece.length))
      const start = performance.now()
      for (const ending of ['', ']', ',x]']) parseCq(input + ending)
      expect(performance.now() - start).toBeLessThan(1000)
    },
  )
})

describe('writing a CQ string', () => {
  it.each<[Segment[], string]>([
    [[text('a[1] & b, c')], 'a&#91;1&#93; &amp; b, c'],
    [
      [segment('share', { url: 'http://e.x/?a=1&b=2', title: 'a[1],b&c' })],
      '[CQ:share,url=http://e.x/?a=1&amp;b=2,title=a&#91;1&#93;&#44;b&amp;c]',
    ],
    [
      [segment('record', { file: 'a', magic: true, cache: false, url: undefined, proxy: null })],
      '[CQ:record,file=a,magic=1,cache=0]',
    ],
    [[segment('json', { data: { a: [1, 2] } })], '[CQ:json,data={"a":&#91;1&#44;2&#93;}]'],
    [[segment('shake')], '[CQ:shake]'],
  ])('escapes %j', (segments, expected) => {
    expect(stringifyCq(segments)).toBe(expected)
  })
})

const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom('[', ']', ',', '&', ';', '=', '#', '\r', '\n', ':', 'C', 'Q', '🐦', '\u202e'),
    fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
  ),
})
const name = fc.string({ unit: fc.constantFrom('a', 'b', 'Z', '_', '-', '.', '0', '9'), minLength: 1 })
const anySegment = fc.oneof(
  anyText.filter((value) => value !== '').map(text),
  fc.record({
    type: name.filter((type) => type !== 'text'),
    data: fc.dictionary(name, anyText, { noNullPrototype: true }),
  }),
)

describe('a CQ string', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(fc.array(anySegment), (segments) => {
        expect(parseCq(stringifyCq(segments))).toEqual(merged(segments))
      }),
      { numRuns: 1000 },
    )
  })

  it('never makes a code out of text', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        expect(parseCq(stringifyCq([text(value)]))).toEqual(value === '' ? [] : [text(value)])
      }),
      { numRuns: 1000 },
    )
  })

  it('is read without throwing, whatever it is', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        expect(parseCq(value)).toBeInstanceOf(Array)
      }),
    )
  })
})

/** Neighbouring texts cannot be told apart once written. */
function merged(segments: readonly Segment[]): Segment[] {
  const result: Segment[] = []
  for (const part of segments) {
    const last = result.at(-1)
    if (part.type === 'text' && last?.type === 'text') {
      result[result.length - 1] = text(`${String(last.data['text'])}${String(part.data['text'])}`)
    } else {
      result.push(part)
    }
  }
  return result
}
