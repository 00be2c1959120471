import { App, type Agenda, createLogger, definePlugin, type DueEntry, type Plugin, z } from '@mynah/core'
import { TestClock } from '@mynah/core/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import database from '../src/index.ts'
import { engineKinds, inSchema, type Place, sqliteFile } from './places.ts'

let place: Place
afterEach(() => place.remove())

interface Reminder {
  readonly text: string
}

interface Running {
  readonly app: App
  readonly clock: TestClock
  readonly log: string[]
  readonly reminders: Agenda<Reminder>
  /** What was due, with whether it was missed. */
  readonly done: string[]
}

const schema = z.object({ text: z.string() })

/** A bot from a moment on, which notes what is due. */
async function from(
  time: string,
  work: (entry: DueEntry<Reminder>) => unknown = () => {},
  withDatabase = true,
): Promise<Running> {
  const clock = new TestClock(Date.parse(time))
  const log: string[] = []
  const app = new App({
    clock,
    logger: createLogger({ level: 'warn', stream: { write: (line) => log.push(line) } }),
  })
  const done: string[] = []
  if (withDatabase) app.plugin(database, place.url)
  const state: { reminders?: Agenda<Reminder> } = {}
  const plugin: Plugin = definePlugin({
    name: 'tea',
    setup(ctx) {
      const due = (entry: DueEntry<Reminder>): unknown => {
        done.push(`${entry.data.text}${entry.isMissed ? ' missed' : ''}`)
        return work(entry)
      }
      state.reminders = ctx.agenda('reminders', due, schema)
    },
  })
  app.plugin(plugin)
  await app.start()
  if (state.reminders === undefined) throw new Error('The plugin has not started.')
  return { app, clock, log, reminders: state.reminders, done }
}

function eventually(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000, interval: 5 })
}

describe.each(engineKinds)('an agenda on %s', (kind) => {
  beforeEach(async () => {
    place = await (kind === 'sqlite' ? sqliteFile() : inSchema())
  })

  it('does what is due at its moment, in order, and tells what is still to come', async () => {
    const { app, clock, reminders, done } = await from('2024-05-01T08:00:00Z')
    await reminders.add('20m', { text: 'late' })
    const middle = await reminders.add(new Date('2024-05-01T08:10:00Z'), { text: 'middle' })
    await reminders.add(60_000, { text: 'soon' })
    const far = await reminders.add('60d', { text: 'far' })
    expect((await reminders.list()).map(({ data }) => data.text)).toEqual(['soon', 'middle', 'late', 'far'])
    expect([await reminders.remove(middle), await reminders.remove(middle)]).toEqual([true, false])
    await clock.advance(59_999)
    expect(done).toEqual([])
    await clock.advance(1)
    expect(done).toEqual(['soon'])
    await clock.advance(19 * 60_000)
    expect(done).toEqual(['soon', 'late'])
    expect(await reminders.list()).toEqual([
      { id: far, dueAt: new Date('2024-06-30T08:00:00Z'), data: { text: 'far' } },
    ])
    await app.stop()
  })

  it('goes on after a restart, and makes up for what was missed, once', async () => {
    const first = await from('2024-05-01T08:00:00Z')
    await first.reminders.add('1h', { text: 'tea' })
    await first.reminders.add('1d', { text: 'cake' })
    await first.app.stop()
    const second = await from('2024-05-01T10:00:00Z')
    await eventually(() => expect(second.done).toEqual(['tea missed']))
    await vi.waitFor(async () => expect(await second.reminders.list()).toHaveLength(1), {
      timeout: 15_000,
      interval: 5,
    })
    await second.app.stop()
    const third = await from('2024-05-01T11:00:00Z')
    expect((await third.reminders.list()).map(({ data }) => data)).toEqual([{ text: 'cake' }])
    await third.clock.advance(24 * 3_600_000)
    await eventually(() => expect(third.done).toEqual(['cake']))
    await third.app.stop()
  })

  it('does again what a run that was killed has not ended', async () => {
    const first = await from('2024-05-01T08:00:00Z', () => new Promise(() => {}))
    await first.reminders.add('1h', { text: 'tea' })
    await first.clock.advance(3_600_000)
    await eventually(() => expect(first.done).toEqual(['tea']))
    // The file of a bot that is killed is free at once; here it has to be closed.
    const stopped = first.app.stop()
    await first.clock.advance(600_000)
    await stopped
    const second = await from('2024-05-01T09:00:01Z')
    await eventually(() => expect(second.done).toEqual(['tea missed']))
    await second.app.stop()
  })

  it('leaves alone and tells what is not what the plugin expects', async () => {
    const first = await from('2024-05-01T08:00:00Z')
    const odd: Record<string, unknown> = { words: 'tea' }
    await first.reminders.add('1h', { text: 'x', ...odd })
    const wrong: object = { text: 7 }
    await (first.reminders as Agenda<object>).add('1h', wrong)
    await first.app.stop()
    const second = await from('2024-05-01T08:00:00Z')
    expect(await second.reminders.list()).toHaveLength(1)
    expect(second.log.join('')).toContain('An entry of reminders is left alone')
    await second.app.stop()
  })

  it('says that nothing stays where there is no database, and works all the same', async () => {
    const { app, clock, reminders, done, log } = await from('2024-05-01T08:00:00Z', undefined, false)
    await reminders.add('1m', { text: 'tea' })
    expect(log.join('')).toMatch(/reminders.*install @mynah\/database/)
    await clock.advance(60_000)
    await eventually(() => expect(done).toEqual(['tea']))
    await app.stop()
  })

  it.each(['soon', new Date(Number.NaN)])('refuses %s, which is no moment', async (when) => {
    const { app, reminders } = await from('2024-05-01T08:00:00Z')
    await expect(reminders.add(when, { text: 'tea' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    await app.stop()
  })
})
