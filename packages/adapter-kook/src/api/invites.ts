import type { Call } from '@mynah/adapter-kit'
import type { Invite } from '../wire/objects.ts'
import { type Listing, Resource } from './resource.ts'

/** What an invite leads to. */
export type InvitePlace =
  | { readonly guild_id: string; readonly channel_id?: never }
  | { readonly channel_id: string; readonly guild_id?: never }

/** How long and how often an invite is good. */
export interface InviteOptions {
  /** How long it is good in seconds; 0 is for ever. @defaultValue 604800 */
  readonly duration?: 0 | 1800 | 3600 | 21_600 | 43_200 | 86_400 | 604_800
  /** How often it may be used; -1 is any number of times. @defaultValue -1 */
  readonly setting_times?: -1 | 1 | 5 | 10 | 25 | 50 | 100
}

/** Invites. @see https://developer.kookapp.cn/doc/http/invite */
export class InviteApi extends Resource {
  /** Invites of a guild or a channel. `GET invite/list` */
  readonly list: Listing<[place: InvitePlace], Invite> = this.lists('/invite/list')

  /** Makes an invite. `POST invite/create` */
  readonly create: Call<[place: InvitePlace, options?: InviteOptions], { readonly url: string }> =
    this.does('/invite/create')

  /** Withdraws an invite. `POST invite/delete` */
  readonly delete: Call<[urlCode: string, place?: InvitePlace]> = this.does('/invite/delete(url_code)')
}
