import { extname } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { LoadedModule, ModuleLoader } from './module-loader.ts'
import { loadError } from './load-error.ts'

const typescript = new Set(['.ts', '.tsx', '.mts', '.cts', '.jsx'])

/** Node's own `import`, for production. TypeScript is compiled by tsx, which is loaded when first needed. */
export class NativeLoader implements ModuleLoader {
  #unregister: (() => Promise<void>) | undefined

  async load(entry: string): Promise<LoadedModule> {
    if (typescript.has(extname(entry))) await this.#registerTypeScript()
    try {
      const module: Record<string, unknown> = await import(pathToFileURL(entry).href)
      return { module, files: [entry] }
    } catch (error) {
      throw await loadError(entry, error)
    }
  }

  async #registerTypeScript(): Promise<void> {
    if (this.#unregister !== undefined) return
    const { register } = await import('tsx/esm/api')
    this.#unregister = register()
  }

  filesOf(entry: string): readonly string[] {
    return [entry]
  }

  invalidate(): readonly string[] {
    return []
  }

  async close(): Promise<void> {
    await this.#unregister?.()
    this.#unregister = undefined
  }
}
