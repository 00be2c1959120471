import type { Bot } from '../bot/bot.ts'
import { featuresAt } from '../bot/features-at.ts'
import type { Member } from '../model/resources.ts'
import type { Clock } from '../shared/clock.ts'
import { Remembered } from '../shared/remembered.ts'

/** How long an answer of the platform counts, in ms: who loses a rank has it so long at most. */
const freshMs = 10_000
const maxKept = 1000

/** Asks platforms for members whose rank an event does not tell, and remembers the answers for a short while. */
export class MemberLookup {
  readonly #answers: Remembered<Member | undefined>

  constructor(clock: Clock) {
    this.#answers = new Remembered({ maxEntries: maxKept, maxAgeMs: freshMs, clock })
  }

  /**
   * A member with rank and roles as the platform has them; `undefined` where it cannot be asked.
   *
   * @param channelId - Where the person is, for accounts that can do different things in different places.
   * @throws what the call throws; then it is asked again the next time.
   */
  find(bot: Bot, guildId: string, userId: string, channelId?: string): Promise<Member | undefined> {
    const key = JSON.stringify([bot.key, guildId, userId])
    return this.#answers.of(key, () => ask(bot, guildId, userId, channelId))
  }
}

async function ask(
  bot: Bot,
  guildId: string,
  userId: string,
  channelId: string | undefined,
): Promise<Member | undefined> {
  const features = await featuresAt(bot, channelId)
  const member = features.includes('getMember') ? await bot.getMember(guildId, userId) : undefined
  if (member?.role !== undefined || !features.includes('getGuild')) return member
  const { ownerId } = await bot.getGuild(guildId)
  return ownerId === userId ? { ...member, role: 'owner' } : member
}
