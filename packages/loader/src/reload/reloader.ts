import { basename, dirname, join, relative, sep } from 'node:path'

import { type LeakDetector, MynahError, type ResourceLeak } from '@mynah/core'

import { envFileNames } from '../config/env-files.ts'
import { configFileNames } from '../config/find-config.ts'
import { isSource } from '../modules/source-format.ts'
import { pluginFolder } from '../project/plan.ts'
import type { Project } from '../project/project.ts'
import { type EntryChange, nothingElse, type Stale } from '../project/replace.ts'
import { isPluginPath } from '../resolve/plugin-folder.ts'
import { codeOf } from '../shared/attempt.ts'

/** What a reload did to one entry, or to the settings. */
export interface ReloadReport extends Omit<EntryChange, 'kind'> {
  /** `restart` when only a new process can take the change in; its `id` and `name` are `bot`. */
  readonly kind: EntryChange['kind'] | 'restart'
  /** Files that made it necessary, relative to the project. */
  readonly files: readonly string[]
  /** From the first change to the end, in ms. */
  readonly durationMs: number
  /** What the old version left running although it was not registered through `ctx`. */
  readonly leaks: readonly ResourceLeak[]
}

type Outcome = Omit<ReloadReport, 'files' | 'durationMs' | 'leaks'>

/** Takes changed files into a running project. */
export class Reloader {
  readonly #project: Project
  readonly #leaks: LeakDetector | undefined

  /** @param leaks - Sees what plugins leave behind; made before the project was opened. */
  constructor(project: Project, leaks?: LeakDetector) {
    this.#project = project
    this.#leaks = leaks
  }

  /**
   * Takes in changed, new and deleted files at once.
   *
   * @param files - Absolute paths.
   * @param moved - Those of them that came or went.
   */
  async apply(files: readonly string[], moved: readonly string[] = []): Promise<ReloadReport[]> {
    const start = performance.now()
    const { modules, root, packageFiles } = this.#project
    // Installing a package changes what imports find, and the manifest.
    const isStructural = moved.some(isSource) || files.includes(join(root, 'package.json'))
    const before = this.#madeOf(new Set(files))
    const rerun = new Set(modules.invalidate(files, isStructural))
    const changed = new Set([...before, ...this.#definedIn(rerun)])
    const hasMoved = new Set(moved)
    const isPlanOther = files.some((file) => this.#changesPlan(file, hasMoved.has(file)))
    const retried = this.#worthAnotherTry(isStructural, isPlanOther || changed.size > 0)
    const mark = this.#leaks?.mark() ?? 0
    const outcomes = files.some((file) => packageFiles.includes(file))
      ? [aboutAll('bot', 'restart')]
      : await this.#replace(isPlanOther, { changed, retried })
    const leaks = outcomes.some(({ kind }) => kind === 'reloaded') ? this.#takeLeaks(mark, rerun) : []
    const names = files.map((file) => relative(root, file))
    const durationMs = performance.now() - start
    return outcomes.map((outcome) => ({
      ...outcome,
      files: names,
      durationMs,
      leaks: outcome.kind === 'reloaded' ? leaks : [],
    }))
  }

  async #replace(isPlanOther: boolean, stale: Stale): Promise<Outcome[]> {
    const project = this.#project
    try {
      return await project.replace(isPlanOther ? await project.readPlan() : project.plan, stale)
    } catch (error) {
      return [aboutAll('config', 'failed', MynahError.from(error, 'CONFIG_INVALID'))]
    }
  }

  #takeLeaks(mark: number, rerun: ReadonlySet<string>): ResourceLeak[] {
    const hasStopped = (file: string): boolean | undefined =>
      rerun.has(file) ? true : this.#project.isInPackage(file) ? false : undefined
    return this.#leaks?.take(mark, hasStopped) ?? []
  }

  /** Whether a file decides what should run. */
  #changesPlan(file: string, hasMoved: boolean): boolean {
    const { root, plan, mode } = this.#project
    if (plan.files.includes(file)) return true
    const name = basename(file)
    if (dirname(file) === root) return configFileNames.includes(name) || envFileNames(mode).includes(name)
    const folder = join(root, pluginFolder) + sep
    if (!file.startsWith(folder) || !isPluginPath(file.slice(folder.length).split(sep))) return false
    return hasMoved || !this.#project.moduleFiles().includes(file)
  }

  /** Ids of entries that are made of one of the files. */
  #madeOf(files: ReadonlySet<string>): string[] {
    const { modules } = this.#project
    return this.#local((entry) => modules.filesOf(entry).some((file) => files.has(file)))
  }

  /** Ids of entries whose module is one of the files. */
  #definedIn(files: ReadonlySet<string>): string[] {
    return this.#local((entry) => files.has(entry))
  }

  #local(fits: (file: string) => boolean): string[] {
    return Array.from(this.#project.entries.values()).flatMap(({ id, planned }) =>
      planned?.isLocal === true && fits(planned.file) ? [id] : [],
    )
  }

  /** Ids of entries that lacked a module, or a name that another plugin had, and may have it now. */
  #worthAnotherTry(isStructural: boolean, doOthersChange: boolean): Set<string> {
    const mayWork = (error: MynahError): boolean =>
      (isStructural && isNotFound(error)) || (doOthersChange && error.code.endsWith('_CONFLICT'))
    const ids = Array.from(this.#project.entries.values()).flatMap(({ id, error }) =>
      error !== undefined && mayWork(error) ? [id] : [],
    )
    return new Set(ids)
  }
}

function aboutAll(name: string, kind: Outcome['kind'], error?: MynahError): Outcome {
  return { ...nothingElse, kind, id: name, name, error, oldGoesOn: error !== undefined }
}

/** Whether a module could not be loaded because another one was not there. */
function isNotFound({ cause }: MynahError): boolean {
  const code = codeOf(cause)
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_LOAD_URL' || code === 'MODULE_NOT_FOUND'
}
