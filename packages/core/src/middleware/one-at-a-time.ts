import type { Texts } from '../i18n/texts.ts'
import { type ConcurrencyOptions, KeyedQueue } from './keyed-queue.ts'
import type { Middleware } from './middleware.ts'
import type { LimitScope } from './limit-scope.ts'

/** A middleware that has one message at a time, with all that comes after it. */
export function oneAtATime(
  run: Middleware,
  name: string,
  scope: LimitScope,
  options: ConcurrencyOptions,
  texts: Texts,
): Middleware {
  const queue = new KeyedQueue(scope, options)
  return async (session, next) => {
    const turn = queue.enter(session.event)
    if (turn === false) {
      return queue.whenBusy === 'drop'
        ? undefined
        : texts.translateFor(session.event, 'command.busy', { name })
    }
    if (turn !== undefined) await turn
    try {
      return await run(session, next)
    } finally {
      queue.leave(session.event)
    }
  }
}
