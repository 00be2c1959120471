import { expect } from 'vitest'

/** How much longer twice the input may take. */
const maxRatio = 2.5
const maxMs = 300
/** Below this the collector of garbage decides, not the input: what is not linear takes seconds; in ms. */
const noiseMs = 20
/** A busy machine disturbs single runs, so the best ones count. */
const maxRounds = 15

/** Feeds 256 KB and 512 KB of the worst input: what takes longer than in proportion fails. */
export function expectLinear(worst: (length: number) => string, read: (source: string) => unknown): void {
  const half = worst(256 * 1024)
  const whole = worst(512 * 1024)
  let halfMs = Number.POSITIVE_INFINITY
  let wholeMs = Number.POSITIVE_INFINITY
  const limitMs = (): number => Math.min(maxMs, Math.max(halfMs, noiseMs) * maxRatio)
  for (let round = 0; round < maxRounds; round += 1) {
    halfMs = Math.min(halfMs, timeOf(half, read))
    wholeMs = Math.min(wholeMs, timeOf(whole, read))
    if (round >= 2 && wholeMs < limitMs()) return
  }
  expect(wholeMs).toBeLessThan(limitMs())
}

/** The time of the processor, in ms: others that use it meanwhile do not count. */
function timeOf(source: string, read: (source: string) => unknown): number {
  const start = process.cpuUsage()
  read(source)
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}
