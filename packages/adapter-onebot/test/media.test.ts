import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { type Content, element, file as local, segment } from '@mynah/core'
import type { ProfileName } from '@mynah/emulator-onebot'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { uploadTimeout } from '../src/send/media.ts'
import { botOf, eventually, start, startEmulator } from './start.ts'

let folder: string
let path: string
const bytes = Buffer.from('not really a picture')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mynah-onebot-'))
  path = join(folder, 'a cat & 猫.png')
  await writeFile(path, bytes)
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

async function connect(profile: ProfileName = 'napcat', media: object = {}) {
  const emulator = await startEmulator({ profile })
  const { url } = await emulator.listenWebSocket()
  const app = await start({ forward: [{ url }], media })
  await eventually(() =>
    expect(botOf(app).connections.state).toMatchObject({ status: 'online', implementation: profile }),
  )
  const alice = emulator.friend({ userId: 1, nickname: 'Alice' })
  const sentFile = (): unknown => {
    const message = emulator.calls.findLast(({ action }) => action === 'send_msg')?.params['message']
    return Array.isArray(message) ? (message[0] as { data: { file: unknown } }).data.file : undefined
  }
  return { emulator, bot: botOf(app), alice, sentFile }
}

const inline = `base64://${bytes.toString('base64')}`

describe('media on its way out', () => {
  it.each(['napcat', 'go-cqhttp', 'llonebot', 'lagrange'] as const)(
    'reaches people on %s',
    async (profile) => {
      const { bot, alice } = await connect(profile)
      for (const content of [
        segment.image(bytes),
        segment.image(local(path)),
        segment.audio(bytes),
        segment.video(local(path)),
      ]) {
        expect((await bot.sendMessage('private:1', content)).status).toBe('delivered')
        const { media } = await alice.expectReply()
        expect(media[0]?.bytes?.equals(bytes)).toBe(true)
      }
    },
  )

  it.each<[string, (file: string) => Content, string | undefined]>([
    ['bytes', () => segment.image(bytes), inline],
    ['a path', (file) => segment.image(local(file)), inline],
    ['a file URL', (file) => segment.image(local(pathToFileURL(file))), inline],
    [
      'a data URL',
      () => element('image', { src: `data:image/png;base64,${bytes.toString('base64')}` }),
      inline,
    ],
    [
      'a data URL of text',
      () => element('image', { src: `data:,${encodeURIComponent(bytes.toString())}` }),
      inline,
    ],
    [
      'a URL',
      () => segment.image('https://example.com/cat.png?a=1&b=2'),
      'https://example.com/cat.png?a=1&b=2',
    ],
    ['the name of something received', () => element('image', { 'onebot:file': 'abc.image' }), 'abc.image'],
    [
      'a place on the disk of the implementation',
      () => element('audio', { 'onebot:file': 'a.amr', 'onebot:url': 'file:///app/nt_data/a.amr' }),
      'file:///app/nt_data/a.amr',
    ],
  ])('makes a file source of %s', async (_, content, expected) => {
    const { bot, sentFile } = await connect('go-cqhttp')
    await bot.sendMessage('private:1', content(path))
    expect(sentFile()).toBe(expected)
  })

  it('hands paths over where both see the same files', async () => {
    const { bot, alice, sentFile } = await connect('napcat', { localFiles: 'path' })
    expect((await bot.sendMessage('private:1', segment.image(local(path)))).status).toBe('delivered')
    expect(sentFile()).toBe(pathToFileURL(path).href)
    expect((await alice.expectReply()).media[0]?.bytes?.equals(bytes)).toBe(true)
  })

  it('says what to do with files that are too large for a frame', async () => {
    const { emulator, bot } = await connect('go-cqhttp', { maxInlineBytes: 10 })
    for (const content of [segment.image(bytes), segment.image(local(path))]) {
      expect(await bot.sendMessage('private:1', content)).toMatchObject({
        status: 'failed',
        error: { code: 'MEDIA_REFUSED', message: expect.stringMatching(/Give a URL/) },
      })
    }
    expect(emulator.calls.some(({ action }) => action === 'send_msg')).toBe(false)
  })

  it.each(['bytes', 'a file'])('hands %s to NapCat in parts', async (kind) => {
    const { emulator, bot, alice } = await connect('napcat', { maxInlineBytes: 1000 })
    const large = Buffer.from('0123456789'.repeat(130_000))
    const file = join(folder, 'large.bin')
    await writeFile(file, large)
    const receipt = await bot.sendMessage('private:1', segment.image(kind === 'bytes' ? large : local(file)))
    expect(receipt.status).toBe('delivered')
    expect((await alice.expectReply()).media[0]?.bytes?.equals(large)).toBe(true)
    const parts = emulator.calls.filter(({ action }) => action === 'upload_file_stream')
    expect(parts).toHaveLength(4)
    expect(parts.every(({ params }) => JSON.stringify(params).length < 800_000)).toBe(true)
  })

  it('says which file cannot be read', async () => {
    const { bot } = await connect()
    expect(
      await bot.sendMessage('private:1', segment.image(local(join(folder, 'nothing.png')))),
    ).toMatchObject({
      status: 'failed',
      error: { code: 'MEDIA_REFUSED', message: expect.stringContaining('nothing.png') },
    })
  })

  it.each<[string, (file: string) => Content]>([
    ['a file URL', (file) => element('image', { src: pathToFileURL(file).href })],
    ['a file URL with backslashes', (file) => element('file', { src: `file:${file.replaceAll('/', '\\')}` })],
    ['a bare path', (file) => element('image', { src: file })],
    ['base64', () => element('image', { src: inline })],
    ['the name of a file that was sent', () => element('file', { 'onebot:file': 'file:\\etc\\hostname' })],
    ['nothing', () => element('video', {})],
  ])('refuses %s as an address, and sends nothing of it', async (_, content) => {
    const { emulator, bot } = await connect('napcat')
    expect(await bot.sendMessage('private:1', content(path))).toMatchObject({
      status: 'failed',
      error: { code: 'MEDIA_REFUSED' },
    })
    expect(emulator.calls.some(({ action }) => action === 'send_msg')).toBe(false)
  })

  it('refuses what is no regular file before a byte of it is read', async () => {
    const { bot } = await connect('napcat')
    for (const place of ['/dev/zero', folder]) {
      expect(await bot.sendMessage('private:1', segment.image(local(place)))).toMatchObject({
        status: 'failed',
        error: { code: 'MEDIA_REFUSED', message: expect.stringContaining(place) },
      })
    }
  })

  it.each([
    ['C:\\Users\\图\\a b.png', 'file:///C:/Users/%E5%9B%BE/a%20b.png'],
    ['c:/x.png', 'file:///c:/x.png'],
    ['\\\\nas\\share\\x.png', 'file://nas/share/x.png'],
  ])('hands the path %s of a Windows machine over as %s', async (windowsPath, url) => {
    const { bot, sentFile } = await connect('napcat', { localFiles: 'path' })
    await bot.sendMessage('private:1', segment.image(local(windowsPath)))
    expect(sentFile()).toBe(url)
  })
})

describe('files on their way out', () => {
  it.each(['napcat', 'llonebot'] as const)('are messages on %s', async (profile) => {
    const { bot, alice } = await connect(profile)
    const receipt = await bot.sendMessage('private:1', segment.file(bytes, { title: 'cat.txt' }))
    expect(receipt.messageIds).toHaveLength(1)
    const { media } = await alice.expectReply()
    expect(media[0]).toMatchObject({ name: 'cat.txt' })
  })

  it.each(['go-cqhttp', 'lagrange'] as const)('are uploads on %s, from the path there', async (profile) => {
    const { emulator, bot } = await connect(profile)
    const group = emulator.group({ groupId: 5, name: 'x' })
    for (const channelId of ['private:1', String(group.groupId)]) {
      expect(await bot.sendMessage(channelId, segment.file(local(path), { title: 'cat.txt' }))).toEqual({
        status: 'delivered',
        messageIds: [],
      })
      expect(emulator.calls.at(-1)?.params).toMatchObject({ file: path, name: 'cat.txt' })
    }
    expect(await bot.sendMessage('private:1', segment.file(bytes))).toMatchObject({
      status: 'failed',
      error: { code: 'MEDIA_REFUSED' },
    })
  })

  it('get the time they need', () => {
    expect(uploadTimeout(0)).toBe(30_000)
    expect(uploadTimeout(256 * 1024 * 100)).toBe(130_000)
    expect(uploadTimeout(1e12)).toBe(1_800_000)
  })
})
