import { statSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'

import { hasModuleSyntax, isCompiled, isInModulePackage, readSource } from './source-format.ts'

const specifier = /\b(?:from|import)\s*(?:\(\s*)?["']([^"'\n]+)["']/g

/**
 * Whether Node alone cannot load a module and what it imports as development does: because of TypeScript, JSX,
 * JSON, imports without an extension, or names from the `paths` of `tsconfig.json`. A bot in plain JavaScript
 * does without the compiler, which costs 20 MB.
 *
 * @param seen - Files that were looked at before; is added to.
 */
export function needsCompiler(entry: string, root: string, seen: Set<string>): boolean {
  const hasAliases = /"(?:paths|baseUrl|extends)"/.test(readSource(join(root, 'tsconfig.json')) ?? '')
  const queue = [entry]
  for (const file of queue) {
    if (seen.has(file)) continue
    seen.add(file)
    if (isCompiled(file) || extname(file) === '.json') return true
    const source = readSource(file)
    if (source === undefined) continue
    if (extname(file) === '.js' && hasModuleSyntax(source) && !isInModulePackage(file)) return true
    for (const [, name = ''] of source.matchAll(specifier)) {
      if (/^\.{0,2}\//.test(name)) {
        const target = resolve(dirname(file), name)
        if (!isFile(target)) return true
        queue.push(target)
      } else if (hasAliases && !/^(?:node:|@mynah\/)/.test(name)) return true
    }
  }
  return false
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
