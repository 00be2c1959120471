import { basename, dirname, join, relative } from 'node:path'
import { isDeepStrictEqual } from 'node:util'

import { MynahError, type Swap } from '@mynah/core'

import { envFileNames } from '../config/env-files.ts'
import { configFileNames } from '../config/source.ts'
import type { Leftover, LeftoverWatch } from './leftovers.ts'
import { type Plan, type PlannedEntry, pluginFolder, readPlan } from './plan.ts'
import type { Project, RunningEntry } from './project.ts'

/** What a reload did to one entry, or to the settings. */
export interface ReloadReport {
  readonly kind: 'reloaded' | 'reconfigured' | 'added' | 'removed' | 'settings' | 'failed' | 'restart'
  /** Name of the plugin; `config` when it is about the configuration as a whole. */
  readonly name: string
  /** Files that made it necessary, relative to the project. */
  readonly files: readonly string[]
  /** From the first change to the end, in ms. */
  readonly durationMs: number
  readonly commandsAdded: readonly string[]
  readonly commandsGone: readonly string[]
  /** Why it failed; the old version goes on. */
  readonly error: MynahError | undefined
  /** What the old version left running although it was not registered through `ctx`. */
  readonly leftovers: readonly Leftover[]
}

interface Change {
  readonly entry: RunningEntry
  readonly planned: PlannedEntry
  readonly kind: 'reloaded' | 'reconfigured'
}

type Outcome = Pick<ReloadReport, 'kind' | 'name'> & Partial<ReloadReport>

/** Brings a running project in line with its files, by the least change. */
export class Reloader {
  readonly #project: Project
  /** Entries whose newest version could not be loaded while an older one runs. */
  readonly #outdated = new Set<string>()
  readonly #leftovers: LeftoverWatch | undefined

  /** @param leftovers - Sees what plugins leave behind; made before the project was opened. */
  constructor(project: Project, leftovers?: LeftoverWatch) {
    this.#project = project
    this.#leftovers = leftovers
  }

  /** Files of a kind whose coming, going or change changes the plan. */
  #changesPlan(file: string): boolean {
    const { root, plan } = this.#project
    if (plan.files.includes(file)) return true
    const name = basename(file)
    if (dirname(file) === root)
      return configFileNames.includes(name) || envFileNames(this.#project.mode).includes(name)
    return file.startsWith(join(root, pluginFolder)) && !this.#isKnown(file)
  }

  #isKnown(file: string): boolean {
    return Array.from(this.#project.running.values()).some(({ planned }) =>
      this.#project.modules.filesOf(planned.file).includes(file),
    )
  }

  /**
   * Takes in changed, new and deleted files at once.
   *
   * @param files - Absolute paths.
   * @param isGone - Whether one of them was deleted.
   */
  async apply(files: readonly string[], isGone = false): Promise<ReloadReport[]> {
    const start = performance.now()
    const { modules, root } = this.#project
    const packages = new Set(this.#project.packageFiles)
    const affected = this.#affected(new Set(files))
    const needsPlan = isGone || files.some((file) => this.#changesPlan(file))
    const rerun = new Set(modules.invalidate(files))
    const mark = this.#leftovers?.mark() ?? 0
    const outcomes: Outcome[] = files.some((file) => packages.has(file))
      ? [{ kind: 'restart', name: 'bot' }]
      : await this.#update(needsPlan, affected)
    const isReload = outcomes.some(({ kind }) => kind === 'reloaded')
    const leftovers = isReload ? (this.#leftovers?.take(mark, rerun) ?? []) : []
    const names = files.map((file) => relative(root, file))
    const durationMs = performance.now() - start
    return outcomes.map((outcome) => ({
      files: names,
      durationMs,
      commandsAdded: [],
      commandsGone: [],
      error: undefined,
      leftovers: outcome.kind === 'reloaded' ? leftovers : [],
      ...outcome,
    }))
  }

  /** Ids of entries that are made of one of the files, or that wait for a better version. */
  #affected(files: ReadonlySet<string>): Set<string> {
    const { running, modules } = this.#project
    const ids = new Set(this.#outdated)
    for (const [id, { planned }] of running) {
      if (planned.isLocal && modules.filesOf(planned.file).some((file) => files.has(file))) ids.add(id)
    }
    return ids
  }

  async #update(needsPlan: boolean, affected: ReadonlySet<string>): Promise<Outcome[]> {
    const project = this.#project
    let { plan } = project
    const outcomes: Outcome[] = []
    if (needsPlan) {
      try {
        plan = await readPlan(project.root, project.mode, project.modules)
      } catch (error) {
        return [{ kind: 'failed', name: 'config', error: MynahError.from(error, 'CONFIG_INVALID') }]
      }
      if (!isDeepStrictEqual(plan.settings, project.plan.settings))
        outcomes.push({ kind: 'settings', name: 'config' })
    }
    outcomes.push(...(await this.#change(plan, affected)))
    project.adopt(plan)
    outcomes.push(...(await this.#removeMissing(plan)), ...(await this.#addNew(plan)))
    return outcomes
  }

  async #change(plan: Plan, affected: ReadonlySet<string>): Promise<Outcome[]> {
    const changes = plan.entries.flatMap((planned) => this.#changeOf(planned, affected))
    const swaps: { change: Change; swap: Swap }[] = []
    const outcomes: Outcome[] = []
    for (const change of changes) {
      const loaded = await this.#project.load(change.planned, plan)
      if ('error' in loaded) {
        this.#outdated.add(change.planned.id)
        outcomes.push({ kind: 'failed', name: change.planned.name, error: loaded.error })
      } else {
        this.#outdated.delete(change.planned.id)
        swaps.push({
          change,
          swap: { ...loaded, instance: change.entry.instance, when: change.planned.when },
        })
      }
    }
    const before = swaps.map(({ change }) => this.#commands(change.entry))
    const results = await this.#project.app.swap(swaps.map(({ swap }) => swap))
    results.forEach(({ error }, index) => {
      const change = swaps[index]?.change
      if (change === undefined) return
      const { planned, entry, kind } = change
      if (error !== undefined) {
        this.#outdated.add(planned.id)
        outcomes.push({
          kind: 'failed',
          name: planned.name,
          error: MynahError.from(error, 'PLUGIN_SETUP_FAILED'),
        })
        return
      }
      entry.planned = planned
      const old = before[index] ?? new Set()
      const now = this.#commands(entry)
      outcomes.push({
        kind,
        name: planned.name,
        commandsAdded: Array.from(now).filter((name) => !old.has(name)),
        commandsGone: Array.from(old).filter((name) => !now.has(name)),
      })
    })
    return outcomes
  }

  #changeOf(planned: PlannedEntry, affected: ReadonlySet<string>): Change[] {
    const entry = this.#project.running.get(planned.id)
    if (entry === undefined) return []
    if (affected.has(planned.id) || entry.planned.file !== planned.file)
      return [{ entry, planned, kind: 'reloaded' }]
    const isSame = isDeepStrictEqual(
      [entry.planned.config, entry.planned.whenSpec],
      [planned.config, planned.whenSpec],
    )
    return isSame ? [] : [{ entry, planned, kind: 'reconfigured' }]
  }

  #commands({ instance }: RunningEntry): Set<string> {
    const own = Array.from(this.#project.app.commands).filter(({ scope }) => scope === instance.scope)
    return new Set(own.map(({ name }) => name))
  }

  async #removeMissing(plan: Plan): Promise<Outcome[]> {
    const wanted = new Set(plan.entries.map(({ id }) => id))
    const outcomes: Outcome[] = []
    for (const [id, { planned, instance }] of this.#project.running) {
      if (wanted.has(id)) continue
      await this.#project.remove(id)
      outcomes.push({ kind: 'removed', name: planned.name })
      this.#outdated.delete(id)
      await instance.settled()
    }
    for (const id of this.#project.failed.keys()) {
      if (!wanted.has(id)) this.#project.failed.delete(id)
    }
    return outcomes
  }

  async #addNew(plan: Plan): Promise<Outcome[]> {
    const outcomes: Outcome[] = []
    for (const planned of plan.entries) {
      if (this.#project.running.has(planned.id)) continue
      this.#project.modules.invalidate([planned.file])
      const loaded = await this.#project.load(planned, plan)
      if ('error' in loaded) {
        this.#project.failed.set(planned.id, { planned, error: loaded.error })
        outcomes.push({ kind: 'failed', name: planned.name, error: loaded.error })
        continue
      }
      const instance = this.#project.add(planned, loaded)
      const state = await instance.settled()
      if (state === 'failed') {
        outcomes.push({
          kind: 'failed',
          name: planned.name,
          error: MynahError.from(instance.error, 'PLUGIN_SETUP_FAILED'),
        })
      } else {
        const entry = this.#project.running.get(planned.id)
        outcomes.push({
          kind: 'added',
          name: planned.name,
          commandsAdded: entry === undefined ? [] : Array.from(this.#commands(entry)),
        })
      }
    }
    return outcomes
  }
}
