import type { BotHost } from '../../src/adapter/bot-host.ts'
import type { LocalBot } from '../../src/adapter/local-bot.ts'
import type { Hatches } from '../../src/app/connect-hatches.ts'
import type { Inbox, Outbox } from '../../src/bot/hatches.ts'
import type { ChatEvent } from '../../src/index.ts'
import { copy, refuseToCopy } from './copy.ts'
import { RemoteBot } from './remote-bot.ts'

/**
 * Stands for `src/app/connect-hatches.ts` where suites run over a wall: whatever crosses it is copied through JSON, as
 * between two processes, and plugins hold accounts that they can only reach through it.
 */
export function connectHatches(inbox: Inbox, outbox: Outbox): Hatches {
  const far: Outbox = {
    send: async (message) => copy(await outbox.send(copy(message))),
    async call({ bot, path, args }) {
      refuseToCopy(path, args)
      return copy(await outbox.call({ bot, path, args: copy(withoutUndefinedEnd(args)) }))
    },
    cancel: (key) => outbox.cancel(copy(key)),
  }
  return {
    inbox: {
      accept: (event, signal) => inbox.accept(copyEvent(event), signal),
      onSettled: (listener) => inbox.onSettled((settlement) => listener(copy(settlement))),
    },
    outbox: far,
    botOf: (account: LocalBot, host: BotHost) => new RemoteBot(account, far, host),
  }
}

/** What a caller leaves out is left out on the other side, too, and no `null`. */
function withoutUndefinedEnd(args: readonly unknown[]): readonly unknown[] {
  return args.slice(0, args.findLastIndex((arg) => arg !== undefined) + 1)
}

/** Events that no text can carry because what the platform sent is nested too deep come without that. */
function copyEvent(event: ChatEvent): ChatEvent {
  try {
    return copy(event)
  } catch (error) {
    if (error instanceof RangeError) return copy({ ...event, raw: undefined })
    throw error
  }
}
