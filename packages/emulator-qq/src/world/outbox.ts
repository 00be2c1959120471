import type { Mailbox } from '@mynah/core/testing'
import type { QQBotMessage } from './message.ts'
import type { GroupState, UserState, World } from './world.ts'

/** Brings messages of the bot to the people who see them, and keeps them all. */
export class Outbox {
  readonly #world: World
  readonly #messages = new Map<string, QQBotMessage>()

  constructor(world: World) {
    this.#world = world
  }

  /** Every message of the bot, oldest first. */
  get all(): QQBotMessage[] {
    return [...this.#messages.values()]
  }

  get(id: string): QQBotMessage | undefined {
    return this.#messages.get(id)
  }

  byQuoteIndex(index: string): QQBotMessage | undefined {
    return this.all.find((message) => message.quoteIndex === index)
  }

  forget(): void {
    this.#messages.clear()
  }

  /**
   * Delivers a message: an answer goes to whoever is answered, anything else to everybody in the place;
   * groups and channels see both.
   *
   * @param actor - The id of whoever is answered.
   */
  deliver(message: QQBotMessage, actor: string | undefined): void {
    this.#messages.set(message.id, message)
    const place = this.#place(message)
    place?.inbox.push(message)
    for (const user of this.#audience(message, actor)) {
      ;(message.kind === 'typing' ? user.typing : user.inbox).push(message)
    }
  }

  #place({ targetKind, target }: QQBotMessage): { inbox: Mailbox<QQBotMessage> } | undefined {
    if (targetKind === 'group') return this.#world.groups.get(target)
    return targetKind === 'channel' ? this.#world.channel(target) : undefined
  }

  #audience({ targetKind, target }: QQBotMessage, actor: string | undefined): UserState[] {
    if (targetKind === 'c2c') return only(this.#world.userByOpenid(target))
    if (targetKind === 'dm') return only(this.#world.directs.get(target)?.user)
    const answered = actor === undefined ? undefined : this.#world.userByAnyId(actor)
    if (answered !== undefined) return [answered]
    if (targetKind === 'group') return groupUsers(this.#world.groups.get(target))
    return [...(this.#world.channel(target)?.guild.members.values() ?? [])].map(({ user }) => user)
  }
}

const only = (user: UserState | undefined): UserState[] => (user === undefined ? [] : [user])
const groupUsers = (group: GroupState | undefined): UserState[] =>
  [...(group?.members.values() ?? [])].map(({ user }) => user)
