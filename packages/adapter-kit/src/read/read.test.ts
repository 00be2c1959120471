import { expect, it } from 'vitest'
import {
  defined,
  isRecord,
  readBoolean,
  readId,
  readJson,
  readNumber,
  readRecords,
  readText,
} from './read.ts'

it('tells objects from what only looks like one', () => {
  expect([{}, Object.create(null), [], null, 'a', undefined].map(isRecord)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ])
})

it('takes nothing for what has another form', () => {
  expect([readText('a'), readText(''), readText(1)]).toEqual(['a', undefined, undefined])
  expect([readNumber(0), readNumber(Number.NaN), readNumber('1')]).toEqual([0, undefined, undefined])
  expect([readBoolean(false), readBoolean(0)]).toEqual([false, undefined])
  expect([readId('a'), readId(12), readId(2 ** 60), readId('')]).toEqual(['a', '12', undefined, undefined])
  expect(readRecords([{ a: 1 }, null, 'b'])).toEqual([{ a: 1 }])
  expect(readRecords(null)).toEqual([])
})

it('reads JSON, and leaves out what is none', () => {
  expect(readJson('{"a":1}')).toEqual({ a: 1 })
  expect(readJson('{')).toBeUndefined()
})

it('leaves out what is undefined, and nothing else', () => {
  expect(Object.keys(defined({ a: undefined, b: null, c: 0 }))).toEqual(['b', 'c'])
})
