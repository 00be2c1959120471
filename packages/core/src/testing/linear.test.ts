import { describe, expect, it } from 'vitest'
import { expectLinear, repeated } from './linear.ts'

describe('the check for linear time', () => {
  it('takes what grows with the length', () => {
    expectLinear(repeated('ab'), (source) => source.replaceAll('a', 'c'))
  })

  it('refuses what takes far too long', () => {
    const burn = (): void => {
      const before = process.cpuUsage()
      let isOver = false
      while (!isOver) {
        const { user, system } = process.cpuUsage(before)
        isOver = user + system > 1_300_000
      }
    }
    const check = (): void => expectLinear(repeated('a'), burn, { label: 'letters' })
    expect(check).toThrow(/^Reading letters took .* too long for its length/)
  })

  it('refuses what grows with the square of the length', () => {
    const compareAll = (length: number): number => {
      let sum = 0
      for (let i = 0; i < length * length; i += 1) sum = (sum + i) % 7
      return sum
    }
    const check = (): void => expectLinear((length) => length, compareAll, { length: 3500 })
    expect(check).toThrow('too long for its length')
  }, 60_000)

  it('makes inputs of the length that is asked for', () => {
    expect(repeated('abc')(7)).toBe('abcabcabc')
  })
})
