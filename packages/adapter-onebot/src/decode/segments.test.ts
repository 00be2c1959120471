import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { findElement, plainText } from '@mynah/core'

import { expectLinear } from '@mynah/core/testing'
import { encodeMessage } from '../encode/segments.ts'
import type { Segment } from '../wire/segment.ts'
import { decodeMessage, decodeNodes } from './segments.ts'

const numbered = (length: number): [string, number][] =>
  Array.from({ length }, (_unused, index) => [`k${index}`, index])

const again = (segment: Segment): Segment | undefined => {
  const fileSource = ({ attrs }: { attrs: Readonly<Record<string, unknown>> }) =>
    String(attrs['src'] || attrs['onebot:file'])
  return encodeMessage(decodeMessage([segment]), fileSource)[0]
}

describe('segments', () => {
  it.each<Segment>([
    { type: 'text', data: { text: 'hi [x] & y' } },
    {
      type: 'face',
      data: {
        id: '178',
        type: 'sticker',
        large: true,
        raw: { faceIndex: 178 },
        resultId: '1',
        chainCount: 2,
      },
    },
    { type: 'at', data: { qq: '10001', name: 'Lin' } },
    { type: 'at', data: { qq: 'all' } },
    { type: 'rps', data: {} },
    { type: 'dice', data: { value: 3, result: '3' } },
    { type: 'shake', data: {} },
    { type: 'poke', data: { type: '126', id: '2003', name: 'x', qq: '1', strength: 2 } },
    { type: 'anonymous', data: { ignore: '1' } },
    { type: 'share', data: { url: 'http://e.x', title: 't', content: 'c', image: 'http://e.x/i' } },
    { type: 'contact', data: { type: 'qq', id: '10001' } },
    { type: 'location', data: { lat: '39.9', lon: '116.4', title: 't', content: 'c' } },
    {
      type: 'music',
      data: { type: 'custom', url: 'u', audio: 'a', voice: 'a', title: 't', content: 'c', image: 'i' },
    },
    { type: 'reply', data: { id: '-5' } },
    { type: 'reply', data: { text: 'invented', qq: '10001', time: '3376656000', seq: '5123' } },
    { type: 'forward', data: { id: '7561234567890123456' } },
    { type: 'xml', data: { data: '<msg/>', resid: '1', service_id: 60 } },
    { type: 'json', data: { data: '{"a":1}', resid: '1' } },
    { type: 'redbag', data: { title: 'luck' } },
    { type: 'gift', data: { qq: '1', id: '8' } },
    { type: 'cardimage', data: { file: 'http://e.x/i', minwidth: 400, source: 's', icon: 'i' } },
    { type: 'tts', data: { text: 'hello' } },
    {
      type: 'mface',
      data: { emoji_package_id: 1, emoji_id: 'e', key: 'k', summary: '[x]', url: 'http://e.x' },
    },
    { type: 'markdown', data: { content: '# hi' } },
    { type: 'keyboard', data: { rows: [{ buttons: [] }] } },
    { type: 'onlinefile', data: { msgId: '1', elementId: '2', fileName: 'a', fileSize: '3', isDir: false } },
    { type: 'flashtransfer', data: { fileSetId: 'x' } },
    { type: 'flash_file', data: { title: 't', file_set_id: 'x', scene_type: 1 } },
    { type: 'longmsg', data: { id: 'x' } },
    { type: 'hologram', data: { nested: { a: [1] }, n: 7, yes: true } },
    {
      type: 'image',
      data: {
        file: 'http://e.x/i.png',
        type: 'flash',
        cache: 1,
        proxy: 1,
        timeout: 5,
        subType: 7,
        summary: '[动画]',
        sub_type: 1,
        key: 'k',
        emoji_id: 'e',
      },
    },
    { type: 'record', data: { file: 'http://e.x/r.amr', magic: 1, cache: 1 } },
    {
      type: 'video',
      data: { file: 'http://e.x/v.mp4', cover: 'http://e.x/c.png', c: 3, thumb: 'http://e.x/t.png' },
    },
    { type: 'file', data: { file: 'http://e.x/f.pdf', name: 'f.pdf' } },
  ])('survives reading and writing: %j', (segment) => {
    expect(again(segment)).toEqual(segment)
  })

  it('sends a received medium by its address, not by its name', () => {
    expect(again({ type: 'image', data: { file: 'A.jpg', url: 'http://e.x/a', file_size: '12' } })).toEqual({
      type: 'image',
      data: { file: 'http://e.x/a' },
    })
  })

  it.each<Segment>([
    { type: 'image', data: { url: 'file:///etc/hostname' } },
    { type: 'image', data: { url: '/etc/hostname' } },
    { type: 'image', data: { url: 'etc/hostname' } },
    { type: 'image', data: { file: 'file:///etc/hostname' } },
    { type: 'record', data: { file: 'x.amr', url: 'file:///app/x.amr', path: '/app/x.amr' } },
    { type: 'video', data: { file: 'base64://AAAA' } },
    { type: 'file', data: { file: 'file:\\tmp\\secret\\env', file_id: '/1', file_size: '12' } },
    { type: 'file', data: { file: 'http:\\\\127.0.0.1\\x', file_id: '/1' } },
    { type: 'file', data: { file: 'https://e.x/name-of-the-sender.txt', file_id: '/1' } },
    { type: 'hologram', data: { path: '/etc/hostname', src: 'file:///etc/hostname' } },
    { type: 'cardimage', data: { file: 'file:///etc/hostname' } },
  ])('names no address and no path for what only the implementation knows: %j', (segment) => {
    const [node] = decodeMessage([segment])
    expect(node?.attrs['src']).toBeUndefined()
    expect(node?.attrs['path']).toBeUndefined()
    const places = ['file', 'url', 'path', 'src'].flatMap((key) => segment.data[key] ?? [])
    expect(Object.values(node?.attrs ?? {})).toEqual(expect.arrayContaining(places))
  })

  it('gives what only the implementation knows back under the same names', () => {
    const hologram = { type: 'hologram', data: { path: '/x', src: 'file:///x', n: 1 } }
    expect(again(hologram)).toEqual(hologram)
  })

  it('takes addresses and data for what everybody can fetch', () => {
    const srcOf = (data: object, type = 'image') => decodeMessage([{ type, data }])[0]?.attrs['src']
    expect(srcOf({ url: 'https://e.x/a' })).toBe('https://e.x/a')
    expect(srcOf({ file: 'https://e.x/a' })).toBe('https://e.x/a')
    expect(srcOf({ file: 'a.pdf', url: 'https://e.x/a' }, 'file')).toBe('https://e.x/a')
    expect(srcOf({ url: 'data:image/png;base64,AAAA' })).toBe('data:image/png;base64,AAAA')
  })

  it.each<[string, (length: number) => Segment[]]>([
    ['segments', (length) => Array.from({ length: length / 32 }, () => ({ type: 'shake', data: {} }))],
    ['texts', (length) => Array.from({ length: length / 32 }, () => ({ type: 'text', data: { text: 'x' } }))],
    ['fields', (length) => [{ type: 'x', data: Object.fromEntries(numbered(length / 16)) }]],
    ['a text', (length) => [{ type: 'text', data: { text: '[CQ:at,qq=all]'.repeat(length / 14) } }]],
  ])('reads %s in linear time', (_, worst) => {
    expectLinear(
      (length) => JSON.stringify(worst(length)),
      (source) => decodeMessage(JSON.parse(source)),
    )
  })

  it('reads segments without data and of unknown types', () => {
    expect(
      decodeMessage([{ type: 'shake', data: null }, { type: 'hologram' }, null, 7, { data: {} }]),
    ).toEqual([
      { type: 'onebot:shake', attrs: {}, children: [] },
      { type: 'onebot:hologram', attrs: {}, children: [] },
    ])
  })

  it('reads numbers that come as strings', () => {
    const [image] = decodeMessage([{ type: 'image', data: { url: 'http://e.x', file_size: '48211' } }])
    expect(image?.attrs['size']).toBe(48_211)
    expect(decodeMessage([{ type: 'at', data: { qq: 10001 } }])[0]?.attrs['id']).toBe('10001')
    expect(decodeMessage([{ type: 'at', data: { qq: '10001' } }])[0]?.attrs['id']).toBe('10001')
  })

  it('reads a mention of everybody and keeps names', () => {
    expect(decodeMessage([{ type: 'at', data: { qq: 'all', name: 'everybody' } }])[0]?.attrs).toEqual({
      type: 'all',
      name: 'everybody',
    })
  })

  it.each(['0', '', undefined])('takes a quote of %j as unknown', (id) => {
    expect(decodeMessage([{ type: 'reply', data: { id } }])[0]).toEqual({
      type: 'quote',
      attrs: {},
      children: [],
    })
  })

  it('gives a card as JSON, whether it came as text or as an object', () => {
    const card = { app: 'com.example', meta: { a: [1, 2] } }
    for (const data of [card, JSON.stringify(card)]) {
      const [element] = decodeMessage([{ type: 'json', data: { data } }])
      expect(JSON.parse(String(element?.attrs['data']))).toEqual(card)
    }
  })

  it('reads the messages that a forward brings along', () => {
    const [forward] = decodeMessage([
      {
        type: 'forward',
        data: {
          id: '75',
          content: [
            {
              message_id: 3,
              sender: { user_id: 1, nickname: 'Lin' },
              message: [{ type: 'text', data: { text: 'hi' } }],
            },
          ],
        },
      },
    ])
    expect(forward?.attrs).toEqual({ forward: true, id: '75' })
    const [message] = forward?.children ?? []
    expect(message?.attrs['id']).toBe('3')
    expect(findElement(message?.children ?? [], 'author')?.attrs).toEqual({ id: '1', name: 'Lin' })
    expect(plainText(message?.children ?? [])).toBe('hi')
  })

  it.each(['mface', 'markdown', 'keyboard', 'flashtransfer', 'onlinefile', 'json'])(
    'finds the words around %s',
    (type) => {
      const message = [
        { type: 'text', data: { text: 'a' } },
        { type, data: { content: 'x', data: '{}', key: 'k' } },
        { type: 'text', data: { text: 'b' } },
      ]
      expect(plainText(decodeMessage(message))).toBe('ab')
    },
  )

  it('reads nodes in all of their shapes', () => {
    const content = [{ type: 'text', data: { text: 'hi' } }]
    const shapes = [
      { type: 'node', data: { user_id: '1', nickname: 'Lin', content } },
      { content, sender: { user_id: 1, nickname: 'Lin' }, time: 1 },
      { message: content, sender: { user_id: 1, nickname: 'Lin' }, post_type: 'message' },
      { type: 'node', data: { uin: '1', name: 'Lin', content: 'hi' } },
    ]
    for (const shape of shapes) {
      const [message] = decodeNodes([shape])
      expect(findElement(message?.children ?? [], 'author')?.attrs).toEqual({ id: '1', name: 'Lin' })
      expect(plainText(message?.children ?? [])).toBe('hi')
    }
  })

  it('reads a forward only so deep', () => {
    const nest = (depth: number): unknown =>
      depth === 0 ? [] : [{ message: [{ type: 'forward', data: { content: nest(depth - 1) } }], sender: {} }]
    let depth = 0
    let inside = decodeMessage([{ type: 'forward', data: { content: nest(10) } }])
    for (; inside.length > 0; depth += 1) {
      inside = inside.flatMap(({ children }) => children).filter(({ type }) => type === 'message')
    }
    expect(depth).toBeLessThan(10)
  })

  it('never throws and never loses text, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), (message) => {
        expect(Array.isArray(decodeMessage(message))).toBe(true)
      }),
    )
  })
})
