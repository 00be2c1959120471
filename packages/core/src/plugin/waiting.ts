import type { Clock } from '../shared/clock.ts'
import type { PluginInstance } from './instance.ts'

/** A plugin that cannot start, and what it waits for. */
export interface WaitingPlugin {
  /** Name of the instance. */
  readonly plugin: string
  /** What it waits for. */
  readonly services: readonly string[]
  /** Plugins that wait for each other in a circle, beginning with this one. */
  readonly cycle: readonly string[] | undefined
}

/** Who waits for what, circles named. */
export function waitingPlugins(instances: Iterable<PluginInstance>): WaitingPlugin[] {
  const waiting = Array.from(instances).filter(
    ({ state, missing }) => state === 'pending' && missing.length > 0,
  )
  return waiting.map((instance) => ({
    plugin: instance.name,
    services: instance.missing,
    cycle: findCycle(instance, waiting, [instance]),
  }))
}

function findCycle(
  start: PluginInstance,
  waiting: readonly PluginInstance[],
  path: readonly PluginInstance[],
): readonly string[] | undefined {
  const last = path.at(-1)
  for (const service of last?.missing ?? []) {
    for (const provider of waiting) {
      if (!provider.plugin.provides.includes(service)) continue
      if (provider === start) return [...path, start].map(({ name }) => name)
      if (path.includes(provider)) continue
      const cycle = findCycle(start, waiting, [...path, provider])
      if (cycle !== undefined) return cycle
    }
  }
  return undefined
}

/** What a person should know about a plugin that waits, and what to do about it. */
export function explainWaiting({ plugin, services, cycle }: WaitingPlugin): string {
  const detail =
    cycle === undefined
      ? `add a plugin that provides ${services.join(', ')}`
      : `they wait for each other: ${cycle.join(' → ')}`
  return `Plugin ${plugin} waits for ${services.join(', ')}; ${detail}`
}

/** How long a plugin may wait for its services before that is reported, in ms. */
const reportAfterMs = 10_000

/** Reports plugins that have been waiting for a while, each time they begin to wait. */
export class WaitingWatch {
  readonly #clock: Clock
  readonly #look: () => readonly WaitingPlugin[]
  readonly #report: (waiting: WaitingPlugin) => void
  /** Since when each plugin waits; `undefined` once that has been reported. */
  readonly #since = new Map<string, number | undefined>()
  #cancel: (() => void) | undefined

  /**
   * @param look - Says who waits now.
   * @param report - Called once for each time that a plugin waits too long.
   */
  constructor(clock: Clock, look: () => readonly WaitingPlugin[], report: (waiting: WaitingPlugin) => void) {
    this.#clock = clock
    this.#look = look
    this.#report = report
  }

  /** Something began or ended to wait: look at it in a while. */
  stateChanged({ name, state }: PluginInstance): void {
    if (state !== 'pending') {
      if (state === 'active' || state === 'stopped' || state === 'failed') this.#since.delete(name)
      return
    }
    if (!this.#since.has(name)) this.#since.set(name, this.#clock.monotonic())
    this.#cancel ??= this.#clock.setTimeout(() => this.#check(), reportAfterMs)
  }

  /** Reports everybody who waits, at once. */
  reportAll(): void {
    for (const waiting of this.#look()) {
      this.#since.set(waiting.plugin, undefined)
      this.#report(waiting)
    }
  }

  /** Leaves no timer behind. */
  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#since.clear()
  }

  #check(): void {
    this.#cancel = undefined
    const now = this.#clock.monotonic()
    const waiting = new Map(this.#look().map((one) => [one.plugin, one]))
    let nextMs = Number.POSITIVE_INFINITY
    for (const [name, since] of this.#since) {
      const one = waiting.get(name)
      if (since === undefined || one === undefined) continue
      const leftMs = since + reportAfterMs - now
      if (leftMs > 0) {
        nextMs = Math.min(nextMs, leftMs)
        continue
      }
      this.#since.set(name, undefined)
      this.#report(one)
    }
    if (nextMs < Number.POSITIVE_INFINITY) this.#cancel = this.#clock.setTimeout(() => this.#check(), nextMs)
  }
}
