import { defined } from '@mynah/adapter-kit'
import { BoundedMap, LocalBot } from '@mynah/core/adapter'
import {
  type Channel,
  type ChatEvent,
  type Clock,
  type Guild,
  type Member,
  type Message,
  MynahError,
  type Page,
  type Role,
} from '@mynah/core'
import { decodeChannel, decodeGuild, decodeMember } from '../decode/guild-events.ts'
import { referrerOf } from '../decode/referrer.ts'
import { parseTime } from '../decode/time.ts'
import { channelTypeNumber, muteBody, reactionEmoji, roleBody, rolesIn } from '../encode/resources.ts'
import { channelIdOf, isGuildSide, targetOf } from '../encode/target.ts'
import type { GuildMessage } from '../wire/guild.ts'
import type { QQApi } from './qq-api.ts'

const adminRole = '2'

/** What every platform calls the same: messages, channels, guilds, members and roles by the calls of this one. */
export abstract class ResourceBot extends LocalBot {
  /** The whole OpenAPI, typed. */
  abstract override readonly platformApi: QQApi
  protected abstract readonly clock: Clock
  readonly #sessions = new BoundedMap<string, Promise<Channel>>({ maxEntries: 10_000 })

  /** A message of a guild as plugins know it. */
  protected abstract readMessage(message: GuildMessage): Message

  override async getMessage(channelId: string, messageId: string): Promise<Message> {
    return this.readMessage(await this.platformApi.messages.get(guildChannel(channelId), messageId))
  }

  override async listMessages(channelId: string, next?: string): Promise<Page<Message>> {
    const limit = 20
    const page = await this.platformApi.messages.list(guildChannel(channelId), {
      limit,
      ...defined({ before: next }),
    })
    const data = page
      .map((message) => this.readMessage(message))
      .sort((one, other) => (one.createdAt ?? 0) - (other.createdAt ?? 0))
    const [oldest] = data
    return { data, ...(oldest === undefined || page.length < limit ? {} : { next: oldest.id }) }
  }

  override deleteMessage(channelId: string, messageId: string): Promise<void> {
    return this.platformApi.messages.delete(targetOf(channelId), messageId)
  }

  override async pinMessage(channelId: string, messageId: string): Promise<void> {
    await this.platformApi.notices.pin(guildChannel(channelId), messageId)
  }

  override async unpinMessage(channelId: string, messageId: string): Promise<void> {
    await this.platformApi.notices.unpin(guildChannel(channelId), messageId)
  }

  override async createReaction(channelId: string, messageId: string, emojiId: string): Promise<void> {
    await this.platformApi.community.addReaction(guildChannel(channelId), messageId, reactionEmoji(emojiId))
  }

  override async deleteReaction(
    channelId: string,
    messageId: string,
    emojiId: string,
    userId?: string,
  ): Promise<void> {
    if (userId !== undefined && userId !== this.selfId) {
      throw new MynahError('UNSUPPORTED', 'A bot can take back only its own reactions.')
    }
    await this.platformApi.community.removeReaction(
      guildChannel(channelId),
      messageId,
      reactionEmoji(emojiId),
    )
  }

  /** A one-to-one chat by `user_openid`, or with a member of a guild, for which a session is made once. */
  override createDirectChannel(userId: string, guildId?: string): Promise<Channel> {
    if (guildId === undefined) {
      return Promise.resolve({ id: channelIdOf({ kind: 'c2c', id: userId }), type: 'direct' })
    }
    const key = `${guildId}:${userId}`
    const known = this.#sessions.get(key)
    if (known !== undefined) return known
    const session = this.#createSession(userId, guildId)
    this.#sessions.set(key, session)
    session.catch(() => this.#sessions.delete(key))
    return session
  }

  async #createSession(userId: string, guildId: string): Promise<Channel> {
    const { guild_id: id } = await this.platformApi.community.createSession(userId, guildIdOf(guildId))
    return { id: channelIdOf({ kind: 'dm', id }), type: 'direct' }
  }

  override async getChannel(channelId: string): Promise<Channel> {
    const { kind, id } = targetOf(channelId)
    if (kind === 'channel') return decodeChannel(await this.platformApi.channels.get(id))
    if (kind !== 'group') return { id: channelId, type: 'direct' }
    const { name } = await this.getGuild(id)
    return { id, type: 'text', ...defined({ name }) }
  }

  override async listChannels(guildId: string): Promise<Page<Channel>> {
    if (!isGuildSide(guildId)) return { data: [await this.getChannel(guildId)] }
    return { data: (await this.platformApi.guilds.channels(guildId)).map(decodeChannel) }
  }

  override async createChannel(guildId: string, channel: Omit<Channel, 'id'>): Promise<Channel> {
    const { name, type, parentId } = channel
    const body = { type: channelTypeNumber(type), name: name ?? '' }
    return decodeChannel(
      await this.platformApi.channels.create(guildIdOf(guildId), {
        ...body,
        ...defined({ parent_id: parentId }),
      }),
    )
  }

  override async updateChannel(channelId: string, changes: Partial<Omit<Channel, 'id'>>): Promise<void> {
    const { name, parentId } = changes
    await this.platformApi.channels.update(guildChannel(channelId), {
      ...defined({ name, parent_id: parentId }),
    })
  }

  override async deleteChannel(channelId: string): Promise<void> {
    await this.platformApi.channels.delete(guildChannel(channelId))
  }

  override async getGuild(guildId: string): Promise<Guild> {
    if (isGuildSide(guildId)) return decodeGuild(await this.platformApi.guilds.get(guildId))
    const { group_name: name, group_member_num: memberCount } = await this.platformApi.groups.info(guildId)
    return {
      id: guildId,
      ...defined({ name, memberCount }),
    }
  }

  /** Guilds; the platform does not tell in which groups a bot is. */
  override async listGuilds(next?: string): Promise<Page<Guild>> {
    const limit = 100
    const page = await this.platformApi.self.guilds({ limit, ...defined({ after: next }) })
    const last = page.at(-1)
    return {
      data: page.map(decodeGuild),
      ...(last === undefined || page.length < limit ? {} : { next: last.id }),
    }
  }

  override async muteGuild(guildId: string, isMuted: boolean): Promise<void> {
    const body = isMuted ? muteBody(Infinity) : muteBody(0)
    await this.platformApi.members.muteAll(guildIdOf(guildId), body)
  }

  override async getMember(guildId: string, userId: string): Promise<Member> {
    if (isGuildSide(guildId)) return decodeMember(await this.platformApi.members.get(guildId, userId))
    const { nick, joined_at, member_role: role } = await this.platformApi.groups.member(guildId, userId)
    const joinedAt = parseTime(joined_at)
    return {
      user: { id: userId },
      ...(nick ? { nick } : {}),
      ...defined({ joinedAt, role }),
    }
  }

  /** Members of a guild; pages may overlap. */
  override async listMembers(guildId: string, next?: string): Promise<Page<Member>> {
    const page = await this.platformApi.members.list(guildIdOf(guildId), next)
    const last = page.at(-1)?.user?.id
    return { data: page.map(decodeMember), ...(last === undefined || last === next ? {} : { next: last }) }
  }

  override async kickMember(
    guildId: string,
    userId: string,
    options: { permanent?: boolean } = {},
  ): Promise<void> {
    await this.platformApi.members.remove(guildIdOf(guildId), userId, {
      add_blacklist: options.permanent ?? false,
    })
  }

  override muteMember(guildId: string, userId: string, durationMs: number): Promise<void> {
    if (isGuildSide(guildId)) return this.platformApi.members.mute(guildId, userId, muteBody(durationMs))
    const until = new Date(this.clock.now() + durationMs).toISOString().replace(/\.\d+Z$/, 'Z')
    return this.platformApi.groups.mute(guildId, [
      {
        op: durationMs === 0 ? 'del' : 'add',
        member_openid: userId,
        mute_expire_at: durationMs === 0 ? '' : until,
      },
    ])
  }

  override async setMemberRole(guildId: string, userId: string, role: 'admin' | 'member'): Promise<void> {
    const { roles } = this.platformApi
    const id = guildIdOf(guildId)
    const change = role === 'admin' ? 'grant' : 'revoke'
    await roles[change](id, userId, adminRole)
  }

  override async grantRole(guildId: string, userId: string, roleId: string): Promise<void> {
    await this.platformApi.roles.grant(guildIdOf(guildId), userId, roleId)
  }

  override async revokeRole(guildId: string, userId: string, roleId: string): Promise<void> {
    await this.platformApi.roles.revoke(guildIdOf(guildId), userId, roleId)
  }

  override async listRoles(guildId: string): Promise<Page<Role>> {
    return { data: rolesIn((await this.platformApi.roles.list(guildIdOf(guildId))).roles) }
  }

  override async createRole(guildId: string, role: Omit<Role, 'id'>): Promise<Role> {
    const { role_id: id } = await this.platformApi.roles.create(guildIdOf(guildId), roleBody(role))
    return { ...role, id }
  }

  override async updateRole(
    guildId: string,
    roleId: string,
    changes: Partial<Omit<Role, 'id'>>,
  ): Promise<void> {
    await this.platformApi.roles.update(guildIdOf(guildId), roleId, roleBody(changes))
  }

  override async deleteRole(guildId: string, roleId: string): Promise<void> {
    await this.platformApi.roles.delete(guildIdOf(guildId), roleId)
  }

  override async answerRequest(event: ChatEvent, isApproved: boolean, comment?: string): Promise<void> {
    const referrer = referrerOf(event)
    const { guild, user } = event
    if (referrer?.joinRequestId === undefined || guild === undefined || user === undefined) {
      throw new MynahError('UNSUPPORTED', `${event.platformType} asks for nothing.`)
    }
    await this.platformApi.groups.decide(guild.id, user.id, {
      op: isApproved ? 'approve' : 'decline',
      join_request_id: referrer.joinRequestId,
      ...(isApproved || comment === undefined ? {} : { reject_reason: comment }),
    })
  }
}

/** @throws MynahError `UNSUPPORTED` for places that are no channel of a guild. */
export function guildChannel(channelId: string): string {
  const { kind, id } = targetOf(channelId)
  if (kind === 'channel') return id
  throw new MynahError('UNSUPPORTED', 'Only channels of guilds have this.')
}

/** @throws MynahError `UNSUPPORTED` for groups. */
function guildIdOf(guildId: string): string {
  if (isGuildSide(guildId)) return guildId
  throw new MynahError('UNSUPPORTED', 'Only guilds have this, groups have not.')
}
