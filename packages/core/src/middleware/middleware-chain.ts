import type { Incoming } from '../event/incoming.ts'
import { concerns, type Scope } from '../lifecycle/scope.ts'
import { Session } from '../session/session.ts'
import { SortedList } from '../shared/list.ts'
import { compose } from './compose.ts'
import type {
  Answer,
  LastStep,
  MessageIncoming,
  Middleware,
  MiddlewareEntry,
  MiddlewareOptions,
  ObserverOptions,
} from './middleware.ts'

/** When each stage has its turn. */
const turns = { guard: 0, normal: 1, observe: 2 } as const

const nothingBehind = (): Promise<Answer> => Promise.resolve()

/**
 * The middlewares in order: by their stages, in a stage by the places of their plugins, and those of one plugin as it
 * registered them.
 */
export class MiddlewareChain {
  readonly #entries = new SortedList(compare)
  /** Those that a message passes, and those that are shown it afterwards. */
  #passed: readonly MiddlewareEntry[] = []
  #observers: readonly MiddlewareEntry[] = []

  /** All of them, in the order in which a message meets them. */
  get entries(): readonly MiddlewareEntry[] {
    return this.#entries.items
  }

  /** @returns Removes it. */
  add(scope: Scope, run: Middleware, options: MiddlewareOptions | ObserverOptions): () => void {
    const entry: MiddlewareEntry = {
      scope,
      stage: options.stage ?? 'normal',
      name: options.name ?? (run.name || 'anonymous'),
      run,
      when: options.when,
    }
    const remove = this.#entries.add(entry)
    this.#divide()
    return () => {
      remove()
      this.#divide()
    }
  }

  /** Plugins have other places now. */
  arrange(): void {
    this.#entries.sort()
    this.#divide()
  }

  #divide(): void {
    this.#passed = this.entries.filter(({ stage }) => stage !== 'observe')
    this.#observers = this.entries.filter(({ stage }) => stage === 'observe')
  }

  /** Runs a message through guards and normal ones, and then through `last`; see {@link compose}. */
  run(message: MessageIncoming, last: LastStep): Answer | Promise<Answer> {
    return this.#passed.length === 0 ? last(message) : compose(this.#passed, message, last)
  }

  /** Shows a message to the observers, when everything is over. Never rejects. */
  observe(incoming: Incoming, event: MessageIncoming['event']): Promise<unknown> | undefined {
    if (this.#observers.length === 0) return undefined
    const running: Promise<void>[] = []
    for (const { scope, name, run, when } of this.#observers) {
      const where = `observer ${name}`
      if (!concerns(scope, when, event, where)) continue
      incoming.begin('observer', name, scope)
      const watching = scope.run(
        (session: Session<typeof event>) => run(session, nothingBehind),
        new Session(incoming, scope, event),
        where,
        incoming,
      )
      if (watching !== undefined) running.push(watching)
    }
    return running.length === 0 ? undefined : Promise.all(running)
  }
}

function compare(one: MiddlewareEntry, other: MiddlewareEntry): number {
  return turns[one.stage] - turns[other.stage] || one.scope.place.compare(other.scope.place)
}
