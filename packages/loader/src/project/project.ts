import { realpathSync } from 'node:fs'

import {
  type AppLogger,
  App,
  type AppOptions,
  createLogger,
  isPlugin,
  MynahError,
  type Plugin,
  type PluginInstance,
} from '@mynah/core'

import { checkValue } from '../config/check.ts'
import { type Mode, ProjectEnvironment } from '../config/env-files.ts'
import { ProjectConfigError } from '../config/issue.ts'
import { ImportLimit, ImportTimeout } from '../modules/import-limit.ts'
import { defaultExport, type LoadedModule, type ModuleLoader } from '../modules/module-loader.ts'
import { NativeLoader } from '../modules/native-loader.ts'
import { unknownCommands } from './command-names.ts'
import { packageFiles, packageFolders } from './packages.ts'
import { type Plan, type PlannedEntry, readPlan } from './plan.ts'

/** How a project is opened. */
export interface ProjectOptions {
  /** Absolute path of the folder with the config. */
  readonly root: string
  readonly mode: Mode
  /** Loads the project's own modules. @defaultValue Node's own import */
  readonly modules?: ModuleLoader
  /** @defaultValue JSON lines on stderr */
  readonly logger?: AppLogger
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

/** How long an import may take before the others go on without it, in ms. */
const importLimitMs: Record<Mode, number> = { development: 5000, production: 10_000 }

/** A plugin of the project as it runs. */
export interface RunningEntry {
  planned: PlannedEntry
  readonly instance: PluginInstance
}

/** A plugin that could not be found or loaded. */
export interface FailedEntry {
  /** Name of the instance. */
  readonly name: string
  /** What was to be loaded; `undefined` when it was not found. */
  readonly planned: PlannedEntry | undefined
  readonly error: MynahError
}

/** What loading an entry gave: a plugin and a config that it takes, or why there is none. */
export type LoadedEntry =
  | { readonly plugin: Plugin; readonly config: unknown }
  | { readonly error: MynahError }

/** A bot project: its config, its plugins, and the app they run in. */
export class Project implements AsyncDisposable {
  readonly root: string
  readonly mode: Mode
  readonly app: App
  readonly modules: ModuleLoader
  /** When its files began to be read, in ms since 1970: what changed later may not be taken in yet. */
  readonly openedAt: number
  /** What runs, by the id of its entry. */
  readonly running: Map<string, RunningEntry> = new Map()
  /** What should run but cannot be loaded, by the id of its entry. */
  readonly failed: Map<string, FailedEntry> = new Map()
  /** What the `.env` files say. */
  readonly environment: ProjectEnvironment
  readonly #packages: NativeLoader
  readonly #imports: ImportLimit
  #plan: Plan
  /** What has been warned of. */
  #warned: ReadonlySet<string> = new Set()
  #packageFiles: readonly string[] | undefined
  #packageFolders: readonly string[] | undefined
  #isStopped = false

  private constructor(
    options: ProjectOptions,
    environment: ProjectEnvironment,
    modules: ModuleLoader,
    plan: Plan,
    app: App,
    openedAt: number,
  ) {
    this.openedAt = openedAt
    this.environment = environment
    this.#packages = modules instanceof NativeLoader ? modules : new NativeLoader(options.root)
    this.root = options.root
    this.mode = options.mode
    this.#imports = new ImportLimit(importLimitMs[options.mode])
    this.modules = modules
    this.app = app
    this.#plan = plan
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
    const plan = await readPlan(root, environment, modules)
    plan.secrets.forEach((secret) => logger.addSecret(secret))
    const app = new App({ ...plan.settings, ...limits[mode], ...options.stopLimits, logger })
    options.onApp?.(app)
    const project = new Project({ ...options, root }, environment, modules, plan, app, openedAt)
    project.#warn(plan.warnings)
    await project.#addAll(plan)
    return project
  }

  async #addAll({ entries, absent }: Plan): Promise<void> {
    const loaded = await Promise.all(
      entries.map(async (planned) => ({ planned, result: await this.load(planned) })),
    )
    const issues = loaded.flatMap(({ result }) =>
      'error' in result && result.error instanceof ProjectConfigError ? result.error.issues : [],
    )
    if (issues.length > 0) throw new ProjectConfigError(issues)
    for (const { id, name, error } of absent) this.fail(id, { name, planned: undefined, error })
    for (const { planned, result } of loaded) {
      if ('plugin' in result) {
        this.add(planned, result)
        continue
      }
      const failed = { name: planned.name, planned, error: result.error }
      this.fail(planned.id, failed)
      if (result.error instanceof ImportTimeout) void this.#addLate(failed, planned, result.error.late)
    }
  }

  /** Adds a plugin whose import took longer than the others waited, unless something else came meanwhile. */
  async #addLate(failed: FailedEntry, planned: PlannedEntry, late: Promise<LoadedModule>): Promise<void> {
    const result = await this.#check(planned, this.#plan, () => late)
    if (this.failed.get(planned.id) !== failed || this.#isStopped) return
    if ('error' in result) {
      this.fail(planned.id, { ...failed, error: result.error })
      return
    }
    this.add(planned, result)
    this.app.logger.info({ plugin: planned.name }, `Plugin ${planned.name} has been imported at last`)
  }

  /** Loads the module of an entry and checks its config. Never rejects. */
  load(planned: PlannedEntry, plan: Plan = this.#plan): Promise<LoadedEntry> {
    const modules = planned.isLocal ? this.modules : this.#packages
    return this.#check(planned, plan, () => this.#imports.load(modules, planned.file))
  }

  async #check(planned: PlannedEntry, plan: Plan, load: () => Promise<LoadedModule>): Promise<LoadedEntry> {
    try {
      const { module } = await load()
      const plugin = defaultExport(module)
      if (!isPlugin(plugin)) {
        throw new MynahError(
          'PLUGIN_INVALID',
          `${planned.file} must export by default what definePlugin() returns.`,
        )
      }
      return { plugin, config: this.#checkConfig(plugin, planned, plan) }
    } catch (error) {
      return { error: MynahError.from(error, 'MODULE_LOAD_FAILED') }
    }
  }

  /** @throws ProjectConfigError. */
  #checkConfig(plugin: Plugin, planned: PlannedEntry, plan: Plan): unknown {
    if (plugin.schema === undefined) return planned.config
    const checked = checkValue(plugin.schema, planned.config, planned.path, plan.fromEnvironment)
    checked.secrets.forEach((secret) => this.app.logger.addSecret(secret))
    if ('issues' in checked) throw new ProjectConfigError(checked.issues.map((issue) => plan.issue(issue)))
    return checked.input
  }

  /** Starts a loaded entry. */
  add(planned: PlannedEntry, { plugin, config }: { plugin: Plugin; config: unknown }): PluginInstance {
    this.failed.delete(planned.id)
    const instance = this.app.plugin(plugin, config, { name: planned.name, when: planned.when })
    this.running.set(planned.id, { planned, instance })
    return instance
  }

  /** Stops an entry and forgets it. */
  async remove(id: string): Promise<void> {
    this.failed.delete(id)
    const entry = this.running.get(id)
    this.running.delete(id)
    await entry?.instance.dispose()
  }

  /** Remembers and reports an entry that could not be loaded; the others go on. */
  fail(id: string, failed: FailedEntry): void {
    this.failed.set(id, failed)
    const { name, error } = failed
    this.app.logger.error(
      { err: error, plugin: name },
      `Plugin ${name} could not be loaded: ${error.message}`,
    )
  }

  /** Warns of what has not been warned of before. */
  #warn(warnings: readonly string[]): void {
    for (const warning of warnings) if (!this.#warned.has(warning)) this.app.logger.warn(warning)
    this.#warned = new Set(warnings)
  }

  /** Warns of what the plan says and does not do: files that do not count, commands that nobody has. */
  warn(): void {
    this.#warn([...this.#plan.warnings, ...unknownCommands(this.app, this.failed.size === 0)])
  }

  /** Files whose change needs a new process: those of packages, and what Node itself has loaded. */
  get packageFiles(): readonly string[] {
    this.#packageFiles ??= packageFiles(this.root, this.#plan)
    return [...this.#packageFiles, ...this.modules.fixedFiles()]
  }

  /** Whether a file is of a package that a plugin is from. */
  isInPackage(file: string): boolean {
    this.#packageFolders ??= packageFolders(this.#plan)
    return this.#packageFolders.some((folder) => file.startsWith(folder))
  }

  /** Files that the plugins of the project are made of, also those of which the newest version cannot be loaded. */
  moduleFiles(): string[] {
    const planned = [
      ...Array.from(this.running.values(), (entry) => entry.planned),
      ...Array.from(this.failed.values()).flatMap((entry) => entry.planned ?? []),
    ]
    return planned.flatMap(({ file, isLocal }) => (isLocal ? this.modules.filesOf(file) : []))
  }

  /** Takes over a new plan, whose settings the app has already. */
  adopt(plan: Plan): void {
    if (plan !== this.#plan) {
      this.#packageFiles = undefined
      this.#packageFolders = undefined
    }
    this.#plan = plan
    plan.secrets.forEach((secret) => this.app.logger.addSecret(secret))
  }

  /** Waits until every plugin has started, failed, or waits for a service. */
  async start(): Promise<void> {
    await this.app.start()
    this.warn()
  }

  /** Stops the app, then lets go of the modules and of the environment. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.app.stop()
    await this.modules.close()
    await this.#packages.close()
    this.environment.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}
