import { isRecord } from '@mynah/adapter-kit'

import { readNumber, readString } from '../wire/raw.ts'
import type { Credentials, Device, Id, LoginInfo } from '../wire/results.ts'
import { Resource } from './actions.ts'

/** The account itself: what people see of it, its devices and its keys. */
export class ProfileApi extends Resource {
  /** Number and name of the account. */
  get(): Promise<LoginInfo> {
    return this.actions.object('get_login_info')
  }

  /** Changes the profile. */
  update(profile: {
    nickname?: string
    company?: string
    email?: string
    college?: string
    personal_note?: string
    sex?: Id
  }): Promise<void> {
    return this.actions.run('set_qq_profile', profile)
  }

  /** Changes the picture. */
  setAvatar(file: string): Promise<void> {
    return this.actions.run('set_qq_avatar', { file })
  }

  /** Changes the signature (NapCat). */
  setSignature(longNick: string): Promise<unknown> {
    return this.actions.call('set_self_longnick', { longNick })
  }

  /** Changes the status (NapCat, LLOneBot). */
  setStatus(params: { status: number; ext_status: number; battery_status: number }): Promise<void> {
    return this.actions.run('set_online_status', params)
  }

  /** Shows a status in own words (NapCat). */
  setOwnStatus(params: { face_id: Id; face_type?: Id; wording: string }): Promise<void> {
    return this.actions.run('set_diy_online_status', params)
  }

  /** Who liked a profile (NapCat, LLOneBot). */
  getLikes(params: { user_id?: Id; start?: number; count?: number } = {}): Promise<object> {
    return this.actions.object('get_profile_like', params)
  }

  /** Who liked the profile of the account (LLOneBot). */
  getOwnLikes(params: { start?: number; count?: number } = {}): Promise<object> {
    return this.actions.object('get_profile_like_me', params)
  }

  /** How often a profile was liked (LLOneBot). */
  getLikeCount(params: { user_id?: Id } = {}): Promise<object> {
    return this.actions.object('get_profile_like_count', params)
  }

  /** Other clients of the account. */
  listClients(options: { no_cache?: boolean } = {}): Promise<Device[]> {
    return this.actions.entries('get_online_clients', options, 'clients')
  }

  /** Device names that can be shown. */
  getModels(model: string): Promise<{ variants: { model_show: string; need_pay: boolean }[] }> {
    return this.actions.object('_get_model_show', { model })
  }

  /** Shows one of them. */
  setModel(model: string, modelShow: string): Promise<void> {
    return this.actions.run('_set_model_show', { model, model_show: modelShow })
  }

  /** The account of a company ("Qidian"). */
  getCompany(): Promise<{ master_id: Id; ext_name: string; create_time: number }> {
    return this.actions.object('qidian_get_account_info')
  }

  /** Cookies of QQ's web pages. */
  getCookies(domain = ''): Promise<{ cookies: string; bkn?: string }> {
    return this.actions.object('get_cookies', { domain })
  }

  /** The CSRF token of QQ's web pages. */
  getCsrfToken(): Promise<{ token: number }> {
    return this.actions.object('get_csrf_token')
  }

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
  getClientKey(): Promise<{ clientkey: string }> {
    return this.actions.object('get_clientkey')
  }
}
