import { type AsyncHook, createHook, executionAsyncId } from 'node:async_hooks'

import { isOwnFile, type SourceSite, stackSites } from '../shared/stack.ts'

/** Something that goes on although what needed it is over. */
export interface ResourceLeak {
  /** Node's name of it: `Timeout`, `TCPSERVERWRAP`, … */
  readonly type: string
  /** Where it was made; `undefined` where no file took part. */
  readonly source: SourceSite | undefined
}

/** What can keep the process alive: a timer, a socket, a server, a watcher, a worker, a child process. */
interface Handle {
  hasRef(): boolean
}

/** What only leads to a handle a moment later, such as the look-up of a host before a server listens. */
const passingTypes = new Set(['GETADDRINFOREQWRAP', 'TickObject'])

/** How much of a stack is looked at, in frames. */
const stackDepth = 30

/** Its stack becomes text only when somebody reads it. */
interface Resource {
  readonly type: string
  readonly handle: Handle | undefined
  /** What ran when it was made, where that was made by code in view, too. */
  readonly parent: Resource | undefined
  stack?: string
}

/**
 * Sees every handle that is made in this process, from now until it is closed. For development and tests: each of
 * them costs a stack trace.
 *
 * What the framework makes for a plugin (`ctx.setInterval`, a wait for an answer) is the framework's: its innermost
 * frame is one of this package.
 */
export class LeakDetector {
  readonly #resources = new Map<number, Resource>()
  readonly #hook: AsyncHook
  #newest = 0

  constructor() {
    const init = (id: number, type: string, _: number, made: object): void => {
      this.#newest = id
      const handle = type !== 'Immediate' && isHandle(made) ? made : undefined
      if (handle === undefined && !passingTypes.has(type)) return
      const resource: Resource = { type, handle, parent: this.#resources.get(executionAsyncId()) }
      const depth = Error.stackTraceLimit
      Error.stackTraceLimit = stackDepth
      Error.captureStackTrace(resource, init)
      Error.stackTraceLimit = depth
      this.#resources.set(id, resource)
    }
    this.#hook = createHook({ init, destroy: (id) => void this.#resources.delete(id) }).enable()
  }

  /** A moment, for {@link take}. */
  mark(): number {
    return this.#newest
  }

  /**
   * Takes what was made before a mark by code that has stopped, and is still there. Each is told once.
   *
   * @param hasStopped - Of whose file a frame is: of what has stopped, of somebody who goes on (`false`), or of
   *   nobody (`undefined`). The innermost frame of somebody decides; those of core are the framework's.
   */
  take(mark: number, hasStopped: (file: string) => boolean | undefined): ResourceLeak[] {
    const leaks: ResourceLeak[] = []
    for (const [id, resource] of this.#resources) {
      const source = id <= mark && resource.handle !== undefined ? sourceOf(resource, hasStopped) : undefined
      if (source === undefined) continue
      leaks.push({ type: resource.type, source })
      this.#resources.delete(id)
    }
    return leaks
  }

  /**
   * What is there now and keeps the process alive.
   *
   * @param isIgnored - Whether a stack is that of something that is nobody's fault, such as a test runner.
   */
  alive(isIgnored: (stack: string) => boolean): ResourceLeak[] {
    return Array.from(this.#resources.values()).flatMap(({ type, handle, stack = '' }) =>
      handle?.hasRef() === true && !isIgnored(stack) ? [{ type, source: stackSites(stack)[0] }] : [],
    )
  }

  /** Sees nothing from now on and forgets what it saw. */
  close(): void {
    this.#hook.disable()
    this.#resources.clear()
  }
}

function isHandle(made: object): made is Handle {
  return 'hasRef' in made && typeof made.hasRef === 'function'
}

/** Where code that has stopped made something; `undefined` when another one did, or nobody in view. */
function sourceOf(
  { stack, parent }: Resource,
  hasStopped: (file: string) => boolean | undefined,
): SourceSite | undefined {
  for (const site of stackSites(stack)) {
    const isTheirs = isOwnFile(site.file) ? false : hasStopped(site.file)
    if (isTheirs !== undefined) return isTheirs ? site : undefined
  }
  return parent === undefined ? undefined : sourceOf(parent, hasStopped)
}
