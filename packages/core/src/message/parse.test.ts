import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { type AttributeValue, type Element, element, plainText, text, toElements } from './element.ts'
import { file } from './local-file.ts'
import { parse } from './parse.ts'
import { render } from './render.ts'
import { segment } from './segment.ts'

const name = fc.stringMatching(/^[a-zA-Z][\w:.-]{0,6}$/).filter((value) => value !== 'text')
const value: fc.Arbitrary<AttributeValue> = fc.oneof(fc.string(), fc.boolean(), fc.double(), fc.integer())
const key = fc.stringMatching(/^[a-zA-Z][\w:.-]{0,5}$/).filter((name) => name !== 'path')
const attrs = fc.dictionary(key, value, { noNullPrototype: true })

const tree: fc.Arbitrary<Element> = fc.letrec<{ node: Element; children: Element[] }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string({ minLength: 1, unit: 'binary' }).map(text),
    fc
      .tuple(name, attrs, tie('children'))
      .map(([type, attributes, children]) => element(type, attributes, children)),
  ),
  children: fc.array(tie('node'), { maxLength: 4 }),
})).node

describe('parse', () => {
  it('never names a file of this machine', () => {
    const written = render([segment.image(file('/etc/hostname'), { title: 'x' })])
    expect(written).toContain('/etc/hostname')
    expect(parse(written)).toEqual([element('image', { title: 'x' })])
  })

  it('gives back exactly what was rendered', () => {
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 5 }), (nodes) => {
        const elements = toElements(nodes)
        expect(parse(render(elements))).toEqual(elements)
      }),
      { numRuns: 10_000 },
    )
  })

  it('reads any text back that was rendered as text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (content) => {
        expect(plainText(parse(render(content)))).toBe(content)
      }),
      { numRuns: 10_000 },
    )
  })

  it('never throws and loses no text on garbage', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[<>/="'{}a-z &;]*$/), (source) => {
        expect(parse(render(parse(source)))).toEqual(parse(source))
      }),
      { numRuns: 10_000 },
    )
  })

  it.each([
    ['<at id="1"/> hi', [element('at', { id: '1' }), text(' hi')]],
    ["<at id='a&quot;b'/>", [element('at', { id: 'a"b' })]],
    ['<image src=x width={5} hidden/>', [element('image', { src: 'x', width: 5, hidden: true })]],
    ['<b>bold <i>both</i></b>', [element('b', {}, 'bold ', element('i', {}, 'both'))]],
    ['1 < 2 &amp; 3 > 2', [text('1 < 2 & 3 > 2')]],
    ['</b> alone', [text('</b> alone')]],
    ['<b>never closed', [element('b', {}, 'never closed')]],
    ['<b><i>crossed</b>', [element('b', {}, element('i', {}, 'crossed'))]],
    ['&#20320;&#x597d;&unknown;', [text('你好&unknown;')]],
  ])('reads %s', (source, expected) => {
    expect(parse(source)).toEqual(expected)
  })

  it('reads hostile input in time linear to its length', () => {
    const cost = (source: string): number => {
      const start = performance.now()
      parse(source)
      return performance.now() - start
    }
    expect(cost('<b>'.repeat(50_000) + '</i>'.repeat(50_000))).toBeLessThan(1000)
    for (const unit of ['<', '<a ', '<a b="', '<b>', '</b>', '<a b c ', '&#', '{<"']) {
      expect(cost(unit.repeat(100_000)), unit).toBeLessThan(1000)
    }
  })
})
