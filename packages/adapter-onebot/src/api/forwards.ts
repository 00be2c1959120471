import { isRecord, readText } from '@mynah/adapter-kit'

import type { ForwardedMessage, Id, SentForward } from '../wire/results.ts'
import type { Segment } from '../wire/segment.ts'
import { Resource } from './actions.ts'
import type { MessageTarget } from './messages.ts'

/** Messages that are folded into one. */
export class ForwardsApi extends Resource {
  /** The messages of a forward, by the id in its segment. What is folded inside of it may not be fetchable. */
  get(id: string): Promise<ForwardedMessage[]> {
    return this.actions.entries('get_forward_msg', { id, message_id: id }, 'messages', 'message')
  }

  /** Sends messages folded into one. */
  send(params: { messages: readonly Segment[] } & MessageTarget): Promise<SentForward> {
    return this.#send('send_forward_msg', params)
  }

  /** Sends messages folded into one, to a group. */
  sendGroup(groupId: Id, messages: readonly Segment[]): Promise<SentForward> {
    return this.#send('send_group_forward_msg', { group_id: groupId, messages })
  }

  /** Sends messages folded into one, to a person. */
  sendPrivate(userId: Id, messages: readonly Segment[]): Promise<SentForward> {
    return this.#send('send_private_forward_msg', { user_id: userId, messages })
  }

  /** Lagrange gives the bare id. */
  async #send(action: string, params: object): Promise<SentForward> {
    const data = await this.actions.call(action, params)
    if (typeof data === 'string') return { message_id: 0, forward_id: data }
    if (!isRecord(data)) return { message_id: 0 }
    const forward_id = readText(data['forward_id']) ?? readText(data['res_id'])
    const id = data['message_id']
    const message_id = typeof id === 'number' || typeof id === 'string' ? id : 0
    return forward_id === undefined ? { message_id } : { message_id, forward_id }
  }
}
