import { BoundedMap, type BoundedOptions } from '@mynah/core/adapter'

/** What the platform answers about guilds: asked for when somebody wants to know, then kept. */
export class Remembered<T> {
  readonly #ask: (guildId: string) => Promise<T>
  readonly #answers: BoundedMap<string, Promise<T>>

  /** @param ask - Asks the platform. @param options - How long an answer counts, and by which clock. */
  constructor(ask: (guildId: string) => Promise<T>, options: Omit<BoundedOptions, 'maxEntries'> = {}) {
    this.#ask = ask
    this.#answers = new BoundedMap({ maxEntries: 1000, ...options })
  }

  /** What is known of a guild; a failure is told to all who wait for it, and not kept. */
  of(guildId: string): Promise<T> {
    const known = this.#answers.get(guildId)
    if (known !== undefined) return known
    const asked = this.#ask(guildId)
    this.#answers.set(guildId, asked)
    asked.catch(() => {
      if (this.#answers.get(guildId) === asked) this.#answers.delete(guildId)
    })
    return asked
  }

  /** Something about a guild may be different now; without an id, about any. */
  forget(guildId?: string): void {
    if (guildId === undefined) this.#answers.clear()
    else this.#answers.delete(guildId)
  }
}
