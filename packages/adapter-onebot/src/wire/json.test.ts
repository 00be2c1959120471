import fc from 'fast-check'
import { expect, test } from 'vitest'

import { expectLinear } from '@mynah/core/testing'
import { parseJson } from './json.ts'

test('integers that a number cannot hold keep all their digits as text', () => {
  expect(
    parseJson(
      '{"message_id":7405472097755331634,"user_id":-9007199254740993,"ids":[ 18446744073709551615 ]}',
    ),
  ).toEqual({
    message_id: '7405472097755331634',
    user_id: '-9007199254740993',
    ids: ['18446744073709551615'],
  })
  expect(parseJson('7405472097755331634')).toBe('7405472097755331634')
})

test('other numbers stay numbers', () => {
  const source = '[9007199254740991,-9007199254740991,0.1234567890123456789,12345678901234567.5,1e21,1,-0]'
  expect(parseJson(source)).toEqual(JSON.parse(source))
  expect(parseJson('[12345678901234567e3]')).toEqual([12345678901234567e3])
})

test('digits inside of strings and keys are not touched', () => {
  const value = {
    '12345678901234567890': 'a',
    text: ':7405472097755331634, "quoted" \\',
    end: '\\\\":7405472097755331634',
    nested: [{ deep: '[7405472097755331634]' }],
  }
  expect(parseJson(JSON.stringify(value))).toEqual(value)
  expect(parseJson(JSON.stringify(value, undefined, 2))).toEqual(value)
})

test('everything that JSON can hold is read as JSON reads it, but for long integers', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4, noUnicodeString: false }), (value) => {
      expect(parseJson(JSON.stringify(value))).toEqual(withTexts(JSON.parse(JSON.stringify(value))))
    }),
  )
  fc.assert(
    fc.property(fc.bigInt(), fc.string(), (number, text) => {
      const isSafe = number >= -9007199254740991n && number <= 9007199254740991n
      expect(parseJson(`{${JSON.stringify(text)}:${number},"t":${JSON.stringify(text)}}`)).toEqual({
        [text]: isSafe ? Number(number) : String(number),
        t: text,
      })
    }),
  )
})

function withTexts(value: unknown): unknown {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
    return JSON.stringify(value).includes('e') ? value : JSON.stringify(value)
  if (Array.isArray(value)) return value.map(withTexts)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withTexts(item)]))
}

test('what is not JSON is refused as JSON refuses it', () => {
  for (const source of ['', '{', '{"a":00000000000000001', '"7405472097755331634', '[7405472097755331634'])
    expect(() => parseJson(source)).toThrow(SyntaxError)
})

test.each([
  ['strings without an end', (length: number) => `1234567890123456${'"\\'.repeat(length / 2)}`],
  ['backslashes', (length: number) => `["1234567890123456${'\\'.repeat(length)}"]`],
  ['long integers', (length: number) => `[${'7405472097755331634,'.repeat(length / 20)}1]`],
  ['digits', (length: number) => '9'.repeat(length)],
  ['short runs of digits', (length: number) => `[1234567890123456${',123456789012345'.repeat(length / 16)}]`],
])('takes linear time for %s', (_name, worst) => {
  expectLinear(worst, (source) => {
    try {
      return parseJson(source)
    } catch {
      return 'not JSON'
    }
  })
})
