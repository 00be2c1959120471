import type { ChatEvent, Clock, Logger, LoginStatus } from '@mynah/core'

import { Caller, type CallerHost, type CallOptions } from './api/caller.ts'
import type { Connection } from './receive/connection.ts'
import { type CountEqual, decodeEvent, isKnown } from './decode/event.ts'
import { type Quirks, quirks, quirksOf } from './api/quirks.ts'
import { TemporaryChats } from './send/temporary-chats.ts'
import type { WebhookAnswer } from './receive/webhook-answer.ts'
import { isRaw, type Raw, readBoolean, readString } from './wire/raw.ts'

/** How an account is doing. */
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
  /** Something that came was refused. */
  refused(reason: string): void
  /** Calls can be made on a new connection, and it is known who answers. */
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

/** What is known about how an event came. */
export interface ReceiveOptions {
  /** Where quick operations go, for an event that came by webhook. */
  readonly answer?: WebhookAnswer | undefined
  /** Tells equal events of one connection apart. */
  readonly countEqual?: CountEqual | undefined
}

/** How close a new friend and the request are where the one is announced with the other, in ms. */
const earlyFriendMs = 2000

/** One account with all its connections: the way out for calls, the way in for events, and its status. */
export class Account implements CallerHost {
  readonly selfId: string
  readonly logger: Logger
  readonly clock: Clock
  readonly caller: Caller
  readonly temporaryChats: TemporaryChats = new TemporaryChats()
  listener: AccountListener | undefined
  #quirks: Quirks = quirks.other
  /** Newest last. */
  #connections: Connection[] = []
  #callConnection: Connection | undefined
  #connects = 0
  #hasWebhook = false
  #wasOnline = false
  #isStopped = false
  /** Who said that QQ has signed the account out. */
  #signedOutBy: 'heartbeat' | 'notice' | undefined
  #problem: string | undefined
  #lastEventAt: number | undefined
  #lastFriendRequest: { readonly by: string | undefined; readonly at: number } | undefined
  readonly #answers = new Map<string, WebhookAnswer>()
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
      pending: this.#connections.reduce((sum, connection) => sum + connection.pending, 0),
      queued: this.caller.queued,
      lastEventAt: this.#lastEventAt,
      reconnects: Math.max(0, this.#connects - 1),
      problem: this.#problem,
    }
  }

  get status(): LoginStatus {
    if (this.#isStopped || this.#signedOutBy !== undefined || this.#problem !== undefined) return 'offline'
    // Where events come by webhook and there was never anything else, the answers are all there is.
    const canCall = this.#callConnection !== undefined || (this.#hasWebhook && this.#connects === 0)
    if (canCall && (this.#hasWebhook || this.#connections.some((connection) => connection.bringsEvents)))
      return 'online'
    return this.#wasOnline ? 'reconnecting' : 'connecting'
  }

  /** Whether events of this account came: not only that somebody named it. */
  get isReal(): boolean {
    return this.#lastEventAt !== undefined
  }

  get isConnected(): boolean {
    return this.#hasWebhook || this.#connections.length > 0
  }

  /** The newest connection that takes calls. */
  callConnection(): Connection | undefined {
    return this.#callConnection
  }

  /** Makes a call. @throws OneBotError */
  call(action: string, params: object = {}, options?: CallOptions): Promise<unknown> {
    return this.caller.call(action, params, options)
  }

  /** Adds a connection of this account. */
  attach(connection: Connection): void {
    if (this.#isStopped) return connection.close(1001, 'The bot has stopped.')
    this.#connections.push(connection)
    this.#problem = undefined
    this.#signedOutBy = undefined
    if (connection.takesCalls) {
      this.#connects += 1
      this.#callConnection = this.#pickCallConnection()
      this.caller.forgetNames()
      void this.#greet(connection, this.#connects > 1)
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
    const connections = this.#connections.filter((connection) => connection.takesCalls)
    return connections.findLast((connection) => connection.transport === 'websocket') ?? connections.at(-1)
  }

  /** Asks who answers, once per connection; that nobody tells does no harm. */
  async #greet(connection: Connection, isAgain: boolean): Promise<void> {
    try {
      const answer = await connection.call({ action: 'get_version_info', params: {} })
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
    if (this.#connections.includes(connection)) this.listener?.connected(isAgain)
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
  receive(raw: Raw, { answer, countEqual }: ReceiveOptions = {}): Promise<void> | undefined {
    if (this.#isStopped) return undefined
    this.#lastEventAt = this.clock.now()
    let event: ChatEvent
    try {
      event = decodeEvent(raw, this.selfId, countEqual)
    } catch (err) {
      this.logger.debug({ selfId: this.selfId, err }, 'An event cannot be read')
      this.refuse('it cannot be read')
      return undefined
    }
    const { post_type: kind } = raw
    if (kind !== 'message' && kind !== 'message_sent') event = this.#observe(raw, event)
    else if (this.#isTooOld(event)) return undefined
    else this.temporaryChats.note(event)
    return this.#hand(event, answer)
  }

  #hand(event: ChatEvent, answer: WebhookAnswer | undefined): Promise<void> | undefined {
    const { listener } = this
    // A retry of the same event must not take the place of the first request.
    if (listener === undefined || answer === undefined || this.#answers.has(event.id)) {
      return listener?.event(event)
    }
    this.#answers.set(event.id, answer)
    return listener.event(event).finally(() => this.#answers.delete(event.id))
  }

  /** Something that came could not be used. @param reason - In words for an operator, one of few. */
  refuse(reason: string): void {
    this.listener?.refused(reason)
  }

  /** The webhook request that brought an event, while it can still be answered. */
  answerOf(eventId: string): WebhookAnswer | undefined {
    const answer = this.#answers.get(eventId)
    return answer?.isOpen === true ? answer : undefined
  }

  #isTooOld(event: ChatEvent): boolean {
    if (this.#maxMessageAgeMs === 0 || this.clock.now() - event.time <= this.#maxMessageAgeMs) return false
    this.logger.debug({ id: event.id }, 'A message is older than maxMessageAge and was left out')
    return true
  }

  /** Draws conclusions from an event that is no message. */
  #observe(raw: Raw, event: ChatEvent): ChatEvent {
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
        if (raw['sub_type'] !== 'disable') this.#signIn()
        break
      case 'onebot/notice.bot_online':
        this.#signIn()
        break
      case 'onebot/request.friend':
        if (this.#quirks.announcesFriendsEarly)
          this.#lastFriendRequest = { by: event.user?.id, at: event.time }
        break
      case 'onebot/notice.friend_add':
        if (this.#isOnlyAsking(event)) return { ...event, type: event.platformType }
        break
    }
    return event
  }

  /** Whether somebody who is said to be a friend has only just asked to become one. */
  #isOnlyAsking({ user, time }: ChatEvent): boolean {
    const request = this.#lastFriendRequest
    return request !== undefined && request.by === user?.id && Math.abs(time - request.at) <= earlyFriendMs
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

  /** Ends all connections and takes nothing in any more. */
  stop(): void {
    this.#isStopped = true
    for (const connection of this.#connections) connection.close(1001, 'The bot has stopped.')
    this.#update()
  }

  #update(): void {
    const { status } = this
    if (status === 'online') this.#wasOnline = true
    this.listener?.status(status)
  }
}
