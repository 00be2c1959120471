import type { Filter, Scope } from '../lifecycle/scope.ts'
import type { Content } from '../message/element.ts'
import type { ChatEvent, ChatEvents } from '../model/event.ts'
import type { Incoming } from '../session/incoming.ts'
import { Session } from '../session/session.ts'

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
export interface MiddlewareOptions {
  /** Name in traces and reports. */
  readonly name?: string
  /** Runs before the middlewares that are there already. @defaultValue false */
  readonly prepend?: boolean
  /** Only for messages that fit; others pass it by. */
  readonly when?: Filter
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
    return this.#entries.length === 0 ? last(message) : runFrom(this.#entries, 0, message, last)
  }
}

function isFiltered({ scope, when }: Entry, event: ChatEvent): boolean {
  return scope.when?.(event) === false || when?.(event) === false
}

async function runFrom(
  entries: readonly Entry[],
  from: number,
  message: MessageIncoming,
  last: LastStep,
): Promise<Answer> {
  let index = from
  let entry = entries[index]
  while (entry !== undefined && isFiltered(entry, message.event)) {
    index += 1
    entry = entries[index]
  }
  if (entry === undefined) return last(message)
  const { scope, name, run } = entry
  const { trace } = message.incoming
  let hasPassed = false
  scope.enter()
  try {
    const session = new Session(message.incoming, scope, message.event)
    const answer = await run(session, () => {
      hasPassed = true
      return runFrom(entries, index + 1, message, last)
    })
    if (!hasPassed) trace?.add('middleware', name, `${scope.name} did not pass it on`)
    return answer
  } catch (error) {
    trace?.add(
      'error',
      scope.name,
      `middleware ${name}: ${error instanceof Error ? error.message : String(error)}`,
    )
    scope.fail(error, `middleware ${name}`)
    return undefined
  } finally {
    scope.leave()
  }
}
