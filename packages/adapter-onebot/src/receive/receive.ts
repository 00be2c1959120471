import { EventBuffer, EventJournal, fingerprint, isRecord } from '@mynah/adapter-kit'
import type { ChatEvent, Clock, Logger } from '@mynah/core'
import type { Acceptance, KeyValueStore, Settlement } from '@mynah/core/adapter'

import { type CountEqual, decodeEvent, isKnown } from '../decode/event.ts'
import { parseJson } from '../wire/json.ts'
import type { TemporaryChats } from '../send/temporary-chats.ts'
import { type Raw, readBoolean } from '../wire/raw.ts'
import type { Connections } from './connections.ts'
import type { RecentMessages } from './recent-messages.ts'
import type { WebhookAnswer } from './webhook-answer.ts'

/** What the way in needs of a bot. */
export interface ReceiverOptions {
  readonly selfId: string
  readonly logger: Logger
  readonly clock: Clock
  readonly connections: Connections
  readonly temporaryChats: TemporaryChats
  readonly recentMessages: RecentMessages
  /** Messages older than this are not handed on, in ms; 0 hands on all. */
  readonly maxMessageAgeMs: number
  /** Hands an event to the app; waits while that is full. */
  readonly emit: (event: ChatEvent, signal: AbortSignal) => Promise<Acceptance | 'refused'>
  /** Tells how each event ends, or that it waits for a person. @returns Stops telling. */
  readonly onSettled: (listener: (settlement: Settlement) => void) => () => unknown
  /** Events were refused. @param reason - In words for an operator, one of few. */
  readonly refused: (reason: string, count?: number) => void
  /** What outlives the process; nothing where nobody keeps it. */
  readonly keys: () => KeyValueStore | undefined
}

/** What is known about how an event came. */
export interface ReceiveOptions {
  /** Where quick replies go, for an event that came by webhook. */
  readonly answer?: WebhookAnswer | undefined
  /** Tells equal events of one connection apart. */
  readonly countEqual?: CountEqual | undefined
  /** Its number in the journal, where it is stored. */
  readonly number?: number | undefined
}

/** An event that waits, and its number where it is stored. */
interface Arrival {
  readonly event: ChatEvent
  readonly number: number | undefined
}

/** How many events wait for the app before more are lost. */
const maxWaiting = 1000

/** How close a new friend and the request are where the one is announced with the other, in ms. */
const earlyFriendMs = 2000

/** The way in of one account: from what came over any of its connections to an event of the app. */
export class Receiver {
  readonly #options: ReceiverOptions
  #lastEventAt: number | undefined
  #lastFriendRequest: { readonly by: string | undefined; readonly at: number } | undefined
  readonly #answers = new Map<string, WebhookAnswer>()
  /** A universal socket brings answers, too, so nobody stops reading it: what the app has no room for waits here. */
  readonly #buffer: EventBuffer<Arrival>
  /** What came by webhook, where the bot has a database. */
  #journal: EventJournal | undefined
  #opening: Promise<void> | undefined
  #stopTelling: (() => unknown) | undefined
  #stopFollowing: (() => unknown) | undefined

  constructor(options: ReceiverOptions) {
    this.#options = options
    const { selfId, logger } = options
    this.#buffer = new EventBuffer({
      maxWaiting,
      take: (arrival, signal) => this.#take(arrival, signal),
      onError: (err) => logger.error({ err, selfId }, 'An event could not be taken'),
    })
  }

  /** When the last event came, in ms since 1970; `undefined` where somebody has only named the account. */
  get lastEventAt(): number | undefined {
    return this.#lastEventAt
  }

  /** Whether it is time to stop reading, for connections that can. */
  get isCrowded(): boolean {
    return this.#buffer.size > maxWaiting / 2
  }

  /** Resolves when nothing waits any more. @throws MynahError `BOT_OFFLINE` when the bot stops. */
  drained(): Promise<void> {
    return this.#buffer.drained()
  }

  /** Takes an event in. @returns `false` when so many wait already that it is lost; that is counted and told. */
  receive(raw: Raw, { answer, countEqual, number }: ReceiveOptions = {}): boolean {
    const event = this.#read(raw, countEqual)
    // A retry of the same event must not take the place of the first request.
    if (answer !== undefined && (event === undefined || this.#answers.has(event.id))) answer.settle()
    else if (answer !== undefined && event !== undefined) this.#expect(event.id, answer)
    if (event === undefined || this.#buffer.offer({ event, number })) return true
    this.#settle(event.id)
    this.refuse('more came than could be handled')
    return false
  }

  /**
   * Takes in an event that came by webhook, and has stored it then, where the bot has a database.
   *
   * @param text - The event as it came.
   * @returns As {@link receive}.
   */
  async push(raw: Raw, text: string, answer: WebhookAnswer): Promise<boolean> {
    await this.open()
    const journal = this.#journal
    // They say how it is now, and not what has happened.
    if (journal === undefined || raw['post_type'] === 'meta_event') return this.receive(raw, { answer })
    if (this.#buffer.size + journal.waiting >= maxWaiting) {
      this.refuse('more came than could be handled')
      return false
    }
    const number = await journal.add(fingerprint(text), text)
    if (number !== 'known') return this.receive(raw, { answer, number })
    answer.settle()
    return true
  }

  /** Takes in what came by webhook to a run before this one, and was not settled. Never rejects. */
  open(): Promise<void> {
    this.#opening ??= this.#openJournal()
    return this.#opening
  }

  async #openJournal(): Promise<void> {
    const { selfId, keys, clock, logger, onSettled } = this.#options
    if (keys() === undefined) return
    const journal = new EventJournal({ store: keys, key: `onebot:${selfId}:pushes`, clock, logger })
    this.#journal = journal
    this.#stopFollowing = onSettled((settlement) => journal.settled(settlement))
    const left = await journal.open()
    const arrivals = left.flatMap(({ number, event: text }) => {
      const raw = typeof text === 'string' ? parseJson(text) : undefined
      const event = isRecord(raw) ? this.#read(raw, undefined) : undefined
      return event === undefined ? [] : [{ event, number }]
    })
    await this.#buffer.offerAll(arrivals)
  }

  #read(raw: Raw, countEqual: CountEqual | undefined): ChatEvent | undefined {
    const { selfId, logger, clock, connections, temporaryChats, recentMessages } = this.#options
    if (connections.isStopped) return undefined
    this.#lastEventAt = clock.now()
    let event: ChatEvent
    try {
      event = decodeEvent(raw, selfId, countEqual)
    } catch (err) {
      logger.debug({ selfId, err }, 'An event cannot be read')
      this.refuse('it cannot be read')
      return undefined
    }
    const { post_type: kind } = raw
    if (kind !== 'message' && kind !== 'message_sent') return this.#observe(raw, event)
    if (this.#isTooOld(event)) return undefined
    temporaryChats.note(event)
    return recentMessages.complete(event)
  }

  async #take({ event, number }: Arrival, signal: AbortSignal): Promise<void> {
    const journal = this.#journal
    if (journal === undefined || number === undefined) {
      await this.#emit(event, signal)
      return
    }
    await journal.progress.pass(number, async ({ progress, isAgain }) => {
      progress.follow(number, event.id)
      const acceptance = await this.#emit(isAgain ? { ...event, redelivered: true } : event, signal)
      progress.accepted(number, event.id, acceptance)
    })
  }

  async #emit(event: ChatEvent, signal: AbortSignal): Promise<Acceptance | 'refused'> {
    const acceptance = await this.#options.emit(event, signal)
    if (acceptance !== 'taken') this.#settle(event.id)
    return acceptance
  }

  #expect(eventId: string, answer: WebhookAnswer): void {
    this.#stopTelling ??= this.#options.onSettled((settlement) => this.#settle(settlement.eventId))
    this.#answers.set(eventId, answer)
  }

  #settle(eventId: string): void {
    this.#answers.get(eventId)?.settle()
    this.#answers.delete(eventId)
  }

  /** Something that came could not be used. @param reason - In words for an operator, one of few. */
  refuse(reason: string): void {
    this.#options.refused(reason)
  }

  /** The webhook request that brought an event, while it can still be answered. */
  answerOf(eventId: string): WebhookAnswer | undefined {
    const answer = this.#answers.get(eventId)
    return answer?.isOpen === true ? answer : undefined
  }

  /** Takes nothing more in. */
  async stop(): Promise<void> {
    this.#stopTelling?.()
    for (const eventId of this.#answers.keys()) this.#settle(eventId)
    const left = await this.#buffer.stop()
    await this.#opening
    const journal = this.#journal
    if (left > 0 && journal === undefined) this.#options.refused('the bot was stopped', left)
    await journal?.stop()
    this.#stopFollowing?.()
  }

  #isTooOld(event: ChatEvent): boolean {
    const { maxMessageAgeMs, clock, logger } = this.#options
    if (maxMessageAgeMs === 0 || clock.now() - event.time <= maxMessageAgeMs) return false
    logger.debug({ id: event.id }, 'A message is older than maxMessageAge and was left out')
    return true
  }

  /** Draws conclusions from an event that is no message. */
  #observe(raw: Raw, event: ChatEvent): ChatEvent {
    const { selfId, logger, connections } = this.#options
    const { type, platformType } = event
    if (type === platformType && !isKnown(event)) {
      logger.debug({ event: platformType, selfId }, 'An event of an unknown kind came')
    }
    switch (platformType) {
      case 'onebot/meta_event.heartbeat': {
        const status = raw['status']
        const isOnline = isRecord(status) ? readBoolean(status['online']) : undefined
        if (isOnline !== undefined) connections.heartbeat(isOnline)
        break
      }
      case 'onebot/notice.bot_offline':
        connections.signOut('notice')
        break
      case 'onebot/meta_event.lifecycle':
        if (raw['sub_type'] !== 'disable') connections.signIn()
        break
      case 'onebot/notice.bot_online':
        connections.signIn()
        break
      case 'onebot/request.friend':
        if (connections.quirks.announcesFriendsEarly)
          this.#lastFriendRequest = { by: event.user?.id, at: event.time }
        break
      case 'onebot/notice.friend_add':
        if (this.#isOnlyAsking(event)) return { ...event, type: platformType }
        break
    }
    return event
  }

  /** Whether somebody who is said to be a friend has only just asked to become one. */
  #isOnlyAsking({ user, time }: ChatEvent): boolean {
    const request = this.#lastFriendRequest
    return request !== undefined && request.by === user?.id && Math.abs(time - request.at) <= earlyFriendMs
  }
}
