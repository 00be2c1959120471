import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { nameProblem, suggestName } from './package-name.ts'

describe('a package name', () => {
  it.each(['my-bot', 'bot2', '2bot', 'a.b_c-d', 'a'.repeat(214)])('may be %s', (name) => {
    expect(nameProblem(name)).toBeUndefined()
  })

  it.each([
    ['', 'empty'],
    ['a'.repeat(215), 'long'],
    ['.bot', 'start'],
    ['_bot', 'start'],
    ['-bot', 'start'],
    ['My-bot', 'characters'],
    ['my bot', 'characters'],
    ['机器人', 'characters'],
    ['bot!', 'characters'],
    ['node_modules', 'reserved'],
  ])('may not be %j, because of its %s', (name, problem) => {
    expect(nameProblem(name)).toBe(problem)
  })

  it.each([
    ['My Bot', 'my-bot'],
    ['.Größe', 'gro-e'],
    ['机器人', 'my-bot'],
    ['node_modules', 'my-bot'],
  ])('%j is turned into %s', (name, suggestion) => {
    expect(suggestName(name)).toBe(suggestion)
  })

  it('can always be suggested', () => {
    fc.assert(fc.property(fc.string(), (name) => nameProblem(suggestName(name)) === undefined))
  })
})
