import { expect, it } from 'vitest'

import { deferred } from '../shared/deferred.ts'
import { KeptMap } from './kept-map.ts'
import type { KeyPage, KeyValueStore } from './key-value-store.ts'
import { MemoryStore } from './memory-store.ts'

const texts = (stored: unknown): string | undefined => (typeof stored === 'string' ? stored : undefined)

/** A map over a store that can be put in its place. */
function mapOver(first?: KeyValueStore) {
  const errors: unknown[] = []
  const place = { store: first }
  const map = new KeptMap<string>({
    store: () => place.store,
    read: texts,
    onError: (error) => errors.push(error),
  })
  return { map, place, errors }
}

it('has all that is stored and can be read, page by page, and writes behind', async () => {
  const store = new MemoryStore()
  for (const [key, value] of [
    ['a', 'A'],
    ['b', 2],
    ['c', 'C'],
  ] as const) {
    await store.set(key, value)
  }
  const pages: (string | undefined)[] = []
  store.entries = ({ next }: { readonly next?: string | undefined } = {}): Promise<KeyPage> => {
    pages.push(next)
    const [data, then] = next === undefined ? ['a', 'b'] : ['c', undefined]
    return Promise.resolve({
      data: [{ key: data ?? '', value: data?.toUpperCase() }],
      ...(then === undefined ? {} : { next: then }),
    })
  }
  const { map } = mapOver(store)
  await map.load()
  expect(Array.from(map.entries())).toEqual([
    ['a', 'A'],
    ['c', 'C'],
  ])
  expect(pages).toEqual([undefined, 'b'])
  const setting = map.set('d', 'D')
  expect(map.get('d')).toBe('D')
  await setting
  await map.delete('a')
  expect([await store.get('a'), await store.get('d'), await store.get('b')]).toEqual([undefined, 'D', 2])
})

it('prefers what was changed while nothing was read, and stores that then', async () => {
  const store = new MemoryStore()
  await store.set('a', 'old')
  await store.set('b', 'old')
  const gate = deferred()
  const entries = store.entries.bind(store)
  store.entries = async () => {
    const page = await entries()
    await gate.promise
    return page
  }
  const { map, place } = mapOver()
  await map.set('a', 'new')
  place.store = store
  const loading = map.load()
  await map.set('c', 'new')
  await map.set('b', 'none')
  await map.delete('b')
  gate.resolve()
  await loading
  expect(Object.fromEntries(map.entries())).toEqual({ a: 'new', c: 'new' })
  expect([await store.get('a'), await store.get('b'), await store.get('c')]).toEqual([
    'new',
    undefined,
    'new',
  ])
})

it('lets nothing of one store into the next', async () => {
  const { map, place } = mapOver(new MemoryStore())
  await map.load()
  await map.set('a', 'of the first')
  const second = new MemoryStore()
  place.store = second
  await map.load()
  expect(map.size).toBe(0)
  expect(await second.get('a')).toBeUndefined()
})

it('tells who waits for it what cannot be stored, and keeps the value', async () => {
  const store = new MemoryStore()
  const { map, errors } = mapOver(store)
  await map.load()
  store.set = () => Promise.reject(new Error('full'))
  await expect(map.set('a', 'A')).rejects.toThrow('full')
  expect(map.get('a')).toBe('A')
  await map.behind(map.set('a', 'A'))
  expect(errors).toEqual([new Error('full')])
})
