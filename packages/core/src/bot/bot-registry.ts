import { MynahError } from '../errors/mynah-error.ts'
import type { Bot } from './bot.ts'

/** The bots of an app, by `platform:selfId`. */
export class BotRegistry implements Iterable<Bot> {
  readonly #bots = new Map<string, Bot>()

  get size(): number {
    return this.#bots.size
  }

  get(key: string): Bot | undefined {
    return this.#bots.get(key)
  }

  /** Adds a bot; the result takes it out again. @throws MynahError `SERVICE_CONFLICT` when the account is there already. */
  add(bot: Bot): () => void {
    const { key } = bot
    if (this.#bots.has(key)) {
      throw new MynahError(
        'SERVICE_CONFLICT',
        `The account ${key} is signed in twice; remove one of the two from the config.`,
      )
    }
    this.#bots.set(key, bot)
    return () => {
      if (this.#bots.get(key) === bot) this.#bots.delete(key)
    }
  }

  [Symbol.iterator](): Iterator<Bot> {
    return this.#bots.values()
  }
}
