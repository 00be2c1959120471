import { degrade, element, parse, segment, text } from '@mynah/core'
import { describe, expect, it } from 'vitest'

import { encodeMessage, support } from './segments.ts'

const source = ({ attrs }: { attrs: Readonly<Record<string, unknown>> }): string => String(attrs['src'])
const encode = (...elements: Parameters<typeof encodeMessage>[0]) => encodeMessage(elements, source)

describe('a message on its way out', () => {
  it('has the quote first, and one of them', () => {
    expect(encode(text('a'), segment.quote('5'), segment.quote('6'))).toEqual([
      { type: 'reply', data: { id: '5' } },
      { type: 'text', data: { text: 'a' } },
    ])
  })

  it.each(['', '0', undefined])('drops a quote of %j', (id) => {
    expect(encode(element('quote', { id }), text('a'))).toEqual([{ type: 'text', data: { text: 'a' } }])
  })

  it('puts a blank between a mention and the words behind it', () => {
    expect(encode(segment.at('5'), text('hi'), segment.at('6'), text(' there'))).toEqual([
      { type: 'at', data: { qq: '5' } },
      { type: 'text', data: { text: ' hi' } },
      { type: 'at', data: { qq: '6' } },
      { type: 'text', data: { text: ' there' } },
    ])
  })

  it.each(['all', '0', 'ALL', ' all', '1,qq=all', '１', 'anonymous:5', 'tiny:5', '', '-1'])(
    'mentions nobody by the id %j, which is no number of QQ',
    (id) => {
      const [written, ...rest] = encode(segment.at(id), element('at', { id, 'onebot:qq': 'all' }))
      expect([written, ...rest].every((one) => one?.type === 'text')).toBe(true)
      expect(written?.data['text']).toBe(`@${id}`)
      expect(encode(segment.at(id, 'Lin'))).toEqual([{ type: 'text', data: { text: '@Lin' } }])
    },
  )

  it('mentions everybody', () => {
    expect(encode(segment.atAll())).toEqual([{ type: 'at', data: { qq: 'all' } }])
  })

  it('shows faces by number and other emoji by name', () => {
    expect(encode(segment.emoji('178'), segment.emoji('party', '🎉'))).toEqual([
      { type: 'face', data: { id: '178' } },
      { type: 'text', data: { text: '🎉' } },
    ])
  })

  it('sends only file for media', () => {
    expect(encode(segment.image('http://e.x/a.png', { summary: 'a cat' }))).toEqual([
      { type: 'image', data: { file: 'http://e.x/a.png', summary: 'a cat' } },
    ])
  })

  it('sends url where the caller sets it', () => {
    expect(encode(element('image', { src: 'http://e.x/a.png', 'onebot:url': 'http://e.x/b.png' }))).toEqual([
      { type: 'image', data: { file: 'http://e.x/a.png', url: 'http://e.x/b.png' } },
    ])
  })

  it('sends any segment by its name', () => {
    const music = { type: 'custom', url: 'u', audio: 'a', voice: 'a', title: 't' }
    expect(encode(element('onebot:music', music))).toEqual([{ type: 'music', data: music }])
  })

  it('degrades what QQ cannot show', () => {
    const shown = degrade(
      parse('<b>bold</b> <a href="http://e.x">link</a><br/><markdown content="# hi"/>'),
      support,
    )
    expect(encodeMessage(shown, source)).toEqual([
      { type: 'text', data: { text: 'bold link (http://e.x)\nhi' } },
    ])
  })
})
