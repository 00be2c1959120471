import type { Call, CallWith } from '@mynah/adapter-kit'
import { isRecord } from '@mynah/adapter-kit'

import { readNumber, readString } from '../wire/raw.ts'
import type { Credentials, Device, Id, LoginInfo } from '../wire/results.ts'
import { Resource } from './actions.ts'

/** The account itself: what people see of it, its devices and its keys. */
export class ProfileApi extends Resource {
  /** Number and name of the account. */
  readonly get: Call<[], LoginInfo> = this.gives('get_login_info')

  /** Changes the profile. */
  readonly update: CallWith<{
    nickname?: string
    company?: string
    email?: string
    college?: string
    personal_note?: string
    sex?: Id
  }> = this.does('set_qq_profile')

  /** Changes the picture. */
  readonly setAvatar: Call<[file: string]> = this.does('set_qq_avatar(file)')

  /** Changes the signature (NapCat). */
  readonly setSignature: Call<[longNick: string], unknown> = this.asks('set_self_longnick(longNick)')

  /** Changes the status (NapCat, LLOneBot). */
  readonly setStatus: CallWith<{ status: number; ext_status: number; battery_status: number }> =
    this.does('set_online_status')

  /** Shows a status in own words (NapCat). */
  readonly setOwnStatus: CallWith<{ face_id: Id; face_type?: Id; wording: string }> =
    this.does('set_diy_online_status')

  /** Who liked a profile (NapCat, LLOneBot). */
  readonly getLikes: Call<[params?: { user_id?: Id; start?: number; count?: number }], object> =
    this.gives('get_profile_like')

  /** Who liked the profile of the account (LLOneBot). */
  readonly getOwnLikes: Call<[params?: { start?: number; count?: number }], object> =
    this.gives('get_profile_like_me')

  /** How often a profile was liked (LLOneBot). */
  readonly getLikeCount: Call<[params?: { user_id?: Id }], object> = this.gives('get_profile_like_count')

  /** Other clients of the account. */
  listClients(options: { no_cache?: boolean } = {}): Promise<Device[]> {
    return this.actions.entries('get_online_clients', options, 'clients')
  }

  /** Device names that can be shown. */
  readonly getModels: Call<[model: string], { variants: { model_show: string; need_pay: boolean }[] }> =
    this.gives('_get_model_show(model)')

  /** Shows one of them. */
  readonly setModel: Call<[model: string, modelShow: string]> = this.does(
    '_set_model_show(model, model_show)',
  )

  /** The account of a company ("Qidian"). */
  readonly getCompany: Call<[], { master_id: Id; ext_name: string; create_time: number }> =
    this.gives('qidian_get_account_info')

  /** Cookies of QQ's web pages. */
  getCookies(domain = ''): Promise<{ cookies: string; bkn?: string }> {
    return this.actions.object('get_cookies', { domain })
  }

  /** The CSRF token of QQ's web pages. */
  readonly getCsrfToken: Call<[], { token: number }> = this.gives('get_csrf_token')

  /** Both of the above. NapCat calls the second one `token`. */
  async getCredentials(domain = ''): Promise<Credentials> {
    const data = await this.actions.call('get_credentials', { domain })
    const found = isRecord(data) ? data : {}
    return {
      cookies: readString(found['cookies']) ?? '',
      csrf_token: readNumber(found['csrf_token'] ?? found['token']) ?? 0,
    }
  }

  /** A secret of the client (NapCat). */
  readonly getClientKey: Call<[], { clientkey: string }> = this.gives('get_clientkey')
}
