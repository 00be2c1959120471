import type { Call } from '@mynah/adapter-kit'
import type { KookSelf, KookUser } from '../wire/objects.ts'
import { Resource } from './resource.ts'

/** Users, and whether the bot is online. @see https://developer.kookapp.cn/doc/http/user */
export class UserApi extends Resource {
  /** The bot itself. `GET user/me` */
  me(signal?: AbortSignal): Promise<KookSelf> {
    return this.http.get('/user/me', {}, signal)
  }

  /** A user; with a guild also nickname and roles there. `GET user/view` */
  readonly get: Call<[userId: string, guildId?: string], KookUser> = this.reads(
    '/user/view(user_id, guild_id)',
  )

  /** Signs the bot off. `POST user/offline` */
  readonly offline: Call<[]> = this.does('/user/offline')

  /** Signs a webhook bot on; may be called only rarely. `POST user/online` */
  readonly online: Call<[]> = this.does('/user/online')

  /** Whether the bot is online. `GET user/get-online-status` */
  readonly onlineStatus: Call<[], { readonly online: boolean; readonly online_os: readonly string[] }> =
    this.reads('/user/get-online-status')
}
