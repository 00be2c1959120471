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
  /** Plugins that would provide it and have failed. */
  readonly failed: readonly string[]
}

/** Who waits for what, circles named. */
export function waitingPlugins(instances: Iterable<PluginInstance>): WaitingPlugin[] {
  const all = Array.from(instances)
  const waiting = all.filter(({ state, missing }) => state === 'pending' && missing.length > 0)
  const failed = all.filter(({ state }) => state === 'failed')
  return waiting.map((instance) => ({
    plugin: instance.name,
    services: instance.missing,
    cycle: findCycle(instance, waiting, [instance]),
    failed: failed
      .filter(({ plugin }) => plugin.provides.some((service) => instance.missing.includes(service)))
      .map(({ name }) => name),
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

const database = 'run "npm install @mynah/database", and take "database: false" out of the config'

/** How the services come about that packages of the framework provide. */
const remedies: ReadonlyMap<string, string> = new Map([
  ['database', database],
  ['storage', database],
  ['server', 'run "npm install @mynah/server", and write "server: {}" into the config'],
])

/** What a person should know about a plugin that waits, and what to do about it. */
export function explainWaiting(waiting: WaitingPlugin): string {
  return `Plugin ${waiting.plugin} waits for ${waiting.services.join(', ')}; ${remedyOf(waiting)}`
}

function remedyOf({ services, cycle, failed }: WaitingPlugin): string {
  if (cycle !== undefined) return `they wait for each other: ${cycle.join(' → ')}`
  if (failed.length > 0) return `${failed.join(', ')} would provide that, and failed: see the error of it`
  const unknown = services.filter((service) => !remedies.has(service))
  const known = new Set(services.flatMap((service) => remedies.get(service) ?? []))
  const add = unknown.length > 0 ? [`add a plugin that provides ${unknown.join(', ')}`] : []
  return [...known, ...add].join('; ')
}

/** How long a plugin may wait for its services before that is reported, in ms. */
const reportAfterMs = 10_000

/** Reports plugins that have been waiting for a while, each time they begin to wait. */
export class WaitingWatch {
  readonly #clock: Clock
  readonly #look: () => readonly WaitingPlugin[]
  readonly #report: (waiting: WaitingPlugin) => void
  /** What ends the wait for a report, by plugin; it stays until the plugin no longer waits, so that each is told once. */
  readonly #cancels = new Map<string, () => void>()

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
    if (state === 'active' || state === 'stopped' || state === 'failed') this.#forget(name)
    if (state !== 'pending' || this.#cancels.has(name)) return
    this.#cancels.set(
      name,
      this.#clock.setTimeout(() => this.#check(name), reportAfterMs),
    )
  }

  /** Reports everybody who waits, at once. */
  reportAll(): void {
    for (const waiting of this.#look()) {
      this.#cancels.get(waiting.plugin)?.()
      this.#cancels.set(waiting.plugin, () => {})
      this.#report(waiting)
    }
  }

  /** Leaves no timer behind. */
  stop(): void {
    for (const name of this.#cancels.keys()) this.#forget(name)
  }

  #forget(name: string): void {
    this.#cancels.get(name)?.()
    this.#cancels.delete(name)
  }

  #check(name: string): void {
    const waiting = this.#look().find(({ plugin }) => plugin === name)
    if (waiting !== undefined) this.#report(waiting)
  }
}
