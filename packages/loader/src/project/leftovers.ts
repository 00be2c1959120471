import { type AsyncHook, createHook, executionAsyncId } from 'node:async_hooks'
import { dirname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Something that a stopped plugin left running although it was not registered through `ctx`. */
export interface Leftover {
  /** Node's name of it: `Timeout`, `TCPSERVERWRAP`, … */
  readonly type: string
  /** Where it was made: `file:line:column`. */
  readonly site: string
}

/** What keeps running, and memory alive, until somebody ends it. */
const lastingTypes = new Set([
  'Timeout',
  'TCPSERVERWRAP',
  'TCPWRAP',
  'PIPESERVERWRAP',
  'PIPEWRAP',
  'UDPWRAP',
  'PROCESSWRAP',
  'FSEVENTWRAP',
  'STATWATCHER',
  'WORKER',
  'MESSAGEPORT',
])

/** What only leads to something lasting a moment later, such as the look-up of a host before a server listens. */
const passingTypes = new Set(['GETADDRINFOREQWRAP', 'TickObject'])

/** Its stack becomes text only when somebody reads it. */
interface Resource {
  readonly type: string
  /** What ran when it was made, where that was made by the project too. */
  readonly parent: Resource | undefined
  stack?: string
}

/**
 * Watches what the modules of a project make behind the back of their scope: timers, sockets, servers,
 * processes, workers, file watchers. For development only: each of them costs a stack trace.
 */
export class LeftoverWatch {
  readonly #resources = new Map<number, Resource>()
  readonly #hook: AsyncHook
  #newest = 0

  constructor() {
    this.#hook = createHook({
      init: (id, type) => {
        this.#newest = id
        if (!lastingTypes.has(type) && !passingTypes.has(type)) return
        const resource: Resource = { type, parent: this.#resources.get(executionAsyncId()) }
        Error.captureStackTrace(resource)
        this.#resources.set(id, resource)
      },
      destroy: (id) => {
        this.#resources.delete(id)
      },
    }).enable()
  }

  /** A mark in time, for {@link take}. */
  mark(): number {
    return this.#newest
  }

  /** What was made through one of the files before a mark and is still there. Each is told once. */
  take(mark: number, files: ReadonlySet<string>): Leftover[] {
    const found: Leftover[] = []
    for (const [id, resource] of this.#resources) {
      const site = id <= mark && lastingTypes.has(resource.type) ? siteOf(resource, files) : undefined
      if (site === undefined) continue
      found.push({ type: resource.type, site })
      this.#resources.delete(id)
    }
    return found
  }

  close(): void {
    this.#hook.disable()
    this.#resources.clear()
  }
}

function siteOf(resource: Resource, files: ReadonlySet<string>): string | undefined {
  const { stack = '', parent } = resource
  const site = siteIn(stack, files)
  if (site !== undefined) return site === 'framework' ? undefined : site.place
  return parent === undefined ? undefined : siteOf(parent, files)
}

/**
 * Who made something, by the innermost place of its stack that counts: one of the files, or the framework. What
 * `ctx` makes is undone by the scope; that the framework has called the file, further out, says nothing.
 */
export function siteIn(
  stack: string,
  files: ReadonlySet<string>,
): { readonly place: string } | 'framework' | undefined {
  for (const line of stack.split('\n')) {
    const [, location, position] = /((?:file:\/\/|\/|[A-Za-z]:[\\/]).*?)(:\d+:\d+)\)?$/.exec(line) ?? []
    if (location === undefined || position === undefined) continue
    const file = location.startsWith('file:') ? fileURLToPath(location) : location
    if (files.has(file)) return { place: `${file}${position}` }
    if (isFramework(file)) return 'framework'
  }
  return undefined
}

const own = fileURLToPath(new URL('../..', import.meta.url))

/** Packages of the framework, installed or side by side in its own repository. */
function isFramework(file: string): boolean {
  if (/[\\/]node_modules[\\/]@mynah[\\/]/.test(file)) return !file.startsWith(own)
  return (
    !own.includes(`${sep}node_modules${sep}`) && file.startsWith(dirname(own) + sep) && !file.startsWith(own)
  )
}
