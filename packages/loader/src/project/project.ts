import { realpathSync } from 'node:fs'

import {
  type AppLogger,
  App,
  type AppOptions,
  createLogger,
  type LogSettings,
  type MynahError,
} from '@mynah/core'

import { type Mode, ProjectEnvironment } from '../config/env-files.ts'
import { ProjectConfigError } from '../config/issue.ts'
import { ImportTimeout } from '../modules/import-limit.ts'
import type { LoadedModule, ModuleLoader } from '../modules/module-loader.ts'
import { NativeLoader } from '../modules/native-loader.ts'
import { unknownCommands } from './command-names.ts'
import { Entries, type ProjectEntry } from './entries.ts'
import { EntryLoader } from './entry-loader.ts'
import { packagesOf, type ProjectPackages } from './packages.ts'
import { type Plan, type PlannedEntry, readPlan } from './plan.ts'
import { type EntryChange, Replacement, type Stale } from './replace.ts'

/** How a project is opened. */
export interface ProjectOptions {
  /** Absolute path of the folder with the config. */
  readonly root: string
  /** `development` for `bot dev`, `production` for `bot start`. */
  readonly mode: Mode
  /** Loads the project's own modules. @defaultValue Node's own import */
  readonly modules?: ModuleLoader
  /** @defaultValue JSON lines on stderr */
  readonly logger?: AppLogger
  /** In place of the level that the config says. */
  readonly logLevel?: LogSettings['level']
  /** How long running handlers and each clean-up step may take at a stop. @defaultValue those of the app */
  readonly stopLimits?: Pick<AppOptions, 'graceMs' | 'disposeLimitMs'>
  /** Is called with the app before any module is loaded. */
  readonly onApp?: (app: App) => void
}

/** Who develops does not want to wait; who runs a bot does not want to lose anything. */
const limits = {
  development: { setupLimitMs: 5000 },
  production: {},
} as const satisfies Record<Mode, object>

/** A bot project: its config, its plugins, and the app they run in. */
export class Project implements AsyncDisposable {
  /** Folder of the project, without symbolic links. */
  readonly root: string
  /** `development` for `bot dev`, `production` for `bot start`. */
  readonly mode: Mode
  /** The app that its plugins run in. */
  readonly app: App
  /** Loads the project’s own modules. */
  readonly modules: ModuleLoader
  /** When its files began to be read, in ms since 1970: what changed later may not be taken in yet. */
  readonly openedAt: number
  readonly #environment: ProjectEnvironment
  readonly #logLevel: LogSettings['level']
  readonly #loader: EntryLoader
  readonly #entries: Entries
  #plan: Plan
  /** What has been warned of. */
  #warned: ReadonlySet<string> = new Set()
  #packages: ProjectPackages | undefined
  #isStopped = false

  private constructor(
    { root, mode, logLevel }: ProjectOptions,
    environment: ProjectEnvironment,
    modules: ModuleLoader,
    plan: Plan,
    app: App,
    openedAt: number,
  ) {
    this.root = root
    this.mode = mode
    this.app = app
    this.modules = modules
    this.openedAt = openedAt
    this.#environment = environment
    this.#logLevel = logLevel
    this.#loader = new EntryLoader(root, mode, modules, (secret) => app.logger.addSecret(secret))
    this.#entries = new Entries(app)
    this.#plan = plan
  }

  /** What should run and what does, by id. */
  get entries(): ReadonlyMap<string, ProjectEntry> {
    return this.#entries.all
  }

  /** What the files say should run. */
  get plan(): Plan {
    return this.#plan
  }

  /**
   * Reads the config, loads all modules, checks all configs; nothing runs yet.
   *
   * @throws ProjectConfigError with everything that is wrong at once; MynahError `CONFIG_NOT_FOUND`.
   */
  static async open(options: ProjectOptions): Promise<Project> {
    // Modules are known by their real paths, whatever links lead to the project.
    const root = realpathSync(options.root)
    const { mode, modules = new NativeLoader(root), logger = createLogger() } = options
    const openedAt = Date.now()
    const environment = new ProjectEnvironment(root, mode)
    const plan = await readPlan(root, environment, modules, options.logLevel)
    plan.secrets.forEach((secret) => logger.addSecret(secret))
    const app = new App({ ...plan.settings, ...limits[mode], ...options.stopLimits, logger })
    options.onApp?.(app)
    const project = new Project({ ...options, root }, environment, modules, plan, app, openedAt)
    project.#warn(plan.warnings)
    await project.#addAll(plan)
    return project
  }

  async #addAll(plan: Plan): Promise<void> {
    const { entries, absent } = plan
    const loaded = await Promise.all(
      entries.map(async (planned) => ({ planned, result: await this.#loader.load(planned, plan) })),
    )
    const issues = loaded.flatMap(({ result }) =>
      'error' in result && result.error instanceof ProjectConfigError ? result.error.issues : [],
    )
    if (issues.length > 0) throw new ProjectConfigError(issues)
    this.#entries.arrange(plan)
    for (const { id, name, error } of absent) this.#failed(id, name, undefined, error)
    for (const { planned, result } of loaded) {
      if ('plugin' in result) {
        this.#entries.add(planned, result)
        continue
      }
      const failed = this.#failed(planned.id, planned.name, planned, result.error)
      if (result.error instanceof ImportTimeout) void this.#addLate(failed, planned, result.error.late)
    }
  }

  /** Adds a plugin whose import took longer than the others waited, unless something else came meanwhile. */
  async #addLate(failed: ProjectEntry, planned: PlannedEntry, late: Promise<LoadedModule>): Promise<void> {
    const result = await this.#loader.check(planned, this.#plan, () => late)
    const { id, name } = planned
    if (this.entries.get(id) !== failed || this.#isStopped) return
    if ('error' in result) {
      this.#failed(id, name, planned, result.error)
      return
    }
    this.#entries.add(planned, result)
    this.app.logger.info({ plugin: name }, `Plugin ${name} has been imported at last`)
  }

  /** Remembers and reports an entry that could not be loaded; the others go on. */
  #failed(id: string, name: string, planned: PlannedEntry | undefined, error: MynahError): ProjectEntry {
    this.app.logger.error(
      { err: error, plugin: name },
      `Plugin ${name} could not be loaded: ${error.message}`,
    )
    return this.#entries.failed(id, name, planned, error)
  }

  /** Warns of what has not been warned of before. */
  #warn(warnings: readonly string[]): void {
    for (const warning of warnings) if (!this.#warned.has(warning)) this.app.logger.warn(warning)
    this.#warned = new Set(warnings)
  }

  /** Warns of what the plan says and does not do: files that do not count, commands that nobody has. */
  #warnOfPlan(): void {
    const isComplete = Array.from(this.entries.values()).every(({ instance }) => instance !== undefined)
    this.#warn([...this.#plan.warnings, ...unknownCommands(this.app, isComplete)])
  }

  /**
   * Reads anew what the files say should run; nothing is changed yet.
   *
   * @throws as {@link open} does.
   */
  readPlan(): Promise<Plan> {
    return readPlan(this.root, this.#environment, this.modules, this.#logLevel)
  }

  /**
   * Brings what runs in line with a plan, by the least change and without losing an event. What cannot be loaded or
   * started goes on in its old version.
   *
   * @param stale - Entries that are loaded again though nothing else is planned for them.
   * @returns What it did.
   */
  async replace(plan: Plan, stale: Stale): Promise<EntryChange[]> {
    plan.secrets.forEach((secret) => this.app.logger.addSecret(secret))
    const host = {
      app: this.app,
      entries: this.#entries,
      load: (planned: PlannedEntry) => this.#loader.load(planned, plan),
      forget: (file: string) => void this.modules.invalidate([file], false),
    }
    const changes = await new Replacement(host, plan, stale).run(this.#plan)
    if (plan !== this.#plan) {
      this.#plan = plan
      this.#packages = undefined
    }
    this.#warnOfPlan()
    return changes
  }

  /** Files whose change needs a new process: those of packages, and what Node itself has loaded. */
  get packageFiles(): readonly string[] {
    return [...this.#packagesNow().files, ...this.modules.fixedFiles()]
  }

  /** Whether a file is of a package that a plugin is from. */
  isInPackage(file: string): boolean {
    return this.#packagesNow().folders.some((folder) => file.startsWith(folder))
  }

  #packagesNow(): ProjectPackages {
    return (this.#packages ??= packagesOf(this.root, this.#plan))
  }

  /** Files that the plugins of the project are made of, also those of which the newest version cannot be loaded. */
  moduleFiles(): string[] {
    return Array.from(this.entries.values()).flatMap(({ planned }) =>
      planned?.isLocal === true ? this.modules.filesOf(planned.file) : [],
    )
  }

  /** Waits until every plugin has started, failed, or waits for a service. */
  async start(): Promise<void> {
    await this.app.start()
    this.#warnOfPlan()
  }

  /** Stops the app, then lets go of the modules and of the environment. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.app.stop()
    await this.#loader.close()
    this.#environment.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}
