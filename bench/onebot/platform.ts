import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { type WebSocket, WebSocketServer } from 'ws'

/** How one load went. */
export interface LoadResult {
  readonly replies: number
  readonly seconds: number
  /** From writing an event to reading its answer, in ms, sorted. */
  readonly latencies: Float64Array
}

const selfId = 3889001234
const groups = 100

/** A platform side as lean as can be, so that the programs under test are what is measured. */
export class Platform {
  readonly url: string
  readonly #server: WebSocketServer
  readonly #close: () => Promise<void>
  #socket: WebSocket | undefined
  #connected: () => void = () => {}
  #sequence = 0
  #onReply: (id: number) => void = () => {}

  private constructor(url: string, server: WebSocketServer, close: () => Promise<void>) {
    this.url = url
    this.#server = server
    this.#close = close
    server.on('connection', (socket) => this.#accept(socket))
  }

  static async start(): Promise<Platform> {
    const http = createServer()
    const server = new WebSocketServer({ server: http })
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const { port } = http.address() as AddressInfo
    return new Platform(`ws://127.0.0.1:${port}/`, server, async () => {
      for (const client of server.clients) client.terminate()
      http.close()
      await once(http, 'close')
    })
  }

  #accept(socket: WebSocket): void {
    socket.on('message', (data: Buffer) => this.#receive(socket, data))
    const now = Math.floor(Date.now() / 1000)
    socket.send(
      JSON.stringify({
        time: now,
        self_id: selfId,
        post_type: 'meta_event',
        meta_event_type: 'lifecycle',
        sub_type: 'connect',
      }),
    )
    this.#socket = socket
    this.#connected()
  }

  #receive(socket: WebSocket, data: Buffer): void {
    const call = JSON.parse(data.toString()) as Call
    const answer = (result: unknown): void =>
      socket.send(JSON.stringify({ status: 'ok', retcode: 0, data: result, echo: call.echo }))
    if (call.action === 'get_login_info') return answer({ user_id: selfId, nickname: 'Robo' })
    if (call.action === 'get_version_info')
      return answer({ app_name: 'bench', app_version: '1', protocol_version: 'v11' })
    if (call.action === 'get_status') return answer({ online: true, good: true })
    if (call.action !== 'send_group_msg' && call.action !== 'send_msg') return answer(null)
    answer({ message_id: this.#sequence })
    const { message } = call.params
    const text = typeof message === 'string' ? message : (message[0]?.data.text ?? '')
    this.#onReply(Number(text))
  }

  /** Waits for a program to connect. */
  connected(): Promise<void> {
    return new Promise((resolve) => {
      this.#connected = resolve
    })
  }

  #send(id: number): void {
    this.#socket?.send(
      JSON.stringify({
        time: 1761900049,
        self_id: selfId,
        post_type: 'message',
        message_type: 'group',
        sub_type: 'normal',
        message_id: id,
        group_id: 700_000_000 + (id % groups),
        user_id: 1_300_000_000 + (id % 1000),
        anonymous: null,
        message: [{ type: 'text', data: { text: `/echo ${id}` } }],
        raw_message: `/echo ${id}`,
        font: 0,
        sender: {
          user_id: 1_300_000_000 + (id % 1000),
          nickname: 'Lin',
          card: '',
          sex: 'female',
          age: 23,
          area: '',
          level: '18',
          role: 'member',
          title: '',
        },
      }),
    )
  }

  /** Sends one message and waits for its answer. */
  ask(): Promise<void> {
    const id = (this.#sequence += 1)
    return new Promise((resolve) => {
      this.#onReply = (reply) => {
        if (reply === id) resolve()
      }
      this.#send(id)
    })
  }

  /** Keeps so many messages unanswered at a time until `total` are answered. */
  closedLoop(total: number, outstanding: number): Promise<LoadResult> {
    return this.#measure(total, (next) => {
      for (let index = 0; index < outstanding; index += 1) next()
      return next
    })
  }

  /** Sends so many messages a second, whether they are answered or not. */
  openLoop(total: number, perSecond: number): Promise<LoadResult> {
    return this.#measure(total, (next) => {
      const start = performance.now()
      let sent = 0
      const timer = setInterval(() => {
        const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * perSecond))
        for (; sent < due; sent += 1) next()
        if (sent >= total) clearInterval(timer)
      }, 1)
      return () => {}
    })
  }

  #measure(total: number, begin: (next: () => void) => () => void): Promise<LoadResult> {
    const sentAt = new Map<number, number>()
    const latencies = new Float64Array(total)
    const start = performance.now()
    let sent = 0
    let answered = 0
    const next = (): void => {
      if (sent >= total) return
      sent += 1
      const id = (this.#sequence += 1)
      sentAt.set(id, performance.now())
      this.#send(id)
    }
    return new Promise((resolve) => {
      let onAnswer: () => void = () => {}
      this.#onReply = (id) => {
        const at = sentAt.get(id)
        if (at === undefined) return
        sentAt.delete(id)
        latencies[answered] = performance.now() - at
        answered += 1
        if (answered === total) {
          resolve({
            replies: total,
            seconds: (performance.now() - start) / 1000,
            latencies: latencies.sort(),
          })
        } else {
          onAnswer()
        }
      }
      onAnswer = begin(next)
    })
  }

  close(): Promise<void> {
    this.#server.close()
    return this.#close()
  }
}

interface Call {
  readonly action: string
  readonly params: { readonly message: string | readonly { readonly data: { readonly text: string } }[] }
  readonly echo: unknown
}

/** The value below which `share` of the sorted values are. */
export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
