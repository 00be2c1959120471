import { describe, expect, it } from 'vitest'
import { decodeForumContent } from './rich-text.ts'

describe('rich text', () => {
  it('keeps links, pictures and films', () => {
    const elems = [
      { type: 4, url: { url: 'https://example.invalid', desc: 'here' } },
      { type: 2, image: { plat_image: { url: 'example.invalid/i.png' } } },
      { type: 3, video: { third_url: 'https://example.invalid/v.mp4' } },
    ]
    const content = decodeForumContent(JSON.stringify({ paragraphs: [{ elems, props: {} }] }))
    expect(content.map(({ type, attrs }) => [type, attrs['src'] ?? attrs['href']])).toEqual([
      ['a', 'https://example.invalid'],
      ['image', 'https://example.invalid/i.png'],
      ['video', 'https://example.invalid/v.mp4'],
    ])
    expect(decodeForumContent('{not json')).toEqual([
      { type: 'text', attrs: { content: '{not json' }, children: [] },
    ])
  })
})
