import { readFileSync } from 'node:fs'

/** The processes that one was started by: its parent and, behind a shell, the one that runs the shell. */
export interface Parents {
  /** Id of the process that started this one. */
  readonly parent: number
  /** `undefined` where the parent is no shell, or the system does not tell. */
  readonly grandparent: number | undefined
}

const shells = new Set(['sh', 'ash', 'bash', 'busybox', 'dash', 'ksh', 'zsh'])

/** npm and its kin end at a signal without waiting for what their shell started. */
export function isRunByNpm(): boolean {
  return process.env['npm_lifecycle_event'] !== undefined && process.platform !== 'win32'
}

/** Who started this process. npm puts a shell in between, which does not pass on that npm is gone. */
export function findParents(parent: number = process.ppid): Parents {
  const info = readProcess(parent)
  const isShell = info !== undefined && shells.has(info.name)
  return { parent, grandparent: isShell ? info.parent : undefined }
}

/** Whether all of them are still there. A process whose parent is gone gets another one. */
export function areAlive({ parent, grandparent }: Parents): boolean {
  if (process.ppid !== parent) return false
  return grandparent === undefined || readProcess(parent)?.parent === grandparent
}

/** Name and parent of a process, where the system shows them as Linux does. */
function readProcess(id: number): { name: string; parent: number } | undefined {
  try {
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${id}/stat`, 'utf8')) ?? []
    return name === undefined ? undefined : { name, parent: Number(parent) }
  } catch {
    return undefined
  }
}
