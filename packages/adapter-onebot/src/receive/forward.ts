import {
  defaultReconnectPolicy,
  type FailureWords,
  ReconnectingSocket,
  type ReconnectPolicy,
  shownAddress,
  type SocketClose,
} from '@mynah/adapter-kit'

import type { BackoffOptions } from '@mynah/core/adapter'

import type { TransportHost } from './host.ts'
import type { Role } from './socket-connection.ts'
import type { ForwardConfig } from '../config.ts'
import { BoundConnection } from './bound-connection.ts'

/** How a forward WebSocket is made. */
export interface ForwardOptions {
  readonly host: TransportHost
  readonly config: ForwardConfig
  readonly timeoutMs: number
  /** How the pauses between attempts grow. @defaultValue 1 s up to 30 s, full jitter */
  readonly backoff?: BackoffOptions
}

/** Dials an implementation and stays connected: one socket, or one for calls and one for events. */
export class Forward {
  readonly #sockets: readonly ForwardSocket[]

  constructor(options: ForwardOptions) {
    const { config } = options
    const paths: [string, Role][] = config.split
      ? [
          ['/event', 'event'],
          ['/api', 'api'],
        ]
      : [['', 'universal']]
    this.#sockets = paths.map(([path, role]) => new ForwardSocket(options, path, role))
  }

  start(): void {
    for (const socket of this.#sockets) socket.start()
  }

  /** Resolves when no socket and no timer is left. */
  async stop(): Promise<void> {
    await Promise.all(this.#sockets.map((socket) => socket.stop()))
  }
}

class ForwardSocket {
  readonly #options: ForwardOptions
  readonly #role: Role
  readonly #socket: ReconnectingSocket
  #connection: BoundConnection | undefined
  #isRefused = false

  constructor(options: ForwardOptions, path: string, role: Role) {
    this.#options = options
    this.#role = role
    const { config, host } = options
    const target = targetOf(config, path)
    this.#socket = new ReconnectingSocket({
      name: `OneBot at ${shownAddress(target.url)}`,
      explain: (close) => this.#explain(close),
      target: () => target,
      logger: host.logger,
      clock: host.clock,
      maxPayload: config.maxFrameBytes,
      ...(options.backoff === undefined ? {} : { backoff: options.backoff }),
      policy: (close) => this.#policy(close),
      listener: {
        open: () => this.#open(),
        message: (data) => this.#connection?.connection.receive(data),
        close: (close) => this.#close(close),
      },
    })
  }

  start(): void {
    this.#socket.start()
  }

  stop(): Promise<void> {
    return this.#socket.stop(1000, 'The bot stops.')
  }

  #open(): void {
    const { host, config, timeoutMs } = this.#options
    this.#isRefused = false
    const bound = new BoundConnection({
      host,
      timeoutMs,
      role: this.#role,
      socket: {
        send: (data) => this.#socket.send(data),
        pause: () => this.#socket.pause(),
        resume: () => this.#socket.resume(),
        close: (code, reason, failure) =>
          this.#socket.reconnect('resume', {
            reason,
            // An account that is not wanted here will not be wanted in a second either.
            ...(code === 1008 ? { delayMs: slowMs } : {}),
            ...(failure === undefined ? {} : { failure: { reason: failure } }),
          }),
      },
      isAllowed: (selfId) => config.selfId === undefined || config.selfId === selfId,
      onRefused: (text) => {
        this.#isRefused = true
        this.#socket.reconnect('fresh', {
          delayMs: slowMs,
          reason: text.slice(0, 40),
          failure: this.#tokenFailure(undefined),
        })
      },
    })
    this.#connection = bound
    if (config.selfId !== undefined) bound.bind(config.selfId)
    else void bound.introduce()
  }

  #explain({ status }: SocketClose): Partial<FailureWords> {
    if (this.#isRefused || status === 401 || status === 403) return this.#tokenFailure(status)
    if (status === 404 || status === 426)
      return { hint: 'check the path, and that it is a WebSocket server of the implementation' }
    return {}
  }

  #policy(close: SocketClose): ReconnectPolicy {
    return this.#isRefused ? 'slow' : defaultReconnectPolicy(close)
  }

  #close(close: SocketClose): void {
    const { host, config } = this.#options
    const connection = this.#connection
    const selfId = config.selfId ?? connection?.account?.selfId
    this.#connection = undefined
    connection?.end(`Close code ${close.code}.`)
    const { status } = close
    if (!this.#isRefused && status !== 401 && status !== 403) return
    const { reason, hint } = this.#tokenFailure(status)
    const problem = `OneBot: ${reason}; ${hint}`
    if (selfId !== undefined) host.account(selfId)?.connections.report(problem)
    host.refused(problem)
  }

  #tokenFailure(status: number | undefined): FailureWords {
    const how = status === undefined ? '' : ` (HTTP ${status})`
    return {
      reason: `${shownAddress(this.#options.config.url)} refuses the token${how}`,
      hint: 'put the token of its WebSocket server into the config',
    }
  }
}

const slowMs = 60_000

function targetOf(config: ForwardConfig, path: string): { url: string; headers: Record<string, string> } {
  const url = new URL(config.url)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`
  const { token } = config
  if (token === undefined || token === '') return { url: url.href, headers: {} }
  if (config.tokenIn === 'header') return { url: url.href, headers: { Authorization: `Bearer ${token}` } }
  url.searchParams.set('access_token', token)
  return { url: url.href, headers: {} }
}
