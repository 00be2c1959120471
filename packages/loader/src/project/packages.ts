import { dirname, sep } from 'node:path'

import { manifestOf } from '../modules/manifest.ts'
import { packageEntry } from '../resolve/resolve-entry.ts'
import { attempt } from '../shared/attempt.ts'
import type { Plan } from './plan.ts'

/** What a running project is made of besides its own files. */
export interface ProjectPackages {
  /**
   * The entry and the manifest of the core and of each package that is not loaded through the runner. When one of
   * them changes, the process has to start again: Node loads a package once.
   */
  readonly files: readonly string[]
  /** Folders of the packages that plugins are from, with a separator at their end. */
  readonly folders: readonly string[]
}

/** The packages of a project as its plan has them. */
export function packagesOf(root: string, { entries }: Plan): ProjectPackages {
  const own = entries.flatMap(({ isLocal, file }) => (isLocal ? [] : [file]))
  const core = attempt(() => packageEntry(root, '@mynah/core'))
  const all = core === undefined ? own : [core, ...own]
  return {
    files: Array.from(new Set(all.flatMap((entry) => [entry, ...manifestsOf(entry)]))),
    folders: own.flatMap((entry) => manifestsOf(entry).map((manifest) => dirname(manifest) + sep)),
  }
}

function manifestsOf(entry: string): string[] {
  const manifest = manifestOf(dirname(entry))
  return manifest === undefined ? [] : [manifest.file]
}
