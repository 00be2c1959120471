import { MynahError, z } from '@mynah/core'
import { TestClock } from '@mynah/core/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openEngine } from '../src/engine.ts'
import { StorageService } from '../src/storage/storage-service.ts'
import type { Engine } from '../src/engine/engine.ts'
import type { Storage } from '../src/storage/storage.ts'
import type { Place } from './places.ts'

/** What storage does, whatever it stores in. */
export function storageContract(name: string, prepare: () => Promise<Place>): void {
  describe(`the storage of ${name}`, () => {
    let place: Place
    let engine: Engine
    let service: StorageService
    const clock = new TestClock()
    let owners = 0

    beforeAll(async () => {
      place = await prepare()
      engine = await openEngine(place.url)
      service = new StorageService(engine, clock, (owner) => Promise.resolve(`/folder/${owner}`))
    })
    afterAll(async () => {
      await engine.close()
      await place.remove()
    })

    /** Keys of a plugin of its own. */
    const fresh = (): Storage => service.of(`tea:${(owners += 1)}`)

    it('gives back what was set, also to those who open it anew', async () => {
      const storage = fresh()
      const values = [0, -1.5, '', '茶🍵\u0000', true, null, [1, [2]], { b: 1, a: { c: null } }]
      for (const [index, value] of values.entries()) await storage.set(`key ${index}`, value)
      const again = service.of(`tea:${owners}`)
      for (const [index, value] of values.entries()) {
        expect(await storage.get(`key ${index}`)).toEqual(value)
        expect(await again.get(`key ${index}`)).toEqual(value)
      }
      expect(JSON.stringify(await again.get('key 7'))).toBe('{"b":1,"a":{"c":null}}')
      expect(await storage.get('another')).toBeUndefined()
    })

    it('hands out a value of its own each time', async () => {
      const storage = fresh()
      const list = ['a']
      await storage.set('list', list)
      list.push('b')
      const [one, other] = [await storage.get('list'), await storage.get('list')]
      expect(one).toEqual(['a'])
      expect(one).not.toBe(other)
    })

    it('keeps the keys of plugins apart', async () => {
      const [one, other] = [fresh(), fresh()]
      await one.set('key', 1)
      await other.set('key', 2)
      expect([await one.get('key'), await other.get('key')]).toEqual([1, 2])
      expect(await one.delete('key')).toBe(true)
      expect([await one.get('key'), await other.get('key')]).toEqual([undefined, 2])
      expect(await one.delete('key')).toBe(false)
    })

    it('forgets a value when its time is over, and lists it no more', async () => {
      const storage = fresh()
      await storage.set('soon', 1, { expiresIn: '1m' })
      await storage.set('later', 2, { expiresIn: 120_000 })
      await clock.advance(59_999)
      expect(await storage.get('soon')).toBe(1)
      await clock.advance(1)
      expect(await storage.get('soon')).toBeUndefined()
      expect(await service.of(`tea:${owners}`).get('soon')).toBeUndefined()
      expect((await storage.entries()).data).toEqual([{ key: 'later', value: 2 }])
      expect(await storage.delete('soon')).toBe(false)
    })

    it('counts the time of a number from when it began, and begins anew after it', async () => {
      const storage = fresh()
      const use = (): Promise<number> => storage.increment('uses', 1, { expiresIn: '1h' })
      expect([await use(), await use()]).toEqual([1, 2])
      await clock.advance(3_599_999)
      expect(await use()).toBe(3)
      await clock.advance(1)
      expect(await use()).toBe(1)
    })

    it('deletes expired rows in the background', async () => {
      const storage = fresh()
      await Promise.all(
        Array.from({ length: 700 }, (_, index) => storage.set(`k${index}`, 1, { expiresIn: 10 })),
      )
      await storage.set('stays', 1)
      await clock.advance(10)
      await service.sweep()
      const sql = 'select key from mynah_storage where owner = $1'
      const { rows } = await engine.read({ sql, parameters: [`tea:${owners}`] })
      expect(rows).toEqual([{ key: 'stays' }])
    })

    it('loses no change when many add to one number at once', async () => {
      const storage = fresh()
      const results = await Promise.all(Array.from({ length: 200 }, () => storage.increment('count')))
      expect(new Set(results).size).toBe(200)
      expect(await service.of(`tea:${owners}`).get('count')).toBe(200)
    })

    it('loses no change when two that do not know each other change one key', async () => {
      const [one, other] = [fresh(), service.of(`tea:${owners}`)]
      const rounds = 30
      // Each of them remembers what it wrote last, so one of them is wrong each time.
      for (let round = 0; round < rounds; round += 1) await (round % 2 === 0 ? one : other).increment('count')
      expect(await service.of(`tea:${owners}`).get('count')).toBe(rounds)
    })

    it('makes a value out of the one there is, or takes the key away', async () => {
      const storage = fresh()
      const add = (name: string) => storage.update<string[]>('names', (names = []) => [...names, name])
      await Promise.all([add('a'), add('b'), add('c')])
      expect(await storage.get('names')).toEqual(['a', 'b', 'c'])
      expect(await storage.update('names', () => undefined)).toBeUndefined()
      expect(await storage.get('names')).toBeUndefined()
    })

    it('changes nothing when the change throws', async () => {
      const storage = fresh()
      await storage.set('key', 1)
      const change = (): number => {
        throw new Error('No.')
      }
      await expect(storage.update('key', change)).rejects.toThrow('No.')
      expect(await storage.get('key')).toBe(1)
    })

    it('lists keys by their prefix, page by page, in the order of their bytes', async () => {
      const storage = fresh()
      const keys = ['user', 'user:', 'user:a', 'user:b', 'user:é', 'user:茶', 'user:🍵', 'user;', 'Z']
      for (const key of keys) await storage.set(key, key.length)
      const seen: string[] = []
      let next: string | undefined
      do {
        const page = await storage.entries({ prefix: 'user:', limit: 2, next })
        expect(page.data.length).toBeLessThanOrEqual(2)
        seen.push(...page.data.map(({ key }) => key))
        next = page.next
      } while (next !== undefined)
      expect(seen).toEqual(['user:', 'user:a', 'user:b', 'user:é', 'user:茶', 'user:🍵'])
      expect((await storage.entries()).data.map(({ key }) => key)).toEqual([
        'Z',
        'user',
        'user:',
        'user:a',
        'user:b',
        'user:é',
        'user:茶',
        'user:🍵',
        'user;',
      ])
    })

    it('checks values by a schema, and says what to do about an old form', async () => {
      const storage = fresh()
      const schema = z.object({ points: z.number() })
      await storage.set('good', { points: 1 })
      await storage.set('old', { score: 1 })
      expect(await storage.get('good', schema)).toEqual({ points: 1 })
      const error: unknown = await storage.get('old', schema).catch((reason: unknown) => reason)
      expect(MynahError.is(error) && error.code).toBe('STORAGE_INVALID')
      expect(String(error)).toMatch(/"old".*points.*delete the key/s)
      await expect(storage.update('old', (value) => value, { schema })).rejects.toThrow('"old"')
      await expect(storage.entries({ schema })).rejects.toThrow('"old"')
      expect(await storage.get('old')).toEqual({ score: 1 })
    })

    const refused: Readonly<Record<string, (storage: Storage) => Promise<unknown>>> = {
      'an empty key': (storage) => storage.set('', 1),
      'a key with a zero character': (storage) => storage.set('a\0', 1),
      'a key that is no proper text': (storage) => storage.set('\ud800', 1),
      'a very long key': (storage) => storage.set('a'.repeat(501), 1),
      'a function as a value': (storage) => storage.set('key', () => 1),
      'a bigint as a value': (storage) => storage.set('key', 1n),
      'a circle as a value': (storage) => {
        const circle: { self?: unknown } = {}
        circle.self = circle
        return storage.set('key', circle)
      },
      'a time that is none': (storage) => storage.set('key', 1, { expiresIn: 'soon' }),
      'adding to a text': async (storage) => {
        await storage.set('key', 'text')
        return storage.increment('key')
      },
      'adding nothing that counts': (storage) => storage.increment('key', Number.NaN),
    }
    it.each(Object.entries(refused))('refuses %s', async (_what, ask) => {
      const error: unknown = await ask(fresh()).catch((reason: unknown) => reason)
      expect(MynahError.is(error) && error.code).toBe('STORAGE_INVALID')
    })

    it('does what a model in memory does, whatever is asked in whatever order', async () => {
      const key = fc.constantFrom('a', 'b', 'c')
      const step = fc.oneof(
        fc.record({
          kind: fc.constant('set' as const),
          key,
          value: fc.jsonValue(),
          ms: fc.constantFrom(undefined, 5, 50),
        }),
        fc.record({ kind: fc.constant('delete' as const), key }),
        fc.record({ kind: fc.constant('push' as const), key, value: fc.integer() }),
        fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 5, 20) }),
        fc.record({ kind: fc.constant('reopen' as const) }),
      )
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          let storage = fresh()
          const owner = `tea:${owners}`
          const model = new Map<string, { text: string; until: number }>()
          for (const one of steps) {
            if (one.kind === 'wait') await clock.advance(one.ms)
            else if (one.kind === 'reopen') storage = service.of(owner)
            else if (one.kind === 'set') {
              await storage.set(one.key, one.value, { expiresIn: one.ms })
              model.set(one.key, {
                text: JSON.stringify(one.value),
                until: clock.now() + (one.ms ?? Infinity),
              })
            } else if (one.kind === 'delete') {
              await storage.delete(one.key)
              model.delete(one.key)
            } else {
              await storage.update<unknown[]>(one.key, (list) => [
                ...(Array.isArray(list) ? list : []),
                one.value,
              ])
              const found = model.get(one.key)
              const old = found !== undefined && found.until > clock.now() ? found : undefined
              const list: unknown = JSON.parse(old?.text ?? '[]')
              const text = JSON.stringify([...(Array.isArray(list) ? list : []), one.value])
              model.set(one.key, { text, until: old?.until ?? Infinity })
            }
          }
          for (const reader of [storage, service.of(owner)]) {
            for (const name of ['a', 'b', 'c']) {
              const found = model.get(name)
              const expected = found !== undefined && found.until > clock.now() ? found.text : undefined
              expect(JSON.stringify(await reader.get(name))).toBe(expected)
            }
          }
        }),
        { numRuns: 60 },
      )
    })
  })
}
