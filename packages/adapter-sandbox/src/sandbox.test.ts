import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { text as readAll } from 'node:stream/consumers'

import { type ChatEvent, definePlugin } from '@mynah/core'
import { deferred } from '@mynah/core/adapter'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { answers, OtherBot, startSandbox } from '../test/sandbox-app.ts'
import type { SandboxOptions } from './sandbox.ts'

type Sandbox = Awaited<ReturnType<typeof startSandbox>>
let running: Sandbox | undefined

afterEach(async () => {
  await running?.app.stop()
  running = undefined
})

async function start(options?: SandboxOptions, plugins?: (typeof answers)[]): Promise<Sandbox> {
  running = await startSandbox(options, plugins)
  return running
}

/** Pipes lines in, waits for the end, and gives what came out. */
async function chat(lines: readonly string[], options?: SandboxOptions): Promise<Sandbox> {
  const sandbox = await start(options)
  sandbox.input.end(lines.join('\n'))
  await vi.waitFor(() => expect(sandbox.exits).toEqual([0]))
  return sandbox
}

describe('a piped chat', () => {
  it('answers on the output, one line a reply and nothing else, and asks to end with code 0', async () => {
    const { written, told } = await chat(['/ping', 'not for the bot', '/lines', '', '/ping', ''])
    expect(written).toBe('pong\none\ntwo\npong\n')
    expect(told).toBe('')
  })

  it('answers each of 500 lines where 5 are handled at a time and 50 may wait', async () => {
    const sandbox = await start()
    sandbox.input.end('/ping\n'.repeat(500))
    await vi.waitFor(() => expect(sandbox.exits).toEqual([0]), { timeout: 15_000 })
    expect(sandbox.written).toBe('pong\n'.repeat(500))
  })

  it('handles one line after the other', async () => {
    const { written } = await chat(['/slow', '/ping', '/later', '/ping'])
    expect(written).toBe('late\npong\nafterwards\npong\n')
  })

  it('takes the next lines as answers to prompts, and waits for what the handler says then', async () => {
    const { written } = await chat(['/sum', '1', '2', '/ping'])
    expect(written).toBe('First?\nSecond?\n3\npong\n')
  })

  it('ends while a prompt waits for an answer that cannot come', async () => {
    const { written } = await chat(['/sum'])
    expect(written).toBe('First?\n')
  })

  it('goes on after a handler that does not end', async () => {
    const { written } = await chat(['/hang', '/ping'], { lineLimitMs: 20, endLimitMs: 20 })
    expect(written).toBe('pong\n')
  })

  it('reads real pipes, split inside a character, and a last line without a break', async () => {
    const source = spawn('sh', [
      '-c',
      String.raw`printf '/echo \344\275'; sleep 0.05; printf '\240 hi\r\n/ping'`,
    ])
    const sink = spawn('cat')
    const sandbox = await start({ input: source.stdout, output: sink.stdin })
    const result = readAll(sink.stdout)
    await vi.waitFor(() => expect(sandbox.exits).toEqual([0]))
    sink.stdin.end()
    expect(await result).toBe('/echo 你 hi\npong\n')
  })

  it('asks to end when nobody reads the replies any more', async () => {
    const sink = spawn('head', ['-n', '1'])
    const sandbox = await start({ output: sink.stdin })
    sandbox.input.write('/ping\n')
    expect(await readAll(sink.stdout)).toBe('pong\n')
    sandbox.input.write('/ping\n')
    await vi.waitFor(() => expect(sandbox.exits).toEqual([0]))
  })

  it('goes on without a terminal when other accounts are signed in and nothing was typed', async () => {
    const account = definePlugin({ name: 'account', setup: (ctx) => void ctx.addBot(new OtherBot()) })
    const sandbox = await start({}, [account])
    sandbox.input.end()
    await vi.waitFor(() => expect(sandbox.logs.join('')).toContain('Nobody is at the terminal'))
    expect(sandbox.exits).toEqual([])
  })

  it('lets the program decide where accounts may still come, and says why it might end', async () => {
    const requests: unknown[] = []
    const host = definePlugin({
      name: 'another host',
      setup: (ctx) => void ctx.on('exit-requested', (request) => void requests.push(request)),
    })
    for (const lines of ['', '/ping\n']) {
      const sandbox = await start({}, [answers, host])
      sandbox.input.end(lines)
      await vi.waitFor(() => expect(sandbox.exits).toEqual([0]))
    }
    expect(requests).toEqual([
      { code: 0, reason: 'Nobody is at the terminal', isOptional: true },
      { code: 0, reason: 'The input of the terminal chat is over', isOptional: true },
    ])
  })

  it('writes nothing that a terminal would act on', async () => {
    const hostile =
      '\u001B]0;owned\u0007 \u001B[2J \u009B31m a\rb \u202Ebackwards \u2028 \u007F \u0000 tab\tend'
    const evil = definePlugin({
      name: 'evil',
      setup(ctx) {
        ctx.command('evil').action(() => hostile)
        ctx.command('react').action(async ({ session }) => {
          await session.bot.createReaction(session.channel?.id ?? '', '1', hostile)
        })
      },
    })
    const sandbox = await start({}, [evil])
    sandbox.input.end('/react\n/evil\n:as \u001B[31mbob\n:who\n:nowhere\u001B[2J\n:history\n')
    await vi.waitFor(() => expect(sandbox.exits).toEqual([0]))
    expect(sandbox.written).toBe(
      String.raw`\x1b]0;owned\x07 \x1b[2J \x9b31m a\x0db \u202ebackwards \u2028 \x7f \x00 tab` + '\tend\n',
    )
    expect(sandbox.told).toContain(String.raw`\x1b]0;owned`)
    const acting = Array.from(sandbox.written + sandbox.told).filter((character) =>
      /[^\P{Cc}\n\t]|[\u2028\u202E]/u.test(character),
    )
    expect(acting).toEqual([])
  })

  it('leaves what it has not handled in the input when it stops', async () => {
    const sandbox = await start()
    sandbox.input.write('/hang\n/ping\n/lines\n')
    await vi.waitFor(() => expect(sandbox.input.readableLength).toBe(0))
    await sandbox.app.stop()
    expect(sandbox.input.read()).toBe('/ping\n/lines\n')
  })

  it('says nothing before all plugins have started', async () => {
    const gate = deferred()
    const late = definePlugin({
      name: 'late',
      async setup(ctx) {
        await gate.promise
        ctx.command('late').action(() => 'here')
      },
    })
    const input = new PassThrough()
    input.end('/late\n')
    const starting = start({ input }, [late])
    await once(input, 'readable')
    setImmediate(gate.resolve)
    const sandbox = await starting
    await vi.waitFor(() => expect(sandbox.exits).toEqual([0]))
    expect(sandbox.written).toBe('here\n')
  })
})

describe('commands of the sandbox', () => {
  /** Pipes lines in and gives the events that plugins saw. */
  async function eventsOf(...lines: string[]): Promise<{ events: ChatEvent[]; sandbox: Sandbox }> {
    const events: ChatEvent[] = []
    const watch = definePlugin({
      name: 'watch',
      setup: (ctx) => void ctx.on('event', ({ event }) => void events.push(event)),
    })
    const sandbox = await start({}, [answers, watch])
    sandbox.input.end(lines.join('\n'))
    await vi.waitFor(() => expect(sandbox.exits).toEqual([0]))
    return { events, sandbox }
  }

  it.each([
    ['hello', { type: 'message-created', user: { id: 'alice' }, channel: { type: 'direct' } }],
    [':as bob\nhi', { user: { id: 'bob' }, channel: { id: 'direct:bob' } }],
    [':in group2\nhi', { guild: { id: 'group2' }, channel: { id: 'group2' }, member: { role: 'owner' } }],
    [':in #lobby\nhi', { guild: { id: 'home' }, channel: { id: 'home#lobby', name: 'lobby' } }],
    [':in group2 #lobby\nhi', { guild: { id: 'group2' }, channel: { id: 'group2#lobby' } }],
    [':in home\n:as bob\nhi', { user: { id: 'bob' }, guild: { id: 'home' }, member: { role: 'member' } }],
    [':in home\n:dm\nhi', { channel: { id: 'direct:alice' } }],
    [':poke', { type: 'poke', user: { id: 'alice' }, platformType: 'sandbox/poke', raw: { line: ':poke' } }],
    [':in home\n:join carol', { type: 'guild-member-added', user: { id: 'carol' }, guild: { id: 'home' } }],
    [':in home\n:leave', { type: 'guild-member-removed', user: { id: 'alice' }, guild: { id: 'home' } }],
    ['hi\n:recall', { type: 'message-deleted', message: { id: '1' }, operator: { id: 'alice' } }],
    [
      'hi\n:edit 1 ho',
      { type: 'message-updated', message: { id: '1', content: [{ attrs: { content: 'ho' } }] } },
    ],
    ['hi\n:react 1 👍', { type: 'reaction-added', emoji: { id: '👍' }, message: { id: '1' } }],
    ['hi\n:react 1 👍\n:react 1 👍', { type: 'reaction-removed', emoji: { id: '👍' } }],
    ['/menu\n:button 1', { type: 'interaction/button', button: { id: 'y' }, message: { id: '2' } }],
    [
      'first\n:quote 1\nsecond',
      { message: { quote: { id: '1' }, content: [{ type: 'text', attrs: { content: 'second' } }] } },
    ],
    ['a < b & c', { message: { content: [{ type: 'text', attrs: { content: 'a < b & c' } }] } }],
    ['AT&amp;T', { message: { content: [{ type: 'text', attrs: { content: 'AT&amp;T' } }] } }],
    ['<at id="bob"/> hi', { message: { content: [{ type: 'at', attrs: { id: 'bob' } }, { type: 'text' }] } }],
    ['::help', { message: { content: [{ attrs: { content: ':help' } }] } }],
    [':D', { message: { content: [{ attrs: { content: ':D' } }] } }],
    [
      ':raw {"type":"friend-request","user":{"id":"zed"},"comment":"hi"}',
      { type: 'friend-request', platformType: 'sandbox/friend-request', user: { id: 'zed' }, comment: 'hi' },
    ],
    [
      ':raw {"type":"message-created","message":{"id":"x","content":"<b>hi</b>"}}',
      { message: { id: 'x', content: [{ type: 'b' }] }, user: { id: 'alice' } },
    ],
  ])('makes the event of %j', async (lines, expected) => {
    const { events } = await eventsOf(...lines.split('\n'))
    expect(events.at(-1)).toMatchObject({ platform: 'sandbox', selfId: 'mynah', ...expected })
  })

  it('gives every event an id of its own', async () => {
    const { events } = await eventsOf('hi', ':poke', 'hi', ':raw {"type":"poke"}')
    expect(new Set(events.map(({ id }) => id)).size).toBe(4)
  })

  it.each([
    [':nonsense', 'There is no :nonsense; :help shows what there is. To say it, write ::nonsense.'],
    [':as', 'A name is one word'],
    [':as mynah', 'mynah is the bot.'],
    [':in', 'Name a guild'],
    [':join', 'This is a direct chat.'],
    [':quote 9', 'The sandbox has no message 9'],
    [':recall', 'alice has written nothing here.'],
    [':react 1', 'The id of a message, then the rest.'],
    [':button 1', 'No message here has buttons.'],
    ['/menu\n:button 3', 'Which button? 1 to 2.'],
    ['/menu\n:button 2', 'alice may not press this button.'],
    [':raw {', 'This is not JSON'],
    [':raw {"type":1}', 'This is not an event.'],
    [':who', 'alice, in a direct chat'],
    [':in home\n:who', 'alice, in home; members: mynah (admin), alice (owner)'],
    ['hi\n:history', '1 alice: hi'],
    [':help', ':button <number>'],
  ])('tells on the side what %j comes to', async (lines, told) => {
    const { sandbox } = await eventsOf(...lines.split('\n'))
    expect(sandbox.told).toContain(told)
  })

  it('ends the program', async () => {
    const sandbox = await start()
    sandbox.input.write(':quit\n')
    await vi.waitFor(() => expect(sandbox.exits).toEqual([0]))
  })

  it('numbers the buttons of a reply', async () => {
    expect((await chat(['/menu'])).written).toBe('Tea?\n1. Yes\n2. No\n')
  })
})
