import { expect, it } from 'vitest'
import { duration } from './duration-setting.ts'

it.each([
  ['30s', 30_000],
  ['1h30m', 5_400_000],
  [250, 250],
  [0, 0],
])('a length of time in a config may be %j', (written, ms) => {
  expect(duration.parse(written)).toBe(ms)
})

it.each(['soon', '', '10', -1, null])('%j is no length of time, and the config says so', (written) => {
  expect(duration.safeParse(written).success).toBe(false)
})
