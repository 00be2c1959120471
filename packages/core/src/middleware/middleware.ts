import type { Filter } from '../filter/filter.ts'
import type { Scope } from '../lifecycle/scope.ts'
import type { Content } from '../message/element.ts'
import type { ChatEvents } from '../model/event.ts'
import type { Incoming } from '../event/incoming.ts'
import { Session } from '../session/session.ts'
import type { ConcurrencyOptions } from './lanes.ts'
import type { Share } from './share.ts'

/** What a handler may answer with: content, or nothing. */
export type Answer = Content | void

/** A session about a message that somebody wrote. */
export type MessageSession = Session<ChatEvents['message-created']>

/**
 * Sees a message before the commands do. Call `next()` to let it through and get the answer of what comes
 * after; return content to answer.
 */
export type Middleware = (session: MessageSession, next: () => Promise<Answer>) => Answer | Promise<Answer>

/** How a middleware is registered. */
export interface MiddlewareOptions extends ConcurrencyOptions {
  /** Name in traces and reports. */
  readonly name?: string
  /** Runs before the middlewares that are there already. @defaultValue false */
  readonly prepend?: boolean
  /** Only for messages that fit; others pass it by. */
  readonly when?: Filter
  /** Has one message at a time, with all that comes after it: for each person, place or the whole bot. */
  readonly concurrency?: Share
}

interface Entry {
  readonly scope: Scope
  readonly name: string
  readonly run: Middleware
  readonly when: Filter | undefined
}

/** A message on its way through the chain. */
export interface MessageIncoming {
  readonly incoming: Incoming
  readonly event: ChatEvents['message-created']
}

/** What comes after the last middleware. */
export type LastStep = (message: MessageIncoming) => Answer | Promise<Answer>

/** The middlewares in order. */
export class MiddlewareChain {
  #entries: readonly Entry[] = []

  get size(): number {
    return this.#entries.length
  }

  /** @returns Removes it. */
  add(scope: Scope, run: Middleware, options: MiddlewareOptions): () => void {
    const entry: Entry = { scope, name: options.name ?? (run.name || 'anonymous'), run, when: options.when }
    this.#entries = options.prepend === true ? [entry, ...this.#entries] : [...this.#entries, entry]
    return () => {
      this.#entries = this.#entries.filter((other) => other !== entry)
    }
  }

  /**
   * Runs a message through the chain and then through `last`. A middleware that throws is reported in the
   * name of its plugin and ends the message: what it guards stays guarded.
   */
  run(message: MessageIncoming, last: LastStep): Answer | Promise<Answer> {
    const { length } = this.#entries
    return length === 0 ? last(message) : new Walk(this.#entries, message, last).from(0)
  }
}

/** How many names of skipped middlewares a trace shows. */
const shownNames = 3

const passedOn = 'passed it on'

/** A middleware while it has the message. */
class Visit {
  readonly entry: Entry
  /** Number of its step in the trace. */
  readonly step: number
  /** What comes after it, once it has called {@link next}. */
  rest: Promise<Answer> | undefined = undefined
  /** How long that took in ms. */
  restMs = 0
  /** True when it answered with a promise of its own. */
  isLong = false
  readonly next: () => Promise<Answer>

  constructor(walk: Walk, entry: Entry, index: number, step: number) {
    this.entry = entry
    this.step = step
    this.next = () => (this.rest ??= walk.goOn(this, index + 1))
  }
}

/**
 * One message on its way through the chain. Middlewares whose filter does not fit cost a call of that filter,
 * those that answer at once or hand on what `next()` gives cost no promise of ours.
 */
class Walk {
  readonly #entries: readonly Entry[]
  readonly #message: MessageIncoming
  readonly #last: LastStep
  #skipped = 0
  #names = ''

  constructor(entries: readonly Entry[], message: MessageIncoming, last: LastStep) {
    this.#entries = entries
    this.#message = message
    this.#last = last
  }

  from(start: number): Answer | Promise<Answer> {
    const entries = this.#entries
    for (let index = start; index < entries.length; index += 1) {
      const entry = entries[index]
      if (entry === undefined) break
      try {
        if (this.#isFiltered(entry)) continue
      } catch (error) {
        // What it guards stays guarded.
        return this.#fail(entry, error)
      }
      return this.#run(entry, index)
    }
    if (this.#skipped > 0) {
      const more = this.#skipped > shownNames ? ` and ${this.#skipped - shownNames} more` : ''
      this.#message.incoming.trace?.add(
        'filter',
        'middleware',
        `${this.#names}${more} are not for this place`,
      )
    }
    return this.#last(this.#message)
  }

  /** What comes after a middleware. */
  goOn(visit: Visit, index: number): Promise<Answer> {
    const following = this.from(index)
    const rest = following instanceof Promise ? following : Promise.resolve(following)
    if (visit.isLong) this.#timeRest(visit, rest)
    return rest
  }

  #isFiltered({ scope, when, name }: Entry): boolean {
    const { event } = this.#message
    if (scope.when?.(event) !== false && when?.(event) !== false) return false
    this.#skipped += 1
    if (this.#skipped <= shownNames) this.#names += this.#skipped === 1 ? name : `, ${name}`
    return true
  }

  #run(entry: Entry, index: number): Answer | Promise<Answer> {
    const { scope, name, run } = entry
    const { incoming, event } = this.#message
    const visit = new Visit(this, entry, index, incoming.trace?.add('middleware', name) ?? 0)
    incoming.begin('middleware', name, scope)
    let answer: Answer | Promise<Answer>
    scope.enter()
    try {
      answer = run(new Session(incoming, scope, event), visit.next)
    } catch (error) {
      scope.leave()
      return this.#fail(entry, error)
    }
    if (answer instanceof Promise && answer !== visit.rest) return this.#finish(visit, answer)
    scope.leave()
    // It handed on what comes after it, which goes on alone.
    if (answer === visit.rest && visit.rest !== undefined) incoming.trace?.handOver(visit.step, passedOn)
    else this.#end(visit)
    return answer
  }

  async #finish(visit: Visit, coming: Promise<Answer>): Promise<Answer> {
    const { entry, rest } = visit
    visit.isLong = true
    if (rest !== undefined) this.#timeRest(visit, rest)
    try {
      return await coming
    } catch (error) {
      return this.#fail(entry, error)
    } finally {
      entry.scope.leave()
      this.#end(visit)
    }
  }

  /** What comes after a middleware does not count as its time. */
  #timeRest(visit: Visit, rest: Promise<Answer>): void {
    const { incoming } = this.#message
    const { clock } = incoming.host
    const start = clock.monotonic()
    void rest.then(() => {
      visit.restMs = clock.monotonic() - start
      incoming.begin('middleware', visit.entry.name, visit.entry.scope)
    })
  }

  #end({ step, rest, restMs }: Visit): void {
    const detail = rest === undefined ? 'did not pass it on' : passedOn
    this.#message.incoming.trace?.end(step, detail, restMs)
  }

  #fail({ scope, name }: Entry, error: unknown): undefined {
    this.#message.incoming.failed(error, `middleware ${name}`, scope)
    scope.fail(error, `middleware ${name}`)
    return undefined
  }
}
