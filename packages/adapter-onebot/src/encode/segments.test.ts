import { degrade, element, parse, segment, text } from '@mynah/core'
import { describe, expect, it } from 'vitest'

import { encodeForward, forwardOf } from '../send/forward.ts'
import { encodeMessage, splitAlone, support } from './segments.ts'

const source = ({ attrs }: { attrs: Readonly<Record<string, unknown>> }): string => String(attrs['src'])
const encode = (...elements: Parameters<typeof encodeMessage>[0]) => encodeMessage(elements, source)
const author = { id: '1', name: 'Bot' }

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

  it('says who wrote a part of a forward only where that is a person of QQ', () => {
    const forward = segment.forward(segment.message({ id: 'all', name: 'Ann of KOOK' }, 'hi'))
    expect(encodeForward(forward, author, source)[0]?.data).toMatchObject({
      user_id: '1',
      uin: '1',
      name: 'Ann of KOOK',
    })
  })

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

  it('splits where something has to stand alone, the quote with the words', () => {
    const parts = splitAlone([
      segment.quote('5'),
      text('before'),
      segment.audio('http://e.x/a.amr'),
      segment.video('http://e.x/v.mp4'),
      text('after'),
      segment.image('http://e.x/i.png'),
    ])
    expect(parts.map((part) => part.map(({ type }) => type))).toEqual([
      ['quote', 'text'],
      ['audio'],
      ['video'],
      ['text', 'image'],
    ])
  })

  it('drops the quote where nothing can carry it', () => {
    expect(splitAlone([segment.quote('5'), segment.audio('http://e.x/a.amr')])).toEqual([
      [segment.audio('http://e.x/a.amr')],
    ])
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

describe('a forward on its way out', () => {
  it('has nodes with both spellings of author and name', () => {
    const forward = segment.forward(
      segment.message({ id: '5', name: 'Lin' }, 'hi'),
      element('message', {}, 'me'),
    )
    expect(encodeForward(forward, author, source)).toEqual([
      {
        type: 'node',
        data: {
          user_id: '5',
          uin: '5',
          nickname: 'Lin',
          name: 'Lin',
          content: [{ type: 'text', data: { text: 'hi' } }],
        },
      },
      {
        type: 'node',
        data: {
          user_id: '1',
          uin: '1',
          nickname: 'Bot',
          name: 'Bot',
          content: [{ type: 'text', data: { text: 'me' } }],
        },
      },
    ])
  })

  it('passes a known message on by its id', () => {
    const forward = segment.forward(element('message', { id: '-7' }))
    expect(encodeForward(forward, author, source)).toEqual([{ type: 'node', data: { id: '-7' } }])
  })

  it('folds forwards into forwards, but not too deep', () => {
    const nest = (depth: number) =>
      Array.from({ length: depth }).reduce<ReturnType<typeof segment.forward>>(
        (inner) => segment.forward(segment.message({ id: '5', name: 'Lin' }, inner)),
        segment.forward(segment.message({ id: '5', name: 'Lin' }, 'deep')),
      )
    const [outer] = encodeForward(nest(1), author, source)
    expect(outer?.data['content']).toMatchObject([{ type: 'node', data: { content: [{ type: 'text' }] } }])
    expect(() => encodeForward(nest(3), author, source)).toThrow(/folded/)
  })

  it('refuses more than a hundred messages', () => {
    const messages = Array.from({ length: 101 }, () => segment.message({ id: '5' }, 'x'))
    expect(() => encodeForward(segment.forward(...messages), author, source)).toThrow(/101 messages/)
  })

  it('is built only when there is something to build', () => {
    const received = element('message', { forward: true, id: '75' })
    expect(forwardOf([received])).toBeUndefined()
    expect(encode(received)).toEqual([{ type: 'forward', data: { id: '75' } }])
  })
})
