import { element } from '@mynah/core'
import type { JournalProgress, JournalRecord } from '@mynah/core/adapter'
import { TestClock } from '@mynah/core/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Engine } from '../src/engine/engine.ts'
import { openEngine } from '../src/engine.ts'
import { DatabaseJournal } from '../src/outbox/journal.ts'
import type { Place } from './places.ts'

const week = 7 * 24 * 3_600_000

/** What the journal of durable messages does, whatever it stores in. */
export function outboxContract(name: string, prepare: () => Promise<Place>): void {
  describe(`the outbox of ${name}`, () => {
    let place: Place
    let engine: Engine
    let journal: DatabaseJournal
    const clock = new TestClock()
    let count = 0

    beforeAll(async () => {
      place = await prepare()
      engine = await openEngine(place.url)
      journal = new DatabaseJournal(engine, clock)
    })
    afterAll(async () => {
      await engine.close()
      await place.remove()
    })

    /** A message of a bot of its own. */
    function record(bot: string, changes: Partial<JournalProgress> = {}): JournalRecord {
      count += 1
      const parts = [[element('text', { content: `茶\u0000 ${count}` })], [element('at', { id: 'ann' })]]
      const [key, storedAt] = [`key ${count}`, clock.now()]
      return {
        message: {
          key,
          bot,
          channelId: 'lobby',
          event: undefined,
          parts,
          onDoubt: 'stop',
          isNamed: true,
          storedAt,
          bytes: 10,
        },
        progress: {
          state: 'stored',
          order: count,
          expiresAt: storedAt + 1000,
          delivered: 0,
          messageIds: [],
          isTold: false,
          ...changes,
        },
      }
    }

    async function add(bot: string, changes?: Partial<JournalProgress>): Promise<string> {
      const added = record(bot, changes)
      await journal.add(added)
      return added.message.key
    }

    it('gives back what was added, also to those who open it anew', async () => {
      const added = record('back')
      expect(await journal.add(added)).toBeUndefined()
      const again = new DatabaseJournal(engine, clock)
      expect(await again.find(added.message.key)).toEqual(added)
      expect(await journal.find('another')).toBeUndefined()
    })

    it('keeps the first message of a key, and gives it to the second, however many come at once', async () => {
      const first = record('once')
      const others = Array.from({ length: 20 }, () =>
        journal.add({ ...first, progress: { ...first.progress, order: 0 } }),
      )
      const found = await Promise.all([journal.add(first), ...others])
      expect(found.filter((one) => one === undefined)).toHaveLength(1)
      expect(await journal.waiting('once')).toHaveLength(1)
    })

    it('lists what waits for a bot, in order, and counts it', async () => {
      const before = await journal.totals()
      const late = await add('order', { order: 1_000_002 })
      const early = await add('order', { order: 1_000_001, state: 'trying' })
      await add('order', { state: 'delivered' })
      await add('another')
      expect((await journal.waiting('order')).map(({ key }) => key)).toEqual([early, late])
      expect(await journal.totals()).toEqual({
        count: before.count + 3,
        bytes: before.bytes + 30,
        lastOrder: 1_000_002,
      })
    })

    it('notes how far a message is, and forgets the content of one that is out', async () => {
      const added = record('far')
      const { key } = added.message
      await journal.add(added)
      const trying: JournalProgress = { ...added.progress, state: 'trying', delivered: 1, messageIds: ['a'] }
      await journal.save(key, trying)
      expect(await journal.find(key)).toEqual({ message: added.message, progress: trying })
      await journal.save(key, { ...trying, state: 'delivered', settledAt: clock.now() })
      expect((await journal.find(key))?.message.parts).toEqual([])
      expect(await journal.waiting('far')).toEqual([])
      expect(await journal.untold('far')).toEqual([key])
      await journal.save(key, { ...trying, state: 'delivered', settledAt: clock.now(), isTold: true })
      expect(await journal.untold('far')).toEqual([])
      await journal.remove(key)
      expect(await journal.find(key)).toBeUndefined()
    })

    it('does what a model in memory does, whatever is asked in whatever order', async () => {
      const states = fc.constantFrom<JournalProgress['state']>(
        'stored',
        'trying',
        'delivered',
        'failed',
        'in-doubt',
      )
      const step = fc.record({
        kind: fc.constantFrom('add', 'save', 'remove'),
        message: fc.nat(7),
        state: states,
        order: fc.nat(1000),
        isTold: fc.boolean(),
      })
      let runs = 0
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
          runs += 1
          const bot = `model ${runs}`
          const records = Array.from({ length: 8 }, () => record(bot))
          const model = new Map<string, JournalRecord>()
          const answers: (readonly [JournalRecord | undefined, JournalRecord | undefined])[] = []
          for (const { kind, message: at, state, order, isTold } of steps) {
            const { message, progress } = records[at] ?? record(bot)
            const { key } = message
            const next = { ...progress, state, order: order * 10 + at, isTold }
            const known = model.get(key)
            if (kind === 'add') {
              answers.push([await journal.add({ message, progress: next }), known])
              if (known === undefined) model.set(key, { message, progress: next })
            } else if (kind === 'save') {
              await journal.save(key, next)
              const parts = state === 'delivered' ? [] : (known?.message.parts ?? [])
              if (known !== undefined)
                model.set(key, { message: { ...known.message, parts }, progress: next })
            } else {
              await journal.remove(key)
              model.delete(key)
            }
          }
          for (const [answer, known] of answers) expect(answer).toEqual(known)
          for (const { message } of records)
            expect(await journal.find(message.key)).toEqual(model.get(message.key))
          const inOrder = Array.from(model.values()).sort((a, b) => a.progress.order - b.progress.order)
          const isWaiting = ({ progress: { state } }: JournalRecord): boolean =>
            state === 'stored' || state === 'trying'
          const keysOf = (found: readonly JournalRecord[]): string[] =>
            found.map(({ message }) => message.key)
          expect((await journal.waiting(bot)).map(({ key }) => key)).toEqual(
            keysOf(inOrder.filter(isWaiting)),
          )
          const untold = inOrder.filter((one) => !isWaiting(one) && !one.progress.isTold)
          expect(await journal.untold(bot)).toEqual(keysOf(untold))
          for (const { message } of records) await journal.remove(message.key)
        }),
        { numRuns: 15 },
      )
    })

    it('lists dead letters, newest first, and deletes them after a week', async () => {
      const settledAt = clock.now()
      const older = await add('dead', { state: 'failed', settledAt, isTold: true })
      const newer = await add('dead', { state: 'in-doubt', settledAt: settledAt + 1 })
      expect((await journal.dead(2)).map(({ message }) => message.key)).toEqual([newer, older])
      expect(await journal.dead(1)).toHaveLength(1)
      await clock.advance(week)
      await journal.sweep()
      expect((await journal.dead(9)).map(({ message }) => message.key)).toEqual([newer])
      await clock.advance(1)
      await journal.sweep()
      expect(await journal.dead(9)).toEqual([])
    })
  })
}
