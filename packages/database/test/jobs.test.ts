import { App, type Context, createLogger, definePlugin, type Job, type JobRun } from '@mynah/core'
import { TestClock } from '@mynah/core/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import database from '../src/index.ts'
import { engineKinds, inSchema, type Place, sqliteFile } from './places.ts'

let place: Place
beforeEach(async () => {
  place = await sqliteFile()
})
afterEach(() => place.remove())

/** Waits until a check holds, for as long as a busy machine may need. */
function eventually(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000, interval: 10 })
}

interface Running {
  readonly clock: TestClock
  readonly log: string[]
  stop(): Promise<void>
}

/** A bot from a moment on. */
async function from(time: string, setup: (ctx: Context) => void, withDatabase = true): Promise<Running> {
  const clock = new TestClock(Date.parse(time))
  const log: string[] = []
  const logger = createLogger({ level: 'warn', stream: { write: (line) => log.push(line) } })
  const app = new App({ clock, logger })
  if (withDatabase) app.plugin(database, place.url)
  app.plugin(definePlugin({ name: 'clockwork', setup }))
  await app.start()
  return { clock, log, stop: () => app.stop() }
}

const said = ({ dueAt, isMissed }: JobRun): string => `${dueAt.toISOString()}${isMissed ? ' missed' : ''}`

describe.each(engineKinds)('a job that makes up for what it missed, on %s', (kind) => {
  beforeEach(async () => {
    if (kind === 'sqlite') return
    await place.remove()
    place = await inSchema()
  })

  it.each([
    ['skip', []],
    ['once', ['2024-05-04T09:00:00.000Z missed']],
    [
      'all',
      [
        '2024-05-02T09:00:00.000Z missed',
        '2024-05-03T09:00:00.000Z missed',
        '2024-05-04T09:00:00.000Z missed',
      ],
    ],
  ] as const)('(%s) after three days runs as it was told to', async (missed, expected) => {
    const runs: string[] = []
    const job = (ctx: Context): void =>
      void ctx.cron('0 9 * * *', (run) => void runs.push(said(run)), { timezone: 'UTC', missed })
    const before = await from('2024-05-01T08:00:00Z', job)
    await before.clock.advance(2 * 3_600_000)
    await eventually(() => expect(runs).toEqual(['2024-05-01T09:00:00.000Z']))
    await before.stop()
    runs.length = 0

    const after = await from('2024-05-04T10:00:00Z', job)
    await eventually(() => expect(runs).toEqual(expected))
    await after.clock.advance(24 * 3_600_000)
    await eventually(() => expect(runs).toEqual([...expected, '2024-05-05T09:00:00.000Z']))
    await after.stop()
  })

  it('has nothing to make up for when it is new, and does not run twice', async () => {
    const runs: string[] = []
    const job = (ctx: Context): void =>
      void ctx.cron('0 9 * * *', (run) => void runs.push(said(run)), { timezone: 'UTC', missed: 'all' })
    const first = await from('2024-05-01T10:00:00Z', job)
    await first.stop()
    const second = await from('2024-05-02T10:00:00Z', job)
    await eventually(() => expect(runs).toEqual(['2024-05-02T09:00:00.000Z missed']))
    await second.stop()
    const third = await from('2024-05-02T10:00:01Z', job)
    await third.clock.advance(23 * 3_600_000)
    await eventually(() => expect(runs).toContain('2024-05-03T09:00:00.000Z'))
    await third.stop()
    expect(runs).toEqual(['2024-05-02T09:00:00.000Z missed', '2024-05-03T09:00:00.000Z'])
  })

  it('is one for each name and each plugin', async () => {
    const runs: string[] = []
    const job = (ctx: Context): void => {
      for (const name of ['one', 'other']) {
        const note = (run: JobRun): void => void runs.push(`${name} ${said(run)}`)
        ctx.cron('0 9 * * *', note, { timezone: 'UTC', missed: 'once', name })
      }
    }
    const before = await from('2024-05-01T08:00:00Z', job)
    await before.stop()
    const after = await from('2024-05-01T10:00:00Z', job)
    await eventually(() =>
      expect(runs.toSorted()).toEqual([
        'one 2024-05-01T09:00:00.000Z missed',
        'other 2024-05-01T09:00:00.000Z missed',
      ]),
    )
    await after.stop()
  })

  it('runs a reminder for one moment that passed while the bot was away, once', async () => {
    const runs: string[] = []
    const job = (ctx: Context): void =>
      void ctx.cron('2024-05-01T12:00:00Z', (run) => void runs.push(said(run)), {
        missed: 'once',
        name: 'tea',
      })
    const first = await from('2024-05-01T08:00:00Z', job)
    await first.stop()
    const second = await from('2024-05-01T13:00:00Z', job)
    await eventually(() => expect(runs).toEqual(['2024-05-01T12:00:00.000Z missed']))
    await second.stop()
    const probe: string[] = []
    const third = await from('2024-05-01T14:00:00Z', (ctx) => {
      job(ctx)
      ctx.cron('2024-05-01T13:30:00Z', () => void probe.push('never known'), { missed: 'once', name: 'new' })
    })
    // It is new and its time has passed, which is told; both have been looked at by then.
    await eventually(() => expect(third.log.join('')).toContain('never runs'))
    await third.stop()
    expect([...runs, ...probe]).toEqual(['2024-05-01T12:00:00.000Z missed'])
  })

  it('says that nothing is remembered where there is no database', async () => {
    const job = (ctx: Context): void =>
      void ctx.cron('0 9 * * *', () => {}, { missed: 'once', name: 'morning' })
    const bot = await from('2024-05-01T08:00:00Z', job, false)
    await eventually(() => expect(bot.log.join('')).toMatch(/morning.*install @mynah\/database/))
    await bot.stop()
  })
})

describe('the last run of a job', () => {
  it('tells when it was due, how long it took and what it threw', async () => {
    const jobs: Job[] = []
    const bot = await from('2024-05-01T08:59:00Z', (ctx) => {
      let runs = 0
      const work = async (): Promise<void> => {
        runs += 1
        await new Promise<void>((resolve) => ctx.setTimeout(resolve, 2000))
        if (runs === 2) throw new Error('No tea.')
      }
      jobs.push(ctx.cron('0 * * * *', work, { name: 'tea' }))
    })
    const [job] = jobs
    expect(job?.lastRun()).toBeUndefined()
    await bot.clock.advance(62_000)
    expect(job?.lastRun()).toEqual({ dueAt: new Date('2024-05-01T09:00:00Z'), isMissed: false, tookMs: 2000 })
    await bot.clock.advance(3_600_000)
    expect(job?.lastRun()).toMatchObject({
      dueAt: new Date('2024-05-01T10:00:00Z'),
      error: { message: 'No tea.' },
    })
    await bot.stop()
  })
})

describe('jitter', () => {
  it('begins a run later by chance, and not after the plugin has stopped', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const runs: number[] = []
    const bot = await from('2024-05-01T08:59:00Z', (ctx) => {
      ctx.cron('0 * * * *', () => void runs.push(ctx.clock.now()), { jitter: '10m' })
    })
    await bot.clock.advance(60_000 + 299_999)
    expect(runs).toEqual([])
    await bot.clock.advance(1)
    expect(runs).toEqual([Date.parse('2024-05-01T09:05:00Z')])
    await bot.clock.advance(3_595_000 - 300_000)
    await bot.stop()
    await bot.clock.advance(3_600_000)
    expect(runs).toHaveLength(1)
  })

  it('that is no length of time is refused', async () => {
    const bot = await from(
      '2024-05-01T08:59:00Z',
      (ctx) => void ctx.cron('0 * * * *', () => {}, { jitter: 'soon' }),
    )
    expect(bot.log.join('')).toMatch(/jitter.*no length of time/)
    await bot.stop()
  })
})
