import { pathToFileURL } from 'node:url'

import { registerCompiler } from './compiler.ts'
import { loadError } from './load-error.ts'
import type { LoadedModule, ModuleLoader } from './module-loader.ts'
import { needsCompiler } from './needs-compiler.ts'

/** Node's own `import`, for production. TypeScript is compiled by tsx, which is loaded when first needed. */
export class NativeLoader implements ModuleLoader {
  readonly #root: string
  readonly #seen = new Set<string>()
  /** One for all modules, also for those that are loaded at the same time. */
  #compiler: Promise<() => Promise<void>> | undefined

  /** @param root - Absolute path of the project; its `tsconfig.json` counts. */
  constructor(root: string) {
    this.#root = root
  }

  /** Imports a module; a file is imported once. */
  async load(entry: string): Promise<LoadedModule> {
    try {
      if (this.#compiler !== undefined || needsCompiler(entry, this.#root, this.#seen))
        await (this.#compiler ??= registerCompiler(this.#root))
      const module: Record<string, unknown> = await import(pathToFileURL(entry).href)
      return { module, files: [entry] }
    } catch (error) {
      throw await loadError(entry, error)
    }
  }

  /** The entry alone: Node does not tell what it imports. */
  filesOf(entry: string): readonly string[] {
    return [entry]
  }

  /** None: nothing is loaded again. */
  fixedFiles(): readonly string[] {
    return []
  }

  /** Does nothing: what Node has imported stays. */
  invalidate(): readonly string[] {
    return []
  }

  /** Ends the compiler, where one was needed. */
  async close(): Promise<void> {
    const compiler = this.#compiler
    this.#compiler = undefined
    const unregister = await compiler
    await unregister?.()
  }
}
