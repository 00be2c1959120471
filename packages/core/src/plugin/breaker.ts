import type { Filled } from '../shared/filled.ts'
import type { PluginInstance } from './instance.ts'
import { isKeptBack } from '../errors/kept-back.ts'
import { MynahError } from '../errors/mynah-error.ts'
import type { Scope } from '../lifecycle/scope.ts'
import type { Clock } from '../shared/clock.ts'

/** When a plugin that fails again and again is paused. */
export interface BreakerSettings {
  /** So many failures. @defaultValue 5 */
  readonly failures?: number | undefined
  /** Within so many ms. @defaultValue 60000 */
  readonly withinMs?: number | undefined
  /** How long it is paused in ms. @defaultValue 300000 */
  readonly pauseMs?: number | undefined
}

/** A plugin that was paused. */
export interface Pause {
  readonly instance: PluginInstance
  /** How often it failed since it was last all right. */
  readonly failures: number
  readonly pauseMs: number
}

/** What is told about pauses. */
export interface BreakerHost {
  readonly clock: Clock
  onPause(pause: Pause): void
  onResume(instance: PluginInstance): void
}

interface Failures {
  /** When it failed, in ms, oldest first. */
  times: number[]
  /** Until then it is on probation: one more failure pauses it again. */
  probationUntil: number
}

/**
 * Pauses plugins that fail again and again. A plugin that comes back is on probation for as long as failures
 * count: the first one pauses it again.
 */
export class Breaker {
  readonly #host: BreakerHost
  readonly #records = new WeakMap<Scope, Failures>()
  #settings: Filled<BreakerSettings> | undefined

  constructor(host: BreakerHost) {
    this.#host = host
  }

  /** @param settings - `undefined` switches it off; plugins that are paused come back when their time is over. */
  configure(settings: Filled<BreakerSettings> | undefined): void {
    this.#settings = settings
  }

  /** Counts a failure of a plugin. */
  failed(instance: PluginInstance, error: unknown): void {
    const { scope } = instance
    const settings = this.#settings
    if (settings === undefined || scope === undefined || scope.isPaused || scope.signal.aborted) return
    if (isNobodysFault(error)) return
    const now = this.#host.clock.monotonic()
    const record = this.#record(scope)
    record.times = [...record.times.filter((time) => now - time < settings.withinMs), now]
    if (record.times.length < settings.failures && now >= record.probationUntil) return
    this.#pause(instance, scope, record, settings)
  }

  #record(scope: Scope): Failures {
    let record = this.#records.get(scope)
    if (record === undefined) {
      record = { times: [], probationUntil: Number.NEGATIVE_INFINITY }
      this.#records.set(scope, record)
    }
    return record
  }

  #pause(
    instance: PluginInstance,
    scope: Scope,
    record: Failures,
    { pauseMs, withinMs }: { readonly pauseMs: number; readonly withinMs: number },
  ): void {
    const failures = record.times.length
    record.times = []
    scope.pause()
    const { clock } = this.#host
    const cancel = clock.setTimeout(() => {
      void forget()
      record.probationUntil = clock.monotonic() + withinMs
      scope.resume()
      this.#host.onResume(instance)
    }, pauseMs)
    const forget = scope.own('timer', `end of a pause of ${pauseMs} ms`, cancel)
    this.#host.onPause({ instance, failures, pauseMs })
  }
}

/** Trouble of the platform that passes, people who do not answer, the plugin's own end, what others kept back. */
function isNobodysFault(error: unknown): boolean {
  if (!MynahError.is(error)) return false
  const { code, retriable } = error
  return retriable || code.startsWith('PROMPT_') || code === 'PLUGIN_STOPPED' || isKeptBack(code)
}
