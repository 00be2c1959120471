import fc from 'fast-check'
import type { FailureWords } from '@mynah/adapter-kit'
import { describe, expect, it } from 'vitest'
import type { Envelope } from '../wire/envelope.ts'
import { type GatewayMachineOptions, QQGatewayMachine } from './gateway-machine.ts'
import type { GatewayState, GatewayTask } from './gateway-state.ts'
import { shardOf } from './shards.ts'

const hello: Envelope = { op: 10, d: { heartbeat_interval: 45_000 } }
const ready: Envelope = {
  op: 0,
  s: 1,
  t: 'READY',
  d: { version: 1, session_id: 'session-1', user: { id: '1', username: 'bot' }, shard: [0, 0] },
}
const resumed: Envelope = { op: 0, s: 2002, t: 'RESUMED', d: '' }
const event = (s: number): Envelope => ({ op: 0, s, t: 'FRIEND_ADD', id: `FRIEND_ADD:${s}`, d: {} })

type Input = Parameters<QQGatewayMachine['step']>[1]
type Actions = ReturnType<QQGatewayMachine['step']>['actions']

/** A machine with its state; every event is taken at once. */
class Driven {
  readonly machine: QQGatewayMachine
  state: GatewayState

  constructor(options: Partial<GatewayMachineOptions> = {}) {
    this.machine = new QQGatewayMachine({
      intents: ['GUILDS', 'GUILD_MESSAGES', 'GROUP_AND_C2C_EVENT'],
      dropRefusedIntents: false,
      random: () => 0.5,
      ...options,
    })
    this.state = this.machine.initial
  }

  step(input: Input): Actions {
    const { state, actions } = this.machine.step(this.state, input)
    this.state = state
    return actions
  }

  opened(): void {
    this.step({ on: 'opened' })
  }

  frame(frame: Envelope): Actions {
    const actions = this.step({ on: 'frame', frame })
    if (frame.op === 0 && frame.s !== undefined) this.taken(frame.s)
    return actions
  }

  taken(taken: number, sessionId: string | undefined = this.state.session?.sessionId): Actions {
    return this.step({ on: 'note', note: { taken, sessionId } })
  }

  timer(timer: 'hello' | 'beat' | 'close'): Actions {
    return this.step({ on: 'timer', timer })
  }
}

const machine = (options: Partial<GatewayMachineOptions> = {}): Driven => new Driven(options)

function online(options: Partial<GatewayMachineOptions> = {}): Driven {
  const driven = machine(options)
  driven.opened()
  driven.frame(hello)
  driven.frame(ready)
  return driven
}

const tasks = (actions: Actions): GatewayTask[] =>
  actions.flatMap((action) => (action.do === 'perform' ? [action.action] : []))

/** What is done, in short; what is told of sessions is looked at apart. */
const kinds = (actions: Actions): string[] =>
  actions.flatMap((action) => {
    if (action.do === 'wait') return [`wait ${action.timer}`]
    if (action.do !== 'perform') return action.do === 'cancel' ? [] : [action.do]
    const { action: task } = action
    if (task.task === 'login') return [task.session === undefined ? 'identify' : 'resume']
    return task.task === 'session' ? [] : [task.task]
  })

interface After {
  readonly delayMs: number
  readonly failure: FailureWords | undefined
  readonly tasks: string[]
}

const ended = (driven: Driven, code: number, openMs = 60_000): Actions =>
  driven.step({ on: 'closed', close: { code, reason: '', opened: true, openMs } })

/** How it goes on after an end that is none for good. */
function connects(actions: Actions): After {
  const after = actions.at(-1)
  if (after?.do !== 'connect') throw new Error(`It does not connect: ${JSON.stringify(actions)}`)
  const rest = kinds(actions).filter((kind) => kind !== 'connect')
  return { delayMs: after.delayMs, failure: after.failure, tasks: rest }
}

/** Why it ends for good. */
function stops(actions: Actions): FailureWords | undefined {
  const after = actions.at(-1)
  if (after?.do !== 'stop') throw new Error(`It does not stop: ${JSON.stringify(actions)}`)
  return after.failure
}

const next = (driven: Driven): string[] => {
  driven.opened()
  return kinds(driven.frame(hello))
}

describe('a handshake', () => {
  it('beats as Hello says and identifies', () => {
    const state = machine()
    state.opened()
    const actions = state.frame(hello)
    expect(actions).toContainEqual({ do: 'wait', timer: 'beat', delayMs: 45_000 })
    expect(kinds(actions)).toEqual(['wait beat', 'identify'])
  })

  it('begins again when no Hello comes', () => {
    const state = machine()
    state.opened()
    expect(kinds(state.timer('hello'))).toEqual(['connect'])
    expect(state.frame(hello)).toContainEqual({ do: 'cancel', timer: 'hello' })
  })

  it('takes the session of READY, whatever shard it names', () => {
    const state = machine()
    state.opened()
    state.frame(hello)
    expect(kinds(state.frame(ready))).toEqual(['online', 'event'])
    expect(state.state.session).toEqual({ sessionId: 'session-1', seq: 1 })
  })

  it('sends null in the first heartbeat and the last sequence later', () => {
    const state = machine()
    state.opened()
    state.frame(hello)
    expect(state.timer('beat')).toContainEqual({ do: 'send', data: '{"op":1,"d":null}' })
    state.frame({ op: 11 })
    state.frame(ready)
    state.frame(event(251))
    expect(state.timer('beat')).toContainEqual({ do: 'send', data: '{"op":1,"d":251}' })
  })

  it('gives the connection up when a heartbeat has no ack, and continues the session', () => {
    const state = online()
    state.timer('beat')
    state.frame({ op: 11 })
    expect(kinds(state.timer('beat'))).toEqual(['send', 'wait beat'])
    expect(state.timer('beat')).toMatchObject([{ do: 'connect', delayMs: 0 }])
    expect(next(state)).toEqual(['wait beat', 'resume'])
  })

  it('answers a heartbeat of the platform at once', () => {
    const state = online()
    expect(state.frame({ op: 1 })).toEqual([{ do: 'send', data: '{"op":1,"d":1}' }])
  })

  it('follows the sequence of every event that has one', () => {
    const state = online()
    state.frame(event(7))
    state.frame({ op: 0, t: 'FRIEND_ADD', d: {} })
    expect(state.state.session?.seq).toBe(7)
  })

  it('ignores opcodes nobody knows', () => {
    expect(kinds(online().frame({ op: 99 }))).toEqual(['ignore'])
    expect(kinds(online().frame({ op: 0 }))).toEqual(['ignore'])
    expect(kinds(machine().frame({ op: 10, d: 'soon' }))).toEqual(['ignore'])
  })
})

describe('a gateway that makes no sense', () => {
  it('is not beaten more often than once a second', () => {
    for (const heartbeat_interval of [1e-9, 1, 999]) {
      const state = machine()
      state.opened()
      const actions = state.frame({ op: 10, d: { heartbeat_interval } })
      expect(actions).toContainEqual({ do: 'wait', timer: 'beat', delayMs: 1000 })
    }
  })

  it('does not spoil the sequence', () => {
    const state = online()
    for (const s of [0.5, Infinity, Number.NaN, 2 ** 60]) state.frame({ op: 0, s, t: 'FRIEND_ADD', d: {} })
    expect(state.state.session?.seq).toBe(1)
  })
})

describe('a session', () => {
  it('is continued with its id and sequence', () => {
    const state = online()
    state.frame(event(1337))
    ended(state, 1006)
    state.opened()
    expect(tasks(state.frame(hello))).toMatchObject([
      { task: 'login', session: { sessionId: 'session-1', seq: 1337 } },
    ])
  })

  it('is back with RESUMED, whose content is an empty text', () => {
    const state = online()
    ended(state, 4009)
    state.opened()
    state.frame(hello)
    expect(kinds(state.frame(event(2)))).toEqual(['event'])
    expect(state.frame(resumed)).toEqual([
      { do: 'online' },
      { do: 'perform', action: { task: 'event', envelope: resumed } },
    ])
    expect(state.state.phase).toBe('online')
  })

  it('is continued at once when the platform asks for another connection', () => {
    const state = online()
    expect(state.frame({ op: 7 })).toEqual([{ do: 'connect', mode: 'resume', delayMs: 0 }])
    expect(next(state)).toEqual(['wait beat', 'resume'])
  })

  it('is continued or begun anew as op 9 says, once the close frame did not come', () => {
    const kept = online()
    expect(kinds(kept.frame({ op: 9, d: true }))).toEqual(['wait close'])
    expect(kinds(kept.timer('close'))).toEqual(['connect'])
    expect(kept.timer('close')).toEqual([])
    expect(next(kept)).toEqual(['wait beat', 'resume'])
    const lost = online()
    ended(lost, 1006)
    lost.opened()
    lost.frame(hello)
    lost.frame({ op: 9, d: false })
    expect(lost.timer('close')).toMatchObject([
      { do: 'perform', action: { task: 'session', id: undefined } },
      { do: 'connect', delayMs: 3000 },
    ])
    expect(next(lost)).toEqual(['wait beat', 'identify'])
  })

  it('of an earlier run is continued', () => {
    expect(next(machine({ session: { sessionId: 'old', seq: 9 } }))).toEqual(['wait beat', 'resume'])
  })
})

describe('events that nobody takes', () => {
  it('are asked for again: the session stands at the last one that was taken', () => {
    const state = online()
    for (const s of [2, 3, 4]) state.step({ on: 'frame', frame: event(s) })
    state.taken(2)
    expect(state.timer('beat')).toContainEqual({ do: 'send', data: '{"op":1,"d":2}' })
    expect(state.step({ on: 'note', note: { full: true } })).toMatchObject([
      { do: 'connect', mode: 'resume', delayMs: 0 },
    ])
    state.opened()
    expect(tasks(state.frame(hello))).toMatchObject([{ session: { sessionId: 'session-1', seq: 2 } }])
  })

  it('change nothing once their session has ended', () => {
    const state = online()
    ended(state, 4006)
    expect(state.taken(7, 'session-1')).toEqual([])
    expect(state.state.session).toBeUndefined()
    next(state)
    state.frame({ ...ready, d: { session_id: 'session-2' } })
    state.taken(7, 'session-1')
    expect(state.state.session).toEqual({ sessionId: 'session-2', seq: 1 })
  })

  it('that come again do not set the session back', () => {
    const state = online()
    for (const s of [7, 3]) state.taken(s)
    expect(state.state.session?.seq).toBe(7)
  })
})

describe('a refused login', () => {
  it.each([1000, 1005, 1006])('by op 9 and %i renews the token, and never ends for good', (code) => {
    const state = machine()
    const delays = Array.from({ length: 8 }, () => {
      next(state)
      expect(kinds(state.frame({ op: 9, d: false }))).toEqual(['wait close'])
      const after = connects(ended(state, code))
      expect(after.tasks).toEqual(['renew'])
      expect(after.failure?.hint).toMatch(/GUILD_MESSAGES/)
      return after.delayMs
    })
    expect(delays[0]).toBe(3000)
    expect(delays.at(-1)).toBe(60_000)
    expect(next(state)).toEqual(['wait beat', 'identify'])
  })

  it('gives intents up one by one when asked to', () => {
    const state = machine({ dropRefusedIntents: true })
    const names: string[] = []
    for (let tries = 0; tries < 4; tries += 1) {
      next(state)
      state.frame({ op: 9 })
      for (const task of tasks(state.timer('close')))
        if (task.task === 'dropped-intent') names.push(task.name)
    }
    expect(names).toEqual(['GUILD_MESSAGES', 'GROUP_AND_C2C_EVENT'])
    expect(state.state.intents).toEqual(['GUILDS'])
  })

  it.each([4900, 4903, 4913, 4006, 4007, 4009])('by op 9 and %i is begun anew, however often', (code) => {
    const state = machine({ dropRefusedIntents: true })
    for (let tries = 0; tries < 5; tries += 1) {
      next(state)
      state.frame({ op: 9, d: false })
      expect(connects(ended(state, code)).tasks).toEqual([])
    }
    expect(state.state.intents).toHaveLength(3)
    expect(next(state)).toEqual(['wait beat', 'identify'])
  })

  it.each([4914, 4915, 4001, 4014])('by op 9 and %i ends for the reason of the code', (code) => {
    for (const isResuming of [false, true]) {
      const state = isResuming ? online() : machine()
      if (isResuming) ended(state, 1006)
      next(state)
      state.frame({ op: 9, d: false })
      expect(stops(ended(state, code))?.reason).toContain(`close code ${code}`)
    }
  })

  it('by op 9 and 4004 is one of the credentials', () => {
    const state = machine()
    next(state)
    state.frame({ op: 9, d: false })
    expect(connects(ended(state, 4004)).failure?.reason).toMatch(/refuses the credentials/)
  })

  it('by op 9 while resuming and 4008 waits a minute and begins anew', () => {
    const state = online()
    ended(state, 1006)
    next(state)
    state.frame({ op: 9, d: false })
    expect(connects(ended(state, 4008)).delayMs).toBe(60_000)
    expect(next(state)).toEqual(['wait beat', 'identify'])
  })

  it.each([4013, 4014])('with close code %i stops and names the intents', (code) => {
    expect(stops(ended(machine(), code))?.hint).toMatch(/GUILDS, GUILD_MESSAGES, GROUP_AND_C2C_EVENT/)
  })

  it.each([4013, 4014])('with close code %i gives an intent up when asked to', (code) => {
    const state = machine({ dropRefusedIntents: true })
    const actions = ended(state, code)
    expect(connects(actions).tasks).toEqual(['dropped-intent'])
    expect(tasks(actions)).toContainEqual({ task: 'dropped-intent', name: 'GUILD_MESSAGES' })
    expect(state.state.intents).toEqual(['GUILDS', 'GROUP_AND_C2C_EVENT'])
  })

  it('with 4004 renews the token, and from the third time in a row on tries but once a minute', () => {
    const state = machine()
    for (const _ of [1, 2]) expect(connects(ended(state, 4004)).tasks).toEqual(['renew'])
    for (const _ of [3, 4]) {
      const after = connects(ended(state, 4004))
      expect(after.tasks).toEqual(['renew', 'refused'])
      expect(after.delayMs).toBe(60_000)
    }
  })

  it('counts anew after a good login', () => {
    const state = online()
    ended(state, 4004)
    ended(state, 4004)
    next(state)
    state.frame(ready)
    expect(connects(ended(state, 4004)).tasks).toEqual(['renew'])
  })
})

describe('a close code', () => {
  it.each([4001, 4002, 4010, 4012, 4011, 4914, 4915])('%i stops with a reason', (code) => {
    expect(stops(ended(online(), code))?.reason).toContain(`close code ${code}`)
  })

  it.each([
    [4000, 'resume'],
    [4003, 'identify'],
    [4005, 'identify'],
    [4006, 'identify'],
    [4007, 'identify'],
    [4008, 'resume'],
    [4009, 'resume'],
    [4900, 'identify'],
    [4907, 'identify'],
    [4913, 'identify'],
    [4999, 'identify'],
    [1000, 'resume'],
    [1001, 'resume'],
    [1006, 'resume'],
  ])('%i connects again to %s', (code, how) => {
    const state = online()
    connects(ended(state, code))
    expect(next(state)).toEqual(['wait beat', how])
  })

  it('4008 waits a minute', () => {
    expect(connects(ended(online(), 4008)).delayMs).toBe(60_000)
  })

  it('4009 begins anew when the platform refuses to continue', () => {
    const state = online()
    ended(state, 4009)
    next(state)
    ended(state, 4006)
    expect(next(state)).toEqual(['wait beat', 'identify'])
  })
})

describe('the wait between connections', () => {
  it('grows from 1 s to 60 s and begins anew after a login', () => {
    const state = machine()
    const delays = Array.from({ length: 8 }, () => connects(ended(state, 1006)).delayMs)
    expect(delays).toEqual([1000, 2000, 5000, 10_000, 30_000, 60_000, 60_000, 60_000])
    next(state)
    state.frame(ready)
    expect(connects(ended(state, 1006)).delayMs).toBe(1000)
  })

  it('is never far from its step', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (random) => {
        const { delayMs } = connects(ended(machine({ random: () => random }), 1006))
        expect(delayMs).toBeGreaterThanOrEqual(800)
        expect(delayMs).toBeLessThanOrEqual(1200)
      }),
    )
  })

  it('is a minute after three connections of less than 5 s', () => {
    const state = online()
    expect(connects(ended(state, 1006, 4000)).delayMs).toBeLessThan(60_000)
    expect(connects(ended(state, 1006, 4000)).delayMs).toBeLessThan(60_000)
    expect(connects(ended(state, 1006, 4000)).delayMs).toBe(60_000)
    expect(connects(ended(state, 1006, 4000)).delayMs).toBeLessThan(60_000)
  })
})

describe('the shard of a guild', () => {
  it.each([
    ['16038617105584902418', 4, 3],
    ['4821093776501248531', 9, 5],
    ['2452178231489345741', 5, 0],
    ['75827011639035987', 3, 1],
  ])('%s of %i is %i', (guildId, count, shard) => {
    expect(shardOf(guildId, count)).toBe(shard)
  })
})
