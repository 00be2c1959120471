import { randomUUID } from 'node:crypto'
import { open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'

import { MynahError } from '@mynah/core'

import { ImportLimit } from '../modules/import-limit.ts'
import { defaultExport, type LoadedModule, type ModuleLoader } from '../modules/module-loader.ts'
import { type ConfigText, parseText } from './config-text.ts'
import { editText } from './edit-text.ts'
import { findConfig, type FoundConfig } from './find-config.ts'
import { ProjectConfigError } from './issue.ts'
import type { Path } from './substitute.ts'

/** How long a config in code may take, in ms. */
const importLimitMs = 30_000

/**
 * The config file of a project as it is written: variables are not filled in yet.
 *
 * @example
 * ```ts
 * const config = await ConfigFile.read(root, modules)
 * config.set(['plugins', 'dice', 'sides'], 20)
 * await config.save()
 * ```
 */
export class ConfigFile {
  /** Absolute path. */
  readonly file: string
  /** Relative to the project, for people. */
  readonly name: string
  /** Where in the file the config begins: `package.json` keeps it under `bot`. */
  readonly prefix: Path
  /** Files whose change changes the config. */
  readonly files: readonly string[]
  /** Other files that are configs, too, but do not count. */
  readonly leftOut: readonly string[]
  #text: string
  /** The text as it was read; of code, what that exports. */
  #read: ConfigText
  readonly #isCode: boolean

  private constructor({ file, name, leftOut, text }: FoundConfig, code: LoadedModule | undefined) {
    this.file = file
    this.name = name
    this.leftOut = leftOut
    this.prefix = name === 'package.json' ? ['bot'] : []
    this.files = code?.files ?? [file]
    this.#text = text
    this.#isCode = code !== undefined
    this.#read = code === undefined ? parseText(text, name) : exported(code, name)
  }

  /**
   * Finds and reads the config of a project.
   *
   * @throws MynahError `CONFIG_NOT_FOUND`; `MODULE_LOAD_FAILED` when it is code that fails; `CONFIG_SYNTAX`, with the
   *   place and the lines around it, when it cannot be parsed.
   */
  static async read(root: string, modules: ModuleLoader): Promise<ConfigFile> {
    const found = await findConfig(root)
    const isCode = /^\.m?[jt]s$/.test(extname(found.name))
    return new ConfigFile(found, isCode ? await importCode(found.file, modules) : undefined)
  }

  /** The whole config. */
  get data(): unknown {
    return this.get([]) ?? {}
  }

  /** What stands at a place; `undefined` when nothing does. */
  get(path: Path): unknown {
    return [...this.prefix, ...path].reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
      this.#read.data,
    )
  }

  /** Where a value, or the nearest one above it, stands, counted from 1; `undefined` in code. */
  locate(path: Path): { line: number; column: number } | undefined {
    return this.#read.locate([...this.prefix, ...path])
  }

  /**
   * Writes a value, not into the file yet. Comments and the form of everything else stay.
   *
   * @param value - What JSON can hold; `undefined` takes the key away.
   * @throws MynahError `UNSUPPORTED` when the config is code, or the place behind an alias of YAML.
   */
  set(path: Path, value: unknown): void {
    this.#refuseCode()
    const text = editText(this.#text, [...this.prefix, ...path], value)
    this.#read = parseText(text, this.name)
    this.#text = text
  }

  /**
   * Writes the file, whole or not at all.
   *
   * @throws MynahError `UNSUPPORTED` when the config is code; what the file system throws.
   */
  async save(): Promise<void> {
    this.#refuseCode()
    const file = await realpath(this.file)
    const temporary = join(dirname(file), `.${basename(file)}.${randomUUID()}.tmp`)
    try {
      const handle = await open(temporary, 'wx', (await stat(file)).mode)
      try {
        await handle.writeFile(this.#text)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(temporary, file)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  #refuseCode(): void {
    if (!this.#isCode) return
    throw new MynahError(
      'UNSUPPORTED',
      `${this.name} is code, which only people can change: edit it by hand, or keep the config in a bot.config.yaml.`,
    )
  }
}

async function importCode(file: string, modules: ModuleLoader): Promise<LoadedModule> {
  try {
    return await new ImportLimit(importLimitMs).load(modules, file)
  } catch (error) {
    if (!MynahError.is(error) || !isSyntax(error.cause)) throw error
    const detail = error.message.slice(error.message.indexOf(file))
    throw new MynahError('CONFIG_SYNTAX', `The configuration file cannot be read. ${detail}`, {
      cause: error.cause,
    })
  }
}

/** Whether a compiler or Node could not read a module. */
function isSyntax(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false
  return cause instanceof SyntaxError || 'pluginCode' in cause || cause.name === 'TransformError'
}

function exported({ module }: LoadedModule, name: string): ConfigText {
  const data = defaultExport(module)
  if (data !== undefined) return { data, locate: () => undefined }
  const message = 'exports nothing by default; write "export default { … }"'
  throw new ProjectConfigError([{ file: name, line: undefined, column: undefined, path: [], message }])
}
