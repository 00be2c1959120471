import { monitorEventLoopDelay } from 'node:perf_hooks'

/** What one round of a kind of work came to. */
export interface Rate {
  readonly perSecond: number
  /** Delay of the event loop meanwhile, in ms. */
  readonly loopP99: number
}

/** So many clients do something again and again, each in turn, for a time in ms. */
export async function rateOf(
  clients: number,
  ms: number,
  work: (key: string) => Promise<unknown>,
): Promise<Rate> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  let done = 0
  const start = performance.now()
  const client = async (_: unknown, index: number): Promise<void> => {
    const key = `k${index}`
    for (let step = 0; step % 64 !== 0 || performance.now() - start < ms; step += 1) {
      await work(key)
      done += 1
      // Work that never leaves the main thread would keep the loop from turning.
      if (step % 64 === 63) await new Promise(setImmediate)
    }
  }
  delay.enable()
  await Promise.all(Array.from({ length: clients }, client))
  delay.disable()
  return { perSecond: (done * 1000) / (performance.now() - start), loopP99: delay.percentile(99) / 1e6 }
}

/** The middle of some values. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
