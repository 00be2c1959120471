import type { Call } from '@mynah/adapter-kit'
import { type PermissionSet, toWirePermissions } from '../wire/permissions.ts'
import type { ChannelPermissions, KookChannel, KookUser, RoleOverwrite } from '../wire/objects.ts'
import { type Listing, Resource } from './resource.ts'

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
  readonly list: Listing<[guildId: string, query?: { type?: 1 | 2; parent_id?: string }], KookChannel> =
    this.lists('/channel/list(guild_id)')

  /** A channel; `slow_mode` is in seconds. `GET channel/view` */
  readonly get: Call<[channelId: string, needChildren?: boolean], KookChannel> = this.reads(
    '/channel/view(target_id, need_children)',
  )

  /** Makes a channel or a category. `POST channel/create` */
  readonly create: Call<[guildId: string, channel: NewChannel], KookChannel> =
    this.does('/channel/create(guild_id)')

  /** Changes a channel. `POST channel/update` */
  readonly update: Call<[channelId: string, changes: ChannelChanges], KookChannel> = this.does(
    '/channel/update(channel_id)',
  )

  /** Deletes a channel. `POST channel/delete` */
  readonly delete: Call<[channelId: string]> = this.does('/channel/delete(channel_id)')

  /** Users in a voice channel. `GET channel/user-list` */
  readonly users: Call<[channelId: string], readonly KookUser[]> = this.reads(
    '/channel/user-list(channel_id)',
  )

  /** Moves users who are in voice already into another voice channel. `POST channel/move-user` */
  readonly moveUsers: Call<[channelId: string, userIds: readonly string[]]> = this.does(
    '/channel/move-user(target_id, user_ids)',
  )

  /** Throws a user out of a voice channel. `POST channel/kickout` */
  readonly kick: Call<[channelId: string, userId: string]> = this.does(
    '/channel/kickout(channel_id, user_id)',
  )

  /** Who may do what in a channel. `GET channel-role/index` */
  readonly permissions: Call<[channelId: string], ChannelPermissions> = this.reads(
    '/channel-role/index(channel_id)',
  )

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
  readonly syncPermissions: Call<[channelId: string], ChannelPermissions> = this.does(
    '/channel-role/sync(channel_id)',
  )

  /** Removes an overwrite. `POST channel-role/delete` */
  deleteOverwrite(channelId: string, target: OverwriteTarget): Promise<void> {
    return this.http.post('/channel-role/delete', { channel_id: channelId, ...wireTarget(target) })
  }

  /** Voice channels a user is in. `GET channel-user/get-joined-channel` */
  readonly joinedBy: Listing<[guildId: string, userId: string], KookChannel> = this.lists(
    '/channel-user/get-joined-channel(guild_id, user_id)',
  )
}
