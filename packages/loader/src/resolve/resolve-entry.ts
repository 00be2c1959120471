import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { join, resolve as resolvePath, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { MynahError } from '@mynah/core'
import { resolve as resolveModule } from 'import-meta-resolve'

import { nearest } from '../config/nearest.ts'
import { attempt, codeOf } from '../shared/attempt.ts'
import { type FolderPlugin, sourceExtensions } from './plugin-folder.ts'
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
  const advice = howToMend(root, kind, name, candidates, folder)
  throw new MynahError('MODULE_NOT_FOUND', `"${name}" was looked for in ${places.join(', ')}; ${advice}`)
}

/** Whether a package can be imported from a project. */
export function isInstalled(root: string, packageName: string): boolean {
  return resolvePackage(root, packageName) !== undefined
}

function howToMend(
  root: string,
  kind: EntryKind,
  name: string,
  candidates: readonly string[],
  folder: readonly FolderPlugin[],
): string {
  if (kind === 'adapter' && officialAdapters.includes(name))
    return `install it with \`npm install ${candidates[0]}\`.`
  if (candidates.length === 1) return `install it with \`npm install ${candidates[0]}\`, or correct the name.`
  const known = kind === 'adapter' ? officialAdapters : folder.map((plugin) => plugin.name)
  const near = nearest(name, [...known, ...installedNames(root, kind)])
  if (near.length > 0) return `did you mean ${near.join(' or ')}?`
  return kind === 'plugin'
    ? 'put it into plugins/, install the package that it is in, or take the entry away.'
    : 'install the package that it is in, or correct the name.'
}

const officialAdapters: readonly string[] = ['onebot', 'qq', 'kook', 'sandbox']

/** Short names of the packages that are installed. */
function installedNames(root: string, kind: EntryKind): string[] {
  const modules = join(root, 'node_modules')
  const prefixes: [folder: string, prefix: string][] = [
    [join(modules, '@mynah'), `${kind}-`],
    [modules, `mynah-${kind}-`],
  ]
  return prefixes.flatMap(([folder, prefix]) =>
    (attempt(() => readdirSync(folder)) ?? []).flatMap((name) =>
      name.startsWith(prefix) ? [name.slice(prefix.length)] : [],
    ),
  )
}

function resolveFile(root: string, name: string): string {
  const base = resolvePath(root, name)
  const tries = [
    base,
    ...sourceExtensions.map((extension) => base + extension),
    ...sourceExtensions.map((extension) => join(base, `index${extension}`)),
  ]
  const file = tries.find((path) => existsSync(path) && statSync(path).isFile())
  if (file === undefined) throw new MynahError('MODULE_NOT_FOUND', `There is no module at ${base}.`)
  return realpathSync(file)
}

function resolvePackage(root: string, name: string): string | undefined {
  try {
    return packageEntry(root, name)
  } catch (error) {
    if (codeOf(error) === 'ERR_MODULE_NOT_FOUND' || codeOf(error) === 'ENOENT') return undefined
    throw new MynahError(
      'MODULE_LOAD_FAILED',
      `The package ${name} is there but has no usable entry; was it built?`,
      { cause: error },
    )
  }
}

/** The module of a package, as `package.json` of the project sees it. @throws what Node says. */
export function packageEntry(root: string, name: string): string {
  return realpathSync(fileURLToPath(resolveModule(name, pathToFileURL(join(root, 'package.json')).href)))
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
