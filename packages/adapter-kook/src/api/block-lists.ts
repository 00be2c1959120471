import type { PagedList } from '../http.ts'
import type { BlockedUser } from '../wire/objects.ts'
import { Resource } from './resource.ts'

/** How a user is blocked. */
export interface BlockOptions {
  /** Why, for other administrators. */
  readonly remark?: string
  /** Deletes what they wrote in so many last days, 0 to 7. @defaultValue 0 */
  readonly del_msg_days?: number
}

/** Users a guild does not let in. @see https://developer.kookapp.cn/doc/http/blacklist */
export class BlockListApi extends Resource {
  /** Blocked users. Needs "ban". `GET blacklist/list` */
  list(guildId: string): PagedList<BlockedUser> {
    return this.http.pages('/blacklist/list', { guild_id: guildId })
  }

  /** Removes a user and keeps them out. `POST blacklist/create` */
  create(guildId: string, userId: string, options: BlockOptions = {}): Promise<void> {
    return this.http.post('/blacklist/create', { guild_id: guildId, target_id: userId, ...options })
  }

  /** Lets a user in again. `POST blacklist/delete` */
  delete(guildId: string, userId: string): Promise<void> {
    return this.http.post('/blacklist/delete', { guild_id: guildId, target_id: userId })
  }
}
