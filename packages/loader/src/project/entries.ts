import { type App, type MynahError, type PluginInstance } from '@mynah/core'

import type { LoadedEntry } from './entry-loader.ts'
import type { Plan, PlannedEntry } from './plan.ts'

/** A plugin of a project: what should run, and what does. */
export interface ProjectEntry {
  /** `plugins.dice:second`: its place in the config. */
  readonly id: string
  /** Name of the instance. */
  readonly name: string
  /** What runs, or was to be loaded; `undefined` when nobody has it. */
  readonly planned: PlannedEntry | undefined
  /** Is there once it could be loaded. */
  readonly instance: PluginInstance | undefined
  /** Why the newest version does not run; an older one may. */
  readonly error: MynahError | undefined
}

/** An entry whose plugin could be loaded. */
export type RunningEntry = ProjectEntry & {
  readonly planned: PlannedEntry
  readonly instance: PluginInstance
}

/** The plugins of a project by their ids. */
export class Entries {
  readonly #app: App
  readonly #map = new Map<string, ProjectEntry>()
  /** Ids in the order of the plan, whatever came first. */
  #order: readonly string[] = []

  constructor(app: App) {
    this.#app = app
  }

  /** All of them, in the order in which they came. */
  get all(): ReadonlyMap<string, ProjectEntry> {
    return this.#map
  }

  /**
   * Gives all that runs, and all that is added later, its place in a plan.
   *
   * @returns Whether something stood elsewhere.
   */
  arrange({ entries }: Plan): boolean {
    this.#order = entries.map(({ id }) => id)
    return this.#arrange()
  }

  #arrange(): boolean {
    const instances = this.#order.map((id) => this.#map.get(id)?.instance)
    return this.#app.arrange(instances.filter((instance) => instance !== undefined))
  }

  /** An entry whose plugin could be loaded once. */
  running(id: string): RunningEntry | undefined {
    const entry = this.#map.get(id)
    return entry !== undefined && isRunning(entry) ? entry : undefined
  }

  /** Starts a loaded entry. */
  add(planned: PlannedEntry, { plugin, config }: Exclude<LoadedEntry, { error: unknown }>): PluginInstance {
    const { id, name, when } = planned
    const instance = this.#app.plugin(plugin, config, { name, when })
    this.#map.set(id, { id, name, planned, instance, error: undefined })
    this.#arrange()
    return instance
  }

  /** Keeps why the newest version of an entry does not run. */
  failed(id: string, name: string, planned: PlannedEntry | undefined, error: MynahError): ProjectEntry {
    const running = this.running(id)
    const entry =
      running === undefined ? { id, name, planned, instance: undefined, error } : { ...running, error }
    this.#map.set(id, entry)
    return entry
  }

  /** A running plugin is another version now, or has another config. */
  changed(entry: RunningEntry, planned: PlannedEntry): void {
    this.#map.set(entry.id, { ...entry, planned, error: undefined })
  }

  /** Stops an entry, if it runs, and forgets it. */
  async remove(id: string): Promise<void> {
    const entry = this.#map.get(id)
    this.#map.delete(id)
    await entry?.instance?.dispose()
  }
}

function isRunning(entry: ProjectEntry): entry is RunningEntry {
  return entry.planned !== undefined && entry.instance !== undefined
}
