import { describe, expect, it } from 'vitest'

import { type Context, definePlugin, type Job } from '../src/index.ts'
import { deferred } from '../src/adapter.ts'
import { startFakeApp } from './fake-bot.ts'
import { TestClock } from '../src/testing/index.ts'

const minute = 60_000
const hour = 60 * minute

/** An app at a moment in time, and what a plugin set up there. */
async function at(
  time: string,
  setup: (ctx: Context) => void,
): Promise<{ clock: TestClock; logs: string[]; stop: () => Promise<void> }> {
  const clock = new TestClock(Date.parse(time))
  const { app, logs } = startFakeApp({ clock })
  app.plugin(definePlugin({ name: 'clockwork', setup }))
  await app.start()
  return { clock, logs, stop: () => app.stop() }
}

describe('a job', () => {
  it('runs at its times in its own time zone, and knows the next one', async () => {
    const runs: string[] = []
    const jobs: Job[] = []
    const { clock, stop } = await at('2024-05-01T00:30:00Z', (ctx) => {
      const note = (place: string) => () => void runs.push(`${place} ${new Date(clock.now()).toISOString()}`)
      jobs.push(ctx.cron('0 9 * * *', note('Shanghai'), { timezone: 'Asia/Shanghai' }))
      jobs.push(ctx.cron('0 9 * * *', note('Berlin'), { timezone: 'Europe/Berlin' }))
    })
    expect(jobs.map((job) => job.nextRun()?.toISOString())).toEqual([
      '2024-05-01T01:00:00.000Z',
      '2024-05-01T07:00:00.000Z',
    ])
    await clock.advance(24 * hour)
    expect(runs).toEqual(['Shanghai 2024-05-01T01:00:00.000Z', 'Berlin 2024-05-01T07:00:00.000Z'])
    expect(jobs[0]?.nextRun()?.toISOString()).toBe('2024-05-02T01:00:00.000Z')
    await stop()
    expect(jobs[0]?.nextRun()).toBeUndefined()
    expect(clock.pending.length).toBe(0)
  })

  it('keeps to the time on the wall when clocks change', async () => {
    const runs: string[] = []
    const { clock, stop } = await at('2024-03-30T12:00:00Z', (ctx) => {
      ctx.cron('0 9 * * *', () => void runs.push(new Date(clock.now()).toISOString()), {
        timezone: 'Europe/Berlin',
      })
    })
    await clock.advance(48 * hour)
    expect(runs).toEqual(['2024-03-31T07:00:00.000Z', '2024-04-01T07:00:00.000Z'])
    await stop()
  })

  it('is left out while its last run goes on, unless runs may overlap', async () => {
    const gate = deferred()
    const runs = { skip: 0, allow: 0 }
    const { clock, stop } = await at('2024-05-01T00:00:30Z', (ctx) => {
      const count = (rule: 'skip' | 'allow') => () => {
        runs[rule] += 1
        return gate.promise
      }
      ctx.cron('* * * * *', count('skip'))
      ctx.cron('* * * * *', count('allow'), { overlap: 'allow' })
    })
    await clock.advance(3 * minute)
    expect(runs).toEqual({ skip: 1, allow: 3 })
    gate.resolve()
    await clock.advance(2 * minute)
    expect(runs).toEqual({ skip: 3, allow: 5 })
    await stop()
  })

  it('that fails is reported by its name and runs again', async () => {
    const { clock, logs, stop } = await at('2024-05-01T00:00:30Z', (ctx) => {
      ctx.cron('* * * * *', () => Promise.reject(new Error('no luck')), { name: 'sweep' })
    })
    await clock.advance(2 * minute)
    expect(
      logs.filter((line) => line.includes('Plugin clockwork failed in job sweep: no luck')),
    ).toHaveLength(2)
    await stop()
  })

  it('can be set for one moment, even weeks away, and leaves the ledger after it', async () => {
    let runs = 0
    let context: Context | undefined
    const { clock, stop } = await at('2024-05-01T00:00:00Z', (ctx) => {
      context = ctx
      ctx.cron('2024-06-20T12:00:00Z', () => void (runs += 1))
    })
    await clock.advance(49 * 24 * hour)
    expect(runs).toBe(0)
    expect(context?.scope.effects()).toHaveLength(1)
    await clock.advance(2 * 24 * hour)
    expect(runs).toBe(1)
    expect(context?.scope.effects()).toEqual([])
    await stop()
  })

  it.each([
    ['never', {}],
    ['* * * * *', { timezone: 'Mars/Olympus' }],
  ])('with a pattern or zone that cannot be read says so: %s %o', async (pattern, options) => {
    const { app } = startFakeApp()
    const instance = app.plugin(
      definePlugin({ name: 'bad', setup: (ctx) => void ctx.cron(pattern, () => {}, options) }),
    )
    await app.start()
    expect(instance.error).toMatchObject({ code: 'CONFIG_INVALID' })
    await app.stop()
  })
})

describe('a clock that is set back', () => {
  it('leaves jobs running whose times come round sooner than it was set back', async () => {
    let runs = 0
    const { clock, stop } = await at('2024-05-01T08:00:00Z', (ctx) => {
      ctx.cron('* * * * * *', () => (runs += 1))
    })
    await clock.advance(5000)
    clock.setWall(-8 * hour)
    await clock.advance(5000)
    expect(runs).toBe(10)
    await stop()
  })

  it('does not run a daily job a second time', async () => {
    const runs: number[] = []
    const { clock, stop } = await at('2024-05-01T08:59:00Z', (ctx) => {
      ctx.cron('0 9 * * *', () => runs.push(clock.now()), { timezone: 'UTC' })
    })
    await clock.advance(2 * minute)
    clock.setWall(-1 * hour)
    await clock.advance(24 * hour)
    expect(runs).toHaveLength(1)
    await clock.advance(hour)
    expect(runs).toHaveLength(2)
    await stop()
  })

  it('ends cooldowns, timers and waits after the time that really passed', async () => {
    let fired = 0
    const clock = new TestClock(Date.parse('2024-05-01T08:00:00Z'))
    const { app, bot } = startFakeApp({ clock })
    app.plugin(
      definePlugin({
        name: 'p',
        setup(ctx) {
          ctx
            .command('do')
            .cooldown('2s')
            .action(() => 'done')
          ctx.setTimeout(() => (fired += 1), 3000)
        },
      }),
    )
    await app.start()
    await bot.say('/do')
    clock.setWall(-1 * hour)
    await clock.advance(2000)
    await bot.say('/do')
    await clock.advance(1000)
    expect(bot.texts).toEqual(['done', 'done'])
    expect(fired).toBe(1)
    await app.stop()
  })
})

describe('a clock that is set ahead', () => {
  it('aborts no handler that has just begun', async () => {
    const clock = new TestClock(Date.parse('2024-05-01T08:00:00Z'))
    const { app, bot, logs } = startFakeApp({ clock, limits: { deadlineMs: 60_000 } })
    const gate = deferred()
    const aborted: boolean[] = []
    app.plugin(
      definePlugin({
        name: 'p',
        setup(ctx) {
          ctx.command('do').action(async ({ session }) => {
            await gate.promise
            aborted.push(session.signal.aborted)
          })
        },
      }),
    )
    await app.start()
    const handled = bot.say('/do')
    clock.setWall(2 * hour)
    await clock.advance(1500)
    gate.resolve()
    await handled
    expect(aborted).toEqual([false])
    expect(logs.join('')).not.toContain('has been running')
    await app.stop()
  })
})
