import { describe, expect, it } from 'vitest'

import { TestClock } from './test-clock.ts'

describe('a test clock', () => {
  it('stands still until it is moved', () => {
    const clock = new TestClock(1000)
    expect(clock.now()).toBe(1000)
  })

  it('fires timers in order, each at its own time', async () => {
    const clock = new TestClock(0)
    const fired: string[] = []
    const note = (name: string) => () => void fired.push(`${name} at ${clock.now()}`)
    clock.setTimeout(note('late'), 300)
    clock.setTimeout(note('early'), 100)
    clock.setInterval(note('tick'), 100)
    clock.setTimeout(note('never'), 251)()
    await clock.advance(250)
    expect(fired).toEqual(['early at 100', 'tick at 100', 'tick at 200'])
    await clock.advance(50)
    expect(fired.slice(3)).toEqual(['late at 300', 'tick at 300'])
    expect(clock.now()).toBe(300)
  })

  it('lets what a timer starts set timers of its own before the next one fires', async () => {
    const clock = new TestClock(0)
    const fired: string[] = []
    clock.setTimeout(() => {
      void Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => clock.setTimeout(() => fired.push('inner'), 10))
    }, 10)
    clock.setTimeout(() => fired.push('outer'), 30)
    await clock.advance(30)
    expect(fired).toEqual(['inner', 'outer'])
  })

  it('tells which timers wait, and where they were set', async () => {
    const clock = new TestClock(0)
    const stop = clock.setInterval(() => {}, 500)
    clock.setTimeout(() => {}, 200)
    await clock.advance(100)
    expect(clock.pending).toMatchObject([
      { inMs: 100, kind: 'once', origin: expect.stringContaining('test-clock.test.ts') },
      { inMs: 400, kind: 'repeated' },
    ])
    stop()
    await clock.advance(100)
    expect(clock.pending).toEqual([])
  })

  it('is set on the wall without firing timers', async () => {
    const clock = new TestClock(0)
    let isFired = false
    clock.setTimeout(() => (isFired = true), 100)
    clock.setWall(-5000)
    await clock.advance(99)
    expect([clock.now(), clock.monotonic(), isFired]).toEqual([-4901, 99, false])
    await clock.advance(1)
    expect(isFired).toBe(true)
  })

  it('ends a chain of timers that set themselves again at once', async () => {
    const clock = new TestClock(0)
    const again = (): void => void clock.setTimeout(again, 0)
    let cancel = clock.setTimeout(again, 0)
    cancel()
    cancel = clock.setInterval(() => {}, 0)
    await clock.advance(5)
    cancel()
    expect(clock.pending).toEqual([])
  })
})
