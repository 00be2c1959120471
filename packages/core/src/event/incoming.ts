import type { Bot } from '../bot/bot.ts'
import { MynahError } from '../errors/mynah-error.ts'
import { thrownError } from '../errors/thrown.ts'
import type { Texts } from '../i18n/texts.ts'
import type { FailureSink, Scope } from '../lifecycle/scope.ts'
import { plainText } from '../message/element.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Clock } from '../shared/clock.ts'
import type { Link } from '../shared/linked-list.ts'
import type { Address } from './address.ts'
import type { NameLookup } from './name-lookup.ts'
import { OutcomeRecord } from './outcome.ts'
import type { PromptScope } from './prompt-scope.ts'
import type { Trace } from '../trace/trace.ts'

/** Somebody who wants to ask, alone or behind others who ask the same person. */
export interface PromptAttempt {
  /** Name of the plugin that asks. */
  readonly plugin: string
  /** Nobody is in front any more. */
  begin(): void
  /** Offers a message or a press; true when it answers. */
  offer(event: ChatEvent): boolean
  /** Works on the answer that it took, where that is not the matter of a handler which waits. Never rejects. */
  take?(incoming: Incoming): Promise<void>
  /** The app stops. */
  end(): void
}

/** Who asks whom, one after the other. */
export interface PromptLines {
  /** Lines up behind those who ask the same person, and begins when they are done. @returns Leaves the line. */
  enter(event: ChatEvent, by: PromptScope, attempt: PromptAttempt): () => void
  /**
   * Notes that a handler waits for an answer, for the case that the bot stops meanwhile.
   *
   * @param command - The command that asks.
   * @returns It waits no more.
   */
  note(event: ChatEvent, by: PromptScope, command: string | undefined, timeoutMs: number): () => void
}

/** What events need of the app they are handled in. */
export interface IncomingHost {
  readonly clock: Clock
  readonly prompts: PromptLines
  readonly texts: Texts
  /** Finds the names that events do not tell. */
  readonly names: NameLookup
  /** Whether a message is for the bot, and what it says besides. */
  readAddress(event: ChatEvent): Address
  /** A handler begins, or ends, to wait for an answer. */
  onPrompt(incoming: Incoming, isWaiting: boolean): void
}

/** A listener that has not finished. */
export interface Pending {
  readonly scope: Scope
  readonly where: string
  readonly promise: Promise<void>
}

/** What all handlers of one event share. */
export class Incoming implements FailureSink {
  readonly bot: Bot
  readonly event: ChatEvent
  readonly host: IncomingHost
  readonly trace: Trace | undefined
  /** What becomes of a message. */
  readonly outcome: OutcomeRecord = new OutcomeRecord()
  /** The latest of what the same people said or pressed; replies go to it, where platforms count and time them. */
  latest: ChatEvent
  /** When handling began, or went on after an answer, in ms of the clock that nobody sets. */
  startedAt: number
  /** Prompts that are waiting for a person; no deadline runs meanwhile. */
  waiting = 0
  /** Its place among the events that are being handled. */
  link: Link<Incoming> | undefined
  /** Handlers that have not ended. */
  handlers = 0
  /** True once a handler has failed. */
  hasFailed = false
  /** True once it was told that all that still runs waits for a person. */
  isToldToWait = false
  /** True once the deadline has passed. */
  isOverdue = false
  /** Whether it counts towards the events that may be handled at the same time; see `Places`. */
  place: 'held' | 'crowded' | 'none' = 'none'
  /** What runs on the way of a message, such as `command`, with its name and plugin; for reports. */
  doing = ''
  doer = ''
  doerScope: Scope | undefined
  /** Listeners that answered with a promise. */
  pending: Pending[] | undefined
  #text: string | undefined
  #address: Address | undefined
  #abort: AbortController | undefined

  constructor(
    bot: Bot,
    event: ChatEvent,
    host: IncomingHost,
    trace: Trace | undefined,
    startedAt: number = host.clock.monotonic(),
  ) {
    this.bot = bot
    this.event = event
    this.latest = event
    this.host = host
    this.startedAt = startedAt
    this.trace = trace
  }

  /** Whose code runs for it. */
  get busyScope(): Scope | undefined {
    return this.doing === '' ? this.pending?.[0]?.scope : this.doerScope
  }

  /** The words of the message. */
  get text(): string {
    this.#text ??= plainText(this.event.message?.content ?? [])
    return this.#text
  }

  /** Whether the message is for the bot, and what it says besides. */
  get address(): Address {
    this.#address ??= this.host.readAddress(this.event)
    return this.#address
  }

  /** Aborts at the deadline; made only when somebody asks. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController()
    if (this.isOverdue) this.#abort.abort(overdue())
    return this.#abort.signal
  }

  /** Something begins to run for the message. */
  begin(doing: string, doer: string, scope: Scope): void {
    this.doing = doing
    this.doer = doer
    this.doerScope = scope
  }

  failed(error: unknown, where: string, scope: Scope): void {
    this.hasFailed = true
    this.trace?.add('error', scope.name, `${where}: ${thrownError(error).message}`)
  }

  /** A handler begins to wait for a person. */
  park(): void {
    this.waiting += 1
    this.host.onPrompt(this, true)
  }

  /** A handler goes on; its time counts anew. */
  resume(): void {
    this.waiting -= 1
    this.startedAt = this.host.clock.monotonic()
    this.host.onPrompt(this, false)
  }

  /** The deadline has passed. */
  expire(): void {
    this.isOverdue = true
    this.#abort?.abort(overdue())
  }
}

function overdue(): MynahError {
  return new MynahError(
    'HANDLER_TIMEOUT',
    'Give long work to a job, or answer first and go on in the background.',
  )
}
