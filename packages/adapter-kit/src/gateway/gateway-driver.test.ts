import type { AddressInfo } from 'node:net'
import { RecordingLogger, TestClock } from '@mynah/core/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { type GatewayConnection, GatewayDriver, type GatewayStatus } from './gateway-driver.ts'
import type { GatewayAction, GatewayInput, GatewayMachine } from './gateway-machine.ts'

/** Waits for a condition; a busy machine may take its time. */
const eventually = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 10_000 })

interface State {
  readonly session: string | undefined
  readonly isAckDue: boolean
}

interface Frame {
  readonly op: string
  readonly session?: string
}

interface Login {
  readonly session: string | undefined
}

type Note = 'login failed'
type Action = GatewayAction<Login>

/** A small gateway: hello, log-in, heartbeats with an answer, resume. */
const machine: GatewayMachine<State, Frame, Note, Login> = {
  initial: { session: undefined, isAckDue: false },
  step(state, input) {
    switch (input.on) {
      case 'opened':
        return {
          state: { ...state, isAckDue: false },
          actions: [{ do: 'wait', timer: 'hello', delayMs: 6000 }],
        }
      case 'frame':
        return onFrame(state, input.frame)
      case 'timer':
        if (input.timer === 'hello') return { state, actions: [again('no hello came')] }
        if (state.isAckDue) return { state, actions: [again('no heartbeat is answered')] }
        return {
          state: { ...state, isAckDue: true },
          actions: [
            { do: 'send', data: '{"op":"beat"}' },
            { do: 'wait', timer: 'beat', delayMs: 30_000 },
          ],
        }
      case 'note':
        return { state, actions: [again(input.note)] }
      case 'closed':
        if (input.close.code === 4004)
          return { state, actions: [{ do: 'stop', failure: { reason: 'banned' } }] }
        return { state, actions: [{ do: 'connect', mode: 'resume', delayMs: 2000 }] }
      case 'connecting':
    }
    return { state, actions: [] }
  },
}

const again = (reason: string): Action => ({
  do: 'connect',
  mode: 'fresh',
  delayMs: 1000,
  failure: { reason },
})

function onFrame(state: State, frame: Frame): { state: State; actions: Action[] } {
  if (frame.op === 'hello') {
    const actions: Action[] = [
      { do: 'cancel', timer: 'hello' },
      { do: 'perform', action: { session: state.session } },
      { do: 'wait', timer: 'beat', delayMs: 30_000 },
    ]
    return { state, actions }
  }
  if (frame.op === 'ready')
    return { state: { ...state, session: frame.session }, actions: [{ do: 'online' }] }
  if (frame.op === 'ack') return { state: { ...state, isAckDue: false }, actions: [] }
  return { state, actions: frame.op === 'move' ? [{ do: 'connect', mode: 'resume', delayMs: 0 }] : [] }
}

let server: WebSocketServer
let peers: WebSocket[]
let received: string[]
let statuses: GatewayStatus[]
let unreadable: unknown[]
let inputs: GatewayInput<Frame, Note>[]
let logger: RecordingLogger
let clock: TestClock
let gateway: GatewayDriver<State, Frame, Note, Login>
let logIn: (login: Login, connection: GatewayConnection<Note>) => void

beforeEach(async () => {
  peers = []
  received = []
  statuses = []
  unreadable = []
  inputs = []
  logger = new RecordingLogger()
  clock = new TestClock()
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  server.on('connection', (socket) => {
    peers.push(socket)
    socket.on('message', (data) => {
      if (Buffer.isBuffer(data)) received.push(data.toString())
    })
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  logIn = ({ session = 'none' }, connection) => void connection.send(`login ${session}`)
  gateway = new GatewayDriver({
    name: 'the gateway',
    machine: {
      initial: machine.initial,
      step(state, input) {
        inputs.push(input)
        return machine.step(state, input)
      },
    },
    target: ({ mode }) => ({ url: `ws://127.0.0.1:${port}/?mode=${mode}` }),
    read: (data) => JSON.parse(String(data)) as Frame,
    onUnreadable: (error) => unreadable.push(error),
    perform: (login, connection) => logIn(login, connection),
    onStatus: (status) => statuses.push(status),
    logger,
    clock,
  })
})

afterEach(async () => {
  await gateway.stop()
  for (const peer of peers) peer.terminate()
  server.close()
})

const peer = async (count: number): Promise<WebSocket> => {
  await eventually(() => expect(peers.length).toBeGreaterThanOrEqual(count))
  const found = peers[count - 1]
  if (found === undefined) throw new Error('There is no such connection.')
  return found
}
const waitingFor = (delayMs: number) => eventually(() => expect(clock.delays).toContain(delayMs))

async function goOnline(count = 1, session = 's1'): Promise<WebSocket> {
  const current = await peer(count)
  await waitingFor(6000)
  current.send('{"op":"hello"}')
  await eventually(() => expect(received.filter((line) => line.startsWith('login'))).toHaveLength(count))
  current.send(JSON.stringify({ op: 'ready', session }))
  await eventually(() => expect(statuses.at(-1)).toBe('online'))
  return current
}

describe('a gateway', () => {
  it('logs in, beats, and keeps the state that its machine gives it', async () => {
    gateway.start()
    const current = await goOnline()
    expect(gateway.state).toEqual({ session: 's1', isAckDue: false })
    await clock.advance(30_000)
    await eventually(() => expect(received.at(-1)).toBe('{"op":"beat"}'))
    current.send('{"op":"ack"}')
    await eventually(() => expect(gateway.state.isAckDue).toBe(false))
    expect(statuses).toEqual(['connecting', 'online'])
    expect(inputs[0]).toEqual({ on: 'connecting', mode: 'fresh' })
  })

  it('connects again as the machine says when the connection ended, and resumes', async () => {
    gateway.start()
    ;(await goOnline()).terminate()
    await waitingFor(2000)
    expect(statuses.at(-1)).toBe('reconnecting')
    await clock.advance(2000)
    await goOnline(2)
    expect(received.filter((line) => line.startsWith('login'))).toEqual(['login none', 'login s1'])
    expect(inputs.findLast(({ on }) => on === 'connecting')).toEqual({
      on: 'connecting',
      mode: 'resume',
    })
    expect(logger.shown).toHaveLength(2)
  })

  it('replaces a connection without a word when that is part of the plan', async () => {
    gateway.start()
    ;(await goOnline()).send('{"op":"move"}')
    await waitingFor(0)
    await clock.advance(0)
    await goOnline(2)
    expect(inputs.some(({ on }) => on === 'closed')).toBe(false)
    expect(logger.shown).toEqual([])
  })

  it('replaces a connection that says nothing, and tells why', async () => {
    gateway.start()
    await peer(1)
    await waitingFor(6000)
    await clock.advance(6000)
    await waitingFor(1000)
    expect(logger.shown).toEqual(['warn the gateway: no hello came; next try in 1 s'])
    await clock.advance(1000)
    await peer(2)
  })

  it('stops for good when the machine says so', async () => {
    gateway.start()
    ;(await goOnline()).close(4004)
    await eventually(() => expect(statuses.at(-1)).toBe('failed'))
    expect(logger.shown).toEqual(['warn the gateway: banned; it is not tried again'])
  })

  it('lets what was begun for one connection say nothing on the next', async () => {
    const connections: GatewayConnection<Note>[] = []
    logIn = (_login, connection) => {
      connections.push(connection)
      connection.send('login')
    }
    gateway.start()
    ;(await goOnline()).terminate()
    await waitingFor(2000)
    const [old] = connections
    expect(old?.signal.aborted).toBe(true)
    await clock.advance(2000)
    await goOnline(2)
    expect(old?.send('late')).toBe(false)
    old?.note('login failed')
    expect(inputs.some(({ on }) => on === 'note')).toBe(false)
    connections[1]?.note('login failed')
    await waitingFor(1000)
    expect(logger.shown.at(-1)).toContain('login failed')
  })

  it('tells what it cannot read and goes on', async () => {
    gateway.start()
    const current = await goOnline()
    current.send('{')
    await eventually(() => expect(unreadable).toHaveLength(1))
    expect(statuses.at(-1)).toBe('online')
    await gateway.stop()
    expect(clock.pending).toEqual([])
  })
})
