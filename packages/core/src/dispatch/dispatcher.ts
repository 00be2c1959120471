import type { Bot } from '../adapter/bot.ts'
import type { Texts } from '../i18n/texts.ts'
import { concerns, type Scope } from '../lifecycle/scope.ts'
import { type ChatEvent, placeOf } from '../model/event.ts'
import type { Clock } from '../shared/clock.ts'
import { deferred, type Deferred } from '../shared/deferred.ts'
import type { Logger } from '../shared/logger.ts'
import { EventQueue } from './event-queue.ts'
import { Incoming, type IncomingHost, type Pending } from '../event/incoming.ts'
import type { ListenerEntry, ListenerTable } from './listeners.ts'
import { Places } from './places.ts'
import { PromptTable } from '../event/prompt-table.ts'
import { RecentIds } from './recent-ids.ts'
import { Session } from '../session/session.ts'
import { Trace, type TraceRing } from '../trace/trace.ts'

/** Limits of the way in. */
export interface DispatchLimits {
  /**
   * Events handled at the same time; more wait in the queue. One conversation has at most a quarter of the places,
   * one plugin keeps at most half of them while others wait. @defaultValue 1000
   */
  readonly maxRunning?: number | undefined
  /** Events that may wait, or run without a place; what comes on top is dropped and reported. @defaultValue 10000 */
  readonly maxQueued?: number | undefined
  /** How long a handler may take in ms before its signal aborts and it is reported. @defaultValue 60000 */
  readonly deadlineMs?: number | undefined
  /**
   * Messages that were fetched after a gap and are older than this, in ms, get no answer; listeners see them.
   * @defaultValue no limit
   */
  readonly maxLateMs?: number | undefined
}

/** What the dispatcher works with. */
export interface DispatcherOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly listeners: ListenerTable
  readonly traces: TraceRing
  readonly texts: Texts
  /** A message came in. */
  readonly onMessageIn: (incoming: Incoming) => void
  /** All handlers of a message are done. */
  readonly onMessageDone: (incoming: Incoming) => void
  /** Takes messages that no prompt waited for. */
  readonly onMessage: (incoming: Incoming) => unknown
  /** The queue was full. */
  readonly onDropped: (bot: Bot, event: ChatEvent) => void
  /** A handler has run past its deadline. */
  readonly onOverdue: (event: ChatEvent, scope: Scope, what: string, deadlineMs: number) => void
  /** The queue fills up, or has room again. */
  readonly onPressure: (isHigh: boolean) => void
  /** A handler begins, or ends, to wait for an answer. */
  readonly onPrompt: (event: ChatEvent, isWaiting: boolean) => void
}

interface Queued {
  readonly bot: Bot
  readonly event: ChatEvent
  readonly trace: Trace | undefined
  readonly done: Deferred
}

/** The parts of the queue at which pressure begins and ends; far apart, so that it does not flap. */
const pressureBegins = 0.75
const pressureEnds = 0.25

/** Events that are taken from the queue before others get a turn of the event loop. */
const eventsPerTurn = 256

/** Number of the step of a trace that says that the event had to wait. */
const queuedStep = 1

/**
 * The way in: sees each event once, keeps them in order, holds them while plugins are swapped, hands them to
 * listeners, and messages to prompts or to {@link DispatcherOptions.onMessage}.
 */
export class Dispatcher implements IncomingHost {
  readonly clock: Clock
  readonly prompts: PromptTable = new PromptTable()
  readonly texts: Texts
  readonly #options: DispatcherOptions
  #maxQueued = 10_000
  #deadlineMs = 60_000
  #maxLateMs = Number.POSITIVE_INFINITY
  readonly #seen = new WeakMap<Bot, RecentIds>()
  /** The same by account: a bot that is made anew by a reload knows what the last one saw. */
  readonly #seenByAccount = new Map<string, RecentIds>()
  readonly #running = new Set<Incoming>()
  readonly #places: Places
  readonly #queue = new EventQueue<Queued>()
  readonly #hasRoomFor = (conversation: string): boolean => this.#places.hasRoomFor(conversation)
  #isHigh = false
  #isDraining = false
  #holds = 0
  #isClosed = false
  #idle: Deferred | undefined
  /** Events whose handlers wait for a person; they keep nobody else waiting. */
  #parked = 0
  #quiet: Deferred | undefined
  #stopSweep: (() => void) | undefined

  constructor(options: DispatcherOptions) {
    this.#options = options
    this.clock = options.clock
    this.texts = options.texts
    this.#places = new Places(options.clock, this.#running)
  }

  /** Sets the limits; those that are left out go back to their defaults. */
  setLimits(limits: DispatchLimits): void {
    this.#maxQueued = limits.maxQueued ?? 10_000
    this.#places.setLimits(limits.maxRunning ?? 1000, this.#maxQueued)
    this.#deadlineMs = limits.deadlineMs ?? 60_000
    this.#maxLateMs = limits.maxLateMs ?? Number.POSITIVE_INFINITY
  }

  /** Events being handled now. */
  get running(): number {
    return this.#running.size
  }

  /** Events that wait. */
  get queued(): number {
    return this.#queue.size
  }

  /** True while so many events wait that sockets had better stop reading. */
  get isUnderPressure(): boolean {
    return this.#isHigh
  }

  /**
   * Takes an event; resolves when all its handlers are done. Never rejects. When too much runs it waits in the
   * queue; when that is full too, it is dropped: what came first is served first.
   */
  dispatch(bot: Bot, event: ChatEvent): Promise<void> {
    if (this.#isClosed) return Promise.resolve()
    if (!this.#isNew(bot, event)) {
      this.#options.traces.find(event.id)?.add('duplicate', 'dispatcher', 'handled once')
      return Promise.resolve()
    }
    const trace = event.type === 'message-created' ? this.#trace(event) : undefined
    const conversation = placeOf(event)
    if (this.#isFree(conversation)) {
      bot.taken(this.clock.now())
      return this.#handle(bot, event, trace, trace?.receivedAt)
    }
    if (this.#queue.size + this.#places.crowded >= this.#maxQueued) {
      trace?.add('dropped', 'dispatcher', `the queue is full: ${this.#maxQueued} events wait`)
      this.#options.onDropped(bot, event)
      return Promise.resolve()
    }
    bot.taken(this.clock.now())
    const done = deferred()
    trace?.add('queued', 'dispatcher', this.#holds > 0 ? 'plugins are being swapped' : 'too much runs')
    this.#queue.push(conversation, { bot, event, trace, done })
    this.#watchPressure()
    // Those in front may wait for a place of their own conversation.
    if (this.#holds === 0) this.#drain()
    return done.promise
  }

  #isFree(conversation: string): boolean {
    return (
      this.#holds === 0 &&
      !this.#queue.isBehind(conversation) &&
      this.#places.hasRoomFor(conversation) &&
      this.#places.hasRoom(this.#queue.size)
    )
  }

  #trace(event: ChatEvent): Trace {
    const trace = new Trace(event, this.clock)
    this.#options.traces.push(trace)
    return trace
  }

  #watchPressure(): void {
    const { size } = this.#queue
    const isHigh = size >= this.#maxQueued * (this.#isHigh ? pressureEnds : pressureBegins)
    if (isHigh === this.#isHigh) return
    this.#isHigh = isHigh
    this.#options.onPressure(isHigh)
  }

  onPrompt(incoming: Incoming, isWaiting: boolean): void {
    if (this.#running.has(incoming)) {
      if (isWaiting && incoming.waiting === 1) this.#park(incoming)
      if (!isWaiting && incoming.waiting === 0) this.#unpark(incoming)
    }
    this.#options.onPrompt(incoming.event, isWaiting)
    if (isWaiting) this.#makeRoom()
  }

  #park(incoming: Incoming): void {
    this.#parked += 1
    this.#giveUpPlace(incoming)
  }

  #giveUpPlace(incoming: Incoming): void {
    this.#places.giveUp(incoming)
    this.#queue.freed(placeOf(incoming.event))
  }

  #unpark(incoming: Incoming): void {
    this.#parked -= 1
    if (!incoming.isOverdue) this.#places.take(incoming)
  }

  /** Resolves when nothing is queued, and whatever runs waits for a person. */
  async idle(): Promise<void> {
    while (!this.#isQuiet) {
      this.#quiet ??= deferred()
      await this.#quiet.promise
    }
  }

  #makeRoom(): void {
    if (this.#queue.size > 0) this.#drain()
    if (this.#quiet === undefined || !this.#isQuiet) return
    this.#quiet.resolve()
    this.#quiet = undefined
  }

  get #isQuiet(): boolean {
    return this.#running.size === this.#parked && this.#queue.size === 0
  }

  /** Keeps new events waiting until the result is called; holds add up. */
  hold(): () => void {
    this.#holds += 1
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#holds -= 1
      this.#drain()
    }
  }

  /** Takes nothing new, ends all questions, and waits for what is being handled. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#stopSweep?.()
    this.prompts.close()
    if (this.#isFinished) return
    this.#idle ??= deferred()
    await this.#idle.promise
  }

  #isNew(bot: Bot, event: ChatEvent): boolean {
    let seen = this.#seen.get(bot)
    if (seen === undefined) {
      seen = this.#seenByAccount.get(bot.key) ?? new RecentIds()
      this.#seenByAccount.set(bot.key, seen)
      this.#seen.set(bot, seen)
    }
    return seen.add(event.id)
  }

  /** A loop, since an event that is handled at once makes room for the next one while it is being taken. */
  #drain(): void {
    if (this.#isDraining) return
    this.#isDraining = true
    for (let left = eventsPerTurn; this.#holds === 0 && this.#places.hasRoom(this.#queue.size); left -= 1) {
      if (left === 0) {
        setImmediate(() => this.#drainOn())
        return
      }
      const next = this.#queue.shift(this.#hasRoomFor)
      if (next === undefined) break
      this.#watchPressure()
      const { bot, event, trace, done } = next
      trace?.end(queuedStep)
      done.resolve(this.#handle(bot, event, trace))
    }
    this.#isDraining = false
  }

  #drainOn(): void {
    this.#isDraining = false
    this.#makeRoom()
  }

  async #handle(bot: Bot, event: ChatEvent, trace: Trace | undefined, startedAt?: number): Promise<void> {
    const isMessage = trace !== undefined
    const incoming = new Incoming(bot, event, this, trace, startedAt)
    this.#running.add(incoming)
    this.#places.take(incoming)
    this.#stopSweep ??= this.clock.setInterval(() => this.#sweep(), Math.min(1000, this.#deadlineMs))
    try {
      if (isMessage) this.#options.onMessageIn(incoming)
      const listening = this.#callListeners(incoming)
      if (isMessage) {
        if (this.prompts.offer(event)) trace.add('prompt', 'prompt', 'answers a question')
        else if (this.#isTooLate(event, trace))
          this.#options.logger.debug({ id: event.id }, 'A message is too old')
        else {
          const handling = this.#options.onMessage(incoming)
          if (handling instanceof Promise) await handling
          incoming.doing = ''
        }
      } else if (event.type === 'interaction/button') this.prompts.offer(event)
      if (listening !== undefined) await listening
    } catch (error) {
      this.#options.logger.error({ err: error, event: event.platformType }, 'An event could not be handled')
    } finally {
      trace?.add('done', 'dispatcher')
      if (isMessage) this.#options.onMessageDone(incoming)
      this.#finish(incoming)
    }
  }

  #isTooLate(event: ChatEvent, trace: Trace): boolean {
    if (event.late !== true) return false
    const ageMs = this.clock.now() - event.time
    const isTooLate = ageMs > this.#maxLateMs
    trace.add('late', 'dispatcher', `${ageMs} ms old${isTooLate ? ', too old for an answer' : ''}`)
    return isTooLate
  }

  #finish(incoming: Incoming): void {
    this.#running.delete(incoming)
    this.#giveUpPlace(incoming)
    if (incoming.waiting > 0) this.#parked -= 1
    this.#makeRoom()
    if (this.#idle !== undefined && this.#isFinished) this.#idle.resolve()
  }

  /** Whether nobody has to be waited for at the end; those who ran past their deadline are given up. */
  get #isFinished(): boolean {
    return this.#queue.size === 0 && Array.from(this.#running).every(({ isOverdue }) => isOverdue)
  }

  #callListeners(incoming: Incoming): Promise<unknown> | undefined {
    const { listeners } = this.#options
    const { platformType, type } = incoming.event
    if (listeners.size === 0) return undefined
    call(listeners.of(platformType), incoming)
    if (type !== platformType) call(listeners.of(type), incoming)
    call(listeners.of('event'), incoming)
    const { pending } = incoming
    return pending === undefined ? undefined : Promise.all(pending.map(({ promise }) => promise))
  }

  #sweep(): void {
    if (this.#running.size === 0) {
      this.#stopSweep?.()
      this.#stopSweep = undefined
    }
    const now = this.clock.monotonic()
    for (const incoming of this.#running) {
      if (incoming.isOverdue || incoming.waiting > 0 || now - incoming.startedAt < this.#deadlineMs) continue
      incoming.expire()
      this.#giveUpPlace(incoming)
      void this.#reportOverdue(incoming)
    }
    this.#makeRoom()
  }

  async #reportOverdue(incoming: Incoming): Promise<void> {
    const { event, trace, doing, doer, doerScope } = incoming
    const culprits = (await unfinished(incoming.pending)).map(({ scope, where }) => ({ scope, what: where }))
    if (doing !== '' && doerScope !== undefined) culprits.push({ scope: doerScope, what: `${doing} ${doer}` })
    for (const { scope, what } of culprits) {
      trace?.add('deadline', scope.name, `${what} runs for more than ${this.#deadlineMs} ms`)
      this.#options.onOverdue(event, scope, what, this.#deadlineMs)
    }
  }
}

/** Those that are still running. */
async function unfinished(pending: readonly Pending[] = []): Promise<Pending[]> {
  const finished = new Set<Pending>()
  for (const one of pending) void one.promise.then(() => finished.add(one))
  // The callbacks of promises that are settled already stand in the queue before this one.
  await Promise.resolve()
  return pending.filter((one) => !finished.has(one))
}

function call(entries: readonly ListenerEntry[], incoming: Incoming): void {
  for (const entry of entries) {
    const { event } = incoming
    const { scope, where } = entry
    if (!concerns(scope, entry.when, event, where)) continue
    entry.remove?.()
    const session = new Session(incoming, scope, incoming.event)
    // `on` files a listener only under the names whose sessions it accepts.
    const promise = scope.run(entry.listener as (session: Session) => unknown, session, where, incoming)
    if (promise === undefined) continue
    incoming.pending ??= []
    incoming.pending.push({ scope, where, promise })
  }
}
