import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { download } from './download.ts'
import { loadMedia, type MediaSource } from './load-media.ts'
import { nameOfDisposition, nameOfPath } from './media-name.ts'
import { isPublicAddress } from './public-address.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

let http: Server | undefined
let requests: string[]
let folder: string | undefined

beforeEach(() => {
  requests = []
})

afterEach(async () => {
  const server = http
  http = undefined
  server?.closeAllConnections()
  if (server !== undefined) await new Promise((resolve) => server.close(resolve))
  if (folder !== undefined) await rm(folder, { recursive: true })
  folder = undefined
})

async function serve(listener: RequestListener): Promise<string> {
  http = createServer((request, response) => {
    requests.push(request.url ?? '')
    listener(request, response)
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`
}

async function write(name: string, content: Uint8Array | string): Promise<string> {
  folder ??= await mkdtemp(join(tmpdir(), 'mynah-media-'))
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

async function* chunks(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts
}

const refused = (message: RegExp) => ({ code: 'MEDIA_REFUSED', message: expect.stringMatching(message) })

describe('sources', () => {
  it.each<[string, MediaSource, string]>([
    ['bytes', png, 'file.png'],
    ['a part of an array', new Uint8Array([9, ...png, 9]).subarray(1, -1), 'file.png'],
    ['an ArrayBuffer', new Uint8Array(png).buffer, 'file.png'],
    ['a Blob', new Blob([png]), 'file.png'],
    ['a File', new File([png], 'cat.png'), 'cat.png'],
    ['a data: address', `data:text/plain;base64,${png.toString('base64')}`, 'file.png'],
    ['a base64:// address', `base64://${png.toString('base64')}`, 'file.png'],
    [
      'url-safe Base64 with breaks',
      `base64://${png.toString('base64url').replace(/(.{20})/g, '$1\r\n')}`,
      'file.png',
    ],
    ['a generator', chunks(png.subarray(0, 10), png.subarray(10)), 'file.png'],
    ['a Node stream', Readable.from([png]), 'file.png'],
    ['a web stream', new Blob([png]).stream(), 'file.png'],
  ])('reads %s, also when they are not trusted', async (_name, source, name) => {
    expect(await loadMedia(source, { trusted: false })).toEqual({
      bytes: png,
      mime: 'image/png',
      extension: 'png',
      name,
    })
  })

  it('reads a path and a file: address when it is trusted', async () => {
    const path = await write('cat picture.PNG', png)
    for (const source of [path, pathToFileURL(path), pathToFileURL(path).href]) {
      expect(await loadMedia(source, { trusted: true })).toMatchObject({
        bytes: png,
        name: 'cat picture.PNG',
      })
    }
  })

  it('downloads, follows redirects, and takes the name the server gives', async () => {
    const origin = await serve((request, response) => {
      if (request.url === '/a')
        return response.writeHead(302, { location: '/b/%E7%8C%AB.jpg?key=1' }).end('moved')
      response.setHeader('content-type', 'text/html')
      if (request.url === '/named') response.setHeader('content-disposition', 'attachment; filename="x.bin"')
      return response.end(png)
    })
    expect(await loadMedia(`${origin}/a`, { trusted: true })).toMatchObject({
      bytes: png,
      mime: 'image/png',
      name: '猫.jpg',
    })
    expect(await loadMedia(new URL(`${origin}/named`), { trusted: true })).toMatchObject({ name: 'x.bin' })
    expect(await loadMedia(`${origin}/`, { trusted: true, name: '../own' })).toMatchObject({
      name: 'own.png',
    })
    expect(requests).toEqual(['/a', '/b/%E7%8C%AB.jpg?key=1', '/named', '/'])
  })

  it.each([
    ['data:,a%20b%C3%A9', 'a bé', 'text/plain', 'txt'],
    ['data:text/html;charset=utf-8,<b>', '<b>', 'text/html', 'html'],
    ['data:application/json;base64,e30%3D', '{}', 'application/json', 'json'],
    ['DATA:application/x-odd,%', '%', 'application/x-odd', 'bin'],
  ])('decodes %s', async (source, text, mime, extension) => {
    const media = await loadMedia(source, { trusted: false })
    expect(media).toMatchObject({ mime, extension, name: `file.${extension}` })
    expect(media.bytes.toString()).toBe(text)
  })

  it.each([
    ['#!SILK_V3\u0001', 'audio/silk', 'silk'],
    ['\u0002#!SILK_V3\u0001', 'audio/silk', 'silk'],
    ['#!AMR\n', 'audio/amr', 'amr'],
    ['OggS' + '\0'.repeat(24) + 'OpusHead', 'audio/ogg', 'opus'],
    ['just words', 'application/octet-stream', 'bin'],
    ['', 'application/octet-stream', 'bin'],
  ])('tells the type of %j', async (content, mime, extension) => {
    expect(await loadMedia(Buffer.from(content), { trusted: false })).toMatchObject({ mime, extension })
  })

  it('believes names and declared types only where the bytes say nothing', async () => {
    expect(await loadMedia(Buffer.from('a;b'), { trusted: true, name: 'x.CSV' })).toMatchObject({
      extension: 'csv',
      name: 'x.CSV',
    })
    const blob = new Blob(['# hi'], { type: 'text/markdown; charset=utf-8' })
    expect(await loadMedia(blob, { trusted: true })).toMatchObject({ mime: 'text/markdown', extension: 'md' })
  })
})

describe('refusals', () => {
  it.each<[string, () => MediaSource | Promise<MediaSource>]>([
    ['bytes', () => new Uint8Array(11)],
    ['a Blob', () => new Blob([new Uint8Array(11)])],
    ['Base64', () => `base64://${Buffer.alloc(11).toString('base64')}`],
    ['much Base64', () => `base64://${'A'.repeat(1000)}`],
    ['a data: address', () => 'data:,01234567890'],
    ['a file', () => write('big', 'x'.repeat(11))],
    [
      'a download that says so',
      async () => `${await serve((_request, response) => void response.end('x'.repeat(11)))}/`,
    ],
    [
      'a download that does not end',
      async () => {
        const origin = await serve((_request, response) => {
          response.flushHeaders()
          const more = (): void => void (response.destroyed || response.write('x'.repeat(8), more))
          more()
        })
        return `${origin}/endless`
      },
    ],
  ])('of %s over the limit', async (_name, source) => {
    await expect(loadMedia(await source(), { trusted: true, maxBytes: 10 })).rejects.toMatchObject(
      refused(/larger than 10 bytes/),
    )
  })

  it('of a stream over the limit, which is closed then', async () => {
    let closed = false
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array(4)
      } finally {
        closed = true
      }
    }
    await expect(loadMedia(endless(), { trusted: false, maxBytes: 10 })).rejects.toMatchObject(
      refused(/larger/),
    )
    expect(closed).toBe(true)
  })

  it.each([
    ['base64://not base64!', /not Base64/],
    ['data:nothing', /no comma/],
    ['ftp://example.com/x', /ftp: addresses/],
    ['http://', /no URL/],
    ['/etc/hostname', /may not name local files/],
    ['cat.png', /may not name local files/],
    ['C:\\cat.png', /may not name local files/],
    ['file:///etc/hostname', /may not name local files/],
  ])('of %s from a chat', async (source, message) => {
    await expect(loadMedia(source, { trusted: false })).rejects.toMatchObject(refused(message))
  })

  it('of what is no file, or not there', async () => {
    await expect(loadMedia(tmpdir(), { trusted: true })).rejects.toMatchObject(refused(/is no file/))
    await expect(loadMedia('/dev/zero', { trusted: true })).rejects.toMatchObject(refused(/is no file/))
    await expect(loadMedia('./no-such.png', { trusted: true })).rejects.toMatchObject(refused(/ENOENT/))
  })

  it('of a download that fails, without repeating its key', async () => {
    const origin = await serve((request, response) => {
      if (request.url?.startsWith('/loop') === true) response.writeHead(301, { location: '/loop' }).end()
      else if (request.url?.startsWith('/gzip') === true)
        response.writeHead(200, { 'content-encoding': 'gzip' }).end()
      else if (request.url?.startsWith('/file') === true)
        response.writeHead(302, { location: 'file:///etc/passwd' }).end()
      else if (request.url?.startsWith('/bad') === true)
        response.writeHead(302, { location: 'http://' }).end()
      else if (request.url?.startsWith('/cut') === true) response.destroy()
      else response.writeHead(503).end()
    })
    const load = (path: string) =>
      loadMedia(`${origin}${path}?rkey=s3cret`, { trusted: true }).catch((error: unknown) => error)
    expect(await load('/loop')).toMatchObject(refused(/more than 5 times/))
    expect(await load('/gzip')).toMatchObject(refused(/unasked encoding gzip/))
    expect(await load('/file')).toMatchObject(refused(/no http or https/))
    expect(await load('/bad')).toMatchObject(refused(/redirects to no address/))
    expect(await load('/cut')).toMatchObject({ ...refused(/could not be fetched/), retriable: true })
    const unavailable = await load('/unavailable')
    expect(unavailable).toMatchObject({ ...refused(/HTTP 503/), retriable: true })
    expect((unavailable as Error).message).not.toContain('s3cret')
  })

  it('of a download that takes too long', async () => {
    const origin = await serve(() => {})
    await expect(loadMedia(origin, { trusted: true, timeoutMs: 30 })).rejects.toMatchObject(
      refused(/within 30 ms/),
    )
  })

  it('gives the reason of the caller when it aborts', async () => {
    const controller = new AbortController()
    const reason = new Error('stopped')
    const origin = await serve(() => controller.abort(reason))
    await expect(loadMedia(origin, { trusted: true, signal: controller.signal })).rejects.toBe(reason)
    const never = new Readable({ read: () => {} })
    await expect(loadMedia(never, { trusted: true, signal: controller.signal })).rejects.toBe(reason)
    const later = new AbortController()
    const pending = loadMedia(never, { trusted: true, signal: later.signal })
    later.abort(reason)
    await expect(pending).rejects.toBe(reason)
  })
})

describe('addresses of a chat', () => {
  it.each([
    ['8.8.8.8', true],
    ['1.1.1.1', true],
    ['2606:4700:4700::1111', true],
    ['::ffff:8.8.8.8', true],
    ['64:ff9b::808:808', true],
    ['127.0.0.1', false],
    ['127.1.2.3', false],
    ['0.0.0.0', false],
    ['10.0.0.1', false],
    ['172.16.0.1', false],
    ['192.168.1.1', false],
    ['169.254.169.254', false],
    ['100.64.0.1', false],
    ['192.0.0.1', false],
    ['198.18.0.1', false],
    ['224.0.0.1', false],
    ['240.0.0.1', false],
    ['255.255.255.255', false],
    ['::', false],
    ['::1', false],
    ['::127.0.0.1', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:a9fe:a9fe', false],
    ['64:ff9b::7f00:1', false],
    ['2002:7f00:1::', false],
    ['fe80::1', false],
    ['fe80::1%eth0', false],
    ['fec0::1', false],
    ['fc00::1', false],
    ['fd12:3456::1', false],
    ['ff02::1', false],
    ['2001:db8::1', false],
    ['localhost', false],
    ['', false],
  ])('%s is public: %s', (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic)
  })

  it.each([
    '127.0.0.1',
    'localhost',
    '2130706433',
    '0x7f.1',
    '017700000001',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0',
  ])('refuses %s without connecting', async (host) => {
    const origin = await serve((_request, response) => void response.end(png))
    const { port } = new URL(origin)
    await expect(loadMedia(`http://${host}:${port}/`, { trusted: false })).rejects.toMatchObject(
      refused(/not on the public internet/),
    )
    expect(requests).toEqual([])
  })

  it('checks every hop, by name and by address', async () => {
    const origin = await serve((request, response) => {
      const { port } = new URL(`http://${request.headers.host}`)
      if (request.url === '/by-address')
        response.writeHead(302, { location: `http://127.0.0.2:${port}/inner` }).end()
      else response.end(png)
    })
    const url = new URL(origin)
    const { signal } = new AbortController()
    const only = (...allowed: string[]) => ({
      maxBytes: 1000,
      signal,
      allows: (address: string) => allowed.includes(address),
    })
    url.hostname = 'localhost'
    expect(await download(url, only('127.0.0.1'))).toMatchObject({ bytes: png })
    await expect(download(url, only('127.0.0.2'))).rejects.toMatchObject(
      refused(/localhost is not on the public/),
    )
    url.pathname = '/by-address'
    await expect(download(url, only('127.0.0.1'))).rejects.toMatchObject(
      refused(/127\.0\.0\.2 is not on the public/),
    )
    expect(requests).toEqual(['/', '/by-address'])
  })
})

it.each([
  ['attachment; filename="a b.png"', 'a b.png'],
  ['attachment; filename=a.png; size=3', 'a.png'],
  ['attachment; filename="x.png"; filename*=UTF-8\'\'%E7%8C%AB.png', '猫.png'],
  ['attachment; filename="x.png"; filename*=UTF-8\'\'%E7%8', 'x.png'],
  ['inline; filename="..\\\\..\\\\evil.exe"', 'evil.exe'],
  ['attachment; filename="/etc/passwd"', 'passwd'],
  ['attachment', undefined],
  [undefined, undefined],
])('reads the name in %j', (header, name) => {
  expect(nameOfDisposition(header)).toBe(name)
})

it.each([
  ['/a/b.png', 'b.png'],
  ['C:\\x\\b.png', 'b.png'],
  ['a\u0000b\u202e.png', 'ab.png'],
  ['/a/', undefined],
  ['..', undefined],
  [undefined, undefined],
])('makes %j a plain file name', (path, name) => {
  expect(nameOfPath(path)).toBe(name)
})
