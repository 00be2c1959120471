import { Session } from '../session/session.ts'
import type { Answer, LastStep, MessageIncoming, MiddlewareEntry } from './middleware.ts'

/** How many names of skipped middlewares a trace shows. */
const shownNames = 3

/** A middleware while it has the message. */
interface Visit {
  readonly entry: MiddlewareEntry
  /** Number of its step in the trace. */
  readonly step: number
  /** What comes after it, once it has called `next`. */
  rest: Promise<Answer> | undefined
  /** How long that took in ms. */
  restMs: number
  /** Whether it answered with a promise of its own. */
  isLong: boolean
}

/** A message on its way through the middlewares. */
interface Walk {
  readonly entries: readonly MiddlewareEntry[]
  readonly message: MessageIncoming
  readonly last: LastStep
  /** How many middlewares were for other places, and the names of the first of them. */
  skipped: number
  names: string
}

/**
 * Runs a message through middlewares and then through `last`. A middleware that throws is reported in the name of its
 * plugin and ends the message: what it guards stays guarded. One whose filter does not fit costs a call of that
 * filter, and one that answers at once or hands on what `next()` gives costs no promise of ours.
 */
export function compose(
  entries: readonly MiddlewareEntry[],
  message: MessageIncoming,
  last: LastStep,
): Answer | Promise<Answer> {
  return goOn({ entries, message, last, skipped: 0, names: '' }, 0)
}

/** What comes from a place of the chain on. */
function goOn(walk: Walk, start: number): Answer | Promise<Answer> {
  const { entries, message, last } = walk
  const { incoming, event } = message
  for (let index = start; index < entries.length; index += 1) {
    const entry = entries[index]
    if (entry === undefined) break
    try {
      if (entry.scope.when?.(event) !== false && entry.when?.(event) !== false) return run(walk, entry, index)
    } catch (error) {
      return fail(message, entry, error)
    }
    walk.skipped += 1
    if (walk.skipped <= shownNames) walk.names += walk.skipped === 1 ? entry.name : `, ${entry.name}`
  }
  const { skipped, names } = walk
  if (skipped > 0) {
    const more = skipped > shownNames ? ` and ${skipped - shownNames} more` : ''
    incoming.trace?.add('filter', 'middleware', `${names}${more} are not for this place`)
  }
  return last(message)
}

function run(walk: Walk, entry: MiddlewareEntry, index: number): Answer | Promise<Answer> {
  const { scope, name } = entry
  const { message } = walk
  const { incoming, event } = message
  const step = incoming.trace?.add('middleware', name) ?? 0
  const visit: Visit = { entry, step, rest: undefined, restMs: 0, isLong: false }
  const next = (): Promise<Answer> => {
    if (visit.rest !== undefined) return visit.rest
    const following = goOn(walk, index + 1)
    visit.rest = following instanceof Promise ? following : Promise.resolve(following)
    if (visit.isLong) timeRest(message, visit, visit.rest)
    return visit.rest
  }
  incoming.begin('middleware', name, scope)
  scope.enter()
  let answer: Answer | Promise<Answer>
  try {
    answer = entry.run(new Session(incoming, scope, event), next)
  } catch (error) {
    scope.leave()
    return fail(message, entry, error)
  }
  if (answer instanceof Promise && answer !== visit.rest) return finish(message, visit, answer)
  if (!(answer instanceof Promise)) conclude(message, visit, answer)
  scope.leave()
  // It handed on what comes after it, which goes on alone.
  if (answer instanceof Promise) incoming.trace?.handOver(step, passedOn)
  else end(message, visit)
  return answer
}

async function finish(message: MessageIncoming, visit: Visit, coming: Promise<Answer>): Promise<Answer> {
  visit.isLong = true
  if (visit.rest !== undefined) timeRest(message, visit, visit.rest)
  try {
    const answer = await coming
    conclude(message, visit, answer)
    return answer
  } catch (error) {
    return fail(message, visit.entry, error)
  } finally {
    visit.entry.scope.leave()
    end(message, visit)
  }
}

/** Notes what a middleware made of the message. */
function conclude({ incoming }: MessageIncoming, { entry, rest }: Visit, answer: Answer): void {
  const { outcome } = incoming
  if (rest === undefined) outcome.taken(answer, entry.scope.name)
  else outcome.passed(answer, entry.scope.name)
}

/** What comes after a middleware does not count as its time. */
function timeRest({ incoming }: MessageIncoming, visit: Visit, rest: Promise<Answer>): void {
  const { clock } = incoming.host
  const start = clock.monotonic()
  void rest.then(() => {
    visit.restMs = clock.monotonic() - start
    incoming.begin('middleware', visit.entry.name, visit.entry.scope)
  })
}

const passedOn = 'passed it on'

function end({ incoming }: MessageIncoming, { step, rest, restMs }: Visit): void {
  incoming.trace?.end(step, rest === undefined ? 'did not pass it on' : passedOn, restMs)
}

function fail({ incoming }: MessageIncoming, { scope, name }: MiddlewareEntry, error: unknown): undefined {
  incoming.failed(error, `middleware ${name}`, scope)
  incoming.outcome.ended('failed', undefined, scope.name)
  scope.fail(error, `middleware ${name}`)
  return undefined
}
