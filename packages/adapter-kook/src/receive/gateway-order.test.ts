import { deferred, type Deferred } from '@mynah/core/adapter'
import { type KookEmulator, type KookGatewayOptions, startKookEmulator } from '@mynah/emulator-kook'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { event, StartedGateway } from '../../test/start-gateway.ts'

let emulator: KookEmulator
let harness: StartedGateway

async function start(
  options: ConstructorParameters<typeof StartedGateway>[1] = {},
  gateway: KookGatewayOptions = {},
): Promise<void> {
  emulator = await startKookEmulator({ gateway })
  harness = new StartedGateway(emulator, options)
}

afterEach(async () => {
  await harness[Symbol.asyncDispose]()
  await emulator.close()
})

const push = (...ids: (string | number)[]): void => {
  for (const id of ids) emulator.push(event(String(id)))
}

/** Sends a frame with a number of its own choosing. */
const send = (sn: number): void => emulator.faults.sendFrame({ s: 0, d: event(`m${sn}`), sn })

/** A frame that comes after all that was sent so far. */
async function settled(): Promise<void> {
  const known = harness.logger.lines.length
  emulator.faults.sendFrame({ s: 98 })
  await vi.waitFor(() => expect(harness.logger.lines.length).toBeGreaterThan(known), { interval: 2 })
}

it('takes numbers over 65535 and a session that begins above 1', async () => {
  await start({}, { firstSn: 65_535 })
  await harness.connect()
  push('a', 'b')
  await settled()
  expect(harness.events).toHaveLength(0)
  await harness.clock.advance(30_000)
  await emulator.gateway.expect('ping')
  await vi.waitFor(() => expect(harness.clock.delays).toContain(30_000))
  expect(harness.events).toHaveLength(0)
  await harness.clock.advance(30_000)
  await harness.received(2)
  push('c')
  await harness.received(3)
  expect(harness.ids).toEqual(['a', 'b', 'c'])
})

describe('order', () => {
  beforeEach(async () => {
    await start()
    await harness.connect()
  })

  it('ignores unknown signals', async () => {
    emulator.faults.sendFrame({ s: 42, d: {} })
    send(1)
    await harness.received(1)
    expect(harness.logger.text).toContain('not known')
  })

  it('sorts, and drops what came before', async () => {
    for (const sn of [1, 3, 2, 2, 1, 3, 4, 1]) send(sn)
    send(5)
    await harness.received(5)
    expect(harness.ids).toEqual(['m1', 'm2', 'm3', 'm4', 'm5'])
  })

  it('fills a gap with what the server sends again after a ping', async () => {
    push(1)
    emulator.faults.loseEvents(1)
    push(2, 3, 4)
    await settled()
    expect(harness.ids).toEqual(['1'])
    await harness.clock.advance(30_000)
    await harness.received(4)
    expect(harness.ids).toEqual(['1', '2', '3', '4'])
  })

  it('begins anew when a gap stays open for 90 s', async () => {
    push(1)
    send(3)
    await harness.received(1)
    await settled()
    for (let ping = 0; ping < 2; ping += 1) {
      await harness.clock.advance(30_000)
      await emulator.gateway.expect('ping', ({ sn }) => sn === 1)
      await vi.waitFor(() => expect(harness.clock.delays[0]).toBe(30_000))
    }
    await harness.clock.advance(30_000)
    await harness.endedThen(0)
    await harness.online()
    push('fresh')
    await harness.received(3)
    expect(harness.ids).toEqual(['1', 'm3', 'fresh'])
  })

  it('begins anew when 1000 events wait behind a gap', async () => {
    push(1)
    await harness.received(1)
    for (let sn = 3; sn <= 1003; sn += 1) send(sn)
    await harness.endedThen(0)
    await harness.online()
    push('fresh')
    await vi.waitFor(() => expect(harness.ids.at(-1)).toBe('fresh'))
    // What waited is handed out all the same, in order.
    expect(harness.ids.slice(0, 3)).toEqual(['1', 'm3', 'm4'])
    expect(harness.refused).toContain('an event never came')
  })

  it('handles each of 1000 events exactly once, in order, through 20 disconnects, reordering and duplicates', async () => {
    let random = 7
    const next = (below: number): number => {
      random = (random * 48_271) % 2_147_483_647
      return random % below
    }
    for (let round = 0; round < 20; round += 1) {
      const disconnectAt = next(50)
      let held = emulator.faults.holdEvents()
      for (let index = 0; index < 50; index += 1) {
        const fault = next(10)
        if (fault === 0) emulator.faults.duplicateEvents()
        if (fault === 1) emulator.faults.loseEvents()
        push(round * 50 + index)
        if (index === disconnectAt) {
          held.release((events) => events.toSorted(() => next(3) - 1))
          emulator.faults.dropConnections()
          held = emulator.faults.holdEvents()
        }
      }
      held.release((events) => events.toReversed())
      await harness.endedThen(8000)
      await harness.online()
    }
    await harness.clock.advance(30_000)
    await harness.received(1000)
    expect(harness.ids).toEqual(Array.from({ length: 1000 }, (_, index) => String(index)))
    expect(emulator.gateway.opened).toHaveLength(21)
    expect(emulator.gateway.opened.slice(1).every((opened) => opened.kind === 'open' && opened.resume)).toBe(
      true,
    )
  })
})

describe('more events than there is room for', () => {
  let room: number
  let drained: Deferred

  beforeEach(async () => {
    room = 3
    drained = deferred()
    await start({
      room: () => room,
      drained: () => drained.promise,
      onEvent: (data) => {
        room -= 1
        harness.events.push(data)
      },
    })
    await harness.connect()
  })

  it('are sent again by the platform once there is room', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `e${index}`)
    push(...ids)
    await harness.received(3)
    await settled()
    room = 1000
    drained.resolve()
    expect(await emulator.gateway.expect('ping')).toMatchObject({ sn: 3 })
    await harness.received(20)
    expect(harness.ids).toEqual(ids)
    expect(harness.refused).toEqual([])
    expect(harness.told).toContain('KOOK sends more events than handlers take; the rest is asked for later.')
  })

  it('are asked for with each heartbeat, and no ping is late for them', async () => {
    push('a', 'b', 'c', 'd', 'e')
    await harness.received(3)
    await harness.clock.advance(30_000)
    expect(await emulator.gateway.expect('ping')).toMatchObject({ sn: 3 })
    room = 1
    await vi.waitFor(() => expect(harness.clock.delays).toContain(30_000))
    await harness.clock.advance(30_000)
    await harness.received(4)
    expect(harness.refused).toEqual([])
  })

  it('are counted when the platform gives them up', async () => {
    push('a', 'b', 'c', 'd', 'e')
    await harness.received(3)
    await settled()
    emulator.faults.requestReconnect(40_108)
    await harness.endedThen(0)
    await harness.online()
    expect(harness.refused).toEqual([
      'KOOK gave up events that there was no room for',
      'KOOK gave up events that there was no room for',
    ])
  })
})
