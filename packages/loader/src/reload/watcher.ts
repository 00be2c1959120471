import { join, sep } from 'node:path'

import type { LeakDetector } from '@mynah/core'
import type { FSWatcher } from 'chokidar'

import { FileChanges, writtenAt } from './file-changes.ts'
import type { Project } from '../project/project.ts'
import { Reloader, type ReloadReport } from './reloader.ts'

/** How a project is watched. */
export interface WatchOptions {
  /** Is told what each batch of changes did. */
  readonly onReload: (reports: readonly ReloadReport[]) => void
  /** Sees what plugins leave behind; made before the project was opened. */
  readonly leaks?: LeakDetector
}

/** How long to wait for more changes before they are taken in together, in ms. */
const debounceMs = 2
/** The same once several files have changed: a checkout of another branch comes as one. */
const batchDebounceMs = 30
const batchSize = 3

const ignoredFolders = new Set(['node_modules', 'dist', 'coverage'])

/** Watches the files of a project and reloads what they belong to. */
export class ProjectWatcher {
  readonly #watcher: FSWatcher
  readonly #project: Project
  readonly #reloader: Reloader
  readonly #options: WatchOptions
  readonly #changes = new FileChanges()
  #timer: NodeJS.Timeout | undefined
  #work: Promise<void>

  readonly #others: Set<string>

  private constructor(project: Project, watcher: FSWatcher, others: Set<string>, options: WatchOptions) {
    this.#others = others
    this.#project = project
    this.#watcher = watcher
    this.#options = options
    this.#reloader = new Reloader(project, options.leaks)
    watcher.on('all', (event, file) => {
      if (event === 'addDir' || event === 'unlinkDir') return
      if (event === 'unlink') this.#changes.noteGone(file)
      else if (event === 'add') this.#changes.noteNew(file)
      else this.#changes.note(file)
      this.#schedule()
    })
    // chokidar leaves out a change that follows another one within 50 ms; the system's own events have it.
    watcher.on('raw', (_event, name, details) => this.#onRawEvent(name, details))
    this.#watchOthers()
    this.#work = this.#takeMissed()
  }

  /** Resolves when changes are noticed from now on. */
  static async start(project: Project, options: WatchOptions): Promise<ProjectWatcher> {
    const others = new Set<string>()
    const { watch } = await import('chokidar')
    const watcher = watch(project.root, {
      ignoreInitial: true,
      ignored: (path) => !others.has(path) && isIgnored(project.root, path),
    })
    await new Promise<void>((resolve, reject) => {
      watcher.once('ready', resolve)
      watcher.once('error', (error) => reject(error instanceof Error ? error : new Error(String(error))))
    })
    return new ProjectWatcher(project, watcher, others, options)
  }

  /** Takes in what was saved after the project was opened and before it was watched. */
  async #takeMissed(): Promise<void> {
    const { plan, openedAt } = this.#project
    for (const file of new Set([...plan.files, ...this.#project.moduleFiles()])) {
      if ((await writtenAt(file)) >= openedAt) this.#changes.note(file)
    }
    if (this.#changes.size > 0) this.#schedule()
  }

  #onRawEvent(name: unknown, details: unknown): void {
    if (typeof details !== 'object' || details === null || !('watchedPath' in details)) return
    const { watchedPath } = details
    if (typeof watchedPath !== 'string' || typeof name !== 'string') return
    for (const file of [watchedPath, join(watchedPath, name)]) {
      if (!this.#changes.has(file)) continue
      this.#changes.note(file)
      this.#schedule()
    }
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    const delayMs = this.#changes.size < batchSize ? debounceMs : batchDebounceMs
    this.#timer = setTimeout(() => {
      this.#work = this.#work.then(() => this.#flush())
    }, delayMs)
  }

  async #flush(): Promise<void> {
    const { files, moved, isUnfinished } = await this.#changes.take()
    if (isUnfinished) this.#schedule()
    if (files.length === 0) return
    const reports = await this.#reloader.apply(files, moved)
    this.#watchOthers()
    if (reports.length > 0) this.#options.onReload(reports)
  }

  /** Modules may be made of files outside of the project or in folders that are not watched; packages always are. */
  #watchOthers(): void {
    const { root, packageFiles } = this.#project
    const others = this.#project
      .moduleFiles()
      .filter((file) => !file.startsWith(root + sep) || isIgnored(root, file))
      .concat(packageFiles)
    const added = others.filter((file) => !this.#others.has(file))
    for (const file of added) this.#others.add(file)
    if (added.length > 0) this.#watcher.add(added)
  }

  /** Stops watching and waits for the reload that is going on. */
  async close(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#watcher.close()
    await this.#work
  }
}

function isIgnored(root: string, path: string): boolean {
  if (!path.startsWith(root + sep)) return false
  const parts = path.slice(root.length + 1).split(sep)
  return parts.some((part) => ignoredFolders.has(part) || (part.startsWith('.') && !part.startsWith('.env')))
}
