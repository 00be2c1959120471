import { describe, expect, it } from 'vitest'

import { type AppOptions, type ChatEvent, definePlugin, type Plugin } from '../src/index.ts'
import { TestClock } from '../src/testing/index.ts'
import { startFakeApp } from './fake-bot.ts'
import { Kept, keeping } from './kept.ts'

const booking: Plugin = definePlugin({
  name: 'booking',
  setup(ctx) {
    ctx.command('book').action(({ session }) => session.prompt('Who?', { timeoutMs: 10_000 }))
    ctx.command('quiz').action(({ session }) => session.prompt('Capital?', { by: 'conversation' }))
    ctx.command('ping').action(() => 'pong')
    ctx.on('poke', async (session) => void (await session.prompt('Poke?')))
  },
})

async function open(kept: Kept, options: AppOptions = {}, plugins: readonly Plugin[] = [booking]) {
  const parts = startFakeApp(options)
  for (const plugin of [keeping(kept), ...plugins]) parts.app.plugin(plugin)
  await parts.app.settled()
  const say = async (text: string, fields: Partial<ChatEvent> = {}): Promise<void> => {
    void parts.bot.say(text, fields)
    await parts.app.idle()
  }
  return { ...parts, say }
}

/** A bot that has asked, and was killed: nothing of it ends. */
async function killed(kept: Kept, line: string, options: AppOptions = {}): Promise<void> {
  const chat = await open(kept, options)
  await chat.say('/ping')
  await chat.say(line)
}

const bob = { user: { id: 'bob' } }
const attic = { channel: { id: 'attic', type: 'text' } } as const
const lost = 'I was restarted while I waited for your answer; please start again with /book.'

describe('a question that was lost with its bot', () => {
  it('is told once, to whom it was for, where it was asked', async () => {
    const kept = new Kept()
    await killed(kept, '/book')
    const chat = await open(kept)
    await chat.say('Ann', bob)
    await chat.say('Ann', attic)
    expect(chat.bot.texts).toEqual([])
    await chat.say('Ann')
    await chat.say('Ann')
    expect(chat.bot.texts).toEqual([lost])
    const again = await open(kept)
    await again.say('Ann')
    expect(again.bot.texts).toEqual([])
  })

  it('is not told to who calls a command, nor later', async () => {
    const kept = new Kept()
    for (const line of ['/ping', '/pong', '/book']) {
      await killed(kept, '/book')
      const chat = await open(kept)
      await chat.say(line)
      await chat.say('Ann')
      expect(chat.bot.texts).not.toContain(lost)
    }
  })

  it('lets the message take its way, and is told after that', async () => {
    const kept = new Kept()
    await killed(kept, '/book')
    const parrot = definePlugin({
      name: 'parrot',
      setup: (ctx) => void ctx.use(async (session, next) => (await next()) ?? `parrot: ${session.text}`),
    })
    const chat = await open(kept, { locale: 'zh-CN' }, [booking, parrot])
    await chat.say('Ann')
    expect(chat.bot.texts).toEqual(['parrot: Ann', '等待你回答时我重启了，请用 /book 重新开始。'])
  })

  it('is not told once its time is over', async () => {
    const kept = new Kept()
    await killed(kept, '/book', { clock: new TestClock(0) })
    const late = await open(kept, { clock: new TestClock(10_000) })
    await late.say('Ann')
    expect(late.bot.texts).toEqual([])
  })

  it('names no command where none asked, or it has gone, and is for anybody where anybody was asked', async () => {
    const without = 'I was restarted while I waited for your answer; please start again.'
    const kept = new Kept()
    const first = await open(kept)
    void first.bot.emit({ ...first.bot.message(''), type: 'poke' })
    await first.app.idle()
    const second = await open(kept)
    await second.say('Ann')
    expect(second.bot.texts).toEqual([without])

    await killed(kept, '/quiz')
    const third = await open(kept, {}, [])
    await third.say('Paris', bob)
    expect(third.bot.texts).toEqual([without])
  })

  it('is told after a stop, too, and to who presses a button of it', async () => {
    const kept = new Kept()
    const first = await open(kept)
    await first.say('/book')
    await first.app.stop()

    const chat = await open(kept)
    const { message: _, ...event } = chat.bot.message('')
    await chat.bot.handle({ ...event, type: 'interaction/button', button: { id: 'vote' } })
    expect(chat.bot.texts).toEqual([])
    await chat.bot.handle({ ...event, id: 'p2', type: 'interaction/button', button: { id: 'ask:1:0' } })
    expect(chat.bot.texts).toEqual([lost])
  })
})

describe('what is noted of a question', () => {
  it('goes when it is answered, cancelled, in vain, or ends with a reload', async () => {
    const kept = new Kept()
    const clock = new TestClock(0)
    const chat = await open(kept, { clock })
    const notes = async (): Promise<unknown[]> =>
      (await kept.of('mynah:prompts').entries()).data.map(({ value }) => value)
    const note = { command: 'book', run: expect.any(String), until: expect.any(Number) }
    const ends = [
      () => chat.say('Ann'),
      () => chat.say('cancel'),
      () => clock.advance(10_000),
      async () => {
        const instance = Array.from(chat.app.instances).find(({ name }) => name === 'booking')
        await chat.app.swap(instance === undefined ? [] : [{ instance, plugin: booking, config: {} }])
      },
    ]
    for (const end of ends) {
      await chat.say('/book')
      expect(await notes()).toEqual([note])
      await end()
      await expect.poll(notes).toEqual([])
    }
    expect(chat.bot.texts.filter((text) => text !== 'Who?')).toEqual([
      'Ann',
      'Cancelled.',
      'There was no answer, so I stopped waiting.',
      'The question was withdrawn; please start again later.',
    ])
  })

  it('is nothing where nobody keeps anything', async () => {
    const kept = new Kept()
    const { app, bot } = startFakeApp()
    app.plugin(booking)
    void bot.say('/book')
    await app.idle()
    app.plugin(keeping(kept))
    await app.settled()
    await bot.say('/ping', bob)
    await app.idle()
    expect((await kept.of('mynah:prompts').entries()).data).toEqual([])
  })
})
