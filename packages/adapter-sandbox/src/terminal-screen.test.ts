import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'

import { afterEach, describe, expect, it, vi } from 'vitest'

import { startSandbox } from '../test/sandbox-app.ts'
import { VirtualTerminal } from '../test/virtual-terminal.ts'

const greeting = 'Chat with your bot.'
const keys = { up: '\u001B[A', left: '\u001B[D', tab: '\t', ctrlC: '\u0003', ctrlD: '\u0004' }

type Session = Awaited<ReturnType<typeof open>>
let session: Session | undefined

async function open(columns = 100) {
  const input = Object.assign(new PassThrough(), { isTTY: true })
  const terminal = new VirtualTerminal(columns)
  const sandbox = await startSandbox({ input, output: terminal, errors: terminal })
  return { ...sandbox, terminal, type: (text: string) => input.write(text) }
}

afterEach(async () => {
  await session?.app.stop()
  session = undefined
})

async function start(columns?: number): Promise<Session> {
  session = await open(columns)
  return session
}

describe('a chat on a terminal', () => {
  it('greets, shows who speaks and the id of the message, and answers below', async () => {
    const { terminal, type } = await start()
    expect(terminal.screen).toMatch(new RegExp(`^${greeting}.*\n1 alice>$`))
    type('/ping\r')
    await expect.poll(() => terminal.last(3)).toEqual(['1 alice> /ping', '2 Mynah> pong', '3 alice>'])
    type('/lines\r')
    await expect
      .poll(() => terminal.last(4))
      .toEqual(['3 alice> /lines', '4 Mynah> one', '  two', '5 alice>'])
  })

  it('shows what would act on the terminal, and is not acted on', async () => {
    const { app, type, terminal } = await start()
    const before = terminal.raw.length
    await app.bots
      .get('sandbox:mynah')
      ?.sendMessage('direct:alice', 'a\u001B]52;c;aGk=\u0007\u001B[2Jb\rc\n2 Mynah> d')
    await expect
      .poll(() => terminal.last(3))
      .toEqual([String.raw`1 Mynah> a\x1b]52;c;aGk=\x07\x1b[2Jb\x0dc`, '  2 Mynah> d', '2 alice>'])
    expect(terminal.raw.slice(before)).not.toContain('\u001B]')
    type(':as \u009B31mbob\r')
    await expect.poll(() => terminal.last(1)[0]).toContain(String.raw`\x9b31mbob>`)
  })

  it('shows where one is, and where a reply goes that belongs elsewhere', async () => {
    const { app, type, terminal } = await start()
    type(':in #lobby\r/ping\r')
    await expect
      .poll(() => terminal.last(3))
      .toEqual(['1 alice in home#lobby> /ping', '2 Mynah> pong', '3 alice in home#lobby>'])
    type(':as bob\r')
    await expect.poll(() => terminal.last(1)).toEqual(['3 bob in home#lobby>'])
    await app.bots.get('sandbox:mynah')?.sendMessage('direct:alice', 'psst')
    await expect
      .poll(() => terminal.last(2))
      .toEqual(['3 Mynah in direct:alice> psst', '4 bob in home#lobby>'])
  })

  it('keeps the line that is being typed whole when something else is written', async () => {
    const { terminal, type } = await start()
    type('half a li')
    await expect.poll(() => terminal.last(1)).toEqual(['1 alice> half a li'])
    terminal.write('log line\n')
    await expect.poll(() => terminal.last(2)).toEqual(['log line', '1 alice> half a li'])
    terminal.write(Buffer.from('no break'))
    await expect.poll(() => terminal.last(2)).toEqual(['no break', '1 alice> half a li'])
    type(`ne${keys.left.repeat(4)}X`)
    await expect.poll(() => terminal.last(1)).toEqual(['1 alice> half a Xline'])
    terminal.write('one\ntwo\n')
    await expect.poll(() => terminal.last(4)).toEqual(['no break', 'one', 'two', '1 alice> half a Xline'])
  })

  it('keeps a line of several rows whole, pasted or typed', async () => {
    const { terminal, type } = await start(20)
    const rows = ['1 alice> 01234567890', '12345678901234567890', '1234']
    type(rows.join('').slice('1 alice> '.length))
    await expect.poll(() => terminal.last(3)).toEqual([...rows])
    terminal.write('log\n')
    await expect.poll(() => terminal.last(4)).toEqual(['log', ...rows])
    terminal.write('log\n')
    await expect.poll(() => terminal.last(5)).toEqual(['log', 'log', ...rows])
    for (const character of '56') type(character)
    await expect.poll(() => terminal.last(3)).toEqual([...rows.slice(0, 2), '123456'])
    terminal.write('more\n')
    await expect.poll(() => terminal.last(5)).toEqual(['log', 'more', ...rows.slice(0, 2), '123456'])
  })

  it('brings back earlier lines and completes its own commands', async () => {
    const { type, terminal } = await start()
    type('/ping\r')
    await expect.poll(() => terminal.last(2)).toEqual(['2 Mynah> pong', '3 alice>'])
    type(keys.up)
    await expect.poll(() => terminal.last(1)).toEqual(['3 alice> /ping'])
    type(`${keys.ctrlC}:pok${keys.tab}`)
    await expect.poll(() => terminal.last(1)).toEqual(['3 alice> :poke'])
  })

  it('clears the line by Ctrl+C, and ends by Ctrl+C on an empty one', async () => {
    const { exits, type, terminal } = await start()
    type('half a line')
    await expect.poll(() => terminal.last(1)).toEqual(['1 alice> half a line'])
    type(`${keys.left}${keys.ctrlC}`)
    await expect.poll(() => terminal.last(1)).toEqual(['1 alice>'])
    expect(exits).toEqual([])
    type(keys.ctrlC)
    await vi.waitFor(() => expect(exits).toEqual([0]))
  })

  it('ends by Ctrl+D once the handlers are done', async () => {
    const { exits, type, terminal } = await start()
    type(`/slow\r${keys.ctrlD}`)
    await vi.waitFor(() => expect(exits).toEqual([0]))
    expect(terminal.screen).toContain('Mynah> late')
  })

  it('gives the terminal back when the app stops', async () => {
    const { app, terminal } = await start()
    await app.stop()
    const before = terminal.screen
    terminal.write('\nafterwards\n')
    expect(terminal.screen).toBe(`${before}\nafterwards\n`)
    expect(terminal.listenerCount('resize')).toBe(0)
  })

  it('has colours, unless NO_COLOR is set', async () => {
    const coloured = await start()
    coloured.type('/ping\r')
    await expect.poll(() => coloured.terminal.last(2)).toEqual(['2 Mynah> pong', '3 alice>'])
    expect(coloured.terminal.raw).toContain('\u001B[2m2\u001B[22m \u001B[32mMynah\u001B[39m> pong')
    await coloured.app.stop()
    vi.stubEnv('NO_COLOR', '1')
    const plain = await start()
    plain.type('/ping\r')
    await expect.poll(() => plain.terminal.last(2)).toEqual(['2 Mynah> pong', '3 alice>'])
    expect(plain.terminal.raw).not.toContain('m')
    expect(stripVTControlCharacters(plain.terminal.raw)).toContain('2 Mynah> pong\n')
  })
})
