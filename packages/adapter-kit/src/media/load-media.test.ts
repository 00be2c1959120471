import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { file } from '@mynah/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { download } from './download.ts'
import { loadMedia, type MediaSource } from './load-media.ts'
import { nameOfDisposition, nameOfPath } from './media-name.ts'
import { addressCheck, isPublicAddress } from './public-address.ts'

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
  http.listen(0, '0.0.0.0')
  await once(http, 'listening')
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`
}

async function write(name: string, content: Uint8Array | string): Promise<string> {
  folder ??= await mkdtemp(join(tmpdir(), 'mynah-media-'))
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

/** The server of these tests is no public one. */
const local = { privateHosts: ['127.0.0.1'] }

const refused = (message: RegExp) => ({ code: 'MEDIA_REFUSED', message: expect.stringMatching(message) })

describe('sources', () => {
  it.each<[string, MediaSource, string]>([
    ['bytes', png, 'file.png'],
    ['a part of an array', new Uint8Array([9, ...png, 9]).subarray(1, -1), 'file.png'],
    ['a data: address', `data:text/plain;base64,${png.toString('base64')}`, 'file.png'],
    [
      'url-safe Base64 with breaks',
      `data:;base64,${png.toString('base64url').replace(/(.{20})/g, '$1\r\n')}`,
      'file.png',
    ],
  ])('reads %s', async (_name, source, name) => {
    expect(await loadMedia(source)).toEqual({
      bytes: png,
      mime: 'image/png',
      extension: 'png',
      name,
    })
  })

  it('reads a local file that was named as one', async () => {
    const path = await write('cat picture.PNG', png)
    expect(await loadMedia(file(path))).toMatchObject({ bytes: png, name: 'cat picture.PNG' })
    expect(await loadMedia(file(pathToFileURL(path)))).toMatchObject({ bytes: png })
  })

  it('downloads, follows redirects, and takes the name the server gives', async () => {
    const origin = await serve((request, response) => {
      if (request.url === '/a')
        return response.writeHead(302, { location: '/b/%E7%8C%AB.jpg?key=1' }).end('moved')
      response.setHeader('content-type', 'text/html')
      if (request.url === '/named') response.setHeader('content-disposition', 'attachment; filename="x.bin"')
      return response.end(png)
    })
    expect(await loadMedia(`${origin}/a`, local)).toMatchObject({
      bytes: png,
      mime: 'image/png',
      name: '猫.jpg',
    })
    expect(await loadMedia(`${origin}/named`, local)).toMatchObject({ name: 'x.bin' })
    expect(await loadMedia(`${origin}/`, { ...local, name: '../own' })).toMatchObject({
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
    const media = await loadMedia(source)
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
    expect(await loadMedia(Buffer.from(content))).toMatchObject({ mime, extension })
  })

  it('believes names and declared types only where the bytes say nothing', async () => {
    expect(await loadMedia(Buffer.from('a;b'), { ...local, name: 'x.CSV' })).toMatchObject({
      extension: 'csv',
      name: 'x.CSV',
    })
    expect(await loadMedia('data:text/markdown;charset=utf-8,%23 hi')).toMatchObject({
      mime: 'text/markdown',
      extension: 'md',
    })
  })
})

describe('refusals', () => {
  it.each<[string, () => MediaSource | Promise<MediaSource>]>([
    ['bytes', () => new Uint8Array(11)],
    ['Base64', () => `data:;base64,${Buffer.alloc(11).toString('base64')}`],
    ['much Base64', () => `data:;base64,${'A'.repeat(1000)}`],
    ['many escapes', () => `data:,${'%41'.repeat(1_000_000)}`],
    ['a data: address', () => 'data:,01234567890'],
    ['a file', async () => file(await write('big', 'x'.repeat(11)))],
    ['a file without a size', () => file('/proc/self/status')],
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
    await expect(loadMedia(await source(), { ...local, maxBytes: 10 })).rejects.toMatchObject(
      refused(/larger than 10 bytes/),
    )
  })

  it.each([
    ['data:;base64,not base64!', /not Base64/],
    [`data:${';'.repeat(2000)},x`, /no comma/],
    ['base64://AAAA', /base64: addresses/],
    ['file:\\tmp\\secret', /never names a local file/],
    ['', /never names a local file/],
    ['data:nothing', /no comma/],
    ['ftp://example.com/x', /ftp: addresses/],
    ['http://', /no URL/],
    ['/etc/hostname', /never names a local file/],
    ['cat.png', /never names a local file/],
    ['C:\\cat.png', /never names a local file/],
    ['file:///etc/hostname', /never names a local file/],
  ])('of the text %s', async (source, message) => {
    await expect(loadMedia(source)).rejects.toMatchObject(refused(message))
  })

  it('of what is no regular file, or not there', async () => {
    const refuses = (path: string, message: RegExp) =>
      expect(loadMedia(file(path))).rejects.toMatchObject(refused(message))
    await refuses(tmpdir(), /no regular file/)
    await refuses('/dev/zero', /no regular file/)
    await refuses('/dev/tty', /no regular file|ENXIO/)
    await refuses('./no-such.png', /ENOENT/)
    await refuses('a\0b', /ERR_INVALID_ARG_VALUE/)
  })

  it('of pipes that nobody writes to, without waiting for anybody', async () => {
    const path = `${await write('beside', 'x')}.pipe`
    execFileSync('mkfifo', [path])
    const link = `${path}.png`
    await symlink(path, link)
    // More than the threads that Node has for files.
    const pipes = Array.from({ length: 12 }, (_, index) => file(index % 2 === 0 ? path : link))
    await Promise.all(
      pipes.map((pipe) => expect(loadMedia(pipe)).rejects.toMatchObject(refused(/no regular file/))),
    )
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
      loadMedia(`${origin}${path}?rkey=s3cret`, local).catch((error: unknown) => error)
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
    await expect(loadMedia(origin, { ...local, timeoutMs: 30 })).rejects.toMatchObject(
      refused(/within 30 ms/),
    )
  })

  it('gives the reason of the caller when it aborts', async () => {
    const controller = new AbortController()
    const reason = new Error('stopped')
    const origin = await serve(() => controller.abort(reason))
    await expect(loadMedia(origin, { ...local, signal: controller.signal })).rejects.toBe(reason)
  })
})

describe('addresses', () => {
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
    ['64:ff9b:1:7f00:0:100:808:808', false],
    ['::ffff:0:8.8.8.8', false],
    ['4000::1', false],
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
    'user:secret@127.0.0.1',
    'localhost',
    'LOCALHOST.',
    '127.1',
    '127。0。0。1',
    '①②⑦.0.0.1',
    '%31%32%37.0.0.1',
    '2130706433',
    '0x7f.1',
    '017700000001',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '0',
  ])('refuses %s without connecting', async (host) => {
    const origin = await serve((_request, response) => void response.end(png))
    const { port } = new URL(origin)
    await expect(loadMedia(`http://${host}:${port}/`)).rejects.toMatchObject(
      // Some resolvers do not know `localhost.`.
      refused(/not on the public internet|ENOTFOUND/),
    )
    expect(requests).toEqual([])
  })

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['localhost', 'LocalHost.'],
    ['localhost', '127.0.0.1'],
  ])('fetches from %s when %s is a private host', async (host, privateHost) => {
    const origin = await serve((_request, response) => void response.end(png))
    const { port } = new URL(origin)
    const media = await loadMedia(`http://${host}:${port}/`, { privateHosts: [privateHost] })
    expect(media.bytes).toEqual(png)
  })

  it.each([
    ['localhost.', 'localhost', true],
    ['[fd00::1]', 'FD00:0::1', true],
    ['nas', 'nas.example', false],
  ])('takes the host %s for the private host %s: %s', (host, privateHost, allowed) => {
    expect(addressCheck([privateHost])(host, 'fd00::2')).toBe(allowed)
  })

  it('lets no redirect lead from a private host to another one', async () => {
    const origin = await serve((request, response) => {
      const { port } = new URL(`http://${request.headers.host}`)
      const inner = request.url === '/by-name' ? 'localhost' : '127.0.0.2'
      if (request.url === '/inner') response.end(png)
      else response.writeHead(302, { location: `http://${inner}:${port}/inner` }).end()
    })
    for (const path of ['/by-address', '/by-name']) {
      const url = `${origin.replace('127.0.0.1', '127.0.0.3')}${path}`
      await expect(loadMedia(url, { privateHosts: ['127.0.0.3'] })).rejects.toMatchObject(
        refused(/is not on the public internet/),
      )
    }
    expect(requests).toEqual(['/by-address', '/by-name'])
  })

  it('connects to no other address than the one that was checked, whatever a second look-up says', async () => {
    const origin = await serve((_request, response) => void response.end(png))
    const url = new URL(origin)
    url.hostname = 'localhost'
    const asked: string[] = []
    const { signal } = new AbortController()
    const allows = (host: string, address: string): boolean => {
      asked.push(`${host} ${address}`)
      return asked.length === 1
    }
    // Were the name looked up again to connect, its address would be asked for again, and refused.
    expect(await download(url, { maxBytes: 1000, signal, allows })).toMatchObject({ bytes: png })
    expect(asked[0]).toBe('localhost 127.0.0.1')
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
