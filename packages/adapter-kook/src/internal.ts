import type { ChatEvent, Content, Message } from '@mynah/core'

import { isAddressed } from './decode/addressed.ts'
import { KookApi } from './api/kook-api.ts'
import type { KookHttp } from './http.ts'
import type { Messenger } from './send/sender.ts'
import { OwnRoles } from './api/own-roles.ts'
import { Ranks } from './api/ranks.ts'
import { VoiceStates } from './api/voice-states.ts'
import type { MessageEvent } from './wire/events.ts'
import { isRecord } from './wire/read.ts'

/** A message that was sent, as the platform has it now. */
export interface SentKookMessage extends Message {
  /** What was given as `nonce`. */
  readonly nonce?: string
}

/** What only KOOK has: every call of its API, voice states, roles of the bot, and sending with all options. */
export class KookInternal extends KookApi {
  readonly voiceStates: VoiceStates
  readonly ownRoles: OwnRoles
  /** @internal */
  readonly ranks: Ranks
  readonly #selfId: string
  readonly #messenger: () => Messenger

  /** @internal */
  constructor(http: KookHttp, selfId: string, messenger: () => Messenger) {
    super(http)
    this.#selfId = selfId
    this.#messenger = messenger
    this.voiceStates = new VoiceStates(this.channel)
    this.ownRoles = new OwnRoles(this.user, selfId)
    this.ranks = new Ranks(this.guild)
  }

  /**
   * Whether a message means the bot: in private, by its name, by a role it holds, or as an answer to it.
   *
   * @param options - `everyone`: `@everyone` and `@online` mean it as well.
   */
  async isAddressed(event: ChatEvent, options: { readonly everyone?: boolean } = {}): Promise<boolean> {
    if (event.message === undefined || !isMessageData(event.raw)) return false
    const mentionsRole = (event.raw.extra.mention_roles ?? []).length > 0
    const guildId = event.guild?.id
    const roleIds = mentionsRole && guildId !== undefined ? await this.ownRoles.in(guildId) : undefined
    return isAddressed(event.raw, {
      selfId: this.#selfId,
      ...options,
      ...(roleIds === undefined ? {} : { roleIds }),
    })
  }

  /**
   * Sends past the outgoing middleware and tells what became of it: id, time, nonce and content of each
   * message.
   *
   * @throws MynahError `SEND_EMPTY`, `ELEMENT_INVALID` or `MEDIA_REFUSED`; PlatformError when refused.
   */
  send(channelId: string, content: Content): Promise<SentKookMessage[]> {
    return this.#messenger().sendAll(channelId, content)
  }
}

function isMessageData(raw: unknown): raw is MessageEvent {
  return isRecord(raw) && typeof raw['content'] === 'string' && isRecord(raw['extra'])
}
