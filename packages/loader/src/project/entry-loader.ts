import { isPlugin, MynahError, type Plugin } from '@mynah/core'

import { checkValue } from '../config/check.ts'
import type { Mode } from '../config/env-files.ts'
import { ProjectConfigError } from '../config/issue.ts'
import { ImportLimit } from '../modules/import-limit.ts'
import { defaultExport, type LoadedModule, type ModuleLoader } from '../modules/module-loader.ts'
import { NativeLoader } from '../modules/native-loader.ts'
import type { Plan, PlannedEntry } from './plan.ts'

/** How long an import may take before the others go on without it, in ms. */
const importLimitMs: Record<Mode, number> = { development: 5000, production: 10_000 }

/** What loading an entry gave: a plugin and a config that it takes, or why there is none. */
export type LoadedEntry =
  | { readonly plugin: Plugin; readonly config: unknown }
  | { readonly error: MynahError }

/** Loads the modules of entries and checks their configs. */
export class EntryLoader {
  readonly #modules: ModuleLoader
  /** Loads packages, whatever loads the modules of the project. */
  readonly #packages: NativeLoader
  readonly #imports: ImportLimit
  readonly #onSecret: (secret: string) => void

  /** @param onSecret - Is told what must not be logged, as far as the schemas of plugins say so. */
  constructor(root: string, mode: Mode, modules: ModuleLoader, onSecret: (secret: string) => void) {
    this.#modules = modules
    this.#packages = modules instanceof NativeLoader ? modules : new NativeLoader(root)
    this.#imports = new ImportLimit(importLimitMs[mode])
    this.#onSecret = onSecret
  }

  /** Loads the module of an entry and checks its config. Never rejects. */
  load(planned: PlannedEntry, plan: Plan): Promise<LoadedEntry> {
    const modules = planned.isLocal ? this.#modules : this.#packages
    return this.check(planned, plan, () => this.#imports.load(modules, planned.file))
  }

  /** The same with a module that comes from elsewhere. Never rejects. */
  async check(planned: PlannedEntry, plan: Plan, load: () => Promise<LoadedModule>): Promise<LoadedEntry> {
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
    checked.secrets.forEach(this.#onSecret)
    if ('issues' in checked) throw new ProjectConfigError(checked.issues.map((issue) => plan.issue(issue)))
    return checked.input
  }

  /** Lets go of all modules. */
  async close(): Promise<void> {
    await this.#modules.close()
    await this.#packages.close()
  }
}
