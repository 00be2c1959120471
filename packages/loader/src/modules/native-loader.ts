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

  filesOf(entry: string): readonly string[] {
    return [entry]
  }

  fixedFiles(): readonly string[] {
    return []
  }

  invalidate(): readonly string[] {
    return []
  }

  async close(): Promise<void> {
    const unregister = await this.#compiler
    this.#compiler = undefined
    await unregister?.()
  }
}
