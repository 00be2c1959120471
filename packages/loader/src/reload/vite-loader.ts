import { realpathSync } from 'node:fs'
import { basename, dirname, extname, join, resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { MynahError } from '@mynah/core'
import type * as Vite from 'vite'
import type { EvaluatedModuleNode, ModuleRunner } from 'vite/module-runner'

import { loadError, notImportable } from '../modules/load-error.ts'
import type { LoadedModule, ModuleLoader } from '../modules/module-loader.ts'
import { isCommonJs, isSource } from '../modules/source-format.ts'

/**
 * Vite's module runner, for development: modules of the project are compiled one by one and can be loaded
 * again; packages and CommonJS modules are left to Node, so that there is one copy of them.
 */
export class ViteLoader implements ModuleLoader {
  readonly #server: Vite.ViteDevServer
  readonly #environment: Vite.DevEnvironment
  readonly #runner: ModuleRunner

  private constructor(server: Vite.ViteDevServer, environment: Vite.DevEnvironment, runner: ModuleRunner) {
    this.#server = server
    this.#environment = environment
    this.#runner = runner
  }

  /**
   * @param root - Absolute path of the project.
   * @throws MynahError `MODULE_NOT_FOUND` when Vite is not installed; `MODULE_LOAD_FAILED` when it cannot load
   *   from a folder of that name.
   */
  static async start(root: string): Promise<ViteLoader> {
    const realRoot = realpathSync(root)
    checkPath(realRoot)
    const vite = await importVite()
    const server = await vite.createServer({
      root: realRoot,
      configFile: false,
      logLevel: 'silent',
      appType: 'custom',
      clearScreen: false,
      envFile: false,
      server: { middlewareMode: true, ws: false, watch: null, hmr: false },
      optimizeDeps: { noDiscovery: true, include: [] },
      resolve: { tsconfigPaths: true },
      plugins: [aliasesInJavaScript(realRoot)],
      ssr: { external: true },
      oxc: { jsx: { runtime: 'automatic', importSource: '@mynah/core' } },
    })
    const environment = server.environments['ssr']
    if (environment === undefined)
      throw new MynahError('MODULE_LOAD_FAILED', 'Vite has no environment for servers.')
    leaveToNode(environment)
    const runner = vite.createServerModuleRunner(environment, {
      hmr: false,
      sourcemapInterceptor: 'prepareStackTrace',
    })
    return new ViteLoader(server, environment, runner)
  }

  /** Runs a module and what it imports, as far as that has not run since it changed. */
  async load(entry: string): Promise<LoadedModule> {
    try {
      const module: Record<string, unknown> = await this.#runner.import(entry)
      return { module, files: this.filesOf(entry) }
    } catch (error) {
      throw await loadError(entry, error)
    }
  }

  /** Files that a module is made of, as far as its imports are known. */
  filesOf(entry: string): string[] {
    const isOutside = ({ meta }: EvaluatedModuleNode): boolean => meta !== undefined && 'externalize' in meta
    const modules = this.#reach([entry], (node) => (isOutside(node) ? [] : node.imports))
    const files = modules
      .filter((node) => !isOutside(node) && node.file !== '')
      .map(({ file }) => resolve(file))
    return Array.from(new Set([entry, ...files]))
  }

  /** The modules of files, and all that others lead to. */
  #reach(
    files: readonly string[],
    next: (node: EvaluatedModuleNode) => Iterable<string>,
  ): EvaluatedModuleNode[] {
    const modules = this.#runner.evaluatedModules
    const found = new Set(files.flatMap((file) => Array.from(modules.getModulesByFile(file) ?? [])))
    // A set is iterated over what is added meanwhile, too.
    for (const node of found) {
      for (const id of next(node)) {
        const other = modules.getModuleById(id)
        if (other !== undefined) found.add(other)
      }
    }
    return Array.from(found)
  }

  /** CommonJS modules of the project, which Node loads once. */
  fixedFiles(): string[] {
    const files: string[] = []
    for (const { meta } of this.#runner.evaluatedModules.idToModuleMap.values()) {
      if (meta === undefined || !('externalize' in meta) || !meta.externalize.startsWith('file:')) continue
      const file = fileURLToPath(meta.externalize)
      if (!file.includes(`${sep}node_modules${sep}`)) files.push(file)
    }
    return files
  }

  /** Lets files, and all that imports them, run again at the next load. */
  invalidate(files: readonly string[], isStructural: boolean): readonly string[] {
    const graph = this.#environment.moduleGraph
    const stale = isStructural ? [...files, ...this.#leadElsewhere(files)] : files
    const rerun = this.#reach(stale, ({ importers }) => importers)
    // Importers have to run again, but are compiled again only when they changed, or what their imports mean.
    if (isStructural) graph.invalidateAll()
    else for (const file of files) graph.onFileChange(file)
    for (const node of rerun) this.#runner.evaluatedModules.invalidateModule(node)
    return rerun.map(({ file }) => file)
  }

  /** Files whose imports, written without an extension or not found so far, may mean a file that came or went. */
  #leadElsewhere(changed: readonly string[]): string[] {
    const stems = new Set(changed.flatMap(stemsOf))
    const found: string[] = []
    for (const {
      file,
      importedModules,
      transformResult,
    } of this.#environment.moduleGraph.idToModuleMap.values()) {
      if (file === null) continue
      const missing = [...(transformResult?.deps ?? []), ...(transformResult?.dynamicDeps ?? [])]
        .filter((name) => name.startsWith('.'))
        .map((name) => resolve(dirname(file), name))
      const imported = Array.from(importedModules, (module) => module.file ?? '')
      if ([...missing, ...imported].flatMap(stemsOf).some((stem) => stems.has(stem))) found.push(file)
    }
    return found
  }

  /** Ends Vite and its runner. */
  async close(): Promise<void> {
    await this.#runner.close()
    await this.#server.close()
  }
}

/** The paths of tsconfig.json mean the same in JavaScript, as they do in production. */
function aliasesInJavaScript(root: string): Vite.Plugin {
  return {
    name: 'mynah:aliases-in-javascript',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      if (importer === undefined || !isJavaScriptOf(root, importer) || /^(?:[./]|node:)/.test(source)) {
        return undefined
      }
      const asTypeScript = importer.replace(/js(x?)$/, 'ts$1')
      const found = await this.resolve(source, asTypeScript, { ...options, skipSelf: true })
      return found !== null && isOwn(root, found.id) ? found : undefined
    },
  }
}

function isJavaScriptOf(root: string, file: string): boolean {
  return /\.[cm]?jsx?$/.test(file) && isOwn(root, file)
}

function isOwn(root: string, file: string): boolean {
  return file.startsWith(root + sep) && !file.includes(`${sep}node_modules${sep}`)
}

/** A path without its extension, which is what an import may have in common with the file that it means. */
function stemsOf(file: string): string[] {
  const stem = join(dirname(file), basename(file, extname(file)))
  return basename(stem) === 'index' ? [stem, dirname(stem)] : [stem]
}

/** CommonJS modules of the project are loaded as Node does; what Node does not load is refused here, too. */
function leaveToNode(environment: Vite.DevEnvironment): void {
  const fetchModule = environment.fetchModule.bind(environment)
  environment.fetchModule = async (id, importer, options) => {
    if (isSource(id) && !/\.c?js$/.test(id)) return fetchModule(id, importer, options)
    if (!/^(?:\.{0,2}\/|file:)/.test(id) || id.startsWith('/@id/')) return fetchModule(id, importer, options)
    const { file, id: whole } = await environment.moduleGraph.ensureEntryFromUrl(id)
    if (file === null || whole === null || file.includes(`${sep}node_modules${sep}`))
      return fetchModule(id, importer, options)
    if (!isSource(whole)) throw notImportable(whole)
    return isCommonJs(file)
      ? { externalize: pathToFileURL(file).href, type: 'commonjs' }
      : fetchModule(id, importer, options)
  }
}

/** Vite takes what follows these marks for a query, wherever in a path they stand. */
function checkPath(root: string): void {
  const [mark] = /[#?]/.exec(root) ?? []
  if (mark === undefined) return
  throw new MynahError(
    'MODULE_LOAD_FAILED',
    `The path of the project has a "${mark}" in it: ${root}. Hot reload cannot load from there; rename the folder. (\`bot start\` can.)`,
  )
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
