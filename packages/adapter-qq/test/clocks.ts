import { setInterval } from 'node:timers/promises'
import { TestClock } from '@mynah/core/testing'
import { onTestFinished } from 'vitest'

const stepMs = 2

/**
 * A clock that goes on by itself until the test ends, so many times as fast as real time: what waits for minutes is
 * over in no time, though sockets answer no sooner.
 */
export function fastClock(factor: number): TestClock {
  const clock = new TestClock(Date.now())
  const ended = new AbortController()
  onTestFinished(() => ended.abort())
  void run(clock, factor, ended.signal)
  return clock
}

async function run(clock: TestClock, factor: number, signal: AbortSignal): Promise<void> {
  let last = performance.now()
  for await (const _ of setInterval(stepMs)) {
    if (signal.aborted) return
    const now = performance.now()
    await clock.advance((now - last) * factor)
    last = now
  }
}
