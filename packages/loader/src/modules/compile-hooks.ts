/**
 * Hooks below those of tsx, which see to it that Node loads a project's files as Vite does in development: what
 * is compiled is a module whatever `package.json` says, and JSX makes the core's elements whatever
 * `tsconfig.json` covers. They run in the thread of Node's loader or, in newer versions, in that of the program.
 */
import type {
  LoadFnOutput,
  LoadHook,
  LoadHookSync,
  ResolveFnOutput,
  ResolveHook,
  ResolveHookSync,
} from 'node:module'
import { extname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

import { isCommonJs, isCompiled } from './source-format.ts'

export const resolve: ResolveHook = async (specifier, context, next) =>
  withFormat(await next(specifier, context))

export const resolveSync: ResolveHookSync = (specifier, context, next) => withFormat(next(specifier, context))

export const load: LoadHook = async (url, context, next) => withJsxRuntime(url, await next(url, context))

export const loadSync: LoadHookSync = (url, context, next) => withJsxRuntime(url, next(url, context))

function withFormat(resolved: ResolveFnOutput): ResolveFnOutput {
  const file = projectFile(resolved.url)
  if (file === undefined || file.endsWith('.cts')) return resolved
  if (isCompiled(file)) return { ...resolved, format: 'module' }
  if (extname(file) !== '.js') return resolved
  return { ...resolved, format: isCommonJs(file) ? 'commonjs' : 'module' }
}

const runtime = '/** @jsxRuntime automatic @jsxImportSource @mynah/core */'

function withJsxRuntime(url: string, loaded: LoadFnOutput): LoadFnOutput {
  const file = projectFile(url)
  if (file === undefined || !/\.[jt]sx$/.test(file) || loaded.source === undefined) return loaded
  const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source)
  // On the same line, so that places stay what they are; a file that chooses for itself is left alone.
  return /@jsx(?:Runtime|ImportSource)?\s/.test(source)
    ? loaded
    : { ...loaded, source: `${runtime}${source}` }
}

/** The path of a file that is not part of an installed package. */
function projectFile(url: string): string | undefined {
  if (!url.startsWith('file:')) return undefined
  const file = fileURLToPath(url)
  return file.includes(`${sep}node_modules${sep}`) ? undefined : file
}
