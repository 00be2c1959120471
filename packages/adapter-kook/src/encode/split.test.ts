import { plainText, render } from '@mynah/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { decodeKMarkdown } from '../decode/kmarkdown.ts'
import { splitKMarkdown } from './split.ts'

describe('splitting', () => {
  it('cuts between lines, then words, then characters', () => {
    expect(splitKMarkdown('aaa\nbbb\nccc', 8)).toEqual(['aaa\nbbb', 'ccc'])
    expect(splitKMarkdown('aaa bbb ccc', 8)).toEqual(['aaa bbb ', 'ccc'])
    expect(splitKMarkdown('a'.repeat(20), 8)).toEqual(['aaaaaaaa', 'aaaaaaaa', 'aaaa'])
    expect(splitKMarkdown('short', 8)).toEqual(['short'])
    expect(splitKMarkdown('', 8)).toEqual([])
  })

  it('closes and opens a block of code that is cut', () => {
    const code = Array.from({ length: 10 }, (_, line) => `line ${line}`).join('\n')
    const parts = splitKMarkdown(`before\n\`\`\`ts\n${code}\n\`\`\`\nafter`, 48)
    expect(parts.length).toBeGreaterThan(2)
    for (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(48)
      expect(part.match(/```/g)?.length ?? 0).toBe(part.includes('line') ? 2 : 0)
    }
    expect(parts.join('\n').match(/line \d/g)).toHaveLength(10)
  })

  it.each([
    ['see: ', '\nafter'],
    ['a', 'b'],
    ['1. ', ' and `x`'],
    ['', ''],
  ])('closes and opens a block that stands between %j and %j on its lines', (before, after) => {
    const code = Array.from({ length: 10 }, (_, line) => `line ${line}`).join('\n')
    const parts = splitKMarkdown(`${before}\`\`\`ts\n${code}\n\`\`\`${after}`, 48)
    expect(parts.length).toBeGreaterThan(1)
    const elements = parts.flatMap((part) => decodeKMarkdown(part))
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(48)
    const blocks = elements.filter(({ type }) => type === 'pre')
    expect(blocks.map((block) => block.attrs['lang'])).toEqual(blocks.map(() => 'ts'))
    expect(blocks.map((block) => plainText([block])).join('\n')).toBe(code)
    const rest = elements.filter(({ type }) => type === 'text')
    expect(plainText(rest).trim()).toBe(`${before}${after}`.replace('`x`', '').trim())
  })

  it('cuts a block that nobody closes as text', () => {
    const parts = splitKMarkdown(`a \`\`\`ts ${'word '.repeat(20)}`, 48)
    expect(parts.join('')).toBe(`a \`\`\`ts ${'word '.repeat(20)}`)
  })

  it('cuts several blocks and what is between them, and all code stays code', () => {
    const piece = fc.oneof(
      fc.stringMatching(/^[a-z \n]{1,40}$/).map((words) => ({ words, isCode: false })),
      fc.stringMatching(/^[A-Z][A-Z \n]{0,80}$/).map((words) => ({ words, isCode: true })),
    )
    fc.assert(
      fc.property(fc.array(piece, { minLength: 3, maxLength: 12 }), (pieces) => {
        const source = pieces
          .map(({ words, isCode }) => (isCode ? `\`\`\`js\n${words}\n\`\`\`` : words))
          .join('')
        const letters = (value: string): string => value.replaceAll(/\s/g, '')
        const parts = splitKMarkdown(source, 60)
        for (const part of parts) expect(part.length).toBeLessThanOrEqual(60)
        const elements = parts.flatMap((part) => decodeKMarkdown(part))
        const of = (type: string): string => letters(plainText(elements.filter((node) => node.type === type)))
        expect(of('pre')).toBe(letters(pieces.map(({ words, isCode }) => (isCode ? words : '')).join('')))
        expect(of('text')).toBe(letters(pieces.map(({ words, isCode }) => (isCode ? '' : words)).join('')))
      }),
      { numRuns: 300 },
    )
  })

  const token = fc.oneof(
    fc.constantFrom(
      '\\*',
      '\\\\',
      '(met)2862900000(met)',
      '(emj)a(emj)[6/abc]',
      '[a](https://b.c/d)',
      '😀',
      ' ',
      '\n',
      '中',
    ),
    fc.stringMatching(/^[a-z]{1,30}$/),
  )

  it('never cuts an escape pair, a tag, a link or a surrogate pair, and loses nothing', () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 80 }), fc.integer({ min: 40, max: 120 }), (tokens, limit) => {
        const source = tokens.join('')
        const parts = splitKMarkdown(source, limit)
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(limit)
          expect(Buffer.from(part).toString()).toBe(part)
          expect(part.match(/\(met\)/g)?.length ?? 0).toSatisfy((count: number) => count % 2 === 0)
        }
        const words = (value: string): string => value.replaceAll(/\s+/g, '')
        expect(words(parts.join(''))).toBe(words(source))
        const shown = (value: string): string => words(render(decodeKMarkdown(value)))
        expect(parts.map(shown).join('')).toBe(shown(source))
      }),
      { numRuns: 300 },
    )
  })
})
