import { type ChatEvent, type Element, type ElementOf, isElement, type Logger } from '@mynah/core'

import type { DecodeOptions } from '../decode/envelope.ts'
import { decodeEvent } from '../decode/event.ts'
import { placeOf } from '../decode/resources.ts'
import type { KookInternal } from '../internal.ts'
import type { Messenger } from '../send/sender.ts'
import type { KookEventData } from '../wire/events.ts'

/** What the way in needs of its bot. */
export interface InboundOptions extends DecodeOptions {
  readonly internal: KookInternal
  readonly messenger: Messenger
  readonly logger: Pick<Logger, 'debug'>
  readonly emit: (event: ChatEvent) => void
}

/**
 * The way of an event from the wire to the app, the same for gateway and webhook. Some events lack something
 * that has to be asked for; what follows them in the same conversation waits, so that the order stays.
 */
export class Inbound {
  readonly #options: InboundOptions
  readonly #tails = new Map<string, Promise<void>>()

  constructor(options: InboundOptions) {
    this.#options = options
  }

  /** Takes what the platform delivered; never throws. */
  receive(data: KookEventData): void {
    for (const event of decodeEvent(data, this.#options)) {
      this.#learn(event)
      this.#pass(event)
    }
  }

  #learn(event: ChatEvent): void {
    const { internal, messenger, logger } = this.#options
    internal.ownRoles.watch(event)
    internal.ranks.watch(event)
    internal.voiceStates.watch(event)
    const { channel, user, type } = event
    if (type === 'message-created' && channel?.type === 'direct' && user !== undefined) {
      if (placeOf(channel.id).kind === 'chat') messenger.learnChat(user.id, channel.id)
    }
    if (type === event.platformType) logger.debug({ event: type }, 'An event has no name in common.')
  }

  #pass(event: ChatEvent): void {
    const key = event.channel?.id ?? event.guild?.id ?? ''
    const completed = this.#complete(event)
    const before = this.#tails.get(key)
    if (before === undefined && !(completed instanceof Promise)) return this.#options.emit(completed)
    const passed = Promise.resolve(before).then(async () => this.#options.emit(await completed))
    this.#tails.set(key, passed)
    void passed.finally(() => {
      if (this.#tails.get(key) === passed) this.#tails.delete(key)
    })
  }

  /** Adds what the platform left out; never rejects. */
  #complete(event: ChatEvent): ChatEvent | Promise<ChatEvent> {
    const place = event.channel?.type === 'direct' ? placeOf(event.channel.id) : undefined
    if (place?.kind === 'user') return this.#withChat(event, place.userId)
    const [first, ...rest] = event.message?.content ?? []
    const isRoleFirst = first !== undefined && isElement(first, 'at') && first.attrs.role !== undefined
    return isRoleFirst && event.type === 'message-created' ? this.#withRole(event, first, rest) : event
  }

  /** Clicks in private do not name their chat. */
  #withChat(event: ChatEvent, userId: string): ChatEvent | Promise<ChatEvent> {
    const { messenger, logger } = this.#options
    const inChat = (id: string): ChatEvent => ({ ...event, channel: { id, type: 'direct' } })
    const known = messenger.knownChat(userId)
    if (known !== undefined) return inChat(known)
    return messenger.openChat(userId).then(inChat, (err: unknown) => {
      logger.debug({ err }, 'The chat with a user could not be found; it is known by the user alone.')
      return event
    })
  }

  /** A mention of a role that the bot holds means the bot. */
  async #withRole(event: ChatEvent, mention: ElementOf<'at'>, rest: readonly Element[]): Promise<ChatEvent> {
    const { role } = mention.attrs
    const { message, guild, selfId } = event
    if (message === undefined || guild === undefined || role === undefined) return event
    const roles = await this.#options.internal.ownRoles.in(guild.id)
    if (!roles.has(role)) return event
    const self = { ...mention, attrs: { ...mention.attrs, id: selfId } }
    return { ...event, message: { ...message, content: [self, ...rest] } }
  }
}
