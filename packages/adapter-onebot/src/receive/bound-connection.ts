import { isRecord } from '@mynah/adapter-kit'
import { BoundedMap } from '@mynah/core/adapter'

import type { Account, TransportHost } from './host.ts'
import { SocketConnection, type Socket, type Role, type SocketConnectionEvents } from './socket-connection.ts'
import { type Raw, readId } from '../wire/raw.ts'

/** How a connection is made. */
export interface BoundConnectionOptions {
  readonly host: TransportHost
  readonly socket: Socket
  readonly role: Role
  readonly timeoutMs: number
  /** Whether an account may come this way. */
  readonly isAllowed: (selfId: string) => boolean
  /** The connection belongs to an account from now on. */
  readonly onBound?: (account: Account, bound: BoundConnection) => void
  /** The implementation said that the token is wrong. */
  readonly onRefused?: (text: string) => void
}

/** Events carry their second, so equal ones come close together. */
const maxEqual = 256

/** A socket, and whose it is: told by a header, by its first event, or by the implementation when asked. */
export class BoundConnection implements SocketConnectionEvents {
  readonly connection: SocketConnection
  readonly #options: BoundConnectionOptions
  /** How often events that are equal in every field came. */
  readonly #equals = new BoundedMap<string, number>({ maxEntries: maxEqual })
  #account: Account | undefined
  #hasWarned = false

  constructor(options: BoundConnectionOptions) {
    this.#options = options
    const { socket, role, timeoutMs, host } = options
    const { clock, logger } = host
    this.connection = new SocketConnection({ socket, role, clock, logger, timeoutMs, events: this })
  }

  get account(): Account | undefined {
    return this.#account
  }

  /** Gives the connection to an account; one that is not allowed, or cannot be, is closed with 1008. */
  bind(selfId: string): Account | undefined {
    const { isAllowed, onBound } = this.#options
    if (!isAllowed(selfId)) {
      this.connection.close(
        1008,
        `The account ${selfId} is not expected here.`,
        `it belongs to the account ${selfId}, which the config does not list`,
      )
      return undefined
    }
    const account = this.#find(selfId)
    if (account === undefined) {
      this.connection.close(
        1008,
        `The account ${selfId} cannot be used here.`,
        `the account ${selfId} cannot be added`,
      )
      return undefined
    }
    this.#account = account
    // The new connection first, so that the account is never without one while an older connection goes.
    account.connections.attach(this.connection)
    onBound?.(account, this)
    return account
  }

  #find(selfId: string): Account | undefined {
    const { host } = this.#options
    try {
      return host.account(selfId)
    } catch (err) {
      host.logger.error({ err, selfId }, 'An account could not be added')
      return undefined
    }
  }

  /** Asks the implementation who it is, unless an event tells first. */
  async introduce(): Promise<void> {
    if (this.#account !== undefined || !this.connection.takesCalls) return
    const { logger } = this.#options.host
    try {
      const answer = await this.connection.call({ action: 'get_login_info', params: {} })
      const data = isRecord(answer) ? answer['data'] : undefined
      const selfId = isRecord(data) ? readId(data['user_id']) : undefined
      if (this.#account !== undefined) return
      if (selfId !== undefined) this.bind(selfId)
      else logger.warn('get_login_info does not tell the account; waiting for its first event')
    } catch (err) {
      logger.debug({ err }, 'get_login_info failed; waiting for the first event')
    }
  }

  event(raw: Raw): void {
    const account = this.#accountOf(raw)
    if (account === undefined) return
    const { receiver } = account
    receiver.receive(raw, { countEqual: (id) => this.#countEqual(id) })
    if (receiver.isCrowded) void this.connection.pauseUntil(receiver.drained())
  }

  /** 1 for the first of its kind. */
  #countEqual(id: string): number {
    const count = (this.#equals.get(id) ?? 0) + 1
    this.#equals.set(id, count)
    return count
  }

  #accountOf(raw: Raw): Account | undefined {
    const selfId = readId(raw['self_id'])
    const account = this.#account
    if (account === undefined) return selfId === undefined ? undefined : this.bind(selfId)
    if (selfId === undefined || selfId === account.selfId) return account
    return this.#moved(raw, selfId, account)
  }

  /**
   * An event of another account: whose connection it is was told wrong, another account has signed in, or
   * somebody shares the connection.
   */
  #moved(raw: Raw, selfId: string, account: Account): Account | undefined {
    const { host, isAllowed } = this.#options
    const isLogin = raw['meta_event_type'] === 'lifecycle' && raw['sub_type'] !== 'disable'
    if (isLogin || account.receiver.lastEventAt === undefined) {
      account.connections.detach(this.connection)
      host.forgetGhost(account)
      return this.bind(selfId)
    }
    if (!this.#hasWarned) {
      this.#hasWarned = true
      host.logger.warn(
        { selfId, connection: account.selfId },
        'A connection brings events of another account; they are handed to that account',
      )
    }
    return isAllowed(selfId) ? this.#find(selfId) : undefined
  }

  refused(_line: SocketConnection, text: string): void {
    this.#options.onRefused?.(text)
  }

  ignored(reason: string): void {
    const account = this.#account
    this.#options.host.logger.debug({ selfId: account?.selfId }, `OneBot: ${reason}; it was left out`)
    account?.receiver.refuse('a frame was no event and no answer')
  }

  /** The socket is gone. */
  end(detail: string): void {
    this.connection.end(detail)
    this.#account?.connections.detach(this.connection)
    this.#account = undefined
  }
}
