import { stat } from 'node:fs/promises'
import { join, sep } from 'node:path'

import { type FSWatcher, watch } from 'chokidar'

import type { Project } from './project.ts'
import { Reloader, type ReloadReport } from './reloader.ts'

/** How a project is watched. */
export interface WatchOptions {
  /** Is told what each batch of changes did. */
  readonly onReload: (reports: readonly ReloadReport[]) => void
  /** How long to collect changes before they are taken in together, in ms. @defaultValue 10 */
  readonly debounceMs?: number
}

const ignoredFolders = new Set(['node_modules', 'dist', 'coverage'])

/** Watches the files of a project and reloads what they belong to. */
export class ProjectWatcher {
  readonly #watcher: FSWatcher
  readonly #project: Project
  readonly #reloader: Reloader
  readonly #options: WatchOptions
  readonly #changed = new Set<string>()
  /** What each file looked like when it was last taken in: time, size and inode. */
  readonly #taken = new Map<string, string>()
  readonly #gone = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #work: Promise<void> = Promise.resolve()

  private constructor(project: Project, watcher: FSWatcher, options: WatchOptions) {
    this.#project = project
    this.#watcher = watcher
    this.#options = options
    this.#reloader = new Reloader(project)
    watcher.on('all', (event, file) => {
      if (event === 'addDir' || event === 'unlinkDir') return
      this.#changed.add(file)
      if (event === 'unlink') this.#gone.add(file)
      this.#schedule()
    })
    // chokidar leaves out a change that follows another one within 50 ms; the system's own events have it.
    watcher.on('raw', (_event, name, details) => this.#onRawEvent(name, details))
    this.#watchOutside()
  }

  /** Resolves when changes are noticed from now on. */
  static async start(project: Project, options: WatchOptions): Promise<ProjectWatcher> {
    const watcher = watch(project.root, {
      ignoreInitial: true,
      ignored: (path) => isIgnored(project.root, path),
    })
    await new Promise<void>((resolve, reject) => {
      watcher.once('ready', resolve)
      watcher.once('error', (error) => reject(error instanceof Error ? error : new Error(String(error))))
    })
    return new ProjectWatcher(project, watcher, options)
  }

  #onRawEvent(name: unknown, details: unknown): void {
    if (typeof details !== 'object' || details === null || !('watchedPath' in details)) return
    const { watchedPath } = details
    if (typeof watchedPath !== 'string' || typeof name !== 'string') return
    for (const file of [watchedPath, join(watchedPath, name)]) {
      if (!this.#taken.has(file)) continue
      this.#changed.add(file)
      this.#schedule()
    }
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#work = this.#work.then(() => this.#flush())
    }, this.#options.debounceMs ?? 10)
  }

  async #flush(): Promise<void> {
    const { files, isGone } = await this.#takeChanged()
    if (files.length === 0) return
    const reports = await this.#reloader.apply(files, isGone)
    this.#watchOutside()
    if (reports.length > 0) this.#options.onReload(reports)
  }

  /** Files that are not what they were when they were last taken in. */
  async #takeChanged(): Promise<{ files: string[]; isGone: boolean }> {
    const candidates = Array.from(this.#changed)
    const gone = new Set(this.#gone)
    this.#changed.clear()
    this.#gone.clear()
    const files: string[] = []
    for (const file of candidates) {
      const look = await lookAt(file)
      // A file that is not there may be on its way: editors replace files. chokidar says when it is really gone.
      const isNews = look === undefined ? gone.has(file) : this.#taken.get(file) !== look
      if (!isNews) continue
      if (look === undefined) this.#taken.delete(file)
      else this.#taken.set(file, look)
      files.push(file)
    }
    return { files, isGone: gone.size > 0 }
  }

  /** Modules may be made of files that are not inside of the project. */
  #watchOutside(): void {
    const { running, modules, root } = this.#project
    for (const { planned } of running.values()) {
      if (planned.isLocal)
        this.#watcher.add(modules.filesOf(planned.file).filter((file) => !file.startsWith(root + sep)))
    }
  }

  /** Stops watching and waits for the reload that is going on. */
  async close(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#watcher.close()
    await this.#work
  }
}

/** What a file looks like from outside; `undefined` when it is not there. */
async function lookAt(file: string): Promise<string | undefined> {
  try {
    const { mtimeMs, size, ino } = await stat(file)
    return `${mtimeMs} ${size} ${ino}`
  } catch {
    return undefined
  }
}

function isIgnored(root: string, path: string): boolean {
  if (!path.startsWith(root + sep)) return false
  const parts = path.slice(root.length + 1).split(sep)
  return parts.some((part) => ignoredFolders.has(part) || (part.startsWith('.') && !part.startsWith('.env')))
}
