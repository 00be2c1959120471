import { createHook } from 'node:async_hooks'

/** Something that can keep the process alive: a timer, a socket, a server, a watcher, a child process. */
interface Handle {
  hasRef(): boolean
}

interface Resource {
  readonly type: string
  readonly handle: Handle
  readonly origin: string
}

/** Frames that stand between what is made and the line of a program that wants it. */
const innerFrame = /node:|\(<anonymous>\)/
/** Test runners set timers of their own while a test runs. */
const runnerFrame = /node_modules[\\/]@?vitest|node:internal\/test_runner/

/** Watches what is made in this process, from now until {@link ProcessWatch.end}. */
export class ProcessWatch {
  readonly #resources = new Map<number, Resource>()
  readonly #listeners: ReadonlyMap<string | symbol, number> = countListeners()
  readonly #hook = createHook({
    init: (id, type, _, resource) => {
      if (type === 'Immediate' || !isHandle(resource)) return
      const origin = originOf()
      if (origin !== undefined) this.#resources.set(id, { type, handle: resource, origin })
    },
    destroy: (id) => void this.#resources.delete(id),
  }).enable()

  /** What has been made since and keeps the process alive, and listeners for events of the process. */
  added(): string[] {
    const resources = Array.from(this.#resources.values())
      .filter(({ handle }) => handle.hasRef())
      .map(({ type, origin }) => `${type}, which keeps the process alive, made ${origin}`)
    const listeners = Array.from(countListeners(), ([event, count]) => ({
      event,
      more: count - (this.#listeners.get(event) ?? 0),
    }))
      .filter(({ more }) => more > 0)
      .map(({ event, more }) => `${more} listeners for "${String(event)}" of the process`)
    return [...resources, ...listeners]
  }

  end(): void {
    this.#hook.disable()
    this.#resources.clear()
  }
}

function isHandle(resource: object): resource is Handle {
  return 'hasRef' in resource && typeof resource.hasRef === 'function'
}

function countListeners(): Map<string | symbol, number> {
  return new Map(process.eventNames().map((event) => [event, process.listenerCount(event)]))
}

/** The line of a program that made it; `undefined` when a test runner did. */
function originOf(): string | undefined {
  const depth = Error.stackTraceLimit
  Error.stackTraceLimit = 30
  const { stack = '' } = new Error('made')
  Error.stackTraceLimit = depth
  const frames = stack.split('\n').slice(1)
  const isOwn = (frame: string): boolean => frame.includes(import.meta.filename)
  const maker = frames.find((frame) => !innerFrame.test(frame) && !isOwn(frame))
  if (maker === undefined)
    return frames.some((frame) => runnerFrame.test(frame)) ? undefined : 'in the background'
  return runnerFrame.test(maker) ? undefined : maker.trim()
}
