import type { Mailbox } from '@mynah/core/testing'
import type { QQBotMessage } from '../world/message.ts'
import type { Platform } from '../world/platform.ts'
import type { UserState } from '../world/world.ts'
import { Listener } from './listener.ts'
import {
  chatFields,
  interact,
  type QQInteraction,
  type QQSaid,
  type QQSayOptions,
  withPlaces,
} from './saying.ts'

/** One user's one-to-one chat with the bot. */
export class QQC2CChat extends Listener {
  readonly #platform: Platform
  readonly #user: UserState

  constructor(platform: Platform, user: UserState) {
    super(user.inbox, (message) => message.targetKind === 'c2c')
    this.#platform = platform
    this.#user = user
  }

  /** Says something to the bot: C2C_MESSAGE_CREATE. */
  say(text: string, options: QQSayOptions = {}): QQSaid {
    const { ids, quotable } = this.#platform
    const id = ids.chatMessage()
    const quoteIndex = ids.quoteIndex()
    const { openid, unionOpenid } = this.#user
    this.#user.lastSpokeAt = this.#platform.clock.now()
    this.#user.wakeUps.clear()
    quotable.set(quoteIndex, id)
    const envelope = this.#platform.dispatch('C2C_MESSAGE_CREATE', {
      id,
      author: {
        id: openid,
        user_openid: openid,
        union_openid: unionOpenid,
        union_user_account: '',
        username: '',
        bot: false,
      },
      content: withPlaces(text, options.attachments),
      timestamp: this.#platform.now(),
      ...chatFields(quoteIndex, options),
      ...options.extra,
    })
    return { id, text, quoteIndex, eventIds: [envelope.id] }
  }

  /** Presses a button below a message of the bot. */
  click(buttonId: string, buttonData: string): QQInteraction {
    return this.#interact(11, { button_id: buttonId, button_data: buttonData })
  }

  /** Picks an entry of the quick menu. */
  pickMenu(featureId: string, buttonData = ''): QQInteraction {
    return this.#interact(12, { feature_id: featureId, button_data: buttonData })
  }

  /** Likes or dislikes a message of the bot. */
  giveFeedback(message: QQBotMessage, opinion: 'LIKE' | 'UNLIKE'): QQInteraction {
    return this.#interact(13, { message_id: message.id, feedback_opt: opinion, checked: 1, button_data: '' })
  }

  #interact(type: number, resolved: Record<string, unknown>): QQInteraction {
    const place = { scene: 'c2c', chat_type: 2, user_openid: this.#user.openid }
    return interact(this.#platform, { type, resolved }, place)
  }

  /** Takes the next "is typing" notice. */
  expectTyping(timeoutMs?: number): Promise<QQBotMessage> {
    const typing: Mailbox<QQBotMessage> = this.#user.typing
    return typing.take(() => true, 'a typing notice', timeoutMs)
  }
}
