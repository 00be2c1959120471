import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

import { attempt } from '../shared/attempt.ts'
import type { SourcePlace } from './code-frame.ts'
import { manifestOf } from './manifest.ts'

const framePattern = /^\s+at (?:async )?/

/** A stack for people. */
export interface FoldedStack {
  /** Where an author's own code stands, innermost first: outside of Node, of packages and of the framework. */
  readonly place: SourcePlace | undefined
  /** The stack, whose other frames are told by their number. Without any frame of the author it is whole. */
  readonly text: string
}

/** Folds the frames of a stack that say nothing to who wrote a plugin. */
export function foldStack(stack: string): FoldedStack {
  const lines: string[] = []
  let own: SourcePlace | undefined
  let folded = 0
  const unfold = (): void => {
    if (folded > 0)
      lines.push(`    … ${folded} ${folded === 1 ? 'frame' : 'frames'} of the framework and packages`)
    folded = 0
  }
  for (const line of stack.split('\n')) {
    const isFrame = framePattern.test(line)
    const place = isFrame ? placeOf(line) : undefined
    const isFolded = isFrame && (place === undefined || !isOwn(place.file))
    if (isFolded) {
      folded += 1
    } else {
      own ??= place
      unfold()
      lines.push(line)
    }
  }
  unfold()
  return { place: own, text: own === undefined ? stack : lines.join('\n') }
}

function placeOf(line: string): SourcePlace | undefined {
  const [end, row, column] = /:(\d+):(\d+)\)?$/.exec(line) ?? []
  if (end === undefined || line.includes('<anonymous>:')) return undefined
  const start = end.endsWith(')') ? line.indexOf(' (') + 2 : (framePattern.exec(line)?.[0].length ?? 0)
  const location = line.slice(start, -end.length).replace(/\?[^\\/?]*$/, '')
  if (!/^(?:file:|\/|[A-Za-z]:[\\/])/.test(location)) return undefined
  return { file: toPath(location), line: Number(row), column: Number(column) }
}

function toPath(location: string): string {
  return location.startsWith('file:') ? (attempt(() => fileURLToPath(location)) ?? location) : location
}

/** Names of the packages that folders belong to. */
const packages = new Map<string, string>()

function isOwn(file: string): boolean {
  return !/[\\/]node_modules[\\/]/.test(file) && !packageOf(dirname(file)).startsWith('@mynah/')
}

/** The framework may be linked into a project, out of its `node_modules`. */
function packageOf(folder: string): string {
  const known = packages.get(folder)
  if (known !== undefined) return known
  const { name } = manifestOf(folder)?.data ?? {}
  const text = typeof name === 'string' ? name : ''
  packages.set(folder, text)
  return text
}
