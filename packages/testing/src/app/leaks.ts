import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'

import {
  type App,
  type AppEvents,
  type LeakDetector,
  MynahError,
  type PluginInfo,
  type Scope,
} from '@mynah/core'
import type { TestClock } from '@mynah/core/testing'

/** How long Node may take to close what was told to close, in ms. */
const closingMs = 1000

/** Frames that stand between what is made and the line of a program that wants it. */
const innerFrame = /node:|\(<anonymous>\)/
/** Test runners set timers of their own while a test runs. */
const runnerFrame = /node_modules[\\/]@?vitest|node:internal\/test_runner/

/** Listeners of the process, by event. */
type ListenerCounts = ReadonlyMap<string | symbol, number>

/** What {@link findInProcess} looks at. */
export interface Watched {
  readonly detector: LeakDetector
  /** Listeners of the process from before the app was made. */
  readonly listeners: ListenerCounts
}

/** What {@link findLeaks} looks at. */
export interface Stopped extends Watched {
  readonly app: App
  /** Scopes of all plugins, from before the stop. */
  readonly scopes: readonly Scope[]
  readonly clock: TestClock
  /** What failed while the app stopped. */
  readonly errors: readonly AppEvents['plugin-error'][]
}

/** Looks everywhere for what a stopped app should have taken away: a line each, nothing when all is well. */
export async function findLeaks(stopped: Stopped): Promise<readonly string[]> {
  const { app, scopes, clock, errors } = stopped
  const left: string[] = []
  const count = (amount: number, what: string): void => {
    if (amount > 0) left.push(`${amount} ${what}`)
  }
  const holders = [...scopes.map(infoOf), ...app.inspect.plugins.filter(({ name }) => name === 'app')]
  for (const { name, running, effects } of holders) {
    count(running, `handlers of ${name} that still run`)
    for (const { kind, label } of effects) left.push(`${kind} "${label}" of ${name}`)
  }
  for (const { name } of app.instances) left.push(`the plugin ${name}`)
  for (const { name } of app.inspect.commands) left.push(`the command ${name}`)
  for (const name of app.inspect.services) left.push(`the service ${name}`)
  for (const { key } of app.inspect.bots) left.push(`the bot ${key}`)
  const { listeners, middlewares, prompts, running } = app.inspect.load
  count(listeners, 'listeners')
  count(middlewares, 'middlewares')
  count(prompts, 'questions that wait for an answer')
  count(running, 'events that are still being handled')
  for (const { plugin, where, error } of errors) {
    left.push(`${plugin} failed in ${where}: ${error instanceof Error ? error.message : String(error)}`)
  }
  for (const { kind, inMs, origin } of clock.pending)
    left.push(`a timer, ${kind}, due in ${inMs} ms, set ${origin}`)
  return [...left, ...(await findInProcess(stopped))]
}

function infoOf(scope: Scope): Pick<PluginInfo, 'name' | 'running' | 'effects'> {
  return { name: scope.name, running: scope.running, effects: scope.effects() }
}

/** Looks for what has come since and keeps the process alive, and closes the detector. */
export async function findInProcess(stopped: Watched): Promise<string[]> {
  const end = performance.now() + closingMs
  await nextTurn()
  let found = inProcess(stopped)
  while (found.length > 0 && performance.now() < end) {
    await sleep(10)
    // Not until then has the timer of this very pause gone.
    await nextTurn()
    found = inProcess(stopped)
  }
  stopped.detector.close()
  return found
}

/** What has come since and keeps the process alive, and listeners for events of the process. */
function inProcess({ detector, listeners }: Watched): string[] {
  const resources = detector.alive(isOfRunner).map(({ type, source }) => {
    const place =
      source === undefined ? 'in the background' : `at ${source.file}:${source.line}:${source.column}`
    return `${type}, which keeps the process alive, made ${place}`
  })
  const added = Array.from(countListeners(), ([event, count]) => ({
    event,
    more: count - (listeners.get(event) ?? 0),
  }))
    .filter(({ more }) => more > 0)
    .map(({ event, more }) => `${more} listeners for "${String(event)}" of the process`)
  return [...resources, ...added]
}

/** How many listeners each event of the process has. */
export function countListeners(): ListenerCounts {
  return new Map(process.eventNames().map((event) => [event, process.listenerCount(event)]))
}

function isOfRunner(stack: string): boolean {
  const maker = stack
    .split('\n')
    .slice(1)
    .find((frame) => !innerFrame.test(frame))
  return runnerFrame.test(maker ?? stack)
}

/** What can be stopped and tells what it left behind: a `TestApp`. */
interface Leaking {
  leaks(): Promise<readonly string[]>
}

/**
 * Stops the app of a test and makes sure that its plugins have left nothing behind: nothing they registered, no
 * handler that goes on, no timer, and nothing that keeps the process alive, such as an interval or a server.
 *
 * @example
 * ```ts
 * afterEach(() => expectNoLeaks(t))
 * ```
 * @throws MynahError `TEST_EXPECTATION` that names all of it.
 */
export async function expectNoLeaks(test: Leaking): Promise<void> {
  const left = await test.leaks()
  if (left.length === 0) return
  throw new MynahError(
    'TEST_EXPECTATION',
    `After the app has stopped, this is left:${left.map((line) => `\n  ${line}`).join('')}`,
  )
}
