import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { resolve as resolveModule } from 'import-meta-resolve'

import type { Plan } from './plan.ts'

/**
 * Files that stand for the packages a running project is made of: the entry and the manifest of the core and
 * of each package that is not loaded through the runner. When one of them changes, the process has to start
 * again: Node loads a package once.
 */
export function packageFiles(root: string, plan: Plan): string[] {
  const entries = entriesOf(plan)
  const core = coreEntry(root)
  const files = new Set<string>()
  for (const entry of core === undefined ? entries : [core, ...entries]) {
    files.add(entry)
    const manifest = manifestOf(entry)
    if (manifest !== undefined) files.add(manifest)
  }
  return Array.from(files)
}

/** Folders of the packages that plugins of a project are from, with a separator at their end. */
export function packageFolders(plan: Plan): string[] {
  return entriesOf(plan).flatMap((entry) => {
    const manifest = manifestOf(entry)
    return manifest === undefined ? [] : [dirname(manifest) + sep]
  })
}

function entriesOf({ entries }: Plan): string[] {
  return entries.filter(({ isLocal }) => !isLocal).map(({ file }) => file)
}

function coreEntry(root: string): string | undefined {
  try {
    return realpathSync(
      fileURLToPath(resolveModule('@mynah/core', pathToFileURL(join(root, 'package.json')).href)),
    )
  } catch {
    return undefined
  }
}

function manifestOf(entry: string): string | undefined {
  for (let folder = dirname(entry); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest)) return manifest
  }
  return undefined
}
