import type { Clock } from '@mynah/adapter-kit'
import type { ChatEvent, Logger, LoginStatus } from '@mynah/core'

import { Caller, type CallerHost, type CallOptions } from './calls/caller.ts'
import type { Line } from './calls/line.ts'
import { decodeEvent, isKnown } from './decode/event.ts'
import { type Quirks, quirks, quirksOf } from './quirks.ts'
import { isRaw, type Raw, readBoolean, readString } from './wire/raw.ts'

/** What is left open of an account; see {@link Account.state}. */
export interface AccountState {
  readonly status: LoginStatus
  readonly implementation: string
  /** Calls without an answer yet. */
  readonly pending: number
  /** Calls that wait for a place. */
  readonly queued: number
  /** When the last event came, in ms since 1970. */
  readonly lastEventAt: number | undefined
  /** How often a connection came after the first one. */
  readonly reconnects: number
  /** Why the account cannot connect, where a person has to mend something. */
  readonly problem: string | undefined
}

/** Who hears of an account. */
export interface AccountListener {
  event(event: ChatEvent): Promise<void>
  status(status: LoginStatus): void
  /** Calls can be made on a new connection. */
  connected(isAgain: boolean): void
}

/** How an account is made. */
export interface AccountOptions {
  readonly selfId: string
  readonly logger: Logger
  readonly clock: Clock
  readonly maxCalls: number
  /** Messages older than this are not handed on, in ms; 0 hands on all. */
  readonly maxMessageAgeMs: number
}

/** How many temporary chats are remembered. */
const maxTemporaryChats = 5000

/** One account with all its connections: the way out for calls, the way in for events, and its status. */
export class Account implements CallerHost {
  readonly selfId: string
  readonly logger: Logger
  readonly clock: Clock
  readonly caller: Caller
  listener: AccountListener | undefined
  #quirks: Quirks = quirks.other
  /** Newest last. */
  #lines: Line[] = []
  #callLine: Line | undefined
  #connections = 0
  #hasWebhook = false
  #wasOnline = false
  #isStopped = false
  /** Who said that QQ has signed the account out. */
  #signedOutBy: 'heartbeat' | 'notice' | undefined
  #problem: string | undefined
  #lastEventAt: number | undefined
  readonly #temporaryChats = new Map<string, string>()
  readonly #maxMessageAgeMs: number

  constructor({ selfId, logger, clock, maxCalls, maxMessageAgeMs }: AccountOptions) {
    this.selfId = selfId
    this.logger = logger
    this.clock = clock
    this.caller = new Caller(this, maxCalls)
    this.#maxMessageAgeMs = maxMessageAgeMs
  }

  get quirks(): Quirks {
    return this.#quirks
  }

  /** What is going on, for reports. */
  get state(): AccountState {
    return {
      status: this.status,
      implementation: this.#quirks.implementation,
      pending: this.#lines.reduce((sum, line) => sum + line.pending, 0),
      queued: this.caller.queued,
      lastEventAt: this.#lastEventAt,
      reconnects: Math.max(0, this.#connections - 1),
      problem: this.#problem,
    }
  }

  get status(): LoginStatus {
    if (this.#isStopped || this.#signedOutBy !== undefined || this.#problem !== undefined) return 'offline'
    const isReady =
      this.#hasWebhook || (this.#callLine !== undefined && this.#lines.some((line) => line.bringsEvents))
    if (isReady) return 'online'
    return this.#wasOnline ? 'reconnecting' : 'connecting'
  }

  /** The newest connection that takes calls. */
  callLine(): Line | undefined {
    return this.#callLine
  }

  /** Makes a call. @throws OneBotError */
  call(action: string, params: object = {}, options?: CallOptions): Promise<unknown> {
    return this.caller.call(action, params, options)
  }

  /** Adds a connection of this account. */
  attach(line: Line): void {
    if (this.#isStopped) return line.close(1001, 'The bot has stopped.')
    this.#lines.push(line)
    this.#problem = undefined
    this.#signedOutBy = undefined
    if (line.takesCalls) {
      this.#connections += 1
      this.#callLine = line
      this.caller.forgetNames()
      void this.#greet(line)
      this.listener?.connected(this.#connections > 1)
    }
    this.#update()
  }

  /** The connection is gone. Forgets it; a newer one of the same kind is not touched. */
  detach(line: Line): void {
    this.#lines = this.#lines.filter((other) => other !== line)
    if (this.#callLine === line) this.#callLine = this.#lines.findLast((other) => other.takesCalls)
    this.#update()
  }

  /** Asks who answers, once per connection; that nobody tells does no harm. */
  async #greet(line: Line): Promise<void> {
    try {
      const answer = await line.call({ action: 'get_version_info', params: {} })
      const data = isRaw(answer) && isRaw(answer['data']) ? answer['data'] : {}
      const appName = readString(data['app_name']) ?? ''
      this.#quirks = quirksOf(appName)
      this.logger.debug(
        { selfId: this.selfId, appName, version: data['app_version'] },
        'The implementation is known',
      )
    } catch (err) {
      this.logger.debug({ err, selfId: this.selfId }, 'The implementation does not say who it is')
    }
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

  /** Takes an event; the promise resolves when all handlers are done and never rejects. */
  receive(raw: Raw): Promise<void> | undefined {
    if (this.#isStopped) return undefined
    this.#lastEventAt = Date.now()
    const event = decodeEvent(raw, this.selfId)
    const { message } = event
    if (message === undefined) this.#observe(raw, event)
    else if (this.#isTooOld(event)) return undefined
    else this.#rememberChat(event)
    return this.listener?.event(event)
  }

  #isTooOld(event: ChatEvent): boolean {
    if (this.#maxMessageAgeMs === 0 || Date.now() - event.time <= this.#maxMessageAgeMs) return false
    this.logger.debug({ id: event.id }, 'A message is older than maxMessageAge and was left out')
    return true
  }

  #observe(raw: Raw, event: ChatEvent): void {
    if (event.type === event.platformType && !isKnown(event)) {
      this.logger.debug(
        { event: event.platformType, selfId: this.selfId },
        'An event of an unknown kind came',
      )
    }
    switch (event.platformType) {
      case 'onebot/meta_event.heartbeat': {
        const status = raw['status']
        const isOnline = isRaw(status) ? readBoolean(status['online']) : undefined
        if (isOnline === false) this.#signOut('heartbeat')
        else if (isOnline === true && (this.#signedOutBy === 'heartbeat' || this.#quirks.heartbeatKnows))
          this.#signIn()
        break
      }
      case 'onebot/notice.bot_offline':
        this.#signOut('notice')
        break
      case 'onebot/meta_event.lifecycle':
      case 'onebot/notice.bot_online':
        this.#signIn()
        break
    }
  }

  #signOut(by: 'heartbeat' | 'notice'): void {
    this.#signedOutBy ??= by
    this.#update()
  }

  #signIn(): void {
    if (this.#signedOutBy === undefined) return
    this.#signedOutBy = undefined
    this.#update()
  }

  /** Answers to a temporary chat have to name the group it came through. */
  #rememberChat({ channel, referrer }: ChatEvent): void {
    if (channel?.type !== 'direct') return
    const group = isRaw(referrer) ? readString(referrer['group']) : undefined
    const userId = channel.id.slice('private:'.length)
    if (group !== undefined) this.rememberTemporaryChat(userId, group)
    else if (this.#temporaryChats.size > 0) this.#temporaryChats.delete(userId)
  }

  /** From now on messages to this person go through that group. */
  rememberTemporaryChat(userId: string, groupId: string): void {
    this.#temporaryChats.delete(userId)
    this.#temporaryChats.set(userId, groupId)
    if (this.#temporaryChats.size <= maxTemporaryChats) return
    for (const oldest of this.#temporaryChats.keys()) {
      this.#temporaryChats.delete(oldest)
      return
    }
  }

  /** The group through which a person who is no friend can be written to. */
  groupOfChat(userId: string): string | undefined {
    return this.#temporaryChats.get(userId)
  }

  /** Ends all connections and takes nothing in any more. */
  stop(): void {
    this.#isStopped = true
    for (const line of this.#lines) line.close(1001, 'The bot has stopped.')
    this.#update()
  }

  #update(): void {
    const { status } = this
    if (status === 'online') this.#wasOnline = true
    this.listener?.status(status)
  }
}
