import { once } from 'node:events'
import { createServer, type Server as TcpServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { App, createLogger, definePlugin, type ExitRequest } from '@mynah/core'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { TestClock } from '@mynah/core/testing'
import plugin from './plugin.ts'

let clock: TestClock
let lines: string[]
let app: App
let other: TcpServer
let port: number

beforeEach(async () => {
  clock = new TestClock()
  lines = []
  const write = (line: string): void => {
    const { level, msg }: { level: number; msg: string } = JSON.parse(line)
    lines.push(`${level === 40 ? 'warn' : level === 30 ? 'info' : level} ${msg}`)
  }
  app = new App({ clock, logger: createLogger({ stream: { write } }) })
  other = createServer()
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  ;({ port } = other.address() as AddressInfo)
})

afterEach(async () => {
  await app.stop()
  if (other.listening) await new Promise((resolve) => other.close(resolve))
})

const ofServer = () => lines.filter((line) => line.includes('Listening') || line.includes('could not listen'))
const reachable = async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).status

it('tries again while another program has the port, and says so once', async () => {
  app.plugin(plugin, { port })
  const routed = vi.fn()
  app.plugin(
    definePlugin({
      name: 'hooks',
      inject: ['server'],
      setup(ctx) {
        routed(ctx.server.route('GET', '/hook', () => ({}), { label: 'hooks', guard: 'token' }))
      },
    }),
  )
  await app.start()
  await vi.waitFor(() => expect(routed).toHaveBeenCalled())
  expect(ofServer()).toEqual([
    `warn The server could not listen on 127.0.0.1 port ${port}: The port is taken by another program. Stop that program, or set another port (0 takes any free one). Next try in 5 s.`,
  ])
  await clock.advance(5000)
  await vi.waitFor(() => expect(clock.delays).toContain(10_000))
  await new Promise((resolve) => other.close(resolve))
  await clock.advance(10_000)
  await vi.waitFor(async () => expect(await reachable()).toBe(200))
  await vi.waitFor(() =>
    expect(ofServer().slice(1)).toEqual([`info Listening on http://127.0.0.1:${port} after 15 s`]),
  )
  expect((await fetch(`http://127.0.0.1:${port}/hook`)).status).toBe(204)
})

it('asks the program to end when the config says so', async () => {
  const asked: ExitRequest[] = []
  app.plugin(
    definePlugin({
      name: 'program',
      setup: (ctx) => void ctx.on('exit-requested', (request) => void asked.push(request)),
    }),
  )
  app.plugin(plugin, { port, onPortInUse: 'exit' })
  await app.start()
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  expect(asked[0]).toMatchObject({ code: 69, reason: expect.stringContaining(`port ${port}`) })
})

it('stops trying when it is stopped', async () => {
  app.plugin(plugin, { port })
  await app.start()
  await app.stop()
  await new Promise((resolve) => other.close(resolve))
  await clock.advance(60_000)
  await expect(reachable()).rejects.toThrow()
})
