import { setMaxListeners } from 'node:events'

import { MynahError } from '../errors/mynah-error.ts'
import type { Filter } from '../filter/combine.ts'
import type { ChatEvent } from '../model/event.ts'
import { type Clock, settlesWithin, systemClock } from '../shared/clock.ts'
import { deferred, type Deferred } from '../shared/deferred.ts'
import { CallSite, type SourceSite } from '../shared/stack.ts'
import { Place } from './place.ts'

/** Undoes something. */
export type Dispose = () => void | Promise<void>

/** What kind of thing a plugin holds. Plugins may use words of their own through `ctx.effect`. */
export type EffectKind =
  | 'listener'
  | 'middleware'
  | 'command'
  | 'component'
  | 'service'
  | 'timer'
  | 'job'
  | 'route'
  | 'bot'
  | 'plugin'
  | 'prompt'
  | (string & {})

/** One line of a scope's ledger. */
export interface EffectInfo {
  /** What sort of thing is held. */
  readonly kind: EffectKind
  /** Tells it from others of its kind: the name of an event, a command, a service. */
  readonly label: string
  /** Where it was registered. */
  readonly site: SourceSite | undefined
}

interface Effect {
  readonly kind: EffectKind
  readonly label: string
  readonly origin: CallSite
  readonly dispose: Dispose
}

/** States of a scope and of the plugin it belongs to. */
export type ScopeState = 'pending' | 'starting' | 'active' | 'stopping' | 'stopped' | 'failed'

const nothing: Filter = () => false

/**
 * Whether something of a plugin concerns an event. A filter that throws is its plugin's fault: it is reported, and
 * what it belongs to stays out.
 *
 * @param when - A filter besides that of the plugin.
 */
export function concerns(scope: Scope, when: Filter | undefined, event: ChatEvent, where: string): boolean {
  try {
    return scope.when?.(event) !== false && when?.(event) !== false
  } catch (error) {
    scope.fail(error, `filter of ${where}`)
    return false
  }
}

/** Wants to know what fails on its behalf. */
export interface FailureSink {
  failed(error: unknown, where: string, scope: Scope): void
}

/** What a scope needs of its surroundings. */
export interface ScopeOptions {
  /** Name of the plugin, for logs and reports. */
  readonly name: string
  readonly clock?: Clock
  /** Where it stands among the others. @defaultValue in front of all */
  readonly place?: Place
  /** Which events the plugin may see; all when absent. */
  readonly when?: Filter | undefined
  /** Scopes that have to outlive this one: its parent, and the providers of the services it was started with. */
  readonly restsOn?: Iterable<Scope>
  /** How long one clean-up step may take in ms. @defaultValue 10000 */
  readonly disposeLimitMs?: number
  /** Called with everything that fails inside the scope. `where` says what was running. */
  readonly onError: (error: unknown, where: string) => void
}

/**
 * One running instance of a plugin: it owns everything the plugin registers, counts what runs on its behalf,
 * and undoes all of it, newest first, when it stops.
 */
export class Scope implements AsyncDisposable {
  readonly name: string
  /** Where it stands among the others, whenever it started. */
  readonly place: Place
  /** Which events the plugin may see; all when absent, none while it is paused. */
  when: Filter | undefined
  state: ScopeState = 'starting'
  readonly #abort = new AbortController()
  readonly #foundations = new Set<Scope>()
  readonly #effects = new Set<Effect>()
  readonly #options: ScopeOptions
  readonly #clock: Clock
  #running = 0
  #isPaused = false
  #idle: Deferred | undefined
  #stopping: Promise<void> | undefined

  constructor(options: ScopeOptions) {
    // As many handlers may wait for it as there are people.
    setMaxListeners(0, this.#abort.signal)
    this.name = options.name
    this.place = options.place ?? Place.first()
    this.when = options.when
    this.#options = options
    this.#clock = options.clock ?? systemClock
    for (const scope of options.restsOn ?? []) {
      this.#foundations.add(scope)
      for (const below of scope.#foundations) this.#foundations.add(below)
    }
  }

  /** Whether this scope cannot outlive the other: it is below it, or uses what it provides, however indirectly. */
  restsOn(other: Scope): boolean {
    return this.#foundations.has(other)
  }

  /** Which events concern the plugin, also while it is paused; all when absent. */
  get filter(): Filter | undefined {
    return this.#options.when
  }

  /** True while the plugin sees no events, timers and jobs because it failed too often. */
  get isPaused(): boolean {
    return this.#isPaused
  }

  /** Lets the plugin see nothing until {@link resume}; what runs already goes on. */
  pause(): void {
    this.#isPaused = true
    this.when = nothing
  }

  /** Ends a {@link pause}. */
  resume(): void {
    this.#isPaused = false
    this.when = this.#options.when
  }

  /** Aborts when the scope begins to stop; hand it to every wait, fetch and socket. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** Handlers of this scope that have not finished. */
  get running(): number {
    return this.#running
  }

  /** What the scope holds, oldest first; empty once it has stopped. */
  effects(): EffectInfo[] {
    return Array.from(this.#effects, ({ kind, label, origin }) => ({ kind, label, site: origin.site }))
  }

  /**
   * Takes over something that has to be undone when the scope stops. Handlers that still run when it does may go on
   * adding what they need; it is undone when the last of them ends.
   *
   * @returns Undoes it now; calling it twice does nothing the second time.
   * @throws MynahError `PLUGIN_STOPPED` when the scope is stopping and none of its handlers runs; `dispose` is then
   * called at once.
   */
  own(kind: EffectKind, label: string, dispose: Dispose): Dispose {
    if (this.#abort.signal.aborted && this.#running === 0) {
      this.#undo({ kind, label, origin: new CallSite(), dispose }).catch(() => {})
      throw new MynahError(
        'PLUGIN_STOPPED',
        `${this.name} cannot add ${kind} "${label}" any more; await what you start, or check ctx.signal.`,
      )
    }
    const effect: Effect = { kind, label, origin: new CallSite(), dispose }
    this.#effects.add(effect)
    return () => (this.#effects.delete(effect) ? dispose() : undefined)
  }

  /** Reports a failure in the name of this scope. */
  fail(error: unknown, where: string): void {
    this.#options.onError(error, where)
  }

  /** Counts a handler in; each call needs one {@link leave}. */
  enter(): void {
    this.#running += 1
  }

  /** Counts a handler out. */
  leave(): void {
    this.#running -= 1
    if (this.#running > 0) return
    this.#idle?.resolve()
    this.#idle = undefined
    if (this.state === 'stopped') void this.#undoAll()
  }

  /**
   * Runs a handler on behalf of the scope: counted, and a failure is reported instead of thrown.
   * Returns a promise only when the handler does.
   *
   * @param sink - Is told about a failure too.
   */
  run<A>(
    handler: (argument: A) => unknown,
    argument: A,
    where: string,
    sink?: FailureSink,
  ): void | Promise<void> {
    this.#running += 1
    let result: unknown
    try {
      result = handler(argument)
    } catch (error) {
      this.leave()
      sink?.failed(error, where, this)
      this.fail(error, where)
      return undefined
    }
    if (!(result instanceof Promise)) {
      this.leave()
      return undefined
    }
    return this.#finish(result, where, sink)
  }

  async #finish(result: Promise<unknown>, where: string, sink: FailureSink | undefined): Promise<void> {
    try {
      await result
    } catch (error) {
      sink?.failed(error, where, this)
      this.fail(error, where)
    } finally {
      this.leave()
    }
  }

  /** Waits until no handler of the scope runs, at most `limitMs`; tells whether that came true. */
  async drain(limitMs: number): Promise<boolean> {
    if (this.#running === 0) return true
    this.#idle ??= deferred()
    return settlesWithin(this.#clock, this.#idle.promise, limitMs)
  }

  /** Tells everything that listens to {@link signal} to end, before the clean-up begins. */
  abort(): void {
    if (this.#abort.signal.aborted) return
    this.state = 'stopping'
    this.#abort.abort(new MynahError('PLUGIN_STOPPED', `${this.name} is stopping.`))
  }

  /**
   * Aborts {@link signal} and undoes everything, newest first, one after the other. A step that throws or
   * takes too long is reported and does not stop the others. Calling it again waits for the first call.
   */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    this.abort()
    await this.#undoAll()
    this.state = 'stopped'
  }

  async #undoAll(): Promise<void> {
    for (const effect of Array.from(this.#effects).reverse()) {
      if (this.#effects.delete(effect)) await this.#undo(effect)
    }
  }

  async #undo(effect: Effect): Promise<void> {
    const where = `stopping ${effect.kind} "${effect.label}"`
    const limit = this.#options.disposeLimitMs ?? 10_000
    try {
      const result = effect.dispose()
      if (!(result instanceof Promise)) return
      // What belongs to other scopes ends by their limits, however many of them stop one after the other.
      if (effect.kind === 'service' || effect.kind === 'plugin') return await result
      result.catch((error: unknown) => this.fail(error, where))
      if (!(await settlesWithin(this.#clock, result, limit))) {
        throw new MynahError(
          'DISPOSE_FAILED',
          `${where} took longer than ${limit} ms; it goes on in the background.`,
        )
      }
    } catch (error) {
      this.fail(error, where)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}
