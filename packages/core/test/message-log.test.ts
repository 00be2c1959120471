import { describe, expect, it } from 'vitest'

import { type AppOptions, definePlugin, MynahError, segment } from '../src/index.ts'
import { type FakeBot, startFakeApp } from './fake-bot.ts'
import { TestClock } from '../src/testing/index.ts'

interface Line {
  readonly level: number
  readonly msg: string
}

const read = (logs: readonly string[]): Line[] => logs.map((line) => JSON.parse(line) as Line)

function start(options: AppOptions = { log: { messages: true } }): { bot: FakeBot; lines: () => string[] } {
  const { app, bot, logs } = startFakeApp(options)
  app.plugin(
    definePlugin({
      name: 'tools',
      setup(ctx) {
        ctx.use((session, next) => (session.text.includes('spam') ? undefined : next()), { name: 'filter' })
        ctx.command('ping').action(() => 'pong')
        ctx.command('quiet').action(() => {})
        ctx
          .command('once')
          .cooldown('1h')
          .action(() => 'done')
        ctx
          .command('secret')
          .permission('boss')
          .action(() => 'sesame')
        ctx.command('broken').action(() => {
          throw new Error('bang')
        })
      },
    }),
  )
  return {
    bot,
    lines: () =>
      read(logs)
        .filter(({ level }) => level === 30)
        .map(({ msg }) => msg),
  }
}

describe('the log of messages', () => {
  it('shows each message and each answer on one line', async () => {
    const { bot, lines } = start()
    await bot.say('/ping', { user: { id: '7', name: 'Lin' }, guild: { id: '42', name: 'Birds' } })
    expect(lines()).toEqual(['fake:bot <- Lin (7) in Birds (42): /ping', 'fake:bot -> lobby: pong'])
  })

  it('is silent unless it is asked for', async () => {
    const { bot, lines } = start({})
    await bot.say('/ping')
    await bot.say('/pnig')
    expect(lines()).toEqual([])
  })

  it.each([
    ['/nothing', 'no command is called "nothing"'],
    ['/quiet', 'command quiet ran and said nothing'],
    ['/spam', 'middleware filter did not pass it on'],
  ])('tells why nobody answered %s', async (words, reason) => {
    const { bot, lines } = start()
    await bot.say(words)
    expect(lines().at(-1)).toBe(`fake:bot did not answer alice in lobby: ${words}: ${reason}`)
  })

  it.each([
    ['somebody may not use a command', '/secret', { refused: false }, 'may not use it'],
    ['a command is used too often', '/once', { limited: false }, 'used too often'],
  ])('tells why nobody answers where %s in silence', async (_, words, answers, reason) => {
    const { bot, lines } = start({ log: { messages: true }, answers })
    await bot.say(words)
    await bot.say(words)
    expect(lines().at(-1)).toContain(reason)
    expect(lines().at(-1)).toContain('did not answer')
  })

  it('says nothing about talk that was not meant for the bot', async () => {
    const { bot, lines } = start()
    await bot.say('what a day')
    expect(lines()).toEqual(['fake:bot <- alice in lobby: what a day'])
  })

  it('tells of an answer that did not get out', async () => {
    const { bot, lines } = start()
    bot.onDeliver = () => Promise.reject(new MynahError('API_REJECTED', 'The group is muted.'))
    await bot.say('/ping')
    expect(lines().at(-1)).toContain('did not answer alice in lobby: /ping: the answer was not sent: ')
    expect(lines().at(-1)).toContain('The group is muted.')
  })

  it('keeps what people write on one short line without control characters', async () => {
    const { bot, lines } = start()
    await bot.say(`a\u001B[2J\n[12:00:00] INFO: forged\u202E${'x'.repeat(1000)}`, {
      user: { id: '7', name: '\u001B]0;evil\u0007\n' },
    })
    const [line = ''] = lines()
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect(line.length).toBeLessThan(200)
  })

  it('says of pictures that they are some', async () => {
    const { bot, lines } = start()
    await bot.say(['look ', segment.image('https://a.example/1.png')])
    expect(lines()).toEqual(['fake:bot <- alice in lobby: look [image] https://a.example/1.png'])
  })
})

describe('a message that is not sent', () => {
  const refused = (): Promise<never> => Promise.reject(new MynahError('API_REJECTED', 'no such group'))

  async function send(use: (bot: FakeBot) => unknown, waitMs = 1000): Promise<Line[]> {
    const clock = new TestClock(0)
    const { app, bot, logs } = startFakeApp({ clock })
    bot.onDeliver = refused
    await use(bot)
    await clock.advance(waitMs)
    const lines = read(logs).filter(({ level }) => level >= 40)
    await app.stop()
    return lines
  }

  it('is a warning with the reason when nobody looks at the receipt', async () => {
    const lines = await send((bot) => bot.sendMessage('42', 'good morning'))
    expect(lines).toMatchObject([{ level: 40, msg: expect.stringContaining('no such group') }])
    expect(lines[0]?.msg).toContain('sending to 42 of fake:bot')
  })

  it('is none when somebody looks, also where that takes as long as sending to others', async () => {
    const lines = await send(async (bot) => {
      const receipts = await Promise.all(['1', '2', '3'].map((id) => bot.sendMessage(id, 'hi')))
      expect(receipts.every(({ status }) => status === 'failed')).toBe(true)
    })
    expect(lines).toEqual([])
  })

  it('is told once for many of a kind, with how many they were', async () => {
    const lines = await send(async (bot) => {
      await Promise.all(Array.from({ length: 500 }, () => bot.sendMessage('42', 'x')))
    }, 5000)
    expect(lines.length).toBeLessThan(10)
    expect(lines.at(-1)?.msg).toContain('495 times more')
  })

  it('is told at the end at the latest', async () => {
    const clock = new TestClock(0)
    const { app, bot, logs } = startFakeApp({ clock })
    bot.onDeliver = refused
    await bot.sendMessage('42', 'x')
    await app.stop()
    expect(logs.join('')).toContain('sending to 42')
    expect(clock.pending.length).toBe(0)
  })

  it('is told at once, in the name of the plugin, where it was the answer of a command', async () => {
    const { app, bot, logs } = startFakeApp({ clock: new TestClock(0) })
    bot.onDeliver = refused
    app.plugin(definePlugin({ name: 'p', setup: (ctx) => void ctx.command('ping').action(() => 'pong') }))
    await bot.say('/ping')
    expect(logs.join('')).toContain('Plugin p failed in replying to message-created')
    await app.stop()
  })
})

it('plugins read why a message was not answered', async () => {
  const { app, bot } = startFakeApp()
  app.plugin(
    definePlugin({
      name: 'why',
      setup(ctx) {
        ctx.command('why <id>').action(({ args: [id] }) => ctx.traces.find(id)?.steps.at(-2)?.detail)
      },
    }),
  )
  await bot.say('/pnig')
  await bot.say('/why m1')
  expect(bot.texts).toEqual(['no command is called "pnig"'])
  await app.stop()
})
