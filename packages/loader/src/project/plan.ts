import { join, relative } from 'node:path'

import {
  type AppSettings,
  filter,
  type Filter,
  filterSchema,
  type LogSettings,
  MynahError,
  readSettings,
  type z,
} from '@mynah/core'

import { isPlainObject } from '../shared/plain-object.ts'
import { checkValue, readBoolean, type ValueIssue } from '../config/check.ts'
import type { Environment, Mode, ProjectEnvironment } from '../config/env-files.ts'
import { formatIssue, type ProjectIssue, ProjectConfigError } from '../config/issue.ts'
import { botConfigSchema } from '../config/schema.ts'
import { secretsOfAddresses, secretsOfEnvironment } from '../config/secrets.ts'
import { ConfigFile } from '../config/config-file.ts'
import { type Path, pathKey, type Substitution, substitute } from '../config/substitute.ts'
import type { ModuleLoader } from '../modules/module-loader.ts'
import { type EntryKind, parseEntryName } from '../resolve/names.ts'
import { type FolderPlugin, listFolderPlugins } from '../resolve/plugin-folder.ts'
import { isInstalled, resolveEntry } from '../resolve/resolve-entry.ts'

/** One plugin that the project wants to run. */
export interface PlannedEntry {
  /** `server`, `database`, `adapters.onebot`, `plugins.dice:second`: unique in a project. */
  readonly id: string
  /** Name of the instance. */
  readonly name: string
  /** Absolute path of its module. */
  readonly file: string
  /** Whether it is part of the project, and so loaded again when it changes. */
  readonly isLocal: boolean
  /** What is written for it, without `enabled` and `when`. */
  readonly config: unknown
  /** Which events it may see; all where that is `undefined`. */
  readonly when: Filter | undefined
  /** What `when` was made of, to see whether it changed. */
  readonly whenSpec: unknown
  /** Where it stands in the config. */
  readonly path: Path
}

/** A plugin that the config names and nobody has. */
export interface AbsentEntry {
  /** `plugins.dice:second`: its place in the config. */
  readonly id: string
  /** As the config names it. */
  readonly name: string
  /** Where it was looked for, and what to do. */
  readonly error: MynahError
}

/** What a project's files say should run. */
export interface Plan {
  /** The settings of the app, with all defaults. */
  readonly settings: AppSettings
  /** The server and the database, then plugins, then adapters: whoever answers is ready before the first message comes. */
  readonly entries: readonly PlannedEntry[]
  /** Plugins that are named but not there; the others run without them. */
  readonly absent: readonly AbsentEntry[]
  /** Ids of plugins and adapters that the config switches off. */
  readonly disabled: readonly string[]
  /** What is left out in a way that people may not have meant. */
  readonly warnings: readonly string[]
  /** Places whose whole text came from variables, see `substitute`. */
  readonly fromEnvironment: ReadonlySet<string>
  /** Values that must not be logged, as far as the config alone tells. */
  readonly secrets: readonly string[]
  /** Files whose change changes the plan. */
  readonly files: readonly string[]
  /** Where something stands in the config, as an issue; says so where only an empty variable stands there. */
  issue(found: ValueIssue): ProjectIssue
}

/** Name of the folder whose plugins load by themselves. */
export const pluginFolder = 'plugins'

/**
 * Reads what should run: config file, environment, plugin folder.
 *
 * @param logLevel - In place of the level that the config says.
 * @throws ProjectConfigError with everything that is wrong at once; MynahError `CONFIG_NOT_FOUND`.
 */
export async function readPlan(
  root: string,
  variables: ProjectEnvironment,
  modules: ModuleLoader,
  logLevel?: LogSettings['level'],
): Promise<Plan> {
  const environment = await variables.read()
  // Before any module runs, so that all code finds it.
  variables.apply(environment)
  const source = await ConfigFile.read(root, modules)
  const folder = await listFolderPlugins(join(root, pluginFolder))
  const substitution = substitute(source.data, environment)
  const log = { messages: variables.mode === 'development', level: logLevel }
  const { mode } = variables
  return new Planner({ root, mode, log, source, substitution, folder, environment }).plan()
}

/** What a plan is made of. */
interface Sources {
  readonly root: string
  readonly mode: Mode
  readonly log: LogSettings
  readonly source: ConfigFile
  readonly substitution: Substitution
  readonly folder: readonly FolderPlugin[]
  readonly environment: Environment
}

class Planner {
  readonly #from: Sources
  readonly #issues: ProjectIssue[] = []
  readonly #absent: AbsentEntry[] = []
  readonly #disabled: string[] = []

  constructor(from: Sources) {
    this.#from = from
  }

  plan(): Plan {
    const { data, fromEnvironment, used, missing } = this.#from.substitution
    for (const { path, name, isEmpty } of missing) {
      const advice = `or write \${${name}:-default}`
      const message = isEmpty
        ? `the environment variable ${name} is set but empty; fill it in ${advice}`
        : `the environment variable ${name} is not set; set it (for example in .env) ${advice}`
      this.#report({ path, message })
    }
    const settings = this.#settings(data)
    const config = isPlainObject(data) ? data : {}
    const entries = [
      ...this.#shared('server', config['server'] ?? false),
      ...this.#shared('database', this.#databaseConfig(config['database'])),
      ...this.#section('plugin', 'plugins', config['plugins']),
      ...this.#section('adapter', 'adapters', config['adapters']),
    ]
    if (this.#issues.length > 0) throw new ProjectConfigError(this.#issues)
    return {
      settings,
      entries,
      absent: this.#absent,
      disabled: this.#disabled,
      warnings: this.#warnings(),
      fromEnvironment,
      secrets: [...secretsOfEnvironment(this.#from.environment, used), ...secretsOfAddresses(data)],
      files: this.#from.source.files,
      issue: (found) => this.#locate(found),
    }
  }

  #settings(data: unknown): AppSettings {
    const config = this.#check(botConfigSchema, data, [])
    if (config === undefined) return {}
    const { log, ...settings } = config
    const { messages, level = log.level } = this.#from.log
    return readSettings({ ...settings, log: { messages, ...log, level } })
  }

  #warnings(): string[] {
    const { name, leftOut } = this.#from.source
    const configs = leftOut.map((other) => `${other} does not count, because ${name} is there, too`)
    const plugins = this.#from.folder.flatMap((plugin) =>
      plugin.leftOut.map(
        (file) =>
          `${pluginFolder}/${file} is not loaded, because ${relative(this.#from.root, plugin.file)} has the same name`,
      ),
    )
    return [...configs, ...plugins]
  }

  /** What the whole bot shares; `false` leaves it out. */
  #shared(name: 'server' | 'database', config: unknown): PlannedEntry[] {
    if (config === false) return []
    const path: Path = [name]
    try {
      const found = resolveEntry(this.#from.root, 'plugin', `@mynah/${name}`, [])
      return [{ ...found, id: name, name, config, when: undefined, whenSpec: undefined, path }]
    } catch (error) {
      this.#report({ path, message: MynahError.from(error, 'MODULE_NOT_FOUND').message })
      return []
    }
  }

  /** Where it is installed, the database is there without a word in the config. */
  #databaseConfig(written: unknown): unknown {
    const value = this.#fromVariable(written, ['database'])
    if (value === false) return false
    if (value === undefined && !isInstalled(this.#from.root, '@mynah/database')) return false
    const { mode } = this.#from
    if (typeof value === 'string') return { url: value, mode }
    return isPlainObject(value) ? { mode, ...value } : { mode }
  }

  /** What is written in a section and, behind it, what is in the plugin folder and not written. */
  #section(kind: EntryKind, at: string, values: unknown): PlannedEntry[] {
    const written = isPlainObject(values) ? values : {}
    const names = kind === 'plugin' ? this.#from.folder.map(({ name }) => name) : []
    const implied = names.filter((name) => !Object.hasOwn(written, name)).map((name) => [name, {}] as const)
    return [...Object.entries(written), ...implied].flatMap(([key, value]) =>
      this.#entry(kind, key, value, [at, key]),
    )
  }

  #entry(kind: EntryKind, key: string, written: unknown, path: Path): PlannedEntry[] {
    const value = this.#fromVariable(written, path)
    if (value === false) return this.#switchedOff(path)
    if (value !== null && value !== undefined && value !== true && !isPlainObject(value)) {
      this.#report({ path, message: 'expected the config of the plugin, nothing, true or false' })
      return []
    }
    const { enabled: isEnabled, when: whenSpec, ...config } = isPlainObject(value) ? value : {}
    const enabled = this.#fromVariable(isEnabled ?? true, [...path, 'enabled'])
    if (typeof enabled !== 'boolean')
      this.#report({ path: [...path, 'enabled'], message: 'expected true or false' })
    if (enabled === false) return this.#switchedOff(path)
    const when = whenSpec === undefined ? undefined : this.#filter(whenSpec, [...path, 'when'])
    const { name } = parseEntryName(key)
    const id = path.join('.')
    try {
      const found = resolveEntry(this.#from.root, kind, name, this.#from.folder)
      return [{ ...found, id, name: key, config, when, whenSpec, path }]
    } catch (error) {
      const issue = this.#locate({ path, message: MynahError.from(error, 'MODULE_NOT_FOUND').message })
      // A bot can do without a plugin, but not without what it talks through.
      if (kind === 'adapter') this.#issues.push(issue)
      else this.#absent.push({ id, name: key, error: new MynahError('MODULE_NOT_FOUND', formatIssue(issue)) })
      return []
    }
  }

  #switchedOff(path: Path): [] {
    this.#disabled.push(path.join('.'))
    return []
  }

  /** A text that came whole from a variable may say yes or no. */
  #fromVariable(value: unknown, path: Path): unknown {
    return this.#from.substitution.fromEnvironment.has(pathKey(path)) ? readBoolean(value) : value
  }

  #filter(spec: unknown, path: Path): Filter | undefined {
    const checked = this.#check(filterSchema, spec, path)
    return checked === undefined ? undefined : filter.of(checked)
  }

  /** What a schema makes of a value; what is wrong with it is reported. */
  #check<T>(schema: z.ZodType<T>, value: unknown, path: Path): T | undefined {
    const checked = checkValue(schema, value, path, this.#from.substitution.fromEnvironment)
    if ('value' in checked) return checked.value
    checked.issues.forEach((issue) => this.#report(issue))
    return undefined
  }

  #report(found: ValueIssue): void {
    this.#issues.push(this.#locate(found))
  }

  #locate({ path, message }: ValueIssue): ProjectIssue {
    const place = this.#from.source.locate(path)
    const variable = this.#from.substitution.empty.get(pathKey(path))
    return {
      file: this.#from.source.name,
      line: place?.line,
      column: place?.column,
      path: [...this.#from.source.prefix, ...path],
      message:
        variable === undefined
          ? message
          : `the environment variable ${variable} is set but empty; fill it in (for example in .env)`,
    }
  }
}
