import { MemoryStore, TestClock } from '@mynah/core/testing'
import { deferred } from '@mynah/core/adapter'
import { describe, expect, it } from 'vitest'
import { EventJournal } from './event-journal.ts'

/** A disk whose writes can be held, and that can be full. */
class Disk extends MemoryStore {
  readonly keys: string[] = []
  isFull = false
  hold: Promise<unknown> | undefined

  override async set(key: string, value: unknown): Promise<void> {
    await this.hold
    if (this.isFull) throw new Error('The disk is full.')
    if (!this.keys.includes(key)) this.keys.push(key)
    await super.set(key, value)
  }

  override delete(key: string): Promise<boolean> {
    if (this.keys.includes(key)) this.keys.splice(this.keys.indexOf(key), 1)
    return super.delete(key)
  }
}

function build() {
  const disk = new Disk()
  const clock = new TestClock()
  const warnings: unknown[] = []
  const run = (): EventJournal =>
    new EventJournal({
      store: () => disk,
      key: 'bot:push',
      clock,
      logger: { warn: (fields) => void warnings.push(fields) },
    })
  const handle = async (journal: EventJournal, number: number, isEnding = true): Promise<string> => {
    let mark = 'known'
    await journal.progress.pass(number, async ({ progress, isAgain }) => {
      mark = isAgain ? 'again' : 'new'
      progress.follow(number, `e${number}`)
    })
    if (isEnding) journal.settled({ bot: 'bot', eventId: `e${number}`, outcome: 'handled' })
    return mark
  }
  return { disk, clock, warnings, run, handle }
}

describe('a journal of events', () => {
  it('hands on after a crash what was not settled, once, and knows what is brought again', async () => {
    const { clock, run, handle } = build()
    const first = run()
    expect(await first.open()).toEqual([])
    expect(await first.add('a', { text: 'a' })).toBe(1)
    expect(await handle(first, 1)).toBe('new')
    expect(await first.add('b', { text: 'b' })).toBe(2)
    await handle(first, 2, false)
    await clock.advance(50)
    expect(await first.add('c', { text: 'c' })).toBe(3)

    const second = run()
    expect(await second.open()).toEqual([
      { number: 2, event: { text: 'b' } },
      { number: 3, event: { text: 'c' } },
    ])
    expect([await handle(second, 2), await handle(second, 3)]).toEqual(['again', 'again'])
    for (const id of ['a', 'b', 'c']) expect(await second.add(id, {})).toBe('known')
    expect(await second.add('d', {})).toBe(4)
    expect(await handle(second, 4)).toBe('new')
    await second.stop()
    expect(await run().open()).toEqual([])
  })

  it('marks nothing that a clean stop left behind', async () => {
    const { run, handle } = build()
    const first = run()
    await first.open()
    await first.add('a', 'a')
    await first.stop()
    const second = run()
    expect(await second.open()).toEqual([{ number: 1, event: 'a' }])
    expect(await handle(second, 1)).toBe('new')
  })

  it('marks what may have begun before anything of the progress was on disk', async () => {
    const { run, handle } = build()
    const first = run()
    await first.open()
    await first.add('a', 'a')
    const second = run()
    expect(await second.open()).toHaveLength(1)
    expect(await handle(second, 1)).toBe('again')
  })

  it('answers only when an event is on disk, also for one that is brought again meanwhile, and writes in groups', async () => {
    const { disk, run } = build()
    const journal = run()
    await journal.open()
    const gate = deferred()
    disk.hold = gate.promise
    const answers: string[] = []
    const adding = ['a', 'b', 'c', 'b'].map(async (id) => {
      const number = await journal.add(id, id)
      answers.push(`${id} ${number}`)
    })
    expect(journal.waiting).toBe(3)
    await Promise.resolve()
    expect(answers).toEqual([])
    gate.resolve()
    await Promise.all(adding)
    expect(answers.sort()).toEqual(['a 1', 'b 2', 'b known', 'c 3'])
    expect(disk.keys).toEqual(['bot:push:1', 'bot:push:2'])
    expect(journal.waiting).toBe(0)
  })

  it('goes on where nothing can be stored, and says so once', async () => {
    const { disk, warnings, run } = build()
    const journal = run()
    await journal.open()
    disk.isFull = true
    expect([await journal.add('a', 'a'), await journal.add('b', 'b')]).toEqual([undefined, undefined])
    expect(warnings).toHaveLength(1)
    disk.isFull = false
    expect(await journal.add('c', 'c')).toBe(1)
  })

  it('forgets what is settled after ten minutes, and nothing that is open', async () => {
    const { disk, clock, run, handle } = build()
    const journal = run()
    await journal.open()
    for (const [index, id] of ['a', 'b', 'c'].entries()) {
      await journal.add(id, id)
      await handle(journal, index + 1, id !== 'b')
    }
    await clock.advance(10 * 60_000)
    await journal.add('d', 'd')
    await clock.advance(50)
    expect(disk.keys.filter((key) => /\d$/.test(key))).toEqual(['bot:push:2', 'bot:push:3', 'bot:push:4'])
    const after = run()
    expect((await after.open()).map(({ event }) => event)).toEqual(['b', 'd'])
    expect(await after.add('e', 'e')).toBe(5)
  })

  it('keeps no more than so many segments', async () => {
    const { disk, run, handle } = build()
    const journal = run()
    await journal.open()
    for (let number = 1; number <= 1100; number += 1) {
      await journal.add(`e${number}`, number)
      await handle(journal, number)
    }
    await journal.stop()
    expect(disk.keys.filter((key) => /:\d+$/.test(key)).length).toBeLessThanOrEqual(1001)
    expect(await run().open()).toEqual([])
  })
})
