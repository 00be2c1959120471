import type { KookHttp } from '../http.ts'
import type { Intimacy } from '../wire/objects.ts'

export interface IntimacyChanges {
  /** 0 to 2200. */
  readonly score?: number
  /** At most 500 characters. */
  readonly social_info?: string
  readonly img_id?: string | number
}

/** How close a user is to the bot. @see https://developer.kookapp.cn/doc/http/intimacy */
export class IntimacyApi {
  readonly #http: KookHttp

  constructor(http: KookHttp) {
    this.#http = http
  }

  /** A user's intimacy. `GET intimacy/index` */
  view(userId: string): Promise<Intimacy> {
    return this.#http.get('/intimacy/index', { user_id: userId })
  }

  /** Changes a user's intimacy. `POST intimacy/update` */
  update(userId: string, changes: IntimacyChanges): Promise<void> {
    return this.#http.post('/intimacy/update', { user_id: userId, ...changes })
  }
}
