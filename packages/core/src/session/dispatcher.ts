import type { Bot } from '../adapter/bot.ts'
import type { Texts } from '../i18n/texts.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Clock } from '../shared/clock.ts'
import { deferred, type Deferred } from '../shared/deferred.ts'
import type { Logger } from '../shared/logger.ts'
import { Incoming, type IncomingHost } from './incoming.ts'
import type { ListenerEntry, ListenerTable } from './listeners.ts'
import { PromptTable } from './prompt-table.ts'
import { RecentIds } from './recent-ids.ts'
import { Session } from './session.ts'
import { Trace, type TraceRing } from './trace.ts'

/** Limits of the way in. */
export interface DispatchLimits {
  /** Events handled at the same time; more wait in the queue. @defaultValue 1000 */
  readonly maxRunning?: number | undefined
  /** Events that may wait; what comes on top is dropped and reported. @defaultValue 10000 */
  readonly maxQueued?: number | undefined
  /** How long a handler may take in ms before its signal aborts and it is reported. @defaultValue 60000 */
  readonly deadlineMs?: number | undefined
}

/** What the dispatcher works with. */
export interface DispatcherOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly listeners: ListenerTable
  readonly traces: TraceRing
  readonly texts: Texts
  /** Takes messages that no prompt waited for. */
  readonly onMessage: (incoming: Incoming) => unknown
  readonly onDropped: (event: ChatEvent) => void
  /** A handler begins, or ends, to wait for an answer. */
  readonly onPrompt: (event: ChatEvent, isWaiting: boolean) => void
}

interface Queued {
  readonly bot: Bot
  readonly event: ChatEvent
  readonly done: Deferred
}

/**
 * The way in: sees each event once, keeps them in order, holds them while plugins are swapped, hands them to
 * listeners, and messages to prompts or to {@link DispatcherOptions.onMessage}.
 */
export class Dispatcher implements IncomingHost {
  readonly clock: Clock
  readonly prompts: PromptTable = new PromptTable()
  readonly texts: Texts
  readonly #options: DispatcherOptions
  #maxRunning = 1000
  #maxQueued = 10_000
  #deadlineMs = 60_000
  readonly #seen = new WeakMap<Bot, RecentIds>()
  readonly #running = new Set<Incoming>()
  #queue: Queued[] = []
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
  }

  /** Sets the limits; those that are left out go back to their defaults. */
  setLimits({ maxRunning = 1000, maxQueued = 10_000, deadlineMs = 60_000 }: DispatchLimits): void {
    this.#maxRunning = maxRunning
    this.#maxQueued = maxQueued
    this.#deadlineMs = deadlineMs
  }

  /** Events being handled now. */
  get running(): number {
    return this.#running.size
  }

  /** Events that wait. */
  get queued(): number {
    return this.#queue.length
  }

  /** Takes an event; resolves when all its handlers are done. Never rejects. */
  dispatch(bot: Bot, event: ChatEvent): Promise<void> {
    if (this.#isClosed || !this.#isNew(bot, event)) return Promise.resolve()
    if (this.#holds === 0 && this.#busy < this.#maxRunning) return this.#handle(bot, event)
    if (this.#queue.length >= this.#maxQueued) {
      this.#options.onDropped(event)
      return Promise.resolve()
    }
    const done = deferred()
    this.#queue.push({ bot, event, done })
    return done.promise
  }

  onPrompt(incoming: Incoming, isWaiting: boolean): void {
    if (this.#running.has(incoming)) {
      if (isWaiting && incoming.waiting === 1) this.#parked += 1
      if (!isWaiting && incoming.waiting === 0) this.#parked -= 1
    }
    this.#options.onPrompt(incoming.event, isWaiting)
    if (isWaiting) this.#makeRoom()
  }

  /** Resolves when nothing is queued, and whatever runs waits for a person. */
  async idle(): Promise<void> {
    while (!this.#isQuiet) {
      this.#quiet ??= deferred()
      await this.#quiet.promise
    }
  }

  #makeRoom(): void {
    if (this.#queue.length > 0) this.#drain()
    if (this.#quiet === undefined || !this.#isQuiet) return
    this.#quiet.resolve()
    this.#quiet = undefined
  }

  get #busy(): number {
    return this.#running.size - this.#parked
  }

  get #isQuiet(): boolean {
    return this.#busy === 0 && this.#queue.length === 0
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
    if (this.#running.size === 0 && this.#queue.length === 0) return
    this.#idle ??= deferred()
    await this.#idle.promise
  }

  #isNew(bot: Bot, event: ChatEvent): boolean {
    let seen = this.#seen.get(bot)
    if (seen === undefined) {
      seen = new RecentIds()
      this.#seen.set(bot, seen)
    }
    return seen.add(event.id)
  }

  #drain(): void {
    while (this.#holds === 0 && this.#queue.length > 0 && this.#busy < this.#maxRunning) {
      const batch = this.#queue.splice(0, this.#maxRunning - this.#busy)
      for (const { bot, event, done } of batch) done.resolve(this.#handle(bot, event))
    }
  }

  async #handle(bot: Bot, event: ChatEvent): Promise<void> {
    const isMessage = event.type === 'message-created'
    const trace = isMessage ? new Trace(event) : undefined
    if (trace !== undefined) this.#options.traces.push(trace)
    const incoming = new Incoming(bot, event, this, trace)
    this.#running.add(incoming)
    this.#stopSweep ??= this.clock.setInterval(() => this.#sweep(), Math.min(1000, this.#deadlineMs))
    try {
      const listening = this.#callListeners(incoming)
      if (isMessage) {
        if (this.prompts.offer(event)) trace?.add('prompt', 'prompt', 'answers a question')
        else {
          const handling = this.#options.onMessage(incoming)
          if (handling instanceof Promise) await handling
        }
      } else if (event.type === 'interaction/button') this.prompts.offer(event)
      if (listening !== undefined) await listening
    } catch (error) {
      this.#options.logger.error({ err: error, event: event.platformType }, 'An event could not be handled')
    } finally {
      trace?.add('done', 'dispatcher')
      this.#finish(incoming)
    }
  }

  #finish(incoming: Incoming): void {
    this.#running.delete(incoming)
    if (incoming.waiting > 0) this.#parked -= 1
    this.#makeRoom()
    if (this.#running.size > 0 || this.#queue.length > 0) return
    this.#idle?.resolve()
  }

  #callListeners(incoming: Incoming): Promise<unknown> | undefined {
    const { listeners } = this.#options
    const { platformType, type } = incoming.event
    if (listeners.size === 0) return undefined
    const waits: Promise<void>[] = []
    call(listeners.of(platformType), incoming, waits)
    if (type !== platformType) call(listeners.of(type), incoming, waits)
    call(listeners.of('event'), incoming, waits)
    return waits.length === 0 ? undefined : Promise.all(waits)
  }

  #sweep(): void {
    if (this.#running.size === 0) {
      this.#stopSweep?.()
      this.#stopSweep = undefined
    }
    const now = this.clock.now()
    for (const incoming of this.#running) {
      if (incoming.isOverdue || incoming.waiting > 0 || now - incoming.startedAt < this.#deadlineMs) continue
      incoming.expire()
      incoming.trace?.add('deadline', 'dispatcher', `${this.#deadlineMs} ms`)
      const { platformType, id } = incoming.event
      this.#options.logger.warn(
        { event: platformType, id },
        `A handler has been running for more than ${this.#deadlineMs} ms`,
      )
    }
  }
}

function call(entries: readonly ListenerEntry[], incoming: Incoming, waits: Promise<void>[]): void {
  for (const entry of entries) {
    const { event } = incoming
    if (entry.scope.when?.(event) === false || entry.when?.(event) === false) continue
    entry.remove?.()
    const session = new Session(incoming, entry.scope, incoming.event)
    // `on` files a listener only under the names whose sessions it accepts.
    const running = entry.scope.run(entry.listener as (session: Session) => unknown, session, entry.where)
    if (running !== undefined) waits.push(running)
  }
}
