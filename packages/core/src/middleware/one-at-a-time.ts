import type { Texts } from '../i18n/texts.ts'
import { type ConcurrencyOptions, Lanes } from './lanes.ts'
import type { Middleware } from './middleware.ts'
import type { Share } from './share.ts'

/** A middleware that has one message at a time, with all that comes after it. */
export function oneAtATime(
  run: Middleware,
  name: string,
  share: Share,
  options: ConcurrencyOptions,
  texts: Texts,
): Middleware {
  const lanes = new Lanes(share, options)
  return async (session, next) => {
    const turn = lanes.enter(session.event)
    if (turn === false) {
      return lanes.whenBusy === 'drop'
        ? undefined
        : texts.translateFor(session.event, 'command.busy', { name })
    }
    if (turn !== undefined) await turn
    try {
      return await run(session, next)
    } finally {
      lanes.leave(session.event)
    }
  }
}
