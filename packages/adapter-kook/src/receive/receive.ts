import type { Passage } from '@mynah/adapter-kit'
import { type ChatEvent, type Element, type ElementOf, isElement, type Logger } from '@mynah/core'

import type { Acceptance } from '@mynah/core/adapter'

import type { ChatCodes } from '../api/chat-codes.ts'
import type { GuildFacts } from '../api/guild-facts.ts'
import type { OwnRoles } from '../api/own-roles.ts'
import type { DecodeOptions } from '../decode/envelope.ts'
import { decodeEvent } from '../decode/event.ts'
import { targetOf } from '../decode/target.ts'
import type { KookEventData } from '../wire/events.ts'

/** What the way in needs of its bot. */
export interface ReceiverOptions extends DecodeOptions {
  /** Tells which roles the bot holds. */
  readonly ownRoles: Pick<OwnRoles, 'in'>
  /** Tells the chats with users. */
  readonly chatCodes: Pick<ChatCodes, 'known' | 'open'>
  /** Tells where in a guild something is said that has no place. */
  readonly guildFacts: Pick<GuildFacts, 'defaultChannel'>
  /** What learns from events. */
  readonly watchers: readonly { watch(event: ChatEvent): void }[]
  /** Hears what has no name in common. */
  readonly logger: Pick<Logger, 'debug'>
  /** Resolves when the event is taken; never rejects. */
  readonly emit: (event: ChatEvent, signal: AbortSignal) => Promise<Acceptance | 'refused'>
}

const comesAndGoes: ReadonlySet<string> = new Set(['guild-member-added', 'guild-member-removed'])

/** Events that may wait behind one for which something has to be asked. */
const maxBehind = 100

/**
 * The way of an event from the wire to the app, the same for gateway and webhook. Some events lack something
 * that has to be asked for; what follows them in the same conversation waits, so that the order stays.
 */
export class Receiver {
  readonly #options: ReceiverOptions
  readonly #tails = new Map<string, Promise<unknown>>()
  #behind = 0

  /** @param options - What it needs of its bot. */
  constructor(options: ReceiverOptions) {
    this.#options = options
  }

  /**
   * Takes what the platform delivered: resolves when the next may follow. Never rejects.
   *
   * @param passage - How it came, where its source numbers events and sends them again.
   */
  async receive(data: KookEventData, signal: AbortSignal, passage?: Passage): Promise<void> {
    for (const decoded of decodeEvent(data, this.#options)) {
      const event = passage?.isAgain === true ? { ...decoded, redelivered: true } : decoded
      passage?.progress.follow(passage.number, event.id)
      for (const watcher of this.#options.watchers) watcher.watch(event)
      if (event.type === event.platformType)
        this.#options.logger.debug({ event: event.type }, 'An event has no name in common.')
      await this.#pass(event, signal, passage)
    }
  }

  async #pass(event: ChatEvent, signal: AbortSignal, passage: Passage | undefined): Promise<void> {
    const key = event.channel?.id ?? event.guild?.id ?? ''
    const completed = this.#complete(event)
    const before = this.#tails.get(key)
    if (before === undefined && !(completed instanceof Promise)) {
      await this.#emit(completed, signal, passage)
      return
    }
    this.#behind += 1
    const passed = Promise.resolve(before).then(async () => this.#emit(await completed, signal, passage))
    this.#tails.set(key, passed)
    const gone = passed.then(() => {
      this.#behind -= 1
      if (this.#tails.get(key) === passed) this.#tails.delete(key)
    })
    // Other conversations go on meanwhile.
    if (this.#behind >= maxBehind) await gone
  }

  async #emit(event: ChatEvent, signal: AbortSignal, passage: Passage | undefined): Promise<void> {
    const acceptance = await this.#options.emit(event, signal)
    passage?.progress.accepted(passage.number, event.id, acceptance)
  }

  /** Adds what the platform left out; never rejects. */
  #complete(event: ChatEvent): ChatEvent | Promise<ChatEvent> {
    const target = event.channel?.type === 'direct' ? targetOf(event.channel.id) : undefined
    if (target?.kind === 'user') return this.#withChat(event, target.userId)
    if (comesAndGoes.has(event.type) && event.channel === undefined) return this.#withDefaultChannel(event)
    const [first, ...rest] = event.message?.content ?? []
    const isRoleFirst = first !== undefined && isElement(first, 'at') && first.attrs.role !== undefined
    return isRoleFirst && event.type === 'message-created' ? this.#withRole(event, first, rest) : event
  }

  /** Clicks in private do not name their chat. */
  #withChat(event: ChatEvent, userId: string): ChatEvent | Promise<ChatEvent> {
    const { chatCodes, logger } = this.#options
    const inChat = (id: string): ChatEvent => ({ ...event, channel: { id, type: 'direct' } })
    const known = chatCodes.known(userId)
    if (known !== undefined) return inChat(known)
    return chatCodes.open(userId).then(inChat, (err: unknown) => {
      logger.debug({ err }, 'The chat with a user could not be found; it is known by the user alone.')
      return event
    })
  }

  /** Who comes and who leaves is told of a guild; what is said about that is said in its first channel. */
  async #withDefaultChannel(event: ChatEvent): Promise<ChatEvent> {
    const { guild } = event
    if (guild === undefined) return event
    try {
      const id = await this.#options.guildFacts.defaultChannel(guild.id)
      return id === undefined ? event : { ...event, channel: { id, type: 'text' } }
    } catch (err) {
      this.#options.logger.debug({ err }, 'The default channel of a guild could not be found.')
      return event
    }
  }

  /** A mention of a role that the bot holds means the bot. */
  async #withRole(event: ChatEvent, mention: ElementOf<'at'>, rest: readonly Element[]): Promise<ChatEvent> {
    const { role } = mention.attrs
    const { message, guild, selfId } = event
    if (message === undefined || guild === undefined || role === undefined) return event
    const roles = await this.#options.ownRoles.in(guild.id)
    if (!roles.has(role)) return event
    const self = { ...mention, attrs: { ...mention.attrs, id: selfId } }
    return { ...event, message: { ...message, content: [self, ...rest] } }
  }
}
