import {
  type Channel,
  type ChatEvent,
  type Content,
  type Guild,
  type Member,
  type Message,
  MynahError,
  toElements,
  type User,
} from '@mynah/core'

import { describeContent, type Expected, fits, inWords, type SentMessage, withoutQuote } from './messages.ts'
import type { TestChannel, TestGuild } from './test-guild.ts'
import type { TestHost } from './test-host.ts'

/** How long an expectation waits. */
export interface ExpectOptions {
  /** Ms of real time; the clock of the test does not count. @defaultValue 2000 */
  readonly timeoutMs?: number
}

/** How something is said. */
export interface SayOptions {
  /** The message that it answers. */
  readonly quote?: SentMessage
}

/** Where somebody is. */
interface Where {
  readonly channel: Channel
  readonly guild?: Guild
  readonly member?: Member
}

/** Somebody in one place: speaks, presses buttons, and sees what the bot says there. */
export class TestParticipant {
  readonly #host: TestHost
  readonly #user: User
  readonly #where: () => Where

  constructor(host: TestHost, user: User, where: () => Where) {
    this.#host = host
    this.#user = user
    this.#where = where
  }

  /** Says something. Resolves when the bot has nothing more to do but to wait for an answer. */
  say(content: Content, { quote }: SayOptions = {}): Promise<void> {
    const where = this.#where()
    const message = {
      id: this.#host.newId('message'),
      content: toElements(content),
      user: this.#user,
      createdAt: this.#host.clock.now(),
      ...(quote === undefined ? {} : { quote: this.#quoted(quote) }),
    }
    this.#host.write(where.channel.id, message)
    return this.#host.emit('message-created', { ...where, user: this.#user, message })
  }

  /**
   * Says one line after the other, each when the bot has nothing more to do but to wait for it: a form, or a command
   * that asks.
   *
   * @returns What the bot said last; what it said before is taken, too.
   * @throws MynahError `TEST_EXPECTATION` when it says nothing to one of them.
   */
  async fill(...lines: readonly string[]): Promise<SentMessage> {
    let last: SentMessage | undefined
    for (const line of lines) {
      await this.say(line)
      const { pending } = this.#host.bot.inbox(this.#where().channel.id)
      for (let left = Math.max(1, pending.length); left > 0; left -= 1) last = await this.expectReply()
    }
    if (last === undefined) throw new MynahError('TEST_EXPECTATION', 'There is no line to say.')
    return last
  }

  #quoted({ id, content }: SentMessage): Message {
    return { id, content: withoutQuote(content), user: { id: this.#host.bot.selfId } }
  }

  /**
   * Presses a button under the newest message that has it. Resolves like {@link say}.
   *
   * @param button - Its label or id.
   * @throws MynahError `TEST_EXPECTATION` when there is none, or it is not for this person.
   */
  async press(button: string): Promise<void> {
    await this.#host.idle()
    const where = this.#where()
    const messages = this.#host.bot.shown(where.channel.id)
    for (const message of messages.toReversed()) {
      const found = message.buttons.find(({ id, label }) => id === button || label === button)
      if (found === undefined) continue
      if (found.for?.includes(this.#user.id) === false) {
        throw new MynahError(
          'TEST_EXPECTATION',
          `The button "${button}" is for ${found.for.join(', ')}, not for ${this.#user.id}.`,
        )
      }
      const pressed = { id: found.id }
      const { id, content } = message
      return this.#host.emit('interaction/button', {
        ...where,
        user: this.#user,
        message: { id, content },
        button: pressed,
      })
    }
    const labels = messages.flatMap(({ buttons }) => buttons.map(({ label }) => `"${label}"`))
    throw new MynahError(
      'TEST_EXPECTATION',
      `There is no button "${button}" ${this.#place()}; there are: ${labels.join(', ') || 'none'}.${this.#report()}`,
    )
  }

  /**
   * Takes the first message of the bot here that fits and was not taken yet.
   *
   * @param expected - The very text, or what fits it; anything when left out.
   * @throws MynahError `TEST_EXPECTATION` that tells what was said instead.
   */
  async expectReply(expected?: Expected, { timeoutMs = 2000 }: ExpectOptions = {}): Promise<SentMessage> {
    const inbox = this.#host.bot.inbox(this.#where().channel.id)
    const taken = await inbox.take((message) => fits(message, expected), '', timeoutMs).catch(() => undefined)
    if (taken !== undefined) return taken
    const others = inbox.pending.map(({ content }) => `\n  ${describeContent(content)}`).join('')
    throw new MynahError(
      'TEST_EXPECTATION',
      `Expected ${inWords(expected)} ${this.#place()} within ${timeoutMs} ms, but the bot said ${others === '' ? 'nothing new' : `only:${others}`}${this.#report()}`,
    )
  }

  /**
   * Waits until the bot has nothing more to do, and makes sure that it has said nothing here that was not taken by
   * {@link expectReply}.
   *
   * @throws MynahError `TEST_EXPECTATION` that tells what was said.
   */
  async expectSilence(): Promise<void> {
    await this.#host.idle()
    const said = this.#host.bot.inbox(this.#where().channel.id).pending
    if (said.length === 0) return
    const lines = said.map(({ content }) => `\n  ${describeContent(content)}`).join('')
    throw new MynahError(
      'TEST_EXPECTATION',
      `Expected silence ${this.#place()}, but the bot said:${lines}${this.#report()}`,
    )
  }

  #place(): string {
    const { channel, guild } = this.#where()
    if (guild === undefined) return `in the direct chat with ${this.#user.id}`
    return channel.id === guild.id ? `in ${guild.id}` : `in ${guild.id}/${channel.id}`
  }

  #report(): string {
    return this.#host.report(this.#where().channel.id)
  }
}

/** A person. Speaks to the bot one to one, or {@link TestUser.in | in} a guild. */
export class TestUser extends TestParticipant {
  /** As events tell it. */
  readonly data: User
  readonly #host: TestHost

  constructor(host: TestHost, data: User, channel: Channel) {
    super(host, data, () => ({ channel }))
    this.#host = host
    this.data = data
  }

  /** As events tell it. */
  get id(): string {
    return this.data.id
  }

  /**
   * This person in a guild or a channel; joins when needed, without an event.
   *
   * @param member - What the person is there from now on, such as `{ role: 'admin' }`.
   */
  in(place: TestGuild | TestChannel, member?: Omit<Member, 'user'>): TestParticipant {
    const { guild, channel } = place
    if (guild.member(this) === undefined || member !== undefined) guild.join(this, member)
    return new TestParticipant(this.#host, this.data, () => {
      const current = guild.member(this)
      return { channel, guild: guild.data, ...(current === undefined ? {} : { member: current }) }
    })
  }

  /** Asks to be the bot's friend: `friend-request`. Resolves when the bot is done with it. */
  requestFriend(comment?: string): Promise<void> {
    const fields: Partial<ChatEvent> = comment === undefined ? {} : { comment }
    return this.#host.emit('friend-request', { ...fields, user: this.data })
  }
}
