import { isRecord, PendingCalls } from '@mynah/adapter-kit'
import { type Clock, type ErrorCode, MynahError, type Logger } from '@mynah/core'

import { parseJson } from '../wire/json.ts'
import { type Raw, readNumber, readString } from '../wire/raw.ts'
import { isStreamPart } from '../api/envelope.ts'
import { OneBotError, type OneBotErrorDetails, type OneBotErrorKind } from '../errors.ts'
import type { Connection, ConnectionCall } from './connection.ts'

/** What a socket may carry. */
export type Role = 'universal' | 'api' | 'event'

/** The socket under a connection. */
export interface Socket {
  /** @returns `false` when it is closed: nothing was sent. */
  send(data: string): boolean
  /**
   * Closes it; the connection hears of that through {@link SocketConnection.end}.
   *
   * @param failure - What is wrong, in an operator's words; nothing is, without it.
   */
  close(code: number, reason: string, failure?: string): void
  /** Stops reading, so that the other side has to wait. */
  pause(): void
  /** Reads on. */
  resume(): void
}

/** What happens on a connection. */
export interface SocketConnectionEvents {
  event(raw: Raw, connection: SocketConnection): void
  /** The implementation said that the token is wrong, in a frame. */
  refused(connection: SocketConnection, text: string): void
  /** A frame could not be used. */
  ignored(reason: string, connection: SocketConnection): void
}

/** How a connection is made. */
export interface SocketConnectionOptions {
  readonly socket: Socket
  readonly role: Role
  readonly clock: Clock
  readonly logger: Logger
  readonly events: SocketConnectionEvents
  readonly timeoutMs: number
}

const warnAboveBytes = 10 * 1024 * 1024
const heartbeatsMissed = 3
const shortestWatchMs = 30_000

/**
 * One WebSocket connection, whichever side opened it: tells events from answers, matches answers to calls,
 * and watches the heartbeats. Ids of calls and their table belong to this one socket.
 */
export class SocketConnection implements Connection {
  readonly transport = 'websocket'
  readonly role: Role
  readonly #options: SocketConnectionOptions
  readonly #pending: PendingCalls<unknown>
  #isOpen = true
  #isPaused = false
  #heartbeatMs = 0
  #heardAt = 0
  #cancelWatch: (() => void) | undefined

  constructor(options: SocketConnectionOptions) {
    this.#options = options
    this.role = options.role
    this.#pending = new PendingCalls({ prefix: 'm', timeoutMs: options.timeoutMs, clock: options.clock })
  }

  get takesCalls(): boolean {
    return this.#isOpen && this.role !== 'event'
  }

  get bringsEvents(): boolean {
    return this.#isOpen && this.role !== 'api'
  }

  /** Calls that wait for their answers. */
  get pending(): number {
    return this.#pending.size
  }

  /** @throws OneBotError (as a rejection) of kind `not-connected`, `connection-lost` or `timeout`. */
  async call({ action, params, timeoutMs, onPart }: ConnectionCall): Promise<unknown> {
    const { socket } = this.#options
    const write = (echo: string): boolean => this.#isOpen && socket.send(this.#frame(action, params, echo))
    try {
      return await this.#pending.start(write, { label: action, timeoutMs, onPart })
    } catch (error) {
      throw translate(error, { action, params, transport: 'websocket', cause: error })
    }
  }

  #frame(action: string, params: object, echo: string): string {
    const frame = JSON.stringify({ action, params, echo })
    if (frame.length > warnAboveBytes) {
      this.#options.logger.warn(
        { action, length: frame.length },
        'A very large frame is sent; give large files as URLs or paths',
      )
    }
    return frame
  }

  /** Reads nothing more until what waits is taken, where that holds no answers up: on a socket for events alone. */
  async pauseUntil(drained: Promise<unknown>): Promise<void> {
    if (this.role !== 'event' || this.#isPaused) return
    const { socket, clock } = this.#options
    this.#isPaused = true
    socket.pause()
    await drained.catch(() => {})
    this.#isPaused = false
    // What it says of its heartbeats meanwhile is read only now.
    this.#heardAt = clock.monotonic()
    socket.resume()
  }

  /** Takes a frame from the socket. Never throws because of what is in it. */
  receive(data: string | Buffer): void {
    const text = typeof data === 'string' ? data : data.toString()
    let frame: unknown
    try {
      frame = parseJson(text)
    } catch {
      return this.#ignore('is not JSON', text)
    }
    if (!isRecord(frame)) return this.#ignore('is not an object', text)
    if (typeof frame['post_type'] === 'string' || typeof frame['meta_event_type'] === 'string') {
      if (frame['meta_event_type'] === 'heartbeat') this.#heartbeat(frame)
      return this.#options.events.event(frame, this)
    }
    if ('echo' in frame || 'retcode' in frame || 'status' in frame) return this.#answer(frame)
    this.#ignore('is neither an event nor an answer', text)
  }

  #answer(frame: Raw): void {
    const echo = readString(frame['echo']) ?? ''
    const taken = isStreamPart(frame) ? this.#pending.part(echo, frame) : this.#pending.settle(echo, frame)
    if (!taken) this.#orphan(frame, echo)
  }

  /** An answer that belongs to no call by its echo. */
  #orphan(frame: Raw, echo: string): void {
    const retcode = readNumber(frame['retcode'])
    const isRefusal = retcode === 1401 || retcode === 1403
    const { soleId } = this.#pending
    if (echo === '' && soleId !== undefined && (isRefusal || retcode === 1400)) {
      this.#pending.settle(soleId, frame)
    }
    if (echo === '' && isRefusal) {
      return this.#options.events.refused(this, readString(frame['message']) ?? `retcode ${retcode}`)
    }
    this.#options.logger.debug({ echo, retcode }, 'An answer came that nobody waits for (any more)')
  }

  #heartbeat(frame: Raw): void {
    const { clock } = this.#options
    const interval = readNumber(frame['interval']) ?? 0
    this.#heardAt = clock.monotonic()
    if (interval <= 0) return
    this.#heartbeatMs = Math.max(interval * heartbeatsMissed, shortestWatchMs)
    if (this.#cancelWatch === undefined) this.#watch(this.#heartbeatMs)
  }

  #watch(delayMs: number): void {
    const { clock, socket } = this.#options
    this.#cancelWatch = clock.setTimeout(() => {
      const silentMs = clock.monotonic() - this.#heardAt
      if (this.#isPaused) return this.#watch(this.#heartbeatMs)
      if (silentMs < this.#heartbeatMs) return this.#watch(this.#heartbeatMs - silentMs)
      socket.close(1000, 'No heartbeat.', 'no heartbeat came for three periods')
    }, delayMs)
  }

  /** Closes the socket under it. */
  close(code: number, reason: string, failure?: string): void {
    this.#options.socket.close(code, reason, failure)
  }

  /** The socket is gone: calls without an answer fail. Called by the transport, exactly once. */
  end(detail: string): void {
    this.#isOpen = false
    this.#cancelWatch?.()
    this.#cancelWatch = undefined
    this.#pending.rejectAll(detail)
  }

  /** What is in it is left out: it may be anything, also a token. */
  #ignore(what: string, { length }: string): void {
    this.#options.events.ignored(`a frame of ${length} characters ${what}`, this)
  }
}

const failures: Readonly<Partial<Record<ErrorCode, readonly [OneBotErrorKind, string]>>> = {
  BOT_OFFLINE: ['not-connected', 'the connection is closed; nothing was sent.'],
  API_TIMEOUT: ['timeout', 'no answer in time.'],
  CONNECTION_CLOSED: ['connection-lost', 'the connection ended before the answer came.'],
}

function translate(error: unknown, details: OneBotErrorDetails): Error {
  const known = MynahError.from(error, 'SEND_FAILED')
  const failure = failures[known.code]
  return failure === undefined ? known : new OneBotError(...failure, details)
}
