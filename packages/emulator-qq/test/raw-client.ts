import { deferred } from '@mynah/core/adapter'
import { WebSocket } from 'ws'
import { isJsonObject, type JsonObject } from '@mynah/emulator-kit'
import type { QQEmulator } from '../src/index.ts'
import { Mailbox } from '@mynah/core/testing'

export const appId = '102000001'
export const secret = 'kq7Zt2WmXp9LcR4vBn3Y'
/** Where the clocks of the tests start: ten in the morning in Beijing. */
export const startedAt: number = Date.UTC(2026, 8, 1, 2)
export const chatIntents = 2 ** 25

export interface Answer {
  readonly status: number
  readonly body: JsonObject
  readonly text: string
  readonly headers: Headers
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  const parsed: unknown = /^[[{]/.test(text) ? JSON.parse(text) : {}
  const body = isJsonObject(parsed) ? parsed : { list: parsed }
  return { status: response.status, body, text, headers: response.headers }
}

/** Calls the OpenAPI the way a bare client does: fetch, one token. */
export class RawApi {
  readonly #emulator: QQEmulator
  readonly token: string

  constructor(emulator: QQEmulator, token: string) {
    this.#emulator = emulator
    this.token = token
  }

  static async login(emulator: QQEmulator): Promise<RawApi> {
    const { body } = await requestToken(emulator)
    return new RawApi(emulator, String(body['access_token']))
  }

  async call(method: string, path: string, body?: JsonObject): Promise<Answer> {
    const response = await fetch(`${this.#emulator.baseUrls.api}${path}`, {
      method,
      headers: {
        Authorization: `QQBot ${this.token}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return answerOf(response)
  }
}

export const requestToken = async (
  emulator: QQEmulator,
  body: JsonObject = { appId, clientSecret: secret },
): Promise<Answer> =>
  answerOf(
    await fetch(emulator.baseUrls.token, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }),
  )

export interface Frame {
  op: number
  s?: number
  t?: string
  id?: string
  d?: unknown
}

/** A gateway socket that does only what it is told. */
export class RawSocket {
  readonly frames = new Mailbox<Frame>()
  readonly closed: Promise<{ code: number; reason: string }>
  readonly #socket: WebSocket

  constructor(url: string) {
    this.#socket = new WebSocket(url)
    this.#socket.on('message', (data) => {
      if (Buffer.isBuffer(data)) this.frames.push(JSON.parse(data.toString()))
    })
    this.#socket.on('error', () => {})
    const { promise, resolve } = deferred<{ code: number; reason: string }>()
    this.#socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
    this.closed = promise
  }

  /** Opens a socket and waits for Hello. */
  static async open(emulator: QQEmulator): Promise<RawSocket> {
    const socket = new RawSocket(emulator.baseUrls.gateway)
    await socket.op(10)
    return socket
  }

  /** Opens a socket and identifies. */
  static async login(emulator: QQEmulator, identify: JsonObject = {}): Promise<RawSocket> {
    const { token } = await RawApi.login(emulator)
    const socket = await RawSocket.open(emulator)
    socket.send(identifyFrame(token, identify))
    await socket.event('READY')
    return socket
  }

  op(op: number): Promise<Frame> {
    return this.frames.take((frame) => frame.op === op, `op ${op}`)
  }

  async event(t: string): Promise<Frame & { d: JsonObject }> {
    const frame = await this.frames.take((candidate) => candidate.t === t, `event ${t}`)
    return { ...frame, d: isJsonObject(frame.d) ? frame.d : {} }
  }

  send(frame: JsonObject | string | Buffer): void {
    this.#socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame))
  }

  terminate(): void {
    this.#socket.terminate()
  }

  close(code: number): void {
    this.#socket.close(code)
  }
}

export const identifyFrame = (token: string, extra: JsonObject = {}): JsonObject => ({
  op: 2,
  d: { token: `QQBot ${token}`, intents: chatIntents, shard: [0, 1], properties: {}, ...extra },
})
