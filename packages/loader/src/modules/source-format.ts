import { readFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'

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
  return extension === '.js' && !isInModulePackage(file) && !hasModuleSyntax(readText(file))
}

/** Whether a text has `import` or `export` declarations at the beginning of a line. */
export function hasModuleSyntax(source: string): boolean {
  return /^[^\S\n]*(?:import(?:[^\S\n]*["'{*]|[^\S\n]+[\w$])|export(?:[^\S\n]*[{*]|[^\S\n]+\w))/m.test(source)
}

/** Whether the nearest `package.json` says `"type": "module"`. */
export function isInModulePackage(file: string): boolean {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const text = readText(join(folder, 'package.json'))
    if (text !== '') return typeOf(text) === 'module'
    if (folder === dirname(folder)) return false
  }
}

function typeOf(manifest: string): unknown {
  try {
    const parsed: unknown = JSON.parse(manifest)
    return typeof parsed === 'object' && parsed !== null && 'type' in parsed ? parsed.type : undefined
  } catch {
    return undefined
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
