import type { Logger } from '@mynah/core'
import { type Corkable, WriteBatch } from '@mynah/core/adapter'
import { WebSocket, type RawData } from 'ws'

/** Who listens to a {@link ServerSocket}. One that throws is logged and does not harm the connection. */
export interface ServerSocketListener {
  /** A text frame as a string, a binary frame as a Buffer which the listener may keep. */
  message(data: string | Buffer): void
  /** Called exactly once and last, also when our side closes. */
  close?(end: SocketEnd): void
}

/** How a connection ended; 1006 when no close frame came. */
export interface SocketEnd {
  /** The close code of WebSocket; 1006 when the connection was lost. */
  readonly code: number
  /** What the other side said; may be empty. */
  readonly reason: string
}

/** How long a closing handshake may take, in ms. */
const closeTimeoutMs = 2000

const noop = (): void => {}

/** One accepted WebSocket connection. */
export class ServerSocket {
  readonly #ws: WebSocket
  readonly #batch: WriteBatch
  readonly #logger: Logger
  readonly #onGone: () => void
  #listener: ServerSocketListener | undefined
  #end: SocketEnd | undefined
  #missedPongs = 0

  /** @internal Made by the server. */
  constructor(ws: WebSocket, stream: Corkable, logger: Logger, onGone: () => void) {
    this.#ws = ws
    this.#batch = new WriteBatch(stream)
    this.#logger = logger
    this.#onGone = onGone
  }

  /** Whether frames can be sent. */
  get isOpen(): boolean {
    return this.#end === undefined && this.#ws.readyState === WebSocket.OPEN
  }

  /**
   * Hands a frame to the connection.
   *
   * @returns `false` when it is closed: nothing was sent. `true` means written, not received.
   */
  send(data: string | Uint8Array): boolean {
    if (!this.isOpen) return false
    this.#batch.begin()
    // A failed write closes the socket; the close event tells about it.
    this.#ws.send(data, noop)
    return true
  }

  /** Ends the connection: the listener hears `close` now and nothing after it. */
  close(code = 1000, reason = ''): void {
    const ws = this.#ws
    this.#finish({ code, reason })
    if (ws.readyState !== WebSocket.OPEN) return
    ws.resume()
    ws.close(code, reason)
    const timer = setTimeout(() => ws.terminate(), closeTimeoutMs)
    ws.once('close', () => clearTimeout(timer))
  }

  /** Cuts the connection without a good-bye. */
  terminate(): void {
    this.#ws.terminate()
    this.#finish({ code: 1006, reason: '' })
  }

  /** Stops reading, so that the other side has to wait. Frames that had already been read may still come. */
  pause(): void {
    this.#ws.pause()
  }

  /** Reads on after {@link pause}. */
  resume(): void {
    this.#missedPongs = 0
    this.#ws.resume()
  }

  /** @internal Begins to deliver. */
  attach(listener: ServerSocketListener): void {
    this.#listener = listener
    const end = this.#end
    if (end !== undefined) this.#guard(() => listener.close?.(end))
    this.#ws.on('message', (data, isBinary) => this.#message(data, isBinary))
    this.#ws.on('pong', () => {
      this.#missedPongs = 0
    })
    this.#ws.on('error', (err) => this.#logger.debug({ err }, 'A WebSocket connection failed.'))
    this.#ws.on('close', (code, reason) => {
      this.#finish({ code, reason: reason.toString() })
      this.#onGone()
    })
  }

  /** @internal Sends a ping, or cuts the connection when `maxMissed` of them had no answer. */
  keepAlive(maxMissed: number): void {
    if (!this.isOpen || this.#ws.isPaused) return
    if (this.#missedPongs >= maxMissed) return this.terminate()
    this.#missedPongs += 1
    this.#ws.ping(undefined, undefined, noop)
  }

  #message(data: RawData, isBinary: boolean): void {
    if (this.#end !== undefined) return
    this.#missedPongs = 0
    const bytes = toBuffer(data)
    this.#guard(() => this.#listener?.message(isBinary ? bytes : bytes.toString()))
  }

  #finish(end: SocketEnd): void {
    if (this.#end !== undefined) return
    this.#end = end
    this.#guard(() => this.#listener?.close?.(end))
  }

  #guard(call: () => void): void {
    try {
      call()
    } catch (err) {
      this.#logger.error({ err }, 'A listener of a WebSocket connection threw; the connection goes on.')
    }
  }
}

function toBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}
