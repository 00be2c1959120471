import { TestClock } from '@mynah/core/testing'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { RawApi, answerOf, appId, secret, type Answer, startedAt } from './raw-client.ts'
import { startQQEmulator, type JsonObject, type QQEmulator, type QQUser } from '../src/index.ts'

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(24)])
const samples: Record<string, Buffer> = {
  png,
  jpg: Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(12)]),
  gif: Buffer.from('GIF89a, twelve bytes'),
  webp: Buffer.from('RIFF....WEBPVP8 '),
  mp4: Buffer.from('....ftypisom....'),
  silk: Buffer.from('\u0002#!SILK_V3......'),
  mp3: Buffer.from('ID3.............'),
  text: Buffer.from('just some text, nothing else'),
}

let emulator: QQEmulator
let clock: TestClock
let api: RawApi
let alice: QQUser

beforeEach(async () => {
  clock = new TestClock(startedAt)
  emulator = await startQQEmulator({ appId, secret, clock })
  onTestFinished(() => emulator.close())
  api = await RawApi.login(emulator)
  alice = emulator.user()
})

const upload = (body: JsonObject, path = `/v2/users/${alice.openid}`): Promise<Answer> =>
  api.call('POST', `${path}/files`, body)
const inline = (content: Buffer, extra: JsonObject = {}): JsonObject => ({
  file_type: 1,
  file_data: content.toString('base64'),
  srv_send_msg: false,
  ...extra,
})
const sendMedia = (info: unknown, path = `/v2/users/${alice.openid}`): Promise<Answer> =>
  api.call('POST', `${path}/messages`, { msg_type: 7, media: { file_info: info } })

describe('an upload', () => {
  test('inline can be sent to the same scene until its end', async () => {
    const bob = emulator.user()
    const group = emulator.group()
    const { body } = await upload(inline(png))
    expect(body).toEqual({ file_uuid: expect.any(String), file_info: expect.any(String), ttl: 3600 })
    expect((await sendMedia(body['file_info'])).status).toBe(200)
    expect((await alice.expectReply()).file?.content.equals(png)).toBe(true)
    expect((await sendMedia(body['file_info'], `/v2/users/${bob.openid}`)).status).toBe(200)
    expect((await sendMedia(body['file_info'], `/v2/groups/${group.openid}`)).body['code']).toBe(304080)
    await clock.advance(3_600_000)
    expect((await sendMedia(body['file_info'])).body['code']).toBe(304080)
  })

  test('by address is fetched by the platform', async () => {
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/a.png' ? 200 : 404).end(png)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const address = server.address()
    const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
    expect((await upload({ file_type: 1, url: `${base}/a.png` })).status).toBe(200)
    expect((await upload({ file_type: 1, url: `${base}/b.png` })).body['code']).toBe(40034004)
    expect((await upload({ file_type: 1, url: 'ftp://x/y' })).body['code']).toBe(40034004)
  })

  test('by address outside of this machine is stood in for: nothing leaves loopback', async () => {
    for (const [file_type, address] of [
      [1, 'https://192.0.2.1/a.png'],
      [2, 'http://example.invalid/a.mp4'],
      [3, 'https://example.invalid/a.silk'],
      [4, 'https://example.invalid/a.pdf'],
    ] as const) {
      const { status, body } = await upload({ file_type, url: address, file_name: 'a' })
      expect(status).toBe(200)
      expect((await sendMedia(body['file_info'])).status).toBe(200)
    }
  })

  test('by address is not followed to where it leads', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(302, { location: 'http://example.invalid/a.png' }).end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const { body } = await upload({ file_type: 1, url: `http://127.0.0.1:${port}/a.png` })
    expect(body['code']).toBe(40034004)
  })

  test.each([
    [1, 'png', 200],
    [1, 'jpg', 200],
    [1, 'gif', 200],
    [1, 'webp', 200],
    [1, 'mp4', 850019],
    [2, 'mp4', 200],
    [2, 'png', 850019],
    [3, 'silk', 200],
    [3, 'mp3', 200],
    [3, 'text', 850019],
    [4, 'text', 200],
    [5, 'text', 10000],
  ])('of type %i with %s is answered %i', async (type, name, expected) => {
    const { status, body } = await upload(inline(samples[name] ?? png, { file_type: type }))
    expect(status === 200 ? status : body['code']).toBe(expected)
  })

  test.each<[string, JsonObject]>([
    ['two sources', inline(png, { url: 'http://127.0.0.1/' })],
    ['no source', { file_type: 1 }],
    ['no base64', { file_type: 1, file_data: '!!!' }],
    ['a data address', { file_type: 1, file_data: 'data:image/png;base64,AAAA' }],
    ['an unknown upload', { file_type: 1, upload_id: 'x' }],
  ])('with %s is refused', async (_, body) => {
    expect((await upload(body)).body['code']).toBe(10000)
  })

  test('inline over 10 MB is too large for the door', async () => {
    expect((await upload(inline(Buffer.alloc(10 * 1024 * 1024 + 1)))).status).toBe(413)
    expect((await upload(inline(Buffer.alloc(12 * 1024 * 1024)))).status).toBe(413)
  })

  test('sent at once uses the proactive permission', async () => {
    const { body } = await upload(inline(png, { srv_send_msg: true }))
    expect(body['id']).toBe((await alice.expectReply()).id)
    alice.rejectPush()
    expect((await upload(inline(png, { srv_send_msg: true }))).body['code']).toBe(40034105)
  })

  test('to a stranger is refused', async () => {
    alice.removeFriend()
    expect((await upload(inline(png))).body['code']).toBe(40054004)
  })

  test('lives for ever with a life of 0', async () => {
    await using other = await startQQEmulator({ appId, secret, clock, mediaTtlSeconds: 0 })
    const otherApi = await RawApi.login(other)
    const bob = other.user()
    const { body } = await otherApi.call('POST', `/v2/users/${bob.openid}/files`, inline(png))
    expect(body['ttl']).toBe(0)
    await clock.advance(1e9)
    const later = await RawApi.login(other)
    const media = { msg_type: 7, media: { file_info: body['file_info'] } }
    expect((await later.call('POST', `/v2/users/${bob.openid}/messages`, media)).status).toBe(200)
  })
})

const digest = (algorithm: string, content: Buffer): string =>
  createHash(algorithm).update(content).digest('hex')

interface PartInfo {
  index: number
  presigned_url: string
  block_size: string
}

describe.each([0, 1] as const)('a chunked upload with parts from %i', (firstPartIndex) => {
  const content = Buffer.concat([samples['mp4'] ?? png, Buffer.alloc(11_000_000, 7)])
  const base = (): string => `/v2/users/${alice.openid}`
  const description = (): JsonObject => ({
    file_type: 2,
    file_size: String(content.length),
    file_name: 'a.mp4',
    md5: digest('md5', content),
    sha1: digest('sha1', content),
    md5_10m: digest('md5', content.subarray(0, 10_002_432)),
  })

  beforeEach(async () => {
    emulator = await startQQEmulator({ appId, secret, clock, firstPartIndex })
    onTestFinished(() => emulator.close())
    api = await RawApi.login(emulator)
    alice = emulator.user()
  })

  test('goes prepare, put, finish, files', async () => {
    const { body } = await api.call('POST', `${base()}/upload_prepare`, description())
    expect(body).toMatchObject({
      block_size: '5242880',
      upload_config: { concurrency: 1, retry_timeout: 300, retry_delay: 1 },
    })
    const parts: PartInfo[] = Object(body['parts'])
    expect(parts.map(({ index }) => index)).toEqual([0, 1, 2].map((index) => index + firstPartIndex))
    let offset = 0
    for (const { index, presigned_url: url, block_size: size } of parts) {
      const part = content.subarray(offset, offset + Number(size))
      offset += part.length
      const finish = {
        upload_id: body['upload_id'],
        part_index: index,
        block_size: part.length,
        md5: digest('md5', part),
      }
      const early = await api.call('POST', `${base()}/upload_part_finish`, finish)
      expect(early.body['code']).toBe(40093001)
      const leak = await fetch(url, { method: 'PUT', body: part, headers: { Authorization: 'QQBot x' } })
      expect(leak.status).toBe(403)
      expect((await fetch(url, { method: 'PUT', body: part })).status).toBe(200)
      expect(
        (await api.call('POST', `${base()}/upload_part_finish`, { ...finish, md5: digest('md5', png) }))
          .status,
      ).toBe(400)
      expect((await api.call('POST', `${base()}/upload_part_finish`, finish)).status).toBe(200)
      await clock.advance(1000)
    }
    const files = { file_type: 2, upload_id: body['upload_id'], file_name: 'a.mp4', srv_send_msg: false }
    const done = await api.call('POST', `${base()}/files`, files)
    expect(done.body).toMatchObject({ raw_url: expect.any(String), file_info: expect.any(String) })
    expect((await sendMedia(done.body['file_info'])).status).toBe(200)
    const { file } = await alice.expectReply()
    expect(file?.content.equals(content)).toBe(true)
  })

  test('is refused when it is not finished, too large or badly described', async () => {
    const { body } = await api.call('POST', `${base()}/upload_prepare`, description())
    const files = { file_type: 2, upload_id: body['upload_id'] }
    expect((await api.call('POST', `${base()}/files`, files)).body['code']).toBe(10000)
    const bad = [{ file_size: 100 }, { file_size: '0' }, { md5: 'x' }, { file_name: '' }, { sha1: undefined }]
    for (const change of bad) {
      const answer = await api.call('POST', `${base()}/upload_prepare`, { ...description(), ...change })
      expect(answer.body['code']).toBe(10000)
    }
    const huge = { ...description(), file_size: String(200 * 1024 * 1024 + 1) }
    expect((await api.call('POST', `${base()}/upload_prepare`, huge)).body['code']).toBe(850031)
  })
})

test('an unknown part is not found', async () => {
  const response = await fetch(`${emulator.baseUrls.api}/upload/x/0`, { method: 'PUT', body: 'x' })
  expect((await answerOf(response)).status).toBe(404)
})
