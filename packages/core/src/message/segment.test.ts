import { describe, expect, it } from 'vitest'

import { file } from './local-file.ts'
import { segment } from './segment.ts'

describe('media of a message', () => {
  it.each(['C:\\Users\\图\\1.png', 'd:/1.png', '\\\\nas\\share\\1.png'])(
    'leaves the path %s of a Windows machine whole, wherever the bot runs',
    (path) => {
      expect(file(path)).toEqual({ path })
    },
  )

  it('names a file of this machine only through file()', () => {
    expect(segment.image(file('/tmp/cat.png')).attrs).toEqual({ path: '/tmp/cat.png' })
    expect(segment.file(file(new URL('file:///tmp/a%20b.txt')), { title: 'a' }).attrs).toEqual({
      path: '/tmp/a b.txt',
      title: 'a',
    })
  })

  it.each([
    '/etc/hostname',
    './cat.png',
    'C:\\cat.png',
    'file:///etc/hostname',
    'FILE:\\proc\\self\\environ',
    new URL('file:///etc/hostname'),
    'base64://AAAA',
    ' http://a.example/1.png',
    'ftp://a.example/1.png',
    '',
  ])('refuses %s as an address, and says what to write', (address) => {
    for (const make of [segment.image, segment.audio, segment.video, segment.file]) {
      expect(() => make(address)).toThrow(/file\(path\)/)
    }
  })

  it('takes web addresses and bytes', () => {
    expect(segment.image('https://a.example/1.png').attrs).toEqual({ src: 'https://a.example/1.png' })
    expect(segment.audio(new URL('http://a.example/1.mp3')).attrs).toEqual({ src: 'http://a.example/1.mp3' })
    expect(segment.video(new Uint8Array([1, 2])).attrs).toEqual({
      src: 'data:application/octet-stream;base64,AQI=',
    })
  })

  it('keeps both through JSON', () => {
    for (const node of [segment.image(file('/tmp/a.png')), segment.image('https://a.example/1.png')])
      expect(JSON.parse(JSON.stringify(node))).toEqual(node)
  })
})
