import type { Bot } from '../bot/bot.ts'
import { type Acceptance, type Inbox, type Settlement, taken } from '../bot/hatches.ts'
import { MynahError } from '../errors/mynah-error.ts'
import { Incoming, type IncomingHost } from '../event/incoming.ts'
import { NameLookup } from '../event/name-lookup.ts'
import { OpenPrompts } from '../event/open-prompts.ts'
import { PromptTable } from '../event/prompt-table.ts'
import type { Texts } from '../i18n/texts.ts'
import type { Dispose } from '../lifecycle/scope.ts'
import { type ChatEvent, placeOf } from '../model/event.ts'
import { unlessAborted } from '../shared/abort.ts'
import type { Clock } from '../shared/clock.ts'
import { deferred, type Deferred } from '../shared/deferred.ts'
import { Fifo } from '../shared/fifo.ts'
import { LinkedList } from '../shared/linked-list.ts'
import type { MemorySource } from '../storage/memory-source.ts'
import { Trace, type TraceRing } from '../trace/trace.ts'
import { type DeadlineOptions, Deadlines } from './deadlines.ts'
import { EventQueue } from './event-queue.ts'
import { EventHandler, type HandlerOptions } from './handler.ts'
import { Places } from './places.ts'
import { RecentIds } from '../shared/recent-map.ts'
import type { FilledLimits } from './settings.ts'
import { Settlements } from './settlements.ts'

/** What the dispatcher works with. */
export interface DispatcherOptions extends HandlerOptions {
  readonly clock: Clock
  readonly traces: TraceRing
  readonly texts: Texts
  readonly readAddress: IncomingHost['readAddress']
  /** The account that saw an event. */
  readonly botOf: (event: ChatEvent) => Bot | undefined
  /** What the core remembers. */
  readonly memory: MemorySource
  /** Makes known what events ask for; nothing where it is. */
  readonly prepare: () => Promise<unknown> | undefined
  /** A handler has run past its deadline. */
  readonly onOverdue: DeadlineOptions['onOverdue']
  /** A handler begins, or ends, to wait for an answer. */
  readonly onPrompt: (event: ChatEvent, isWaiting: boolean) => void
}

interface Queued {
  readonly bot: Bot
  readonly event: ChatEvent
  readonly trace: Trace | undefined
}

/** Events that are taken from the queue before others get a turn of the event loop. */
const eventsPerTurn = 256

/** Number of the step of a trace that says that the event had to wait. */
const queuedStep = 1

const duplicate = Promise.resolve('duplicate' as const)

/**
 * The inbox in memory: sees each event once, keeps them in order, holds them while plugins are swapped, and hands
 * them out as places are free.
 */
export class Dispatcher implements Inbox, IncomingHost {
  readonly clock: Clock
  readonly prompts: PromptTable
  readonly texts: Texts
  readonly names: NameLookup
  readonly readAddress: IncomingHost['readAddress']
  readonly #options: DispatcherOptions
  readonly #settlements = new Settlements()
  readonly #handler: EventHandler
  readonly #deadlines: Deadlines
  #maxQueued = 0
  /** Ids of the latest events by account: a bot that is made anew by a reload knows what the last one saw. */
  readonly #seen = new Map<string, RecentIds>()
  readonly #running = new LinkedList<Incoming>()
  readonly #places: Places
  readonly #queue = new EventQueue<Queued>()
  /** Those who bring an event while the queue is full. */
  readonly #entering = new Fifo<() => void>()
  readonly #hasRoomFor = (conversation: string): boolean => this.#places.hasRoomFor(conversation)
  #isDraining = false
  #holds = 0
  /** Why events wait, for traces. */
  #holdReason = ''
  #isClosed = false
  #idle: Deferred | undefined
  /** Events whose handlers wait for a person; they keep nobody else waiting. */
  #parked = 0
  #quiet: Deferred | undefined

  constructor(options: DispatcherOptions) {
    this.#options = options
    this.clock = options.clock
    this.texts = options.texts
    this.prompts = new PromptTable(new OpenPrompts(options.memory, options.clock))
    this.names = new NameLookup(options.clock)
    this.readAddress = options.readAddress
    this.#places = new Places(options.clock, this.#running)
    this.#handler = new EventHandler(options, this.prompts, this.#settlements, (incoming) =>
      this.#ended(incoming),
    )
    this.#deadlines = new Deadlines({
      clock: options.clock,
      running: this.#running,
      onExpired: (incoming) => this.#giveUpPlace(incoming),
      onSwept: () => this.#makeRoom(),
      onOverdue: options.onOverdue,
    })
  }

  /** Sets the limits. */
  setLimits({ maxRunning, maxQueued, deadlineMs, maxLateMs }: FilledLimits): void {
    this.#maxQueued = maxQueued
    this.#places.setLimits(maxRunning, maxQueued)
    this.#deadlines.setLimit(deadlineMs)
    this.#handler.setMaxLate(maxLateMs ?? Number.POSITIVE_INFINITY)
  }

  /** Events being handled now. */
  get running(): number {
    return this.#running.size
  }

  /** Events that wait. */
  get queued(): number {
    return this.#queue.size
  }

  onSettled(listener: (settlement: Settlement) => void): Dispose {
    return this.#settlements.add(listener)
  }

  accept(event: ChatEvent, signal: AbortSignal): Promise<Acceptance> {
    if (this.#isClosed) return Promise.reject(closed())
    const bot = this.#options.botOf(event)
    if (bot === undefined) return Promise.reject(stranger(event))
    if (this.#isFull || this.#entering.size > 0) return this.#acceptLater(bot, event, signal)
    return this.#take(bot, event) ? taken : duplicate
  }

  get #isFull(): boolean {
    return this.#queue.size + this.#places.crowded >= this.#maxQueued
  }

  async #acceptLater(bot: Bot, event: ChatEvent, signal: AbortSignal): Promise<Acceptance> {
    const turn = deferred()
    this.#entering.push(turn.resolve)
    try {
      await unlessAborted(turn.promise, signal)
    } catch (error) {
      // The turn goes to the next one.
      void turn.promise.then(() => this.#letIn())
      throw error
    }
    if (this.#isClosed) throw closed()
    const acceptance = this.#take(bot, event) ? 'taken' : 'duplicate'
    this.#letIn()
    return acceptance
  }

  /** Makes known what events ask for; they wait for that. */
  prepare(): void {
    const preparing = this.#options.prepare()
    if (preparing !== undefined) void preparing.finally(this.hold('what is stored is being read'))
  }

  /** Lets the next one in who waits for the queue to have room. */
  #letIn(): void {
    if (!this.#isFull || this.#isClosed) this.#entering.shift()?.()
  }

  /** Handles an event, or puts it in the queue. @returns Whether it is new. */
  #take(bot: Bot, event: ChatEvent): boolean {
    if (!this.#isNew(bot.key, event.id)) {
      this.#options.traces.find(event.id)?.add('duplicate', 'dispatcher', 'handled once')
      return false
    }
    this.prepare()
    const trace = event.type === 'message-created' ? this.#trace(event) : undefined
    if (event.redelivered === true) trace?.add('redelivered', 'dispatcher', 'may have been handled before')
    const conversation = placeOf(event)
    if (this.#isFree(conversation)) {
      this.#handle(bot, event, trace, trace?.receivedAt)
      return true
    }
    trace?.add('queued', 'dispatcher', this.#holds > 0 ? this.#holdReason : 'too much runs')
    this.#queue.push(conversation, { bot, event, trace })
    // Those in front may wait for a place of their own conversation.
    if (this.#holds === 0) this.#drain()
    return true
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

  onPrompt(incoming: Incoming, isWaiting: boolean): void {
    if (incoming.link !== undefined) {
      if (isWaiting && incoming.waiting === 1) this.#park(incoming)
      if (!isWaiting && incoming.waiting === 0) this.#unpark(incoming)
    }
    this.#options.onPrompt(incoming.event, isWaiting)
    if (!isWaiting) return
    this.#settlements.mayWait(incoming)
    this.#makeRoom()
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
    if (this.#entering.size > 0) this.#letIn()
    if (this.#quiet === undefined || !this.#isQuiet) return
    this.#quiet.resolve()
    this.#quiet = undefined
  }

  get #isQuiet(): boolean {
    return this.#running.size === this.#parked && this.#queue.size === 0 && this.#entering.size === 0
  }

  /** Keeps new events waiting until the result is called; holds add up. */
  hold(reason = 'plugins are being swapped'): () => void {
    this.#holds += 1
    this.#holdReason = reason
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#holds -= 1
      this.#makeRoom()
    }
  }

  /** Takes nothing new, ends all questions, and waits for what is being handled. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#deadlines.stop()
    this.prompts.close()
    while (this.#entering.size > 0) this.#letIn()
    if (this.#isFinished) return
    this.#idle ??= deferred()
    await this.#idle.promise
  }

  /** Nobody waits any more for what is still being handled. */
  giveUp(): void {
    for (const incoming of this.#running) this.#settlements.dropped(incoming)
  }

  #isNew(account: string, eventId: string): boolean {
    let seen = this.#seen.get(account)
    if (seen === undefined) this.#seen.set(account, (seen = new RecentIds()))
    return seen.add(eventId)
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
      const { bot, event, trace } = next
      trace?.end(queuedStep)
      this.#handle(bot, event, trace)
    }
    this.#isDraining = false
  }

  #drainOn(): void {
    this.#isDraining = false
    this.#makeRoom()
  }

  #handle(bot: Bot, event: ChatEvent, trace: Trace | undefined, startedAt?: number): void {
    const incoming = new Incoming(bot, event, this, trace, startedAt)
    incoming.link = this.#running.add(incoming)
    this.#places.take(incoming)
    this.#deadlines.watch()
    void this.#handler.handle(incoming)
  }

  #ended(incoming: Incoming): void {
    if (incoming.link !== undefined) this.#running.delete(incoming.link)
    incoming.link = undefined
    this.#giveUpPlace(incoming)
    if (incoming.waiting > 0) this.#parked -= 1
    this.#settlements.ended(incoming)
    this.#makeRoom()
    if (this.#idle !== undefined && this.#isFinished) this.#idle.resolve()
  }

  /** Whether nobody has to be waited for at the end; those who ran past their deadline are given up. */
  get #isFinished(): boolean {
    return this.#queue.size === 0 && Array.from(this.#running).every(({ isOverdue }) => isOverdue)
  }
}

function closed(): MynahError {
  return new MynahError('INBOX_CLOSED', 'Events that come now are for the next start.')
}

function stranger({ platform, selfId }: ChatEvent): MynahError {
  return new MynahError(
    'BOT_OFFLINE',
    `${platform}:${selfId} is not signed in here; add it with ctx.addBot first.`,
  )
}
