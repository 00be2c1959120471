import {
  type AppLogger,
  App,
  createLogger,
  isPlugin,
  MynahError,
  type Plugin,
  type PluginInstance,
} from '@mynah/core'

import { checkValue } from '../config/check.ts'
import type { Mode } from '../config/env-files.ts'
import { ProjectConfigError } from '../config/issue.ts'
import type { ModuleLoader } from '../modules/module-loader.ts'
import { NativeLoader } from '../modules/native-loader.ts'
import { packageFiles } from './packages.ts'
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
}

/** Who develops does not want to wait; who runs a bot does not want to lose anything. */
const limits = {
  development: { setupLimitMs: 5000 },
  production: {},
} as const satisfies Record<Mode, object>

/** A plugin of the project as it runs. */
export interface RunningEntry {
  planned: PlannedEntry
  readonly instance: PluginInstance
}

/** A module that could not become a plugin. */
export interface FailedEntry {
  readonly planned: PlannedEntry
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
  readonly #packages = new NativeLoader()
  #plan: Plan
  #packageFiles: readonly string[] | undefined

  private constructor(
    options: ProjectOptions,
    modules: ModuleLoader,
    plan: Plan,
    app: App,
    openedAt: number,
  ) {
    this.openedAt = openedAt
    this.root = options.root
    this.mode = options.mode
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
    const { root, mode, modules = new NativeLoader(), logger = createLogger() } = options
    const openedAt = Date.now()
    const plan = await readPlan(root, mode, modules)
    plan.secrets.forEach((secret) => logger.addSecret(secret))
    const app = new App({ ...plan.settings, ...limits[mode], logger })
    const project = new Project(options, modules, plan, app, openedAt)
    await project.#addAll(plan.entries)
    return project
  }

  async #addAll(entries: readonly PlannedEntry[]): Promise<void> {
    const loaded = await Promise.all(
      entries.map(async (planned) => ({ planned, result: await this.load(planned) })),
    )
    const issues = loaded.flatMap(({ result }) =>
      'error' in result && result.error instanceof ProjectConfigError ? result.error.issues : [],
    )
    if (issues.length > 0) throw new ProjectConfigError(issues)
    for (const { planned, result } of loaded) {
      if ('plugin' in result) this.add(planned, result)
      else this.fail(planned, result.error)
    }
  }

  /** Loads the module of an entry and checks its config. Never rejects. */
  async load(planned: PlannedEntry, plan: Plan = this.#plan): Promise<LoadedEntry> {
    try {
      const { module } = await (planned.isLocal ? this.modules : this.#packages).load(planned.file)
      const plugin = module['default']
      if (!isPlugin(plugin)) {
        throw new MynahError(
          'PLUGIN_INVALID',
          `${planned.file} must export by default what definePlugin() returns.`,
        )
      }
      return { plugin, config: checkConfig(plugin, planned, plan) }
    } catch (error) {
      return { error: MynahError.from(error, 'MODULE_LOAD_FAILED') }
    }
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
  fail(planned: PlannedEntry, error: MynahError): void {
    this.failed.set(planned.id, { planned, error })
    this.app.logger.error(
      { err: error, plugin: planned.name },
      `Plugin ${planned.name} could not be loaded: ${error.message}`,
    )
  }

  /** Files whose change needs a new process, see `packageFiles`. */
  get packageFiles(): readonly string[] {
    this.#packageFiles ??= packageFiles(this.root, this.#plan)
    return this.#packageFiles
  }

  /** Takes over a new plan. */
  adopt(plan: Plan): void {
    if (plan !== this.#plan) this.#packageFiles = undefined
    this.#plan = plan
    plan.secrets.forEach((secret) => this.app.logger.addSecret(secret))
    this.app.configure(plan.settings)
  }

  /** Waits until every plugin has started, failed, or waits for a service. */
  async start(): Promise<void> {
    await this.app.start()
  }

  /** Stops the app, then lets go of the modules. */
  async stop(): Promise<void> {
    await this.app.stop()
    await this.modules.close()
    await this.#packages.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

/** @throws ProjectConfigError. */
function checkConfig(plugin: Plugin, planned: PlannedEntry, plan: Plan): unknown {
  if (plugin.schema === undefined) return planned.config
  const checked = checkValue(plugin.schema, planned.config, planned.path, plan.fromEnvironment)
  if ('issues' in checked) throw new ProjectConfigError(checked.issues.map((issue) => plan.issue(issue)))
  return checked.input
}
