import { describe, expect, it } from 'vitest'

import { deferred, type Deferred } from '../src/adapter.ts'
import { definePlugin, type LimitScope, type WhenBusy } from '../src/index.ts'
import { type FakeBot, startFakeApp } from './fake-bot.ts'

interface Stage {
  readonly bot: FakeBot
  /** What is being done, by what was said. */
  readonly running: Map<string, Deferred>
}

function stage(share: LimitScope, whenBusy: WhenBusy, kind: 'command' | 'middleware' = 'command'): Stage {
  const { app, bot } = startFakeApp()
  const running = new Map<string, Deferred>()
  const work = async (what: string): Promise<string> => {
    const end = deferred()
    running.set(what, end)
    await end.promise
    running.delete(what)
    return `${what} done`
  }
  app.plugin(
    definePlugin({
      name: 'p',
      setup(ctx) {
        if (kind === 'command') {
          ctx
            .command('work <what>')
            .concurrency(share, { whenBusy })
            .action(({ args: [what] }) => work(what))
        } else {
          ctx.use((session) => work(session.text.slice(6)), { name: 'worker', concurrency: share, whenBusy })
        }
      },
    }),
  )
  return { bot, running }
}

const bob = { user: { id: 'bob' } }
const elsewhere = { channel: { id: 'park', type: 'text' } } as const

describe.each(['command', 'middleware'] as const)('a %s that asks to run once at a time', (kind) => {
  it('lets the others wait and does them in order', async () => {
    const { bot, running } = stage('user', 'queue', kind)
    const all = Promise.all(['a', 'b', 'c'].map((what) => bot.say(`/work ${what}`)))
    for (const what of ['a', 'b', 'c']) {
      await expect.poll(() => Array.from(running.keys())).toEqual([what])
      running.get(what)?.resolve()
    }
    await all
    expect(bot.texts).toEqual(['a done', 'b done', 'c done'])
  })

  it.each([
    ['user', ['a', 'bob']],
    ['conversation', ['a', 'park']],
    ['global', ['a']],
  ] as const)('for each %s', async (share, expected) => {
    const { bot, running } = stage(share, 'drop', kind)
    const all = [
      bot.say('/work a'),
      bot.say('/work b'),
      bot.say('/work bob', bob),
      bot.say('/work park', elsewhere),
    ]
    await expect.poll(() => Array.from(running.keys())).toEqual(expected)
    for (const end of running.values()) end.resolve()
    await Promise.all(all)
    expect(bot.texts).toHaveLength(expected.length)
  })

  it('says that it is busy when asked to', async () => {
    const { bot, running } = stage('user', 'reply', kind)
    const first = bot.say('/work a')
    await bot.say('/work b')
    running.get('a')?.resolve()
    await first
    const name = kind === 'command' ? '/work' : 'worker'
    expect(bot.texts).toEqual([`${name} is busy; please try again later.`, 'a done'])
  })

  it('never lets more than twenty wait', async () => {
    const { bot, running } = stage('global', 'queue', kind)
    const all = Array.from({ length: 25 }, (_, index) => bot.say(`/work ${index}`))
    await expect.poll(() => bot.texts.filter((text) => text.includes('busy'))).toHaveLength(4)
    for (let done = 0; done < 21; done += 1) {
      await expect.poll(() => running.size).toBe(1)
      for (const end of running.values()) end.resolve()
      await expect.poll(() => bot.texts).toHaveLength(5 + done)
    }
    await Promise.all(all)
  })
})

describe('events', () => {
  it('of one conversation start in order, and a slow one delays no other chat', async () => {
    const { app, bot } = startFakeApp()
    const started: string[] = []
    const gate = deferred()
    app.plugin(
      definePlugin({
        name: 'p',
        setup(ctx) {
          ctx.command('slow').action(async () => {
            started.push('slow')
            await gate.promise
            return 'slow'
          })
          ctx.command('fast <n>').action(({ args: [n] }) => {
            started.push(n)
            return n
          })
        },
      }),
    )
    const slow = bot.say('/slow')
    const others = [bot.say('/fast 1'), bot.say('/fast 2', elsewhere), bot.say('/fast 3')]
    await Promise.all(others)
    expect(started).toEqual(['slow', '1', '2', '3'])
    expect(bot.texts.toSorted()).toEqual(['1', '2', '3'])
    gate.resolve()
    await slow
    expect(bot.texts.at(-1)).toBe('slow')
  })

  it('leave their turn to the next when what ran has failed', async () => {
    const { app, bot } = startFakeApp()
    app.plugin(
      definePlugin({
        name: 'p',
        setup(ctx) {
          ctx
            .command('try <n:int>')
            .concurrency('global')
            .action(async ({ args: [n] }) => {
              await Promise.resolve()
              if (n === 1) throw new Error('one')
              return n
            })
        },
      }),
    )
    await Promise.all([bot.say('/try 1'), bot.say('/try 2'), bot.say('/try x'), bot.say('/try 3')])
    expect(bot.texts).toHaveLength(4)
    expect(bot.texts).toContain('3')
  })
})
