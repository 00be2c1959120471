import { once } from 'node:events'
import { WebSocket } from 'ws'
import { type CallOutcome, isJsonObject, parseJson } from '@mynah/emulator-kit'
import type { Answer } from '../calls/api.ts'
import type { PathUse } from '../wire/profile.ts'
import { textOfFrame, type RawEvent } from '../wire/wire.ts'
import type { Host } from './host.ts'

/** What a connection needs of the emulator. */
export interface ConnectionHost extends Host {
  opened(connection: Connection): void
  closed(connection: Connection): void
}

/** One open WebSocket, whichever side dialled. Faults of a single socket are methods of it. */
export class Connection {
  /** `forward` when they dialled, `reverse` when we did. */
  readonly kind: 'forward' | 'reverse'
  /** Path of the URL. */
  readonly path: string
  /** Headers of the upgrade request, lower-case names; what we sent for reverse ones. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether events go out here, and calls come in. */
  readonly use: PathUse
  readonly #socket: WebSocket
  readonly #host: ConnectionHost
  #stalled = false

  constructor(
    socket: WebSocket,
    host: ConnectionHost,
    about: { kind: 'forward' | 'reverse'; path: string; headers: Record<string, string>; use: PathUse },
  ) {
    this.#socket = socket
    this.#host = host
    this.kind = about.kind
    this.path = about.path
    this.headers = about.headers
    this.use = about.use
  }

  /** Whether frames can be sent. */
  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN
  }

  /** Begins to talk: tells that the connection is usable and listens for calls. */
  open(): void {
    this.#socket.on('message', (data, isBinary) => {
      if (!isBinary && this.use.calls) void this.#onFrame(textOfFrame(data))
    })
    // A broken frame closes the socket, and the close is what matters.
    this.#socket.on('error', () => {})
    this.#socket.once('close', () => this.#host.closed(this))
    this.#host.opened(this)
    if (this.use.events) void this.send(JSON.stringify(this.#host.lifecycle('connect')))
  }

  /** Writes one text frame; settles when it left for the kernel, or the socket is gone. */
  send(text: string): Promise<void> {
    if (this.#stalled || !this.isOpen) return Promise.resolve()
    return new Promise((resolve) => this.#socket.send(text, () => resolve()))
  }

  /** Writes any frame: broken JSON, an unasked answer, bytes. */
  sendFrame(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => this.#socket.send(data, () => resolve()))
  }

  /** Closes with a close frame. @param code - Left out, the frame has no code. */
  async close(code?: number, reason?: string): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return
    const gone = once(this.#socket, 'close')
    if (this.#stalled) this.#socket.terminate()
    else this.#socket.close(code, reason)
    await gone
  }

  /** Cuts the TCP connection without a close frame. */
  async terminate(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return
    const gone = once(this.#socket, 'close')
    this.#socket.terminate()
    await gone
  }

  /** Half-open: nothing is read, answered or sent any more, pings included, but the socket stays. */
  stall(): void {
    this.#stalled = true
    this.#socket.pause()
  }

  /** Ends {@link stall}; what came in meanwhile is handled now. */
  resume(): void {
    this.#stalled = false
    this.#socket.resume()
  }

  /** Settles when the other side has read everything written before: it answers a ping. */
  async roundTrip(): Promise<void> {
    if (this.#stalled || !this.isOpen) return
    const stop = new AbortController()
    const answered = once(this.#socket, 'pong', { signal: stop.signal })
    const gone = once(this.#socket, 'close', { signal: stop.signal })
    this.#socket.ping()
    await Promise.race([answered, gone])
    await Promise.allSettled([answered, gone].map((wait) => (stop.abort(), wait)))
  }

  async #onFrame(text: string): Promise<void> {
    const frame = parseJson(text)
    if (!isJsonObject(frame) || typeof frame['action'] !== 'string') {
      await this.#answerUnreadable(text)
      return
    }
    const params = isJsonObject(frame['params']) ? frame['params'] : {}
    const answer = await this.#host.call(frame['action'], params, 'websocket')
    await this.#answer(answer, (envelope) => this.#withEcho(envelope, frame))
  }

  async #answer(outcome: CallOutcome<Answer>, finish: (envelope: object) => object): Promise<void> {
    if (outcome === 'silence') return
    if (outcome === 'drop') await this.terminate()
    else for (const envelope of outcome.answer) await this.send(JSON.stringify(finish(envelope)))
  }

  #withEcho(envelope: object, frame: RawEvent): object {
    if ('echo' in frame) return { ...envelope, echo: frame['echo'] }
    return this.#host.profile.emptyEcho ? { ...envelope, echo: '' } : envelope
  }

  async #answerUnreadable(text: string): Promise<void> {
    switch (this.#host.profile.forward.unparsable) {
      case 'silence':
        return
      case 'not-found':
        await this.#answer(await this.#host.call('', {}, 'websocket'), (envelope) => envelope)
        return
      case 'bad-request-with-echo': {
        const echo = /"echo"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+)/.exec(text)?.[1]
        const rescued = echo === undefined ? {} : { echo: parseJson(echo) }
        await this.send(JSON.stringify({ ...this.#host.refusal(1400, 'json解析失败'), ...rescued }))
        return
      }
      case 'bad-request':
        await this.send(JSON.stringify(this.#host.refusal(1400, 'json解析失败')))
    }
  }
}
