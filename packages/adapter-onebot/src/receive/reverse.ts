import { ConnectionReporter, secretsEqual } from '@mynah/adapter-kit'
import type { Authorization, Server, ServerRequest, ServerSocket, ServerSocketListener } from '@mynah/server'

import type { Account, TransportHost } from './host.ts'
import type { Role } from './socket-connection.ts'
import type { ReverseConfig } from '../config.ts'
import { readId } from '../wire/raw.ts'
import { BoundConnection } from './bound-connection.ts'

/** How a reverse WebSocket is made. */
export interface ReverseOptions {
  readonly host: TransportHost
  readonly config: ReverseConfig
  readonly timeoutMs: number
  /** How long a connection may leave open whose it is, in ms. @defaultValue 10000 */
  readonly identifyWithinMs?: number
}

/** How many connections may be waiting to say whose they are. */
const maxUnidentified = 16

/** Takes the connections of any number of accounts on one path. */
export class Reverse {
  readonly #options: ReverseOptions
  /** The newest connection of each account and role. */
  readonly #connections = new Map<string, BoundConnection>()
  readonly #keys = new Map<BoundConnection, string>()
  /** One for each account, of which there are few, and one for connections that are nobody's. */
  readonly #reporters = new Map<string, ConnectionReporter>()
  #unidentified = 0

  constructor(options: ReverseOptions) {
    this.#options = options
  }

  /** The paths that are served: with and without `/ws`. */
  static paths(path: string): string[] {
    const base = path.replace(/\/+$/, '').replace(/\/ws$/, '')
    return [base === '' ? '/' : base, `${base}/ws`]
  }

  /** Registers the routes; the result takes them away and closes their connections. */
  listen(server: Server, label: string): () => void {
    const { maxFrameBytes, token } = this.#options.config
    const removals = Reverse.paths(this.#options.config.path).map((path) =>
      server.websocket(path, {
        label,
        guard: token === undefined ? 'none' : 'token',
        authorize: (request) => this.authorize(request),
        handler: (socket, request) => this.#accept(socket, request),
        maxPayload: maxFrameBytes,
      }),
    )
    return () => {
      for (const remove of removals) remove()
    }
  }

  /** Decides before the upgrade, from the head of the request alone. */
  authorize({ headers, query }: ServerRequest): Authorization {
    const protocol = headers['sec-websocket-protocol']
    if (protocol !== undefined && /^\s*12\./.test(protocol)) {
      const reason = 'it speaks OneBot 12; set it to OneBot 11'
      return { status: 400, body: 'This is a OneBot 11 endpoint.', reason }
    }
    const { token } = this.#options.config
    if (token !== undefined) {
      const shown = shownToken(headers.authorization) ?? query.get('access_token') ?? ''
      if (shown === '') {
        const reason = 'it shows no token; put that of this route into the config of the implementation'
        return { status: 401, headers: { 'www-authenticate': 'Bearer' }, reason }
      }
      if (!secretsEqual(shown, token)) {
        return { status: 403, reason: 'its token is not the one of this route; one of both has to be mended' }
      }
    }
    const needsPlace = ownIdOf(headers['x-self-id'], query) === undefined
    if (!needsPlace || this.#unidentified < maxUnidentified) return true
    return { status: 503, reason: 'too many connections have not said yet whose they are' }
  }

  #accept(socket: ServerSocket, { headers, query }: ServerRequest): ServerSocketListener {
    const { host, config, timeoutMs } = this.#options
    const role = roleOf(headers['x-client-role'])
    let isClosedHere = false
    const bound: BoundConnection = new BoundConnection({
      host,
      timeoutMs,
      role,
      socket: {
        send: (data) => socket.send(data),
        pause: () => socket.pause(),
        resume: () => socket.resume(),
        close: (code, reason, failure) => {
          isClosedHere = true
          if (failure !== undefined) this.#lost(bound, failure)
          socket.close(code, reason)
        },
      },
      isAllowed: (selfId) => config.accounts?.includes(selfId) ?? true,
      onBound: (account, bound) => {
        this.#replace(account, bound)
        this.#reporterOf(account.selfId).working()
      },
    })
    const selfId = ownIdOf(headers['x-self-id'], query)
    const identified = selfId === undefined ? this.#awaitIdentity(bound, role) : undefined
    if (selfId !== undefined) bound.bind(selfId)
    return {
      message: (data) => {
        bound.connection.receive(data)
        if (bound.account !== undefined) identified?.()
      },
      close: ({ code }) => {
        identified?.()
        if (!isClosedHere) this.#lost(bound, `the connection was closed (${code})`)
        this.#forget(bound)
        bound.end(`Close code ${code}.`)
      },
    }
  }

  /** @returns Ends the wait. */
  #awaitIdentity(bound: BoundConnection, role: Role): () => void {
    const { host, identifyWithinMs = 10_000 } = this.#options
    if (role === 'api') {
      bound.connection.close(
        1008,
        'A connection for calls needs X-Self-ID.',
        'a connection for calls did not say whose it is: X-Self-ID is missing',
      )
      return () => {}
    }
    this.#unidentified += 1
    const cancel = host.clock.setTimeout(() => {
      const failure = 'a connection did not say whose it is: neither X-Self-ID nor an event came'
      bound.connection.close(1008, 'No X-Self-ID and no event.', failure)
    }, identifyWithinMs)
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      this.#unidentified -= 1
      cancel()
    }
  }

  /** Tells the operator, unless the adapter itself is going away. */
  #lost(bound: BoundConnection, reason: string): void {
    if (this.#options.host.isStopping) return
    this.#reporterOf(bound.account?.selfId).failed({
      reason,
      hint: 'the implementation has to dial again',
    })
  }

  #reporterOf(selfId: string | undefined): ConnectionReporter {
    const { host, config } = this.#options
    const key = selfId ?? ''
    let reporter = this.#reporters.get(key)
    if (reporter === undefined) {
      const { logger, clock } = host
      const whose = selfId === undefined ? '' : ` of ${selfId}`
      reporter = new ConnectionReporter({ logger, clock, name: `OneBot ${config.path}${whose}` })
      this.#reporters.set(key, reporter)
    }
    return reporter
  }

  /** A newer connection takes the place of the older one: that may be half dead without anybody knowing. */
  #replace(account: Account, bound: BoundConnection): void {
    const key = `${account.selfId}:${bound.connection.role}`
    const old = this.#connections.get(key)
    this.#forget(bound)
    this.#connections.set(key, bound)
    this.#keys.set(bound, key)
    if (old === undefined || old === bound) return
    this.#options.host.logger.debug({ selfId: account.selfId }, 'A newer connection replaces the older one')
    old.connection.close(1000, 'Replaced by a newer connection.')
  }

  /** Another account may have signed in on a connection meanwhile, so its account does not tell the key. */
  #forget(bound: BoundConnection): void {
    const key = this.#keys.get(bound)
    this.#keys.delete(bound)
    if (key !== undefined && this.#connections.get(key) === bound) this.#connections.delete(key)
  }
}

/** Takes `Bearer t`, `Token t`, any other scheme, and the bare token. */
function shownToken(header: string | undefined): string | undefined {
  const words = header?.trim().split(/\s+/) ?? []
  if (words.length > 1) return words[1]
  const [word] = words
  return word === undefined || /^(?:bearer|token)?$/i.test(word) ? undefined : word
}

function roleOf(header: string | string[] | undefined): Role {
  const role = String(header ?? '')
    .trim()
    .toLowerCase()
  return role === 'api' || role === 'event' ? role : 'universal'
}

function ownIdOf(header: string | string[] | undefined, query: URLSearchParams): string | undefined {
  return readId(String(header ?? '').trim()) ?? readId(query.get('self_id')?.trim())
}
