import { resolve } from 'node:path'

import { MynahError } from '@mynah/core'
import type * as Vite from 'vite'
import type { EvaluatedModuleNode, ModuleRunner } from 'vite/module-runner'

import { loadError } from './load-error.ts'
import type { LoadedModule, ModuleLoader } from './module-loader.ts'

/**
 * Vite's module runner, for development: modules of the project are compiled one by one and can be loaded
 * again; packages are left to Node, so that there is one copy of them.
 */
export class ViteLoader implements ModuleLoader {
  readonly #server: Vite.ViteDevServer
  readonly #runner: ModuleRunner

  private constructor(server: Vite.ViteDevServer, runner: ModuleRunner) {
    this.#server = server
    this.#runner = runner
  }

  /** @throws MynahError `MODULE_NOT_FOUND` when Vite is not installed. */
  static async start(root: string): Promise<ViteLoader> {
    const vite = await importVite()
    const server = await vite.createServer({
      root,
      configFile: false,
      logLevel: 'silent',
      appType: 'custom',
      clearScreen: false,
      envFile: false,
      server: { middlewareMode: true, ws: false, watch: null, hmr: false },
      optimizeDeps: { noDiscovery: true, include: [] },
      resolve: { tsconfigPaths: true },
      ssr: { external: true },
      oxc: { jsx: { runtime: 'automatic', importSource: '@mynah/core' } },
    })
    const environment = server.environments['ssr']
    if (environment === undefined)
      throw new MynahError('MODULE_LOAD_FAILED', 'Vite has no environment for servers.')
    const runner = vite.createServerModuleRunner(environment, {
      hmr: false,
      sourcemapInterceptor: 'prepareStackTrace',
    })
    return new ViteLoader(server, runner)
  }

  async load(entry: string): Promise<LoadedModule> {
    try {
      const module: Record<string, unknown> = await this.#runner.import(entry)
      return { module, files: this.filesOf(entry) }
    } catch (error) {
      throw await loadError(entry, error)
    }
  }

  filesOf(entry: string): string[] {
    const modules = this.#runner.evaluatedModules
    const files = new Set([entry])
    const queue: EvaluatedModuleNode[] = Array.from(modules.getModulesByFile(entry) ?? [])
    const seen = new Set(queue)
    for (const node of queue) {
      if (node.meta !== undefined && 'externalize' in node.meta) continue
      if (node.file !== '') files.add(resolve(node.file))
      for (const id of node.imports) {
        const next = modules.getModuleById(id)
        if (next === undefined || seen.has(next)) continue
        seen.add(next)
        queue.push(next)
      }
    }
    return Array.from(files)
  }

  invalidate(files: readonly string[]): readonly string[] {
    const modules = this.#runner.evaluatedModules
    const graph = this.#server.environments['ssr']?.moduleGraph
    const queue = files.flatMap((file) => Array.from(modules.getModulesByFile(file) ?? []))
    const seen = new Set(queue)
    for (const node of queue) {
      for (const id of node.importers) {
        const importer = modules.getModuleById(id)
        if (importer === undefined || seen.has(importer)) continue
        seen.add(importer)
        queue.push(importer)
      }
    }
    for (const file of files) graph?.onFileChange(file)
    // Importers have to run again, but are compiled again only when they changed themselves.
    for (const node of seen) modules.invalidateModule(node)
    return Array.from(seen, ({ file }) => file)
  }

  async close(): Promise<void> {
    await this.#runner.close()
    await this.#server.close()
  }
}

async function importVite(): Promise<typeof Vite> {
  try {
    return await import('vite')
  } catch (cause) {
    throw new MynahError(
      'MODULE_NOT_FOUND',
      'Hot reload needs Vite; install it with `npm install --save-dev vite`.',
      { cause },
    )
  }
}
