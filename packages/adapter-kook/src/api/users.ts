import type { KookSelf, KookUser } from '../wire/objects.ts'
import { Resource } from './resource.ts'

/** Users, and whether the bot is online. @see https://developer.kookapp.cn/doc/http/user */
export class UserApi extends Resource {
  /** The bot itself. `GET user/me` */
  me(signal?: AbortSignal): Promise<KookSelf> {
    return this.http.get('/user/me', {}, signal)
  }

  /** A user; with a guild also nickname and roles there. `GET user/view` */
  get(userId: string, guildId?: string): Promise<KookUser> {
    return this.http.get('/user/view', { user_id: userId, guild_id: guildId })
  }

  /** Signs the bot off. `POST user/offline` */
  offline(): Promise<void> {
    return this.http.post('/user/offline')
  }

  /** Signs a webhook bot on; may be called only rarely. `POST user/online` */
  online(): Promise<void> {
    return this.http.post('/user/online')
  }

  /** Whether the bot is online. `GET user/get-online-status` */
  onlineStatus(): Promise<{ readonly online: boolean; readonly online_os: readonly string[] }> {
    return this.http.get('/user/get-online-status')
  }
}
