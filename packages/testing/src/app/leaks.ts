import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'

import { type App, type AppEvents, MynahError, type Scope } from '@mynah/core'

import type { ProcessWatch } from './process-watch.ts'
import type { TestApp } from './test-app.ts'
import type { TestClock } from './test-clock.ts'

/** What is still there after an app has stopped, a line each; nothing when all is well. */
export type Leftovers = readonly string[]

/** How long Node may take to close what was told to close, in ms. */
const closingMs = 1000

/** What {@link whatIsLeft} looks at. */
export interface Stopped {
  readonly app: App
  /** Scopes of all plugins, from before the stop. */
  readonly scopes: readonly Scope[]
  readonly clock: TestClock
  readonly watch: ProcessWatch
  /** What failed while the app stopped. */
  readonly errors: readonly AppEvents['plugin-error'][]
}

/** Looks everywhere for what a stopped app should have taken away. */
export async function whatIsLeft({ app, scopes, clock, watch, errors }: Stopped): Promise<Leftovers> {
  const left: string[] = []
  const count = (amount: number, what: string): void => {
    if (amount > 0) left.push(`${amount} ${what}`)
  }
  for (const scope of [...scopes, app.root]) {
    count(scope.running, `handlers of ${scope.name} that still run`)
    for (const { kind, label } of scope.effects()) left.push(`${kind} "${label}" of ${scope.name}`)
  }
  for (const { name } of app.instances) left.push(`the plugin ${name}`)
  for (const { name } of app.commands) left.push(`the command ${name}`)
  for (const name of app.services.names()) left.push(`the service ${name}`)
  for (const { key } of app.bots) left.push(`the bot ${key}`)
  count(app.listeners.size, 'listeners')
  count(app.middleware.size, 'middlewares')
  count(app.dispatcher.prompts.size, 'questions that wait for an answer')
  count(app.dispatcher.running, 'events that are still being handled')
  for (const { plugin, where, error } of errors) {
    left.push(`${plugin} failed in ${where}: ${error instanceof Error ? error.message : String(error)}`)
  }
  for (const { kind, inMs, origin } of clock.pending)
    left.push(`a timer, ${kind}, due in ${inMs} ms, set ${origin}`)
  return [...left, ...(await addedResources(watch))]
}

async function addedResources(watch: ProcessWatch): Promise<string[]> {
  const end = performance.now() + closingMs
  await nextTurn()
  let added = watch.added()
  while (added.length > 0 && performance.now() < end) {
    await sleep(10)
    // Not until then has the timer of this very pause gone.
    await nextTurn()
    added = watch.added()
  }
  watch.end()
  return added
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
export async function expectNoLeaks(test: TestApp): Promise<void> {
  const left = await test.leftovers()
  if (left.length === 0) return
  throw new MynahError(
    'TEST_EXPECTATION',
    `After the app has stopped, this is left:${left.map((line) => `\n  ${line}`).join('')}`,
  )
}
