import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'

import { describe, expect, it, vi } from 'vitest'

import { RemoteControl } from '../src/client/remote-control.ts'
import { readRunFile, type RunFile, writeRunFile } from '../src/protocol/run-file.ts'
import { RunningBot } from './running-bot.ts'

/** What `bot` is told to show for it. */
function runFileOf(bot: RunningBot): RunFile {
  const file = readRunFile(join(bot.root, '.mynah/run.json'))
  if (file === undefined) throw new Error('The bot wrote nothing down.')
  return file
}

/** Asks by hand. @returns The status of the answer, and what it says. */
function post(socketPath: string, path: string, token: string, body: string): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { socketPath, path, method: 'POST', headers: { authorization: `Bearer ${token}` } },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => (text += part))
        response.on('end', () => resolve([response.statusCode ?? 0, text]))
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })
}

/** Another process that listens in the folder of a bot, and has written down where. */
async function otherProcess({ root }: RunningBot): Promise<{ process: ChildProcess; address: string }> {
  const folder = join(root, '.mynah')
  await mkdir(folder)
  const address = join(folder, 'control.sock')
  const other = spawn(process.execPath, [
    '-e',
    `require('net').createServer().listen(${JSON.stringify(address)}, () => console.log('ready'))`,
  ])
  await once(other.stdout, 'data')
  writeRunFile(join(folder, 'run.json'), {
    protocol: 1,
    pid: other.pid ?? 0,
    address,
    token: 'x',
    startedAt: 1,
  })
  return { process: other, address }
}

describe('a bot that is asked', () => {
  it('tells the same in its process and through its socket', async () => {
    await using bot = await RunningBot.start()
    await bot.open()
    const control = await RemoteControl.open(bot.root)
    const status = await control.ask('status', {})
    expect(status).toMatchObject({
      pid: process.pid,
      version: '1.2.3',
      node: process.versions.node,
      mode: 'production',
      root: bot.root,
      startedAt: 5,
      isReady: true,
      accounts: [],
      entries: [
        { id: 'plugins.broken', state: 'failed', error: { message: 'no luck' } },
        { id: 'plugins.well', state: 'active', waitsFor: [] },
      ],
    })
    const local = await bot.local.ask('status', {})
    expect({ ...local, residentBytes: 0, heapBytes: 0 }).toEqual({
      ...status,
      residentBytes: 0,
      heapBytes: 0,
    })
  })

  it('hears who wants it to end, and how', async () => {
    await using bot = await RunningBot.start()
    await bot.open()
    const control = await RemoteControl.open(bot.root)
    await control.ask('stop', { by: 'alice' })
    await control.ask('restart', { by: 'bob' })
    expect(bot.ends).toEqual([
      ['stop', 'alice'],
      ['restart', 'bob'],
    ])
  })

  it.each([
    [
      { account: 'qq', channel: '1', text: 'hi' },
      'CONTROL_INVALID',
      'There is no account qq; none is signed in.',
    ],
    [{ account: 'qq', text: '' }, 'CONTROL_INVALID', 'text'],
  ])('refuses %j', async (message, code, words) => {
    await using bot = await RunningBot.start()
    await bot.open()
    const control = await RemoteControl.open(bot.root)
    for (const asked of [bot.local, control]) {
      await expect(asked.ask('send', message)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(words) as string,
      })
    }
  })

  it('shows lines of its log as they come', async () => {
    await using bot = await RunningBot.start()
    await bot.open()
    const control = await RemoteControl.open(bot.root)
    const end = new AbortController()
    const lines = control.follow('logs', { follow: true, lines: 0, level: 'warn' }, end.signal)
    const first = lines[Symbol.asyncIterator]().next()
    // The bot has to know of the follower first; lines before that are not for it.
    await vi.waitFor(async () => {
      bot.log.push('{"level":30,"time":1,"msg":"left out"}')
      bot.log.push('{"level":40,"time":2,"msg":"shown"}')
      await expect(Promise.race([first, Promise.resolve('none')])).resolves.not.toBe('none')
    })
    await expect(first).resolves.toMatchObject({ value: { level: 40, msg: 'shown' } })
    end.abort()
  })
})

describe('the way in', () => {
  it('is closed to other users, by its file and by its token', async () => {
    await using bot = await RunningBot.start()
    const { address } = await bot.open()
    expect(address).toBe(join(bot.root, '.mynah/control.sock'))
    expect(statSync(address ?? '').mode & 0o077).toBe(0)
    expect(statSync(join(bot.root, '.mynah/run.json')).mode & 0o077).toBe(0)
    const { token } = runFileOf(bot)
    await expect(post(address ?? '', '/v1/status', 'guess', '{}')).resolves.toEqual([401, ''])
    await expect(post(address ?? '', '/v1/status', token, '{}')).resolves.toMatchObject([200, /pid/])
  })

  it.each([
    ['/v1/status', '{', 'CONTROL_FAILED'],
    ['/v1/status', '[]', 'CONTROL_INVALID'],
    ['/v1/status', '{"a":1}', 'CONTROL_INVALID'],
    ['/v1/stop', '{"by":5}', 'CONTROL_INVALID'],
    ['/v1/logs', '{"lines":-1}', 'CONTROL_INVALID'],
    ['/v1/constructor', '{}', 'CONTROL_INVALID'],
    ['/v2/status', '{}', 'CONTROL_VERSION'],
    ['/', '{}', 'CONTROL_VERSION'],
    ['/v1/send', 'x'.repeat(1_000_001), 'CONTROL_INVALID'],
  ])('answers a bad question at %s and goes on', async (path, body, code) => {
    await using bot = await RunningBot.start()
    const { address = '' } = await bot.open()
    const { token } = runFileOf(bot)
    const [status, text] = await post(address, path, token, body)
    expect([status, JSON.parse(text)]).toMatchObject([400, { code }])
    await expect(RemoteControl.open(bot.root)).resolves.toMatchObject({ pid: process.pid })
  })

  it('lies in the folder of the user when the path of the project is too long for a socket', async () => {
    await using bot = await RunningBot.start(`${'long-'.repeat(12)}/${'长'.repeat(20)}`)
    const { address = '' } = await bot.open()
    expect(Buffer.byteLength(address)).toBeLessThanOrEqual(100)
    expect(address.startsWith(bot.root)).toBe(false)
    const control = await RemoteControl.open(bot.root)
    await expect(control.ask('status', {})).resolves.toMatchObject({ root: bot.root })
    expect(bot.problems).toEqual([])
  })

  it('lies in the folder of the user when nothing can be written in the project', async () => {
    await using bot = await RunningBot.start()
    writeFileSync(join(bot.root, '.mynah'), 'a file where a folder should be')
    await bot.open()
    const control = await RemoteControl.open(bot.root)
    await expect(control.ask('status', {})).resolves.toMatchObject({ root: bot.root })
  })

  it('is gone when the bot is', async () => {
    await using bot = await RunningBot.start()
    const server = await bot.open()
    await server.close()
    await expect(RemoteControl.open(bot.root)).rejects.toMatchObject({ code: 'CONTROL_NOT_RUNNING' })
    expect(() => readFileSync(join(bot.root, '.mynah/run.json'))).toThrow('ENOENT')
  })

  it('is taken over from a process that was killed', async () => {
    await using bot = await RunningBot.start()
    const { process: other } = await otherProcess(bot)
    other.kill('SIGKILL')
    await once(other, 'exit')
    await expect(RemoteControl.open(bot.root)).rejects.toMatchObject({ code: 'CONTROL_NOT_RUNNING' })
    await bot.open()
    await expect(RemoteControl.open(bot.root)).resolves.toMatchObject({ pid: process.pid })
    expect(bot.problems).toEqual([])
  })

  it('waits for the end of another process that runs the same bot', async () => {
    await using bot = await RunningBot.start()
    const { process: other, address } = await otherProcess(bot)
    const server = await bot.open()
    expect(server.address).toBeUndefined()
    expect(bot.problems).toEqual([expect.stringContaining(`Process ${other.pid} runs this bot, too`)])
    other.kill('SIGKILL')
    await vi.waitFor(() => expect(server.address).toBe(address), { timeout: 10_000 })
    await expect(RemoteControl.open(bot.root)).resolves.toMatchObject({ pid: process.pid })
  })

  it('says so when the bot understands another version', async () => {
    await using bot = await RunningBot.start()
    await bot.open()
    writeRunFile(join(bot.root, '.mynah/run.json'), { ...runFileOf(bot), protocol: 99 })
    await expect(RemoteControl.open(bot.root)).rejects.toMatchObject({ code: 'CONTROL_VERSION' })
  })

  it('is said to be missing where no bot ever ran', async () => {
    await using bot = await RunningBot.start()
    await expect(RemoteControl.open(bot.root)).rejects.toMatchObject({ code: 'CONTROL_NOT_RUNNING' })
    await expect(RemoteControl.open(join(bot.root, 'nowhere'))).rejects.toMatchObject({
      code: 'CONTROL_NOT_RUNNING',
    })
  })
})
