import { existsSync, realpathSync, statSync } from 'node:fs'
import { join, resolve as resolvePath, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { MynahError } from '@mynah/core'
import { resolve as resolveModule } from 'import-meta-resolve'

import type { FolderPlugin } from './plugin-folder.ts'
import { type EntryKind, isPathName, packageNames } from './names.ts'

/** The module that a name stands for. */
export interface ResolvedEntry {
  /** Absolute path of the module. */
  readonly file: string
  /** Whether it is part of the project, and so loaded again when it changes. */
  readonly isLocal: boolean
}

/**
 * Finds the module of an adapter or a plugin.
 *
 * @throws MynahError `MODULE_NOT_FOUND` that says where it was looked for and how to get it.
 */
export function resolveEntry(
  root: string,
  kind: EntryKind,
  name: string,
  folder: readonly FolderPlugin[],
): ResolvedEntry {
  if (isPathName(name)) return { file: resolveFile(root, name), isLocal: true }
  const local = kind === 'plugin' ? folder.find((plugin) => plugin.name === name) : undefined
  if (local !== undefined) return { file: local.file, isLocal: true }
  const candidates = packageNames(kind, name)
  for (const candidate of candidates) {
    const file = resolvePackage(root, candidate)
    if (file === undefined) continue
    return isUnderDevelopment(candidate, file)
      ? { file: sourceOf(file), isLocal: true }
      : { file, isLocal: false }
  }
  const places = kind === 'plugin' ? ['plugins/', ...candidates] : candidates
  throw new MynahError(
    'MODULE_NOT_FOUND',
    `"${name}" was looked for in ${places.join(', ')}. Install it, for example by \`npm install ${candidates[0] ?? name}\`, or correct the name.`,
  )
}

function resolveFile(root: string, name: string): string {
  const base = resolvePath(root, name)
  const extensions = ['', '.ts', '.tsx', '.mts', '.js', '.mjs']
  const tries = [
    ...extensions.map((extension) => base + extension),
    ...extensions.slice(1).map((extension) => join(base, `index${extension}`)),
  ]
  const file = tries.find((path) => existsSync(path) && statSync(path).isFile())
  if (file === undefined) throw new MynahError('MODULE_NOT_FOUND', `There is no module at ${base}.`)
  return file
}

function resolvePackage(root: string, name: string): string | undefined {
  try {
    return realpathSync(fileURLToPath(resolveModule(name, pathToFileURL(join(root, 'package.json')).href)))
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'ENOENT')
    )
      return undefined
    throw new MynahError(
      'MODULE_LOAD_FAILED',
      `The package ${name} is there but has no usable entry; was it built?`,
      { cause: error },
    )
  }
}

/** A linked package is run from what its author edits: `dist/index.js` is made of `src/index.ts`. */
function sourceOf(file: string): string {
  const marker = `${sep}dist${sep}`
  const at = file.lastIndexOf(marker)
  if (at < 0) return file
  const base = `${file.slice(0, at)}${sep}src${sep}${file.slice(at + marker.length).replace(/\.[cm]?js$/, '')}`
  return ['.ts', '.tsx', '.mts'].map((extension) => base + extension).find((path) => existsSync(path)) ?? file
}

/** A linked package lives outside of node_modules; the framework's own are never loaded twice. */
function isUnderDevelopment(name: string, file: string): boolean {
  return !name.startsWith('@mynah/') && !file.includes(`${sep}node_modules${sep}`)
}
