import type { ConnectMode, GatewayInput, GatewayMachine } from '@mynah/adapter-kit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { type KookFrame, signals } from '../wire/frames.ts'
import { gatewayMachine, type GatewayNote, type GatewayState, type GatewayTask } from './gateway-state.ts'

/** What the actions of a step come to. */
interface Outcome {
  timerMs?: number
  ping?: true
  greeted?: true
  forget?: true
  refused?: true
  resumed?: true
  close?: { mode: ConnectMode; delayMs: number; why?: string }
}

/** A machine that is told what happens. */
class Driven {
  readonly #machine: GatewayMachine<GatewayState, KookFrame, GatewayNote, GatewayTask>
  #state: GatewayState

  constructor(random: () => number = Math.random, sessionId?: string) {
    this.#machine = gatewayMachine({ random, sessionId })
    this.#state = this.#machine.initial
  }

  get phase(): string {
    return this.#state.phase
  }
  get sessionId(): string | undefined {
    return this.#state.sessionId
  }
  get isResume(): boolean {
    return this.#state.isResume
  }

  connecting(mode: ConnectMode): { needsGateway: boolean } {
    this.#step({ on: 'connecting', mode })
    return { needsGateway: this.#state.phase !== 'gateway' }
  }
  found(): void {
    this.#step({ on: 'note', note: 'found' })
  }
  opened(): Outcome {
    return this.#step({ on: 'opened' })
  }
  hello(code: number, id: string | undefined): Outcome {
    return this.#frame(signals.hello, { code, session_id: id })
  }
  pong(): Outcome {
    return this.#frame(signals.pong, undefined)
  }
  resumed(id: string | undefined): Outcome {
    return this.#frame(signals.resumeAck, { session_id: id })
  }
  restart(): Outcome {
    return this.#frame(signals.reconnect, {})
  }
  room(): Outcome {
    return this.#step({ on: 'note', note: 'room' })
  }
  timeUp(): Outcome {
    return this.#step({ on: 'timer', timer: 'next' })
  }
  closed(opened: boolean): { mode: ConnectMode; delayMs: number; forget?: true } {
    const close = { code: 1006, reason: '', opened, openMs: 0 }
    const { close: next, ...rest } = this.#step({ on: 'closed', close })
    if (next === undefined) throw new Error('it says nothing of the next connection')
    return { ...rest, ...next }
  }

  #frame(s: number, d: unknown): Outcome {
    return this.#step({ on: 'frame', frame: { s, d } })
  }

  #step(input: GatewayInput<KookFrame, GatewayNote>): Outcome {
    const { state, actions } = this.#machine.step(this.#state, input)
    this.#state = state
    const outcome: Outcome = {}
    for (const action of actions) {
      if (action.do === 'wait') outcome.timerMs = action.delayMs
      if (action.do === 'online') outcome.greeted = true
      if (action.do === 'perform' && typeof action.action === 'string')
        Object.assign(outcome, { [action.action]: true })
      if (action.do === 'connect') {
        const { mode, delayMs, failure } = action
        outcome.close = { mode, delayMs, ...(failure && { why: failure.reason }) }
      }
    }
    return outcome
  }
}

/** A state that is connected with the session `s`. */
function connected(random = 0.5): Driven {
  const state = new Driven(() => random)
  state.connecting('fresh')
  state.found()
  state.opened()
  state.hello(0, 's')
  return state
}

/** Lets the next connection be made. */
function reconnect(state: Driven, mode: 'fresh' | 'resume'): void {
  state.connecting(mode)
  state.found()
  state.opened()
}

describe('connecting', () => {
  it('backs off without end when no gateway can be had: 0, 1, 2, 4 … 60 s', () => {
    const state = new Driven()
    const delays = Array.from({ length: 10 }, () => {
      expect(state.connecting('fresh').needsGateway).toBe(true)
      return state.closed(false).delayMs / 1000
    })
    expect(delays).toEqual([0, 1, 2, 4, 8, 16, 32, 60, 60, 60])
  })

  it('tries a gateway again after 2 s and 4 s, then asks for another', () => {
    const state = new Driven()
    expect(state.connecting('fresh').needsGateway).toBe(true)
    state.found()
    expect(state.closed(false).delayMs).toBe(2000)
    expect(state.connecting('fresh').needsGateway).toBe(false)
    expect(state.closed(false).delayMs).toBe(4000)
    expect(state.connecting('fresh').needsGateway).toBe(false)
    state.closed(false)
    expect(state.connecting('fresh').needsGateway).toBe(true)
  })

  it('closes when no HELLO comes within 6 s', () => {
    const state = new Driven()
    state.connecting('fresh')
    state.found()
    expect(state.opened()).toEqual({ timerMs: 6000 })
    expect(state.timeUp().close).toMatchObject({ mode: 'fresh' })
  })

  it.each([40_100, 40_101, 40_102, 40_103, 99_999])(
    'pauses at least 6 s after HELLO %i, without a heartbeat, and asks for another gateway',
    (code) => {
      const state = new Driven()
      state.connecting('fresh')
      state.found()
      state.opened()
      const step = state.hello(code, undefined)
      expect(step.timerMs).toBeUndefined()
      expect(step.greeted).toBeUndefined()
      expect(step.close?.delayMs).toBeGreaterThanOrEqual(6000)
      expect(state.connecting('fresh').needsGateway).toBe(true)
      expect(step.refused).toBe(code === 40_101 || code === 40_102 ? true : undefined)
    },
  )

  it('slows down when HELLO is refused again and again', () => {
    const state = new Driven()
    const delays = Array.from({ length: 8 }, () => {
      reconnect(state, 'fresh')
      return state.hello(40_101, undefined).close?.delayMs
    })
    expect(delays).toEqual([6000, 6000, 6000, 6000, 8000, 16_000, 32_000, 60_000])
  })
})

describe('heartbeat', () => {
  it('pings 25 to 35 s after HELLO and after each PONG', () => {
    for (const [random, delay] of [
      [0, 25_000],
      [0.5, 30_000],
      [0.999_999, 35_000],
    ] as const) {
      const state = new Driven(() => random)
      reconnect(state, 'fresh')
      expect(state.hello(0, 's')).toMatchObject({ greeted: true, timerMs: delay })
      expect(state.timeUp()).toEqual({ ping: true, timerMs: 6000 })
      expect(state.pong()).toEqual({ timerMs: delay })
    }
  })

  it('pings again after 2 s and 4 s, and goes on when a PONG comes', () => {
    const state = connected()
    expect(state.timeUp()).toEqual({ ping: true, timerMs: 6000 })
    expect(state.timeUp()).toEqual({ timerMs: 2000 })
    expect(state.phase).toBe('retrying')
    expect(state.timeUp()).toEqual({ ping: true, timerMs: 6000 })
    expect(state.timeUp()).toEqual({ timerMs: 4000 })
    expect(state.timeUp()).toEqual({ ping: true, timerMs: 6000 })
    expect(state.pong()).toEqual({ timerMs: 30_000 })
    expect(state.phase).toBe('connected')
  })

  it('takes a late PONG between two tries', () => {
    const state = connected()
    state.timeUp()
    state.timeUp()
    expect(state.pong()).toEqual({ timerMs: 30_000 })
  })

  it('resumes after 8 s and 16 s when all pings stay unanswered', () => {
    const state = connected()
    for (let step = 0; step < 5; step += 1) expect(state.timeUp().close).toBeUndefined()
    expect(state.timeUp().close).toMatchObject({ mode: 'resume', delayMs: 8000 })
    state.connecting('resume')
    expect(state.closed(false)).toEqual({ mode: 'resume', delayMs: 16_000 })
  })

  it('ignores a PONG that nobody asked for', () => {
    expect(connected().pong()).toEqual({})
  })

  it('pings at once when there is room for events again, unless a PONG is due', () => {
    const state = connected()
    expect(state.room()).toEqual({ ping: true, timerMs: 6000 })
    expect(state.room()).toEqual({})
    expect(state.pong()).toEqual({ timerMs: 30_000 })
  })
})

describe('resuming', () => {
  it('resumes a connection that ended without warning', () => {
    const state = connected()
    expect(state.closed(true)).toEqual({ mode: 'resume', delayMs: 8000 })
    expect(state.connecting('resume')).toEqual({ needsGateway: true })
    expect(state.isResume).toBe(true)
    expect(state.sessionId).toBe('s')
  })

  it('begins with the session of an earlier run, and without it once that is refused', () => {
    const state = new Driven(() => 0.5, 'old')
    state.connecting('fresh')
    expect(state.isResume).toBe(true)
    state.found()
    state.opened()
    expect(state.hello(0, 'old').forget).toBeUndefined()
    expect(state.restart()).toMatchObject({ forget: true, close: { mode: 'fresh' } })
    state.connecting('fresh')
    expect(state.isResume).toBe(false)
    expect(state.sessionId).toBeUndefined()
  })

  it('keeps the numbers over a resume and ends it with the acknowledgement', () => {
    const state = connected()
    state.closed(true)
    reconnect(state, 'resume')
    expect(state.hello(0, 's').forget).toBeUndefined()
    expect(state.resumed('s')).toEqual({ resumed: true, timerMs: 30_000 })
    expect(state.isResume).toBe(false)
    expect(state.closed(true)).toEqual({ mode: 'resume', delayMs: 8000 })
  })

  it('begins anew when both tries fail', () => {
    const state = connected()
    state.closed(true)
    state.connecting('resume')
    state.closed(false)
    state.connecting('resume')
    expect(state.closed(false)).toMatchObject({ mode: 'fresh', forget: true })
    expect(state.sessionId).toBeUndefined()
  })

  it('counts resumes that were greeted but never finished', () => {
    const state = connected()
    state.closed(true)
    reconnect(state, 'resume')
    state.hello(0, 's')
    expect(state.closed(true).delayMs).toBe(16_000)
    reconnect(state, 'resume')
    state.hello(0, 's')
    expect(state.closed(true).mode).toBe('fresh')
  })

  it('tries the second time when a resume is not greeted, or its token expired', () => {
    const state = connected()
    state.closed(true)
    reconnect(state, 'resume')
    expect(state.timeUp().close).toMatchObject({ mode: 'resume', delayMs: 16_000 })
    reconnect(state, 'resume')
    expect(state.hello(40_103, undefined)).toMatchObject({ forget: true, close: { mode: 'fresh' } })
  })

  it('forgets everything on RECONNECT', () => {
    const state = connected()
    expect(state.restart()).toMatchObject({ forget: true, close: { mode: 'fresh', delayMs: 0 } })
    expect(state.sessionId).toBeUndefined()
    expect(state.connecting('resume')).toEqual({ needsGateway: true })
    expect(state.isResume).toBe(false)
  })

  it('pauses longer and longer when RECONNECT follows every time', () => {
    const state = connected()
    const delays = Array.from({ length: 4 }, () => {
      const step = state.restart()
      reconnect(state, 'fresh')
      state.hello(0, 's')
      state.resumed('s')
      return step.close?.delayMs
    })
    expect(delays).toEqual([0, 1000, 2000, 4000])
    state.timeUp()
    state.pong()
    expect(state.restart().close?.delayMs).toBe(0)
  })
})

it('never waits longer than a minute, and never less than nothing, whatever happens', () => {
  const inputs = fc.array(
    fc.constantFrom('open', 'hello', 'refuse', 'pong', 'ack', 'reconnect', 'time', 'close', 'fail'),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(inputs, (list) => {
      const state = new Driven()
      let mode: 'fresh' | 'resume' = 'fresh'
      state.connecting(mode)
      const act: Record<(typeof list)[number], () => void> = {
        open: () => {
          state.connecting(mode)
          state.found()
          check(state.opened().timerMs)
        },
        hello: () => check(state.hello(0, 's').timerMs),
        refuse: () => follow(state.hello(40_103, undefined).close),
        pong: () => check(state.pong().timerMs),
        ack: () => check(state.resumed(undefined).timerMs),
        reconnect: () => follow(state.restart().close),
        time: () => {
          const step = state.timeUp()
          check(step.timerMs)
          follow(step.close)
        },
        close: () => follow(state.closed(true)),
        fail: () => follow(state.closed(false)),
      }
      const check = (delayMs = 0): void => {
        expect(delayMs).toBeGreaterThanOrEqual(0)
        expect(delayMs).toBeLessThanOrEqual(60_000)
      }
      const follow = (next: { mode: 'fresh' | 'resume'; delayMs: number } | undefined): void => {
        if (next === undefined) return
        check(next.delayMs)
        ;({ mode } = next)
        expect(mode === 'fresh' || state.sessionId === 's').toBe(true)
      }
      for (const input of list) act[input]()
    }),
  )
})
