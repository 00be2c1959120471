import { stat } from 'node:fs/promises'

/** How long a file may be empty before it is believed, in ms: editors empty a file before they write it. */
const emptyMs = 60

/** Files that changed, and what is still to come. */
export interface TakenChanges {
  /** Absolute paths. */
  readonly files: readonly string[]
  /** Those of them that came or went. */
  readonly moved: readonly string[]
  /** Whether a file is being written right now; look again soon. */
  readonly isUnfinished: boolean
}

/** Collects what a watcher reports and tells which files are really not what they were. */
export class FileChanges {
  readonly #candidates = new Set<string>()
  readonly #gone = new Set<string>()
  readonly #new = new Set<string>()
  /** What each file looked like when it was last taken: time, size and inode. */
  readonly #taken = new Map<string, string>()
  readonly #emptySince = new Map<string, number>()

  /** How many files wait to be looked at. */
  get size(): number {
    return this.#candidates.size
  }

  /** Whether a file has been taken before. */
  has(file: string): boolean {
    return this.#taken.has(file)
  }

  /** A file may have changed. */
  note(file: string): void {
    this.#candidates.add(file)
  }

  /** A file came. */
  noteNew(file: string): void {
    this.#candidates.add(file)
    this.#new.add(file)
  }

  /** A file went. */
  noteGone(file: string): void {
    this.#candidates.add(file)
    this.#gone.add(file)
  }

  /** Takes what has changed since it was last taken. */
  async take(): Promise<TakenChanges> {
    const candidates = Array.from(this.#candidates)
    const gone = new Set(this.#gone)
    const moved = new Set([...this.#gone, ...this.#new])
    this.#candidates.clear()
    this.#gone.clear()
    this.#new.clear()
    const files: string[] = []
    for (const file of candidates) {
      const look = await lookAt(file)
      if (look?.size === 0 && this.#isJustEmptied(file)) {
        this.#candidates.add(file)
        if (moved.has(file)) this.#new.add(file)
      } else if (this.#accept(file, look?.mark, gone.has(file))) files.push(file)
    }
    return { files, moved: files.filter((file) => moved.has(file)), isUnfinished: this.#candidates.size > 0 }
  }

  #isJustEmptied(file: string): boolean {
    const now = performance.now()
    const since = this.#emptySince.get(file) ?? now
    this.#emptySince.set(file, since)
    return now - since < emptyMs
  }

  #accept(file: string, mark: string | undefined, isGone: boolean): boolean {
    this.#emptySince.delete(file)
    // A file that is not there may be on its way: editors replace files. The watcher says when it is really gone.
    if (mark === undefined) {
      if (isGone) this.#taken.delete(file)
      return isGone
    }
    if (this.#taken.get(file) === mark) return false
    this.#taken.set(file, mark)
    return true
  }
}

/** What a file looks like from outside; `undefined` when it is not there. */
async function lookAt(file: string): Promise<{ mark: string; size: number; mtimeMs: number } | undefined> {
  const stats = await stat(file).catch(() => undefined)
  if (stats === undefined) return undefined
  const { mtimeMs, size, ino } = stats
  return { mark: `${mtimeMs} ${size} ${ino}`, size, mtimeMs }
}

/** When a file was last written, in ms since 1970; 0 when it is not there. */
export async function writtenAt(file: string): Promise<number> {
  return (await lookAt(file))?.mtimeMs ?? 0
}
