import type { ChatEvent } from '../model/event.ts'

/** Says whether something concerns an event. Cheap, pure and synchronous. */
export type Filter = (event: ChatEvent) => boolean

/** Says whether something concerns an event, perhaps after asking for it. Every {@link Filter} is one. */
export type Check<C> = (event: ChatEvent, context: C) => boolean | Promise<boolean>

/** Says yes when one of them does; asks no further than it has to. */
export function any(...filters: readonly Filter[]): Filter
export function any<C>(...checks: readonly Check<C>[]): Check<C>
export function any<C>(...checks: readonly Check<C>[]): Check<C> {
  return (event, context) => decide(checks, true, event, context, 0)
}

/** Says yes when all of them do; asks no further than it has to. */
export function all(...filters: readonly Filter[]): Filter
export function all<C>(...checks: readonly Check<C>[]): Check<C>
export function all<C>(...checks: readonly Check<C>[]): Check<C> {
  const [only, ...others] = checks
  if (only !== undefined && others.length === 0) return only
  return (event, context) => decide(checks, false, event, context, 0)
}

/** Says yes when the other one says no. */
export function not(filter: Filter): Filter
export function not<C>(check: Check<C>): Check<C>
export function not<C>(check: Check<C>): Check<C> {
  return (event, context) => {
    const answer = check(event, context)
    return typeof answer === 'object' ? answer.then((isYes) => !isYes) : !answer
  }
}

/** Asks one after the other until one gives the `decisive` answer. */
function decide<C>(
  checks: readonly Check<C>[],
  decisive: boolean,
  event: ChatEvent,
  context: C,
  from: number,
): boolean | Promise<boolean> {
  for (let index = from; index < checks.length; index += 1) {
    const answer = checks[index]?.(event, context)
    if (typeof answer === 'object') {
      return answer.then((isYes) =>
        isYes === decisive ? decisive : decide(checks, decisive, event, context, index + 1),
      )
    }
    if ((answer === true) === decisive) return decisive
  }
  return !decisive
}
