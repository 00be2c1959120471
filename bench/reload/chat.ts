import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { type WebSocket, WebSocketServer } from 'ws'

const selfId = 3889001234

interface Call {
  readonly action: string
  readonly params: {
    readonly user_id?: number
    readonly message: string | readonly { readonly data: { readonly text: string } }[]
  }
  readonly echo: unknown
}

/** One question and what came back. */
export interface Exchange {
  readonly question: string
  /** When it was asked, by `performance.now()`. */
  readonly askedAt: number
  answeredAt: number
  /** Answers in the order they came; one is right. */
  readonly answers: string[]
}

/** A OneBot implementation in which every question comes from a person of its own, so that answers tell themselves apart. */
export class Chat {
  readonly url: string
  readonly exchanges = new Map<number, Exchange>()
  readonly #server: WebSocketServer
  readonly #close: () => Promise<void>
  readonly #waiting = new Map<number, (exchange: Exchange) => void>()
  #socket: WebSocket | undefined
  #connected: () => void = () => {}
  #person = 1_000_000

  private constructor(url: string, server: WebSocketServer, close: () => Promise<void>) {
    this.url = url
    this.#server = server
    this.#close = close
    server.on('connection', (socket) => {
      this.#socket = socket
      socket.on('message', (data: Buffer) => this.#receive(socket, data))
      socket.send(
        JSON.stringify({
          time: 1,
          self_id: selfId,
          post_type: 'meta_event',
          meta_event_type: 'lifecycle',
          sub_type: 'connect',
        }),
      )
      this.#connected()
    })
  }

  static async start(): Promise<Chat> {
    const http = createServer()
    const server = new WebSocketServer({ server: http })
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const { port } = http.address() as AddressInfo
    return new Chat(`ws://127.0.0.1:${port}/`, server, async () => {
      for (const client of server.clients) client.terminate()
      http.close()
      await once(http, 'close')
    })
  }

  connected(): Promise<void> {
    return new Promise((resolve) => {
      this.#connected = resolve
    })
  }

  #receive(socket: WebSocket, data: Buffer): void {
    const { action, params, echo } = JSON.parse(data.toString()) as Call
    const answer = (result: unknown): void =>
      socket.send(JSON.stringify({ status: 'ok', retcode: 0, data: result, echo }))
    if (action === 'get_login_info') return answer({ user_id: selfId, nickname: 'Robo' })
    if (action === 'get_version_info')
      return answer({ app_name: 'bench', app_version: '1', protocol_version: 'v11' })
    if (action !== 'send_private_msg' && action !== 'send_msg') return answer(null)
    answer({ message_id: 1 })
    const { message, user_id: person = 0 } = params
    const exchange = this.exchanges.get(person)
    if (exchange === undefined) return
    exchange.answers.push(typeof message === 'string' ? message : (message[0]?.data.text ?? ''))
    exchange.answeredAt = performance.now()
    this.#waiting.get(person)?.(exchange)
    this.#waiting.delete(person)
  }

  /** Asks; the answer is looked up in {@link exchanges} later. */
  ask(question: string): number {
    const person = (this.#person += 1)
    this.exchanges.set(person, { question, askedAt: performance.now(), answeredAt: Number.NaN, answers: [] })
    this.#socket?.send(
      JSON.stringify({
        time: 1761900007,
        self_id: selfId,
        post_type: 'message',
        message_type: 'private',
        sub_type: 'friend',
        message_id: person,
        user_id: person,
        message: [{ type: 'text', data: { text: question } }],
        raw_message: question,
        font: 0,
        sender: { user_id: person, nickname: 'Lin', sex: 'unknown', age: 0 },
      }),
    )
    return person
  }

  /** Asks and waits for the answer. */
  async question(question: string): Promise<string> {
    const person = this.ask(question)
    const exchange = await new Promise<Exchange>((resolve) => this.#waiting.set(person, resolve))
    return exchange.answers[0] ?? ''
  }

  async close(): Promise<void> {
    this.#server.close()
    await this.#close()
  }
}
