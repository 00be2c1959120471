import { MynahError } from '../../errors/mynah-error.ts'
import { unlessAborted } from '../../shared/abort.ts'
import { deferred } from '../../shared/deferred.ts'
import { Fifo } from '../../shared/fifo.ts'
import type { LocalBot } from '../local-bot.ts'

type Waiting = Fifo<() => void>

/** How many messages of one conversation may wait. */
const maxWaiting = 1000

/** One message of a conversation at a time; the others wait, first come, first served. */
export class ChannelOrder {
  /** Conversations in which a message is being sent; who waits for its end, once somebody does. */
  readonly #busy = new WeakMap<LocalBot, Map<string, Waiting | undefined>>()

  isFree(bot: LocalBot, channelId: string): boolean {
    return this.#busy.get(bot)?.has(channelId) !== true
  }

  /** Takes a conversation that is free. */
  begin(bot: LocalBot, channelId: string): void {
    const channels = this.#busy.get(bot)
    if (channels === undefined) this.#busy.set(bot, new Map([[channelId, undefined]]))
    else channels.set(channelId, undefined)
  }

  /** Waits for those in front. @throws MynahError `RATE_LIMITED` when too many are; the reason of `signal`. */
  async wait(bot: LocalBot, channelId: string, signal: AbortSignal | undefined): Promise<void> {
    const channels = this.#busy.get(bot)
    const waiting = channels?.get(channelId) ?? new Fifo()
    if (waiting.size >= maxWaiting) {
      throw new MynahError(
        'RATE_LIMITED',
        `${waiting.size} messages wait here already. Send less, or later.`,
        { retriable: true },
      )
    }
    const turn = deferred()
    waiting.push(turn.resolve)
    channels?.set(channelId, waiting)
    try {
      await unlessAborted(turn.promise, signal)
    } catch (error) {
      void turn.promise.then(() => this.end(bot, channelId))
      throw error
    }
  }

  /** Lets the next one go. */
  end(bot: LocalBot, channelId: string): void {
    const channels = this.#busy.get(bot)
    const next = channels?.get(channelId)?.shift()
    if (next === undefined) channels?.delete(channelId)
    else next()
  }
}
