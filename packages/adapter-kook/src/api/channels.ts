import type { PagedList } from '../http.ts'
import { type PermissionSet, toWirePermissions } from '../wire/permissions.ts'
import type { ChannelPermissions, KookChannel, KookUser, RoleOverwrite } from '../wire/objects.ts'
import { Resource } from './resource.ts'

/** A channel to be made; a category reads only the name. */
export interface NewChannel {
  /** Its name. */
  readonly name: string
  /** The category it stands in. */
  readonly parent_id?: string
  /** 1 text, 2 voice. @defaultValue 1 */
  readonly type?: 1 | 2
  /** Most users in a voice channel, at most 99. */
  readonly limit_amount?: number
  /** 1 fluent, 2 normal, 3 high. @defaultValue '2' */
  readonly voice_quality?: '1' | '2' | '3'
  /** 1: a category. */
  readonly is_category?: 0 | 1
}

/** Pauses of less than a minute between two messages of a user that the platform takes, in ms. */
type ShortSlowModeMs = 0 | 5000 | 10_000 | 15_000 | 30_000
/** The same of minutes and hours. */
type LongSlowModeMs =
  | 60_000
  | 120_000
  | 300_000
  | 600_000
  | 900_000
  | 1_800_000
  | 3_600_000
  | 7_200_000
  | 21_600_000

/** What of a channel changes; what is left out stays. The `parent_id` `0` leaves the category. */
export interface ChannelChanges extends Partial<Omit<NewChannel, 'type' | 'is_category'>> {
  /** Its place in the order. */
  readonly level?: number
  /** Its topic. */
  readonly topic?: string
  /** In ms, while objects have it in seconds. */
  readonly slow_mode?: ShortSlowModeMs | LongSlowModeMs
  /** What a voice channel asks for. */
  readonly password?: string
}

/** Whose permissions: a role's (0 is everyone) or a user's. */
export type OverwriteTarget = { readonly roleId: number } | { readonly userId: string }

/** What a role or a user may do in one channel beyond its guild. */
export interface Overwrite extends Omit<RoleOverwrite, 'role_id'> {
  /** The role; absent for a user. */
  readonly role_id?: number
  /** The user; absent for a role. */
  readonly user_id?: string
}

function wireTarget(target: OverwriteTarget): { type: 'role_id' | 'user_id'; value: string } {
  return 'roleId' in target
    ? { type: 'role_id', value: String(target.roleId) }
    : { type: 'user_id', value: target.userId }
}

/** Channels and who may do what in them. @see https://developer.kookapp.cn/doc/http/channel */
export class ChannelApi extends Resource {
  /** Channels of a guild; all types without `type`. `GET channel/list` */
  list(guildId: string, query: { type?: 1 | 2; parent_id?: string } = {}): PagedList<KookChannel> {
    return this.http.pages('/channel/list', { guild_id: guildId, ...query })
  }

  /** A channel; `slow_mode` is in seconds. `GET channel/view` */
  get(channelId: string, needChildren?: boolean): Promise<KookChannel> {
    return this.http.get('/channel/view', { target_id: channelId, need_children: needChildren })
  }

  /** Makes a channel or a category. `POST channel/create` */
  create(guildId: string, channel: NewChannel): Promise<KookChannel> {
    return this.http.post('/channel/create', { guild_id: guildId, ...channel })
  }

  /** Changes a channel. `POST channel/update` */
  update(channelId: string, changes: ChannelChanges): Promise<KookChannel> {
    return this.http.post('/channel/update', { channel_id: channelId, ...changes })
  }

  /** Deletes a channel. `POST channel/delete` */
  delete(channelId: string): Promise<void> {
    return this.http.post('/channel/delete', { channel_id: channelId })
  }

  /** Users in a voice channel. `GET channel/user-list` */
  users(channelId: string): Promise<readonly KookUser[]> {
    return this.http.get('/channel/user-list', { channel_id: channelId })
  }

  /** Moves users who are in voice already into another voice channel. `POST channel/move-user` */
  moveUsers(channelId: string, userIds: readonly string[]): Promise<void> {
    return this.http.post('/channel/move-user', { target_id: channelId, user_ids: userIds })
  }

  /** Throws a user out of a voice channel. `POST channel/kickout` */
  kick(channelId: string, userId: string): Promise<void> {
    return this.http.post('/channel/kickout', { channel_id: channelId, user_id: userId })
  }

  /** Who may do what in a channel. `GET channel-role/index` */
  permissions(channelId: string): Promise<ChannelPermissions> {
    return this.http.get('/channel-role/index', { channel_id: channelId })
  }

  /** Adds an overwrite, which allows and denies nothing yet. `POST channel-role/create` */
  createOverwrite(channelId: string, target: OverwriteTarget): Promise<Overwrite> {
    return this.http.post('/channel-role/create', { channel_id: channelId, ...wireTarget(target) })
  }

  /** Sets what an overwrite, which has to exist, allows and denies. `POST channel-role/update` */
  updateOverwrite(
    channelId: string,
    target: OverwriteTarget,
    rules: { readonly allow: PermissionSet; readonly deny: PermissionSet },
  ): Promise<Overwrite> {
    return this.http.post('/channel-role/update', {
      channel_id: channelId,
      ...wireTarget(target),
      allow: toWirePermissions(rules.allow),
      deny: toWirePermissions(rules.deny),
    })
  }

  /** Takes over the category's permissions. `POST channel-role/sync` */
  syncPermissions(channelId: string): Promise<ChannelPermissions> {
    return this.http.post('/channel-role/sync', { channel_id: channelId })
  }

  /** Removes an overwrite. `POST channel-role/delete` */
  deleteOverwrite(channelId: string, target: OverwriteTarget): Promise<void> {
    return this.http.post('/channel-role/delete', { channel_id: channelId, ...wireTarget(target) })
  }

  /** Voice channels a user is in. `GET channel-user/get-joined-channel` */
  joinedBy(guildId: string, userId: string): PagedList<KookChannel> {
    return this.http.pages('/channel-user/get-joined-channel', { guild_id: guildId, user_id: userId })
  }
}
