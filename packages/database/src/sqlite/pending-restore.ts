import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

import { ThreadFault } from './thread-fault.ts'

/** A folder that takes the place of another. */
export interface FolderSwap {
  /** Where it stands ready. */
  readonly from: string
  /** Where it goes. */
  readonly to: string
  /** Where the one that is there goes. */
  readonly aside: string
}

/** What is left to do when all of a backup stands ready beside what it replaces. */
export interface RestorePlan {
  /** Where the file that is there goes. */
  readonly aside: string
  readonly folders: readonly FolderSwap[]
}

/** The folder in which a file stands ready until it takes the place of another. */
export function stagingOf(path: string): string {
  return `${path}.restoring`
}

/** The file that stands ready. */
export function stagedFile(staging: string): string {
  return join(staging, 'ready.db')
}

/** Says that all stands ready. From here on the new one counts, also when the process is killed. */
export function decideRestore(staging: string, plan: RestorePlan): void {
  const path = join(staging, planName)
  writeFileSync(`${path}.part`, JSON.stringify(plan))
  sync(`${path}.part`)
  renameSync(`${path}.part`, path)
  sync(staging)
}

/**
 * Does what is left of a restore that was decided. It can be stopped anywhere, and done again.
 *
 * @throws ThreadFault `UNREACHABLE`
 */
export function finishRestore(path: string, staging: string = stagingOf(path)): void {
  try {
    const plan = readPlan(staging)
    if (plan === undefined) return
    for (const swap of plan.folders) swapFolder(swap)
    const staged = stagedFile(staging)
    if (existsSync(staged)) swapFile(path, staged, plan.aside)
    rmSync(staging, { recursive: true, force: true })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new ThreadFault(`A backup is about to take the place of ${path}, and cannot: ${why}`, 'UNREACHABLE')
  }
}

const planName = 'plan.json'

function readPlan(staging: string): RestorePlan | undefined {
  const path = join(staging, planName)
  if (!existsSync(path)) return undefined
  const plan: RestorePlan = JSON.parse(readFileSync(path, 'utf8'))
  return plan
}

function swapFolder({ from, to, aside }: FolderSwap): void {
  if (!existsSync(from)) return
  if (existsSync(to) && !existsSync(aside)) renameSync(to, aside)
  renameSync(from, to)
  sync(dirname(to))
}

function swapFile(path: string, staged: string, aside: string): void {
  if (existsSync(path) && !existsSync(aside)) keep(path, aside)
  // What a killed bot or a damaged file has left must not be taken for part of the new one.
  if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${aside}-wal`)
  rmSync(`${path}-shm`, { force: true })
  renameSync(staged, path)
  sync(dirname(path))
}

/** Gives a file a second name, or a copy where there is no such thing. */
function keep(path: string, aside: string): void {
  try {
    linkSync(path, aside)
  } catch {
    copyFileSync(path, `${aside}.part`)
    sync(`${aside}.part`)
    renameSync(`${aside}.part`, aside)
  }
}

/** Waits until a file, or what was renamed in a folder, is on disk. */
function sync(path: string): void {
  try {
    const file = openSync(path, 'r')
    try {
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  } catch {
    // Windows does not let folders be opened, and needs it not.
  }
}
