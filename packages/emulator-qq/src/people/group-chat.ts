import type { JsonObject } from '@mynah/emulator-kit'
import type { Platform } from '../world/platform.ts'
import type { GroupMemberState, GroupState } from '../world/world.ts'
import { Listener } from './listener.ts'
import {
  chatFields,
  interact,
  type QQInteraction,
  type QQSaid,
  type QQSayOptions,
  withPlaces,
} from './saying.ts'

/** One member's view of a group. */
export class QQGroupChat extends Listener {
  readonly #platform: Platform
  readonly #group: GroupState
  readonly #member: GroupMemberState

  constructor(platform: Platform, group: GroupState, member: GroupMemberState) {
    super(member.user.inbox, (message) => message.targetKind === 'group' && message.target === group.openid)
    this.#platform = platform
    this.#group = group
    this.#member = member
  }

  /** The member's openid in this group, which is not the openid of C2C. */
  get openid(): string {
    return this.#member.openid
  }

  /**
   * Speaks in the group. With a mention of the bot it is told by GROUP_AT_MESSAGE_CREATE; without one by
   * GROUP_MESSAGE_CREATE, and only when the group is in full mode.
   */
  say(text: string, options: QQSayOptions = {}): QQSaid {
    const { ids, quotable } = this.#platform
    const { mentionAll = false, mention = !mentionAll } = options
    const id = ids.chatMessage()
    const quoteIndex = ids.quoteIndex()
    quotable.set(quoteIndex, id)
    const isTold = this.#group.botMember !== undefined && (mention || this.#group.fullMode)
    if (!isTold) return { id, text, quoteIndex, eventIds: [] }
    const event = mention ? 'GROUP_AT_MESSAGE_CREATE' : 'GROUP_MESSAGE_CREATE'
    const { openid } = this.#group
    const content = withPlaces(mentionAll ? `<@all> ${text}` : text, options.attachments)
    const envelope = this.#platform.dispatch(event, {
      id,
      author: this.#author(),
      // The mention is cut out, the spaces around it stay.
      content: mention ? ` ${content} ` : content,
      group_id: openid,
      group_openid: openid,
      timestamp: this.#platform.now(),
      ...(mentionAll ? { mentions: [{ username: '全体成员', scope: 'all', is_you: true }] } : {}),
      ...chatFields(quoteIndex, options, [`auth_token=${ids.hex().slice(0, 6)}`]),
      ...options.extra,
    })
    return { id, text, quoteIndex, eventIds: [envelope.id] }
  }

  #author(): JsonObject {
    const { openid, role, user } = this.#member
    return {
      id: openid,
      member_openid: openid,
      member_role: role,
      username: user.username,
      bot: false,
      union_openid: '',
    }
  }

  /** Presses a button below a message of the bot. */
  click(buttonId: string, buttonData: string): QQInteraction {
    const place = {
      scene: 'group',
      chat_type: 1,
      group_openid: this.#group.openid,
      group_member_openid: this.#member.openid,
    }
    return interact(this.#platform, { resolved: { button_id: buttonId, button_data: buttonData } }, place)
  }
}
