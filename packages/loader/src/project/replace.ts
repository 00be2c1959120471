import { isDeepStrictEqual } from 'node:util'

import { type App, type CommandIssue, MynahError, type PluginInstance, type Swap } from '@mynah/core'

import type { Entries, ProjectEntry, RunningEntry } from './entries.ts'
import type { LoadedEntry } from './entry-loader.ts'
import type { Plan, PlannedEntry } from './plan.ts'

/** What taking over a plan did to one entry, or to the settings. */
export interface EntryChange {
  /** What happened; `waiting` when it waits for a service. */
  readonly kind: 'reloaded' | 'reconfigured' | 'added' | 'removed' | 'waiting' | 'settings' | 'failed'
  /** Id of the entry, as in `Project.entries`; `config` when it is about all of them. */
  readonly id: string
  /** Name of the plugin; `config` when it is about the configuration as a whole. */
  readonly name: string
  /** Names of commands that are there now. */
  readonly commandsAdded: readonly string[]
  /** Names of commands that are no longer there. */
  readonly commandsGone: readonly string[]
  /** What the settings want of commands and cannot be. */
  readonly issues: readonly CommandIssue[]
  /** Why it failed. */
  readonly error: MynahError | undefined
  /** Whether an older version goes on where the newest one failed. */
  readonly oldGoesOn: boolean
  /** Services that the plugin waits for. */
  readonly missing: readonly string[]
}

/** What a change says of all that did not happen. */
export const nothingElse: Omit<EntryChange, 'kind' | 'id' | 'name'> = {
  commandsAdded: [],
  commandsGone: [],
  issues: [],
  error: undefined,
  oldGoesOn: false,
  missing: [],
}

/** Which entries are loaded again although nothing else is planned for them, by their ids. */
export interface Stale {
  /** Their modules are other ones. */
  readonly changed: ReadonlySet<string>
  /** They could not be loaded before and may be now; the same failure is not told again. */
  readonly retried: ReadonlySet<string>
}

/** What a plan is taken over by. */
export interface ReplaceHost {
  /** Runs the plugins. */
  readonly app: App
  /** What runs until now. */
  readonly entries: Entries
  /** Never rejects. */
  readonly load: (planned: PlannedEntry) => Promise<LoadedEntry>
  /** Forgets the version of a module that was loaded before. */
  readonly forget: (file: string) => void
}

/** A running entry that is to be another version, or to have another config. */
interface Change {
  readonly entry: RunningEntry
  readonly planned: PlannedEntry
  /** What happened; `waiting` when it waits for a service. */
  readonly kind: 'reloaded' | 'reconfigured'
  readonly swap: Swap
}

/** Brings what runs in line with a plan, by the least change. */
export class Replacement {
  readonly #host: ReplaceHost
  readonly #plan: Plan
  readonly #stale: Stale
  readonly #changes: EntryChange[] = []
  /** Why entries did not run in their newest version before. */
  readonly #errorsBefore: ReadonlyMap<string, MynahError | undefined>

  constructor(host: ReplaceHost, plan: Plan, stale: Stale) {
    this.#host = host
    this.#plan = plan
    this.#stale = stale
    this.#errorsBefore = new Map(Array.from(host.entries.all, ([id, { error }]) => [id, error]))
  }

  /** @param before - The plan that held until now. */
  async run(before: Plan): Promise<EntryChange[]> {
    const changes = await this.#prepare()
    const areSettingsOther = !isDeepStrictEqual(this.#plan.settings, before.settings)
    // Others may take over what those that go have had, and nothing may be missing in between.
    const release = areSettingsOther || changes.length > 0 ? this.#host.app.hold() : undefined
    try {
      const isOrderOther = this.#host.entries.arrange(this.#plan)
      if (isOrderOther && !areSettingsOther) this.#note('settings', { id: 'config', name: 'config' })
      await this.#removeMissing()
      await this.#swap(changes, areSettingsOther)
    } finally {
      release?.()
    }
    this.#noteAbsent()
    await this.#addNew()
    return this.#changes.filter((change) => !this.#isToldAlready(change))
  }

  /** What was tried once more because it might work now has been told before. */
  #isToldAlready({ kind, id, error }: EntryChange): boolean {
    return (
      kind === 'failed' &&
      !this.#stale.changed.has(id) &&
      error !== undefined &&
      this.#errorsBefore.get(id)?.message === error.message
    )
  }

  #isStale({ id }: PlannedEntry): boolean {
    return this.#stale.changed.has(id) || this.#stale.retried.has(id)
  }

  #note(
    kind: EntryChange['kind'],
    { id, name }: { id: string; name: string },
    more: Partial<EntryChange> = {},
  ): void {
    this.#changes.push({ ...nothingElse, kind, id, name, ...more })
  }

  #noteFailure(planned: PlannedEntry, error: MynahError, instance?: PluginInstance): void {
    this.#host.entries.failed(planned.id, planned.name, planned, error)
    const oldGoesOn = instance?.state === 'active' || instance?.state === 'pending'
    this.#note('failed', planned, { error, oldGoesOn })
  }

  /** Loads the newest versions of what runs and has changed. */
  async #prepare(): Promise<Change[]> {
    const { entries, load } = this.#host
    const changes: Change[] = []
    for (const planned of this.#plan.entries) {
      const entry = entries.running(planned.id)
      const kind = entry === undefined ? undefined : this.#kindOfChange(entry.planned, planned)
      if (entry === undefined || kind === undefined) continue
      const { instance } = entry
      const loaded = await load(planned)
      if ('error' in loaded) this.#noteFailure(planned, loaded.error, instance)
      else changes.push({ entry, planned, kind, swap: { ...loaded, instance, when: planned.when } })
    }
    return changes
  }

  #kindOfChange(before: PlannedEntry, now: PlannedEntry): Change['kind'] | undefined {
    if (this.#isStale(now) || before.file !== now.file) return 'reloaded'
    return isSame(before, now) ? undefined : 'reconfigured'
  }

  /** Swaps what has been prepared, together with the settings. */
  async #swap(changes: readonly Change[], areSettingsOther: boolean): Promise<void> {
    const { app, entries } = this.#host
    const before = changes.map(({ entry }) => this.#commands(entry.instance))
    const { results, issues } = await app.swap(
      changes.map(({ swap }) => swap),
      areSettingsOther ? this.#plan.settings : undefined,
    )
    if (areSettingsOther) this.#note('settings', { id: 'config', name: 'config' }, { issues })
    for (const [index, { entry, planned, kind }] of changes.entries()) {
      const error = results[index]?.error
      const { instance } = entry
      if (error === undefined) {
        entries.changed(entry, planned)
        this.#noteStart(kind, planned, instance, before[index])
      } else this.#noteFailure(planned, MynahError.from(error, 'PLUGIN_SETUP_FAILED'), instance)
    }
  }

  #noteStart(
    kind: EntryChange['kind'],
    planned: PlannedEntry,
    instance: PluginInstance,
    before: ReadonlySet<string> = new Set(),
  ): void {
    const now = this.#commands(instance)
    const { missing, state } = instance
    this.#note(state === 'pending' ? 'waiting' : kind, planned, {
      missing,
      commandsAdded: Array.from(now).filter((name) => !before.has(name)),
      commandsGone: Array.from(before).filter((name) => !now.has(name)),
    })
  }

  #commands(instance: PluginInstance): ReadonlySet<string> {
    const commands = this.#host.app.inspect.commands.filter(({ plugin }) => plugin === instance.name)
    return new Set(commands.map(({ name }) => name))
  }

  async #removeMissing(): Promise<void> {
    const { entries } = this.#host
    const wanted = new Set(this.#plan.entries.map(({ id }) => id))
    const absent = new Set(this.#plan.absent.map(({ id }) => id))
    for (const entry of Array.from(entries.all.values())) {
      const { id, instance } = entry
      if (wanted.has(id) || (instance === undefined && absent.has(id))) continue
      await entries.remove(id)
      if (instance === undefined) continue
      this.#note('removed', entry)
      await instance.settled()
    }
  }

  /** Tells what the config names and nobody has, once. */
  #noteAbsent(): void {
    for (const { id, name, error } of this.#plan.absent) {
      const isKnown = this.#errorsBefore.get(id)?.message === error.message
      this.#host.entries.failed(id, name, undefined, error)
      if (!isKnown) this.#note('failed', { id, name }, { error })
    }
  }

  async #addNew(): Promise<void> {
    const { entries, load, forget } = this.#host
    for (const planned of this.#plan.entries) {
      const entry = entries.all.get(planned.id)
      if (entry?.instance !== undefined || this.#isHopeless(entry, planned)) continue
      forget(planned.file)
      const loaded = await load(planned)
      if ('error' in loaded) {
        this.#noteFailure(planned, loaded.error)
        continue
      }
      const instance = entries.add(planned, loaded)
      if ((await instance.settled()) === 'failed')
        this.#noteFailure(planned, MynahError.from(instance.error, 'PLUGIN_SETUP_FAILED'))
      else this.#noteStart('added', planned, instance)
    }
  }

  /** Whether an entry could not be loaded, and nothing about it is different now. */
  #isHopeless(entry: ProjectEntry | undefined, planned: PlannedEntry): boolean {
    return entry?.planned !== undefined && isSame(entry.planned, planned) && !this.#isStale(planned)
  }
}

function isSame(before: PlannedEntry, now: PlannedEntry): boolean {
  return isDeepStrictEqual(
    [before.file, before.config, before.whenSpec],
    [now.file, now.config, now.whenSpec],
  )
}
