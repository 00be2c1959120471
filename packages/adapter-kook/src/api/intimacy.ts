import type { Call } from '@mynah/adapter-kit'
import type { Intimacy } from '../wire/objects.ts'
import { Resource } from './resource.ts'

/** What changes; what is left out stays. */
export interface IntimacyChanges {
  /** 0 to 2200. */
  readonly score?: number
  /** At most 500 characters. */
  readonly social_info?: string
  /** The picture that is shown. */
  readonly img_id?: string | number
}

/** How close a user is to the bot. @see https://developer.kookapp.cn/doc/http/intimacy */
export class IntimacyApi extends Resource {
  /** A user's intimacy. `GET intimacy/index` */
  readonly get: Call<[userId: string], Intimacy> = this.reads('/intimacy/index(user_id)')

  /** Changes a user's intimacy. `POST intimacy/update` */
  readonly update: Call<[userId: string, changes: IntimacyChanges]> = this.does('/intimacy/update(user_id)')
}
