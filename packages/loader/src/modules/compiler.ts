import { existsSync } from 'node:fs'
import module from 'node:module'
import { join } from 'node:path'

import { loadSync, resolveSync } from './compile-hooks.ts'

/** Versions from which tsx puts its hooks into the program's own thread, by their major version. */
const inThreadSince = [
  [22, 22, 3],
  [24, 11, 1],
  [25, 1, 0],
  [26, 0, 0],
] as const

/**
 * Lets Node import TypeScript, TSX and JSON by tsx, which is loaded now.
 *
 * @param root - Folder of the project; its `tsconfig.json` counts, wherever the program was started.
 * @returns Ends it.
 */
export async function registerCompiler(root: string): Promise<() => Promise<void>> {
  const { register } = await import('tsx/esm/api')
  const removeHooks = registerHooks()
  const tsconfig = join(root, 'tsconfig.json')
  const unregister = register({ tsconfig: existsSync(tsconfig) ? tsconfig : false })
  return async () => {
    await unregister()
    removeHooks()
  }
}

/** Ours have to be in the same thread as those of tsx and come first, so that tsx calls them. */
function registerHooks(): () => void {
  if (typeof module.registerHooks === 'function' && isInThread(process.versions.node)) {
    const hooks = module.registerHooks({ resolve: resolveSync, load: loadSync })
    return () => hooks.deregister()
  }
  module.register('./compile-hooks.js', import.meta.url)
  // Node cannot take these back; without tsx they change nothing that is loaded.
  return () => {}
}

function isInThread(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  const since = inThreadSince.find(([first]) => first === major)
  if (since === undefined) return major > 26
  return minor > since[1] || (minor === since[1] && patch >= since[2])
}
