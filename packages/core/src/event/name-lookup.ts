import type { Bot } from '../bot/bot.ts'
import { featuresAt } from '../bot/features-at.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Clock } from '../shared/clock.ts'
import { Remembered } from '../shared/remembered.ts'

/** How long a name counts, in ms. */
const freshMs = 10 * 60_000
const maxKept = 1000

/** Asks platforms for the names that an event does not tell, and remembers the answers. */
export class NameLookup {
  readonly #names: Remembered<string | undefined>

  constructor(clock: Clock) {
    this.#names = new Remembered({ maxEntries: maxKept, maxAgeMs: freshMs, clock })
  }

  /** What people see of who an event is about; the id where nobody tells a name. Never rejects. */
  of(event: ChatEvent, bot: Bot): Promise<string> {
    const { user, member } = event
    const told = member?.nick || user?.nick || user?.name
    if (told !== undefined && told !== '') return Promise.resolve(told)
    return user === undefined ? Promise.resolve('') : this.#find(event, bot, user.id)
  }

  async #find(event: ChatEvent, bot: Bot, userId: string): Promise<string> {
    const key = JSON.stringify([bot.key, event.guild?.id, userId])
    try {
      return (await this.#names.of(key, () => ask(event, bot, userId))) ?? userId
    } catch {
      // The platform does not answer; the next one asks again.
      return userId
    }
  }
}

async function ask({ guild, channel }: ChatEvent, bot: Bot, userId: string): Promise<string | undefined> {
  const features = await featuresAt(bot, channel?.id)
  const mayAskUser = features.includes('getUser')
  if (guild !== undefined && features.includes('getMember')) {
    try {
      const { nick, user } = await bot.getMember(guild.id, userId)
      const name = nick || user?.nick || user?.name
      if (name) return name
    } catch (error) {
      // Who has left is no member any more.
      if (!mayAskUser) throw error
    }
  }
  if (!mayAskUser) return undefined
  const { nick, name } = await bot.getUser(userId)
  return nick || name
}
