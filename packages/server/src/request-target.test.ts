import { expect, it } from 'vitest'
import { parseRequestTarget } from './request-target.ts'

it.each([
  ['/', '/', {}],
  ['', '/', {}],
  ['//', '/', {}],
  ['/onebot/v11/', '/onebot/v11', {}],
  ['/onebot/v11///?access_token=a+b&x=%2F', '/onebot/v11', { access_token: 'a b', x: '/' }],
  ['//evil.example/hook', '//evil.example/hook', {}],
  ['http://bot.example:8080/hook/?a=1', '/hook', { a: '1' }],
  ['https://bot.example', '/', {}],
  ['?a=1', '/', { a: '1' }],
  ['/hook?next=/x/', '/hook', { next: '/x/' }],
  ['/a%2Fb', '/a%2Fb', {}],
])('reads %j as path %s with its query', (target, path, query) => {
  const parsed = parseRequestTarget(target)
  expect(parsed.path).toBe(path)
  expect(Object.fromEntries(parsed.query)).toEqual(query)
})
