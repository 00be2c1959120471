import type { Call } from '@mynah/adapter-kit'
import type { Friend } from '../wire/objects.ts'
import { Resource } from './resource.ts'

/** Friends and those who may become some. */
export interface FriendList {
  /** Friends. */
  readonly friend: readonly Friend[]
  /** Who asks for friendship. */
  readonly request: readonly Friend[]
  /** Who is blocked. */
  readonly blocked: readonly Friend[]
}

/** The documentation has both names for the blocked ones. */
type WireFriendList = Partial<FriendList> & { readonly block?: readonly Friend[] }

/** Friends. @see https://developer.kookapp.cn/doc/http/friend */
export class FriendApi extends Resource {
  /** Friends, requests and blocked users. `GET friend` */
  async list(type?: 'friend' | 'request' | 'block'): Promise<FriendList> {
    const {
      friend = [],
      request = [],
      blocked,
      block,
    } = await this.http.get<WireFriendList>('/friend', { type })
    return { friend, request, blocked: blocked ?? block ?? [] }
  }

  /** Asks for friendship by the full name, `name#1234`, found by search or in a guild. `POST friend/request` */
  request(userCode: string, guildId?: string): Promise<void> {
    return this.http.post('/friend/request', {
      user_code: userCode,
      from: guildId === undefined ? 0 : 2,
      guild_id: guildId,
    })
  }

  /** Answers a request. `POST friend/handle-request` */
  handleRequest(requestId: number, isAccepted: boolean): Promise<unknown> {
    return this.http.post('/friend/handle-request', { id: requestId, accept: isAccepted ? 1 : 0 })
  }

  /** Ends a friendship. `POST friend/delete` */
  readonly delete: Call<[userId: string]> = this.does('/friend/delete(user_id)')

  /** Blocks a user. `POST friend/block` */
  readonly block: Call<[userId: string]> = this.does('/friend/block(user_id)')

  /** Unblocks a user. `POST friend/unblock` */
  readonly unblock: Call<[userId: string]> = this.does('/friend/unblock(user_id)')
}
