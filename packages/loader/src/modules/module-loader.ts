/** A module that was loaded, and every file of the project it was made of. */
export interface LoadedModule {
  /** What it exports, by name. */
  readonly module: Readonly<Record<string, unknown>>
  /** Absolute paths, the entry first. Packages that are not under development are left out. */
  readonly files: readonly string[]
}

/** Loads modules of a project. */
export interface ModuleLoader {
  /**
   * Loads a module and what it imports.
   *
   * @param entry - Absolute path, without symbolic links.
   * @throws MynahError `MODULE_LOAD_FAILED` that shows the place in the source.
   */
  load(entry: string): Promise<LoadedModule>
  /** Files that the latest version of a module is made of, as far as they are known; also after a failed load. */
  filesOf(entry: string): readonly string[]
  /** Files of the project that Node itself has loaded, once and for all: CommonJS modules in development. */
  fixedFiles(): readonly string[]
  /**
   * Forgets the current version of files and of everything that imports them, so that the next
   * {@link load} reads them again. Modules that import none of them keep their state.
   *
   * @param isStructural - Whether files came or went, so that imports may lead elsewhere than before.
   * @returns The files of all modules that will run again.
   */
  invalidate(files: readonly string[], isStructural: boolean): readonly string[]
  /** Lets go of everything; nothing is loaded any more. */
  close(): Promise<void>
}

/** What a module exports by default, also where it was compiled to CommonJS and Node wraps its exports once more. */
export function defaultExport(module: Readonly<Record<string, unknown>>): unknown {
  const value = module['default']
  const isWrapped = typeof value === 'object' && value !== null && '__esModule' in value && 'default' in value
  return isWrapped ? value.default : value
}
