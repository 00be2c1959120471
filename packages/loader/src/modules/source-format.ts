import { readFileSync } from 'node:fs'
import { dirname, extname } from 'node:path'

import { attempt } from '../shared/attempt.ts'
import { manifestOf } from './manifest.ts'

/** Extensions of what is compiled before it runs; always ECMAScript modules, whatever `package.json` says. */
const compiled = new Set(['.ts', '.tsx', '.mts', '.jsx'])

/** Whether a path is one of code or JSON, without anything behind its extension. */
export function isSource(path: string): boolean {
  return /\.(?:[cm]?[jt]s|[jt]sx|json)$/.test(path)
}

/** Whether a file has to be compiled before Node can run it. */
export function isCompiled(file: string): boolean {
  return compiled.has(extname(file)) || extname(file) === '.cts'
}

/**
 * Whether a file of a project is a CommonJS module: `.cjs` is, and so is a `.js` file without `import` and
 * `export` in a package that does not say `"type": "module"`. Both ways of loading ask here, so that a file is
 * the same to both.
 */
export function isCommonJs(file: string): boolean {
  const extension = extname(file)
  if (extension === '.cjs') return true
  return extension === '.js' && !isInModulePackage(file) && !hasModuleSyntax(readSource(file) ?? '')
}

/** Whether a text has `import` or `export` declarations at the beginning of a line. */
export function hasModuleSyntax(source: string): boolean {
  return /^[^\S\n]*(?:import(?:[^\S\n]*["'{*]|[^\S\n]+[\w$])|export(?:[^\S\n]*[{*]|[^\S\n]+\w))/m.test(source)
}

/** Whether the nearest `package.json` says `"type": "module"`. */
export function isInModulePackage(file: string): boolean {
  return manifestOf(dirname(file))?.data['type'] === 'module'
}

/** The text of a source; `undefined` when it cannot be read. */
export function readSource(file: string): string | undefined {
  return attempt(() => readFileSync(file, 'utf8'))
}
