import { basename, dirname, join, relative, sep } from 'node:path'
import { isDeepStrictEqual } from 'node:util'

import { type LeakDetector, MynahError, type PluginInstance, type ResourceLeak, type Swap } from '@mynah/core'

import { envFileNames } from '../config/env-files.ts'
import { configFileNames } from '../config/source.ts'
import { isSource } from '../modules/source-format.ts'
import { isPluginPath } from '../resolve/plugin-folder.ts'
import { type Plan, type PlannedEntry, pluginFolder, readPlan } from './plan.ts'
import type { Project, RunningEntry } from './project.ts'

/** What a reload did to one entry, or to the settings. */
export interface ReloadReport {
  readonly kind:
    | 'reloaded'
    | 'reconfigured'
    | 'added'
    | 'removed'
    | 'waiting'
    | 'settings'
    | 'failed'
    | 'restart'
  /** Id of the entry, as in `Project.running`; `config` and `bot` when it is about all of them. */
  readonly id: string
  /** Name of the plugin; `config` when it is about the configuration as a whole. */
  readonly name: string
  /** Files that made it necessary, relative to the project. */
  readonly files: readonly string[]
  /** From the first change to the end, in ms. */
  readonly durationMs: number
  readonly commandsAdded: readonly string[]
  readonly commandsGone: readonly string[]
  /** Why it failed. */
  readonly error: MynahError | undefined
  /** Whether an older version goes on where the newest one failed. */
  readonly oldGoesOn: boolean
  /** Services that the plugin waits for. */
  readonly missing: readonly string[]
  /** What the old version left running although it was not registered through `ctx`. */
  readonly leaks: readonly ResourceLeak[]
}

interface Change {
  readonly entry: RunningEntry
  readonly planned: PlannedEntry
  readonly kind: 'reloaded' | 'reconfigured'
}

/** What is to be swapped, and what could not be loaded for it. */
interface Prepared {
  readonly outcomes: readonly Outcome[]
  readonly loaded: readonly { readonly change: Change; readonly swap: Swap }[]
  /** Whether the settings are other ones, too. */
  readonly isOther: boolean
  readonly isChange: boolean
}

type Outcome = Pick<ReloadReport, 'kind' | 'id' | 'name'> & Partial<ReloadReport>

/** Brings a running project in line with its files, by the least change. */
export class Reloader {
  readonly #project: Project
  /** Why the newest version of an entry does not run, by its id; an older one may. */
  readonly #outdated = new Map<string, MynahError>()
  readonly #leaks: LeakDetector | undefined

  /** @param leaks - Sees what plugins leave behind; made before the project was opened. */
  constructor(project: Project, leaks?: LeakDetector) {
    this.#project = project
    this.#leaks = leaks
  }

  /** Whether a file decides what should run. */
  #changesPlan(file: string, hasMoved: boolean): boolean {
    const { root, plan, mode } = this.#project
    if (plan.files.includes(file)) return true
    const name = basename(file)
    if (dirname(file) === root) return configFileNames.includes(name) || envFileNames(mode).includes(name)
    const folder = join(root, pluginFolder) + sep
    if (!file.startsWith(folder) || !isPluginPath(file.slice(folder.length).split(sep))) return false
    return hasMoved || !this.#isKnown(file)
  }

  #isKnown(file: string): boolean {
    return this.#project.moduleFiles().includes(file)
  }

  /**
   * Takes in changed, new and deleted files at once.
   *
   * @param files - Absolute paths.
   * @param moved - Those of them that came or went.
   */
  async apply(files: readonly string[], moved: readonly string[] = []): Promise<ReloadReport[]> {
    const start = performance.now()
    const { modules, root } = this.#project
    const packages = new Set(this.#project.packageFiles)
    const hasMoved = new Set(moved)
    // Installing a package changes what imports find, and the manifest.
    const isStructural = moved.some(isSource) || files.includes(join(root, 'package.json'))
    const affected = this.#affected(new Set(files))
    const rerun = new Set(modules.invalidate(files, isStructural))
    for (const [id, planned] of this.#entries()) {
      if (planned.isLocal && rerun.has(planned.file)) affected.add(id)
    }
    const needsPlan = files.some((file) => this.#changesPlan(file, hasMoved.has(file)))
    const retried = this.#worthAnotherTry(isStructural, needsPlan || affected.size > 0)
    const mark = this.#leaks?.mark() ?? 0
    const outcomes: Outcome[] = files.some((file) => packages.has(file))
      ? [{ kind: 'restart', id: 'bot', name: 'bot' }]
      : await this.#update(needsPlan, affected, retried)
    this.#project.warn()
    const isReload = outcomes.some(({ kind }) => kind === 'reloaded')
    const hasStopped = (file: string): boolean | undefined =>
      rerun.has(file) ? true : this.#project.isInPackage(file) ? false : undefined
    const leaks = isReload ? (this.#leaks?.take(mark, hasStopped) ?? []) : []
    const names = files.map((file) => relative(root, file))
    const durationMs = performance.now() - start
    return outcomes.map((outcome) => ({
      files: names,
      durationMs,
      commandsAdded: [],
      commandsGone: [],
      error: undefined,
      oldGoesOn: false,
      missing: [],
      leaks: outcome.kind === 'reloaded' ? leaks : [],
      ...outcome,
    }))
  }

  /** What runs or should run, by id. */
  #entries(): [id: string, planned: PlannedEntry][] {
    const { running, failed } = this.#project
    return [
      ...Array.from(running, ([id, { planned }]): [string, PlannedEntry] => [id, planned]),
      ...Array.from(failed).flatMap(([id, { planned }]): [string, PlannedEntry][] =>
        planned === undefined ? [] : [[id, planned]],
      ),
    ]
  }

  /** Ids of entries that are made of one of the files. */
  #affected(files: ReadonlySet<string>): Set<string> {
    const { modules } = this.#project
    const made = this.#entries().filter(
      ([, planned]) => planned.isLocal && modules.filesOf(planned.file).some((file) => files.has(file)),
    )
    return new Set(made.map(([id]) => id))
  }

  /** Ids of entries that lacked a module, or a name that another plugin had, and may have it now. */
  #worthAnotherTry(isStructural: boolean, othersChange: boolean): Set<string> {
    const mayWork = (error: MynahError): boolean =>
      (isStructural && isNotFound(error)) || (othersChange && error.code.endsWith('_CONFLICT'))
    return new Set(Array.from(this.#outdated).flatMap(([id, error]) => (mayWork(error) ? [id] : [])))
  }

  async #update(
    needsPlan: boolean,
    affected: ReadonlySet<string>,
    retried: ReadonlySet<string>,
  ): Promise<Outcome[]> {
    const project = this.#project
    let { plan } = project
    if (needsPlan) {
      try {
        plan = await readPlan(project.root, project.environment, project.modules)
      } catch (error) {
        return [failure('config', 'config', MynahError.from(error, 'CONFIG_INVALID'), true)]
      }
    }
    const told = new Map(this.#outdated)
    const wanted = new Set([...affected, ...retried])
    const prepared = await this.#prepare(plan, wanted)
    // Others may take over what those that go have had, and nothing may be missing in between.
    const release = prepared.isChange ? project.app.dispatcher.hold() : undefined
    const removed = await this.#removeMissing(plan)
    const changed = await this.#change(plan, prepared)
    release?.()
    if (changed.isDone) project.adopt(plan)
    const outcomes = [
      ...removed,
      ...changed.outcomes,
      ...this.#noteAbsent(plan),
      ...(await this.#addNew(plan, wanted)),
    ]
    // What was tried once more because it might work now has been told before.
    return outcomes.filter(
      ({ kind, id, error }) =>
        kind !== 'failed' ||
        affected.has(id) ||
        error === undefined ||
        told.get(id)?.message !== error.message,
    )
  }

  /** Loads the newest versions of what runs and has changed. */
  async #prepare(plan: Plan, wanted: ReadonlySet<string>): Promise<Prepared> {
    const outcomes: Outcome[] = []
    const loaded: { change: Change; swap: Swap }[] = []
    for (const change of plan.entries.flatMap((planned) => this.#changeOf(planned, wanted))) {
      const { planned, entry } = change
      const result = await this.#project.load(planned, plan)
      if ('error' in result) outcomes.push(this.#failed(planned, result.error, runs(entry.instance)))
      else loaded.push({ change, swap: { ...result, instance: entry.instance, when: planned.when } })
    }
    const isOther = !isDeepStrictEqual(plan.settings, this.#project.plan.settings)
    return { outcomes, loaded, isOther, isChange: isOther || loaded.length > 0 }
  }

  /** Swaps what has been prepared, together with the settings. */
  async #change(
    plan: Plan,
    { outcomes: failures, loaded, isOther }: Prepared,
  ): Promise<{ outcomes: Outcome[]; isDone: boolean }> {
    const { app } = this.#project
    const outcomes = [...failures]
    const before = loaded.map(({ change }) => this.#commands(change.entry))
    const results = await app.swap(
      loaded.map(({ swap }) => swap),
      isOther ? plan.settings : undefined,
    )
    if (isOther && app.commandOverrides !== plan.settings.commands) {
      const error = MynahError.from(results[0]?.error, 'CONFIG_INVALID')
      for (const { change } of loaded) this.#outdated.set(change.planned.id, error)
      return { outcomes: [...outcomes, failure('config', 'config', error, true)], isDone: false }
    }
    if (isOther) outcomes.unshift({ kind: 'settings', id: 'config', name: 'config' })
    for (const [index, { change }] of loaded.entries()) {
      const error = results[index]?.error
      outcomes.push(
        error === undefined
          ? this.#changed(change, before[index] ?? new Set())
          : this.#failed(
              change.planned,
              MynahError.from(error, 'PLUGIN_SETUP_FAILED'),
              runs(change.entry.instance),
            ),
      )
    }
    return { outcomes, isDone: true }
  }

  #changed({ entry, planned, kind }: Change, before: ReadonlySet<string>): Outcome {
    this.#outdated.delete(planned.id)
    entry.planned = planned
    const now = this.#commands(entry)
    const { missing, state } = entry.instance
    return {
      kind: state === 'pending' ? 'waiting' : kind,
      id: planned.id,
      name: planned.name,
      missing,
      commandsAdded: Array.from(now).filter((name) => !before.has(name)),
      commandsGone: Array.from(before).filter((name) => !now.has(name)),
    }
  }

  #failed({ id, name }: PlannedEntry, error: MynahError, oldGoesOn: boolean): Outcome {
    this.#outdated.set(id, error)
    return failure(id, name, error, oldGoesOn)
  }

  #changeOf(planned: PlannedEntry, wanted: ReadonlySet<string>): Change[] {
    const entry = this.#project.running.get(planned.id)
    if (entry === undefined) return []
    if (wanted.has(planned.id) || entry.planned.file !== planned.file)
      return [{ entry, planned, kind: 'reloaded' }]
    return isSame(entry.planned, planned) ? [] : [{ entry, planned, kind: 'reconfigured' }]
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
      outcomes.push({ kind: 'removed', id, name: planned.name })
      this.#outdated.delete(id)
      await instance.settled()
    }
    const named = new Set([...wanted, ...plan.absent.map(({ id }) => id)])
    for (const id of this.#project.failed.keys()) {
      if (named.has(id)) continue
      this.#project.failed.delete(id)
      this.#outdated.delete(id)
    }
    return outcomes
  }

  /** Tells what the config names and nobody has, once. */
  #noteAbsent(plan: Plan): Outcome[] {
    const { failed } = this.#project
    return plan.absent.flatMap(({ id, name, error }) => {
      const isKnown = failed.get(id)?.error.message === error.message
      failed.set(id, { name, planned: undefined, error })
      return isKnown ? [] : [failure(id, name, error, false)]
    })
  }

  async #addNew(plan: Plan, wanted: ReadonlySet<string>): Promise<Outcome[]> {
    const { running, failed, modules } = this.#project
    const outcomes: Outcome[] = []
    for (const planned of plan.entries) {
      const { id, name } = planned
      const before = failed.get(id)?.planned
      if (running.has(id) || (before !== undefined && isSame(before, planned) && !wanted.has(id))) continue
      modules.invalidate([planned.file], false)
      const loaded = await this.#project.load(planned, plan)
      if ('error' in loaded) {
        failed.set(id, { name, planned, error: loaded.error })
        outcomes.push(this.#failed(planned, loaded.error, false))
        continue
      }
      const instance = this.#project.add(planned, loaded)
      const state = await instance.settled()
      if (state === 'failed') {
        const error = MynahError.from(instance.error, 'PLUGIN_SETUP_FAILED')
        outcomes.push(this.#failed(planned, error, false))
        continue
      }
      this.#outdated.delete(id)
      const entry = running.get(id)
      outcomes.push({
        kind: state === 'pending' ? 'waiting' : 'added',
        id,
        name,
        missing: instance.missing,
        commandsAdded: entry === undefined ? [] : Array.from(this.#commands(entry)),
      })
    }
    return outcomes
  }
}

function failure(id: string, name: string, error: MynahError, oldGoesOn: boolean): Outcome {
  return { kind: 'failed', id, name, error, oldGoesOn }
}

function runs({ state }: PluginInstance): boolean {
  return state === 'active' || state === 'pending'
}

function isSame(before: PlannedEntry, now: PlannedEntry): boolean {
  return isDeepStrictEqual(
    [before.file, before.config, before.whenSpec],
    [now.file, now.config, now.whenSpec],
  )
}

/** Whether a module could not be loaded because another one was not there. */
function isNotFound({ cause }: MynahError): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_LOAD_URL' || code === 'MODULE_NOT_FOUND'
}
