import { type Clock, MynahError } from '@mynah/core'
import { deferred, WriteBatch } from '@mynah/core/adapter'
import { WebSocket, type RawData } from 'ws'
import type { SocketClose } from './socket-close.ts'

/** Where to connect. */
export interface SocketTarget {
  /** A `ws:` or `wss:` address. It may hold secrets: it is neither logged nor put into errors. */
  readonly url: string | URL
  /** Added to the request for the upgrade; as secret as the address. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface LinkSettings {
  readonly clock: Clock
  readonly pingIntervalMs: number
  readonly maxPayload: number
}

export interface LinkEvents {
  open(): void
  message(data: string | Buffer): void
  /** Called exactly once and last. */
  end(close: SocketClose): void
}

/** Limit for DNS, TCP, TLS and upgrade together, in ms. */
const connectTimeoutMs = 10_000
/** How long a closing handshake may take, in ms. */
const closeTimeoutMs = 2000
/** A connection is dropped after so many pings without any answer. */
const maxMissedPongs = 2

const noop = (): void => {}

/** One connection from the first byte to the last: time-outs, keep-alive, and exactly one end. */
export class SocketLink {
  /** Settles when the operating system's socket is gone. */
  readonly gone: Promise<void>
  readonly #ws: WebSocket
  readonly #settings: LinkSettings
  readonly #events: LinkEvents
  #batch: WriteBatch | undefined
  #ended = false
  #openedAt: number | undefined
  #missedPongs = 0
  #status: number | undefined
  #cancelConnect = noop
  #cancelPing = noop

  /** @throws MynahError `CONFIG_INVALID` when the URL is not a WebSocket address. */
  constructor(target: SocketTarget, settings: LinkSettings, events: LinkEvents) {
    this.#settings = settings
    this.#events = events
    const gone = deferred()
    this.gone = gone.promise
    const ws = connect(target, settings)
    this.#ws = ws
    ws.on('upgrade', ({ socket }) => {
      this.#batch = new WriteBatch(socket)
    })
    ws.on('open', () => this.#onOpen())
    ws.on('message', (data, isBinary) => this.#onMessage(data, isBinary))
    ws.on('pong', () => this.#onPong())
    ws.on('unexpected-response', (_request, response) => {
      this.#status = response.statusCode
      this.#fail(
        new MynahError('API_UNREACHABLE', `The upgrade was answered with HTTP ${response.statusCode}.`),
      )
    })
    ws.on('error', (error) => this.#onError(error))
    ws.on('close', (code, reason) => {
      this.#end({ code, reason: reason.toString() })
      gone.resolve()
    })
    this.#cancelConnect = settings.clock.setTimeout(() => {
      this.#fail(new MynahError('API_UNREACHABLE', `No connection within ${connectTimeoutMs} ms.`))
    }, connectTimeoutMs)
  }

  send(data: string | Uint8Array): boolean {
    if (this.#ended || this.#ws.readyState !== WebSocket.OPEN) return false
    this.#batch?.begin()
    // A failed write closes the socket; the close event tells about it.
    this.#ws.send(data, noop)
    return true
  }

  /** Ends the link now and says good-bye in the background, for at most `closeTimeoutMs`. */
  close(code: number, reason: string): void {
    const ws = this.#ws
    this.#end({ code, reason })
    if (ws.readyState === WebSocket.CLOSED) return
    if (ws.readyState !== WebSocket.OPEN) return ws.terminate()
    ws.resume()
    ws.close(code, reason)
    this.#terminateLater()
  }

  pause(): void {
    this.#ws.pause()
  }

  resume(): void {
    this.#missedPongs = 0
    this.#ws.resume()
  }

  #onOpen(): void {
    if (this.#ended) return
    this.#cancelConnect()
    this.#openedAt = this.#settings.clock.monotonic()
    this.#keepAlive()
    this.#events.open()
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#ended) return
    this.#missedPongs = 0
    const bytes = toBuffer(data)
    this.#events.message(isBinary ? bytes : bytes.toString())
  }

  #onPong(): void {
    this.#missedPongs = 0
  }

  #keepAlive(): void {
    const { pingIntervalMs, clock } = this.#settings
    if (pingIntervalMs <= 0) return
    this.#cancelPing = clock.setTimeout(() => {
      if (!this.#ws.isPaused) {
        if (this.#missedPongs >= maxMissedPongs) {
          return this.#fail(new MynahError('API_TIMEOUT', `${this.#missedPongs} pings stayed unanswered.`))
        }
        this.#missedPongs += 1
        this.#ws.ping(undefined, undefined, noop)
      }
      this.#keepAlive()
    }, pingIntervalMs)
  }

  #onError(cause: Error): void {
    if (!(this.#openedAt !== undefined && 'code' in cause && String(cause.code).startsWith('WS_ERR'))) {
      return this.#fail(new MynahError('API_UNREACHABLE', cause.message, { cause, retriable: true }))
    }
    // An unreadable frame: ws answers it with the right close code by itself, so leave it the time to do so.
    this.#end({ code: 1006, reason: '', error: new MynahError('FRAME_INVALID', cause.message, { cause }) })
    this.#terminateLater()
  }

  #fail(error: MynahError): void {
    this.#end({ code: 1006, reason: '', error })
    this.#ws.terminate()
  }

  #terminateLater(): void {
    const cancel = this.#settings.clock.setTimeout(() => this.#ws.terminate(), closeTimeoutMs)
    this.#ws.once('close', cancel)
  }

  #end(how: Pick<SocketClose, 'code' | 'reason' | 'error'>): void {
    if (this.#ended) return
    this.#ended = true
    this.#cancelConnect()
    this.#cancelPing()
    const opened = this.#openedAt !== undefined
    const openMs = this.#openedAt === undefined ? 0 : this.#settings.clock.monotonic() - this.#openedAt
    const status = this.#status === undefined ? {} : { status: this.#status }
    this.#events.end({ ...how, ...status, opened, openMs })
  }
}

function connect(target: SocketTarget, settings: LinkSettings): WebSocket {
  try {
    return new WebSocket(target.url, {
      headers: { ...target.headers },
      maxPayload: settings.maxPayload,
      perMessageDeflate: false,
    })
  } catch {
    // The cause quotes the whole URL, which often holds a token.
    throw new MynahError('CONFIG_INVALID', 'The address to connect to is not a ws:// or wss:// URL.')
  }
}

function toBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}
