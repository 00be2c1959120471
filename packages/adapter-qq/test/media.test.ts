import { createHash, randomBytes } from 'node:crypto'
import { file as localFile, segment } from '@mynah/core'
import { describe, expect, it } from 'vitest'
import { start } from './start.ts'

const name = 'data.bin'
const file = (bytes: Buffer): ReturnType<typeof segment.file> => segment.file(bytes, { title: name })
const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex')

describe('a file', () => {
  it('goes up as Base64 with its name, to the kind of place it is for', async () => {
    const bytes = randomBytes(1000)
    const { emulator, bot } = await start()
    const group = emulator.group()
    expect((await bot.sendMessage(group.openid, file(bytes))).status).toBe('delivered')
    const call = await emulator.expectCall('POST /v2/groups/{group_openid}/files')
    expect(call.body).toEqual({
      file_type: 4,
      file_name: name,
      file_data: bytes.toString('base64'),
      srv_send_msg: false,
    })
    expect((await group.expectReply()).file?.content).toEqual(bytes)
  })

  it.each([0, 1] as const)('goes up in parts numbered from %i when it is large', async (firstPartIndex) => {
    const bytes = randomBytes(11_000_000)
    const { emulator, bot } = await start({ emulator: { firstPartIndex } })
    const alice = emulator.user()
    const receipt = await bot.sendMessage(`private:${alice.openid}`, file(bytes))
    expect(receipt.status).toBe('delivered')
    const { body } = await emulator.expectCall('POST /v2/users/{openid}/upload_prepare')
    expect(body).toEqual({
      file_type: 4,
      file_name: name,
      file_size: '11000000',
      md5: md5(bytes),
      sha1: createHash('sha1').update(bytes).digest('hex'),
      md5_10m: md5(bytes.subarray(0, 10_002_432)),
    })
    expect((await alice.c2c.expectReply()).file?.content.equals(bytes)).toBe(true)
    const stored = emulator.calls.filter(({ method }) => method === 'PUT')
    expect(stored.length).toBeGreaterThan(1)
    for (const { headers } of stored) expect(headers['authorization']).toBeUndefined()
  })

  it('waits for a part that is not ready, and surfaces a volume that is used up', async () => {
    const { emulator, bot } = await start({ config: { chunkThreshold: 10 } })
    const alice = emulator.user()
    emulator.faults.call('POST /v2/users/{openid}/upload_part_finish', {
      kind: 'error-answer',
      code: 40093001,
    })
    const receipt = await bot.sendMessage(`private:${alice.openid}`, file(randomBytes(100)))
    expect(receipt.status).toBe('delivered')
    emulator.faults.call('POST /v2/users/{openid}/upload_part_finish', {
      kind: 'error-answer',
      code: 40093002,
    })
    const refused = await bot.sendMessage(`private:${alice.openid}`, file(randomBytes(100)))
    expect(refused).toMatchObject({ status: 'failed', error: { platformCode: 40093002 } })
  })

  it('goes up once while it is known, and again for the other kind of place', async () => {
    const { emulator, bot } = await start()
    const alice = emulator.user()
    const group = emulator.group()
    const content = file(randomBytes(100))
    for (const place of [`private:${alice.openid}`, `private:${alice.openid}`, group.openid, group.openid]) {
      expect((await bot.sendMessage(place, content)).status).toBe('delivered')
    }
    const uploads = emulator.calls.filter(({ route }) => route?.endsWith('/files'))
    expect(uploads.map(({ route }) => route)).toEqual([
      'POST /v2/users/{openid}/files',
      'POST /v2/groups/{group_openid}/files',
    ])
  })

  it('goes up in parts when it is too large for one call', async () => {
    const { emulator, bot } = await start()
    const alice = emulator.user()
    emulator.faults.call('POST /v2/users/{openid}/files', {
      kind: 'error-answer',
      status: 413,
      body: '<html>',
    })
    const bytes = randomBytes(100)
    expect((await bot.sendMessage(`private:${alice.openid}`, file(bytes))).status).toBe('delivered')
    expect((await alice.c2c.expectReply()).file?.content).toEqual(bytes)
  })

  it('goes up once for two messages that are sent at the same time', async () => {
    const { emulator, bot } = await start()
    const alice = emulator.user()
    const content = file(randomBytes(100))
    const send = async (): Promise<string> =>
      (await bot.sendMessage(`private:${alice.openid}`, content)).status
    expect(await Promise.all([send(), send()])).toEqual(['delivered', 'delivered'])
    expect(emulator.calls.filter(({ route }) => route?.endsWith('/files'))).toHaveLength(1)
  })

  it('goes up again after it could not', async () => {
    const { emulator, bot } = await start()
    const place = `private:${emulator.user().openid}`
    const content = file(randomBytes(100))
    emulator.faults.call('POST /v2/users/{openid}/files', { kind: 'error-answer', code: 850031 })
    expect((await bot.sendMessage(place, content)).status).toBe('failed')
    expect((await bot.sendMessage(place, content)).status).toBe('delivered')
  })

  it('that is not there fails with its reason', async () => {
    const { emulator, bot } = await start()
    const receipt = await bot.sendMessage(
      `private:${emulator.user().openid}`,
      segment.image(localFile('/no/such/file.png')),
    )
    expect(receipt).toMatchObject({ status: 'failed', error: { code: 'MEDIA_REFUSED' } })
  })
})
