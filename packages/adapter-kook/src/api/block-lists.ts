import type { Call } from '@mynah/adapter-kit'
import type { BlockedUser } from '../wire/objects.ts'
import { type Listing, Resource } from './resource.ts'

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
  readonly list: Listing<[guildId: string], BlockedUser> = this.lists('/blacklist/list(guild_id)')

  /** Removes a user and keeps them out. `POST blacklist/create` */
  readonly create: Call<[guildId: string, userId: string, options?: BlockOptions]> = this.does(
    '/blacklist/create(guild_id, target_id)',
  )

  /** Lets a user in again. `POST blacklist/delete` */
  readonly delete: Call<[guildId: string, userId: string]> = this.does(
    '/blacklist/delete(guild_id, target_id)',
  )
}
