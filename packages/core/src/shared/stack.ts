import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A place in a source file. */
export interface SourceSite {
  /** Absolute path. */
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** Counted from 1. */
  readonly column: number
}

const frame = /^\s+at (?:async )?(?:.*? \()?((?:file:\/\/|\/|[A-Za-z]:[\\/]).*):(\d+):(\d+)\)?$/

/**
 * The places a stack trace goes through, innermost first. Node's own are left out, and so is what loaders add
 * behind the name of a file.
 */
export function stackSites(stack: string | undefined): SourceSite[] {
  const sites: SourceSite[] = []
  for (const line of stack?.split('\n') ?? []) {
    const match = line.includes('<anonymous>:') ? null : frame.exec(line)
    if (match === null) continue
    const [, location = '', row = '0', column = '0'] = match
    const file = location.replace(/\?[^\\/]*$/, '')
    sites.push({
      file: file.startsWith('file:') ? toPath(file) : file,
      line: Number(row),
      column: Number(column),
    })
  }
  return sites
}

function toPath(url: string): string {
  try {
    return fileURLToPath(url)
  } catch {
    return url
  }
}

/** Remembers where it was made; the trace is turned into text only when somebody asks. */
export class CallSite {
  declare stack?: string

  constructor() {
    Error.captureStackTrace(this, CallSite)
  }

  /** The innermost place outside of this package. */
  get site(): SourceSite | undefined {
    return stackSites(this.stack).find(({ file }) => !isOwnFile(file))
  }

  /** The place `depth` calls above, counted from 0; `undefined` when it is inside this package. */
  above(depth: number): SourceSite | undefined {
    const site = stackSites(this.stack)[depth]
    return site === undefined || isOwnFile(site.file) ? undefined : site
  }
}

/** Asked for by its name: what is built lies in another file than its source. */
const ownPackage = dirname(createRequire(import.meta.url).resolve('@mynah/core/package.json')) + sep

/** Whether a file is one of this package. Source maps lead from what was built to what it was built of, so both are. */
export function isOwnFile(file: string): boolean {
  if (!file.startsWith(ownPackage) || /\.test\.tsx?$/.test(file)) return false
  const [folder] = file.slice(ownPackage.length).split(/[\\/]/, 1)
  return folder === 'src' || folder === 'dist'
}
