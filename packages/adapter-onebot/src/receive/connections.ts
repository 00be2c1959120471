import { isRecord } from '@mynah/adapter-kit'
import type { Logger, LoginStatus } from '@mynah/core'

import type { ActionHost, ConnectionState } from '../api/actions.ts'
import { Caller, type CallOptions } from '../api/caller.ts'
import { type Quirks, quirks, quirksOf } from '../api/quirks.ts'
import { readString } from '../wire/raw.ts'
import type { Connection } from './connection.ts'

/** How the connections of an account are looked after. */
export interface ConnectionsOptions {
  readonly selfId: string
  readonly logger: Logger
  /** Calls under way at a time; the others wait. */
  readonly maxCalls: number
  readonly onStatus: (status: LoginStatus) => void
  /** Calls can be made on a new connection, and it is known who answers. */
  readonly onConnected: (isAgain: boolean) => void
}

/** All connections of one account: the way out for calls, and the status that follows from them. */
export class Connections implements ActionHost {
  readonly caller: Caller
  readonly #options: ConnectionsOptions
  /** Newest last. */
  #connections: readonly Connection[] = []
  #callConnection: Connection | undefined
  #quirks: Quirks = quirks.other
  /** How often a connection came that takes calls. */
  #connects = 0
  #hasWebhook = false
  #wasOnline = false
  #isStopped = false
  /** Who said that QQ has signed the account out. */
  #signedOutBy: 'heartbeat' | 'notice' | undefined
  #problem: string | undefined

  constructor(options: ConnectionsOptions) {
    this.#options = options
    this.caller = new Caller(this, options.maxCalls)
  }

  /** In what the implementation differs, as far as it is known. */
  get quirks(): Quirks {
    return this.#quirks
  }

  get status(): LoginStatus {
    if (this.#isStopped || this.#signedOutBy !== undefined || this.#problem !== undefined) return 'offline'
    // Where events come by webhook and there was never anything else, the answers are all there is.
    const canCall = this.#callConnection !== undefined || (this.#hasWebhook && this.#connects === 0)
    if (canCall && (this.#hasWebhook || this.#connections.some(({ bringsEvents }) => bringsEvents)))
      return 'online'
    return this.#wasOnline ? 'reconnecting' : 'connecting'
  }

  get isConnected(): boolean {
    return this.#hasWebhook || this.#connections.length > 0
  }

  get isStopped(): boolean {
    return this.#isStopped
  }

  /** What is going on, for reports. */
  get state(): ConnectionState {
    return {
      status: this.status,
      implementation: this.#quirks.implementation,
      pending: this.#connections.reduce((sum, connection) => sum + connection.pending, 0),
      queued: this.caller.queued,
      reconnects: Math.max(0, this.#connects - 1),
      problem: this.#problem,
    }
  }

  /** The newest connection that takes calls. */
  get callConnection(): Connection | undefined {
    return this.#callConnection
  }

  /** Makes a call; the result is `data` of the answer. @throws OneBotError */
  call(action: string, params: object = {}, options?: CallOptions): Promise<unknown> {
    return this.caller.call(action, params, options)
  }

  /** Adds a connection of this account. */
  attach(connection: Connection): void {
    if (this.#isStopped) return connection.close(1001, 'The bot has stopped.')
    this.#connections = [...this.#connections, connection]
    this.#problem = undefined
    this.#signedOutBy = undefined
    if (connection.takesCalls) {
      this.#connects += 1
      this.#callConnection = this.#pickCallConnection()
      this.caller.forgetNames()
      void this.#hello(connection, this.#connects > 1)
    }
    this.#update()
  }

  /** The connection is gone. Forgets it; a newer one of the same kind is not touched. */
  detach(connection: Connection): void {
    this.#connections = this.#connections.filter((other) => other !== connection)
    if (this.#callConnection === connection) this.#callConnection = this.#pickCallConnection()
    this.#update()
  }

  #pickCallConnection(): Connection | undefined {
    const taking = this.#connections.filter(({ takesCalls }) => takesCalls)
    return taking.findLast(({ transport }) => transport === 'websocket') ?? taking.at(-1)
  }

  /** Asks who answers, once per connection; that nobody tells does no harm. */
  async #hello(connection: Connection, isAgain: boolean): Promise<void> {
    const { logger, selfId, onConnected } = this.#options
    try {
      const answer = await connection.call({ action: 'get_version_info', params: {} })
      const data = isRecord(answer) && isRecord(answer['data']) ? answer['data'] : {}
      const appName = readString(data['app_name']) ?? ''
      this.#quirks = quirksOf(appName)
      logger.debug({ selfId, appName, version: data['app_version'] }, 'The implementation is known')
    } catch (err) {
      logger.debug({ err, selfId }, 'The implementation does not say who it is')
    }
    if (this.#connections.includes(connection)) onConnected(isAgain)
  }

  /** Says that the account cannot connect until a person mends something; a new connection ends that. */
  report(problem: string): void {
    this.#problem = problem
    this.#update()
  }

  /** Events come by webhook: there is no connection to lose. */
  useWebhook(): void {
    if (this.#hasWebhook) return
    this.#hasWebhook = true
    this.#update()
  }

  /** QQ has signed the account out. */
  signOut(by: 'heartbeat' | 'notice'): void {
    this.#signedOutBy ??= by
    this.#update()
  }

  /** The account is signed in. */
  signIn(): void {
    if (this.#signedOutBy === undefined) return
    this.#signedOutBy = undefined
    this.#update()
  }

  /** A heartbeat told whether the account is signed in; some implementations do not know that by themselves. */
  heartbeat(isOnline: boolean): void {
    if (!isOnline) this.signOut('heartbeat')
    else if (this.#signedOutBy === 'heartbeat' || this.#quirks.heartbeatKnows) this.signIn()
  }

  /** Ends all connections and takes no new one. */
  stop(): void {
    this.#isStopped = true
    for (const connection of this.#connections) connection.close(1001, 'The bot has stopped.')
    this.#update()
  }

  #update(): void {
    const { status } = this
    if (status === 'online') this.#wasOnline = true
    this.#options.onStatus(status)
  }
}
