import { sep } from 'node:path'

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
  #isGone = false
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
      if (event === 'unlink') this.#isGone = true
      this.#schedule()
    })
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

  #schedule(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#work = this.#work.then(() => this.#flush())
    }, this.#options.debounceMs ?? 10)
  }

  async #flush(): Promise<void> {
    const files = Array.from(this.#changed)
    const isGone = this.#isGone
    this.#changed.clear()
    this.#isGone = false
    if (files.length === 0) return
    const reports = await this.#reloader.apply(files, isGone)
    this.#watchOutside()
    if (reports.length > 0) this.#options.onReload(reports)
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

function isIgnored(root: string, path: string): boolean {
  if (!path.startsWith(root + sep)) return false
  const parts = path.slice(root.length + 1).split(sep)
  return parts.some((part) => ignoredFolders.has(part) || (part.startsWith('.') && !part.startsWith('.env')))
}
