import { existsSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'

import type { PluginInstance } from './instance.ts'
import { stackSites } from '../shared/stack.ts'

/** A folder that belongs to a plugin. */
interface PluginFolder {
  readonly instance: PluginInstance
  /** Ends with a separator. */
  readonly folder: string
}

interface FolderMap {
  /** Plugins by the file that defines them. */
  readonly files: ReadonlyMap<string, PluginInstance>
  /** Smallest folders first. */
  readonly pluginFolders: readonly PluginFolder[]
}

/** Errors that an error came of are looked at too, as deep as this. */
const maxDepth = 5

/** Tells whose code an error came through. */
export class PluginFolders {
  readonly #instances: Iterable<PluginInstance>
  /** Kept, as many errors may come at once. */
  #map: FolderMap | undefined

  constructor(instances: Iterable<PluginInstance>) {
    this.#instances = instances
  }

  /** A plugin came, went, or changed its state. */
  changed(): void {
    this.#map = undefined
  }

  /**
   * The plugin whose code an error came through, told by its stack; `undefined` when it is nobody's. The
   * innermost frame that belongs to a plugin decides: frames of helpers that several plugins share, of packages
   * and of Node belong to nobody.
   */
  of(error: unknown): PluginInstance | undefined {
    const map = (this.#map ??= drawMap(this.#instances))
    for (const stack of stacks(error, maxDepth)) {
      for (const { file } of stackSites(stack)) {
        const owner =
          map.files.get(file) ?? map.pluginFolders.find(({ folder }) => file.startsWith(folder))?.instance
        if (owner !== undefined) return owner
      }
    }
    return undefined
  }
}

/** Stacks of an error, of what it came of, and of what it is made of. */
function* stacks(error: unknown, depth: number): Iterable<string | undefined> {
  if (!(error instanceof Error) || depth === 0) return
  yield error.stack
  yield* stacks(error.cause, depth - 1)
  if (error instanceof AggregateError) for (const one of error.errors) yield* stacks(one, depth - 1)
}

function drawMap(instances: Iterable<PluginInstance>): FolderMap {
  const files = new Map<string, PluginInstance>()
  const packages = new Map<string, Set<string>>()
  const folders = new Map<string, PluginInstance>()
  for (const instance of instances) {
    const file = instance.plugin.source?.file
    // Of several instances of one plugin, the one that runs.
    if (file === undefined || (files.has(file) && instance.scope === undefined)) continue
    files.set(file, instance)
    if (isIndex(file)) folders.set(dirname(file) + sep, instance)
    const root = packageRoot(file)
    if (root !== undefined) packages.set(root, (packages.get(root) ?? new Set()).add(file))
  }
  for (const [root, [file = '', ...others]] of packages) {
    const instance = files.get(file)
    if (instance !== undefined && others.length === 0 && !folders.has(root)) folders.set(root, instance)
  }
  const pluginFolders = Array.from(folders, ([folder, instance]) => ({ folder, instance }))
  return { files, pluginFolders: pluginFolders.toSorted((a, b) => b.folder.length - a.folder.length) }
}

function isIndex(file: string): boolean {
  return /^index\.[cm]?[jt]sx?$/.test(basename(file))
}

/** The package a file is in, unless that is the project that runs here. */
function packageRoot(file: string): string | undefined {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder === process.cwd() ? undefined : folder + sep
  }
  return undefined
}
