import { defined } from '@mynah/adapter-kit'
import { BoundedMap, LocalBot } from '@mynah/core/adapter'
import {
  type BotFeature,
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
import { isOffered } from './features.ts'
import type { GroupMuteChange } from './groups.ts'
import type { QQApi } from './qq-api.ts'

const adminRole = '2'
const messagesPerPage = 20
const guildsPerPage = 100

/** What every platform calls the same: messages, channels, guilds, members and roles by the calls of this one. */
export abstract class ResourceBot extends LocalBot {
  /** The whole OpenAPI, typed. */
  abstract override readonly platformApi: QQApi
  protected abstract readonly clock: Clock
  readonly #sessions = new BoundedMap<string, Promise<Channel>>({ maxEntries: 10_000 })

  /** A message of a guild as plugins know it. */
  protected abstract readMessage(message: GuildMessage): Message

  override featuresIn(channelId: string): Promise<readonly BotFeature[]> {
    const { kind } = targetOf(channelId)
    return Promise.resolve(this.features.filter((feature) => isOffered(feature, kind)))
  }

  override async getMessage(channelId: string, messageId: string): Promise<Message> {
    return this.readMessage(await this.platformApi.messages.get(guildChannel(channelId), messageId))
  }

  override async listMessages(channelId: string, next?: string): Promise<Page<Message>> {
    const query = { limit: messagesPerPage, ...defined({ before: next }) }
    const page = await this.platformApi.messages.list(guildChannel(channelId), query)
    const data = page
      .map((message) => this.readMessage(message))
      .sort((one, other) => (one.createdAt ?? 0) - (other.createdAt ?? 0))
    return { data, ...defined({ next: page.length < messagesPerPage ? undefined : data[0]?.id }) }
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
    const emoji = reactionEmoji(emojiId)
    await this.platformApi.community.removeReaction(guildChannel(channelId), messageId, emoji)
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
    const { name = '', type, parentId } = channel
    const body = { type: channelTypeNumber(type), name, ...defined({ parent_id: parentId }) }
    return decodeChannel(await this.platformApi.channels.create(guildIdOf(guildId), body))
  }

  override async updateChannel(channelId: string, changes: Partial<Omit<Channel, 'id'>>): Promise<void> {
    const { name, parentId } = changes
    await this.platformApi.channels.update(guildChannel(channelId), defined({ name, parent_id: parentId }))
  }

  override async deleteChannel(channelId: string): Promise<void> {
    await this.platformApi.channels.delete(guildChannel(channelId))
  }

  override async getGuild(guildId: string): Promise<Guild> {
    if (isGuildSide(guildId)) return decodeGuild(await this.platformApi.guilds.get(guildId))
    const { group_name: name, group_member_num: memberCount } = await this.platformApi.groups.info(guildId)
    return { id: guildId, ...defined({ name, memberCount }) }
  }

  /** Guilds; the platform does not tell in which groups a bot is. */
  override async listGuilds(next?: string): Promise<Page<Guild>> {
    const query = { limit: guildsPerPage, ...defined({ after: next }) }
    const page = await this.platformApi.self.guilds(query)
    const last = page.length < guildsPerPage ? undefined : page.at(-1)
    return { data: page.map(decodeGuild), ...defined({ next: last?.id }) }
  }

  override async muteGuild(guildId: string, isMuted: boolean): Promise<void> {
    await this.platformApi.members.muteAll(guildIdOf(guildId), muteBody(isMuted ? Infinity : 0))
  }

  override async getMember(guildId: string, userId: string): Promise<Member> {
    if (isGuildSide(guildId)) return decodeMember(await this.platformApi.members.get(guildId, userId))
    const { nick, joined_at, member_role: role } = await this.platformApi.groups.member(guildId, userId)
    const known = { nick: nick || undefined, joinedAt: parseTime(joined_at), role }
    return { user: { id: userId }, ...defined(known) }
  }

  /** Members of a guild; pages may overlap. */
  override async listMembers(guildId: string, next?: string): Promise<Page<Member>> {
    const page = await this.platformApi.members.list(guildIdOf(guildId), next)
    const last = page.at(-1)?.user?.id
    return { data: page.map(decodeMember), ...defined({ next: last === next ? undefined : last }) }
  }

  override async kickMember(
    guildId: string,
    userId: string,
    options: { permanent?: boolean } = {},
  ): Promise<void> {
    const body = { add_blacklist: options.permanent ?? false }
    await this.platformApi.members.remove(guildIdOf(guildId), userId, body)
  }

  override muteMember(guildId: string, userId: string, durationMs: number): Promise<void> {
    if (isGuildSide(guildId)) return this.platformApi.members.mute(guildId, userId, muteBody(durationMs))
    const until = new Date(this.clock.now() + durationMs).toISOString().replace(/\.\d+Z$/, 'Z')
    const change: Pick<GroupMuteChange, 'op' | 'mute_expire_at'> =
      durationMs === 0 ? { op: 'del', mute_expire_at: '' } : { op: 'add', mute_expire_at: until }
    return this.platformApi.groups.mute(guildId, [{ member_openid: userId, ...change }])
  }

  override async setMemberRole(guildId: string, userId: string, role: 'admin' | 'member'): Promise<void> {
    if (role === 'admin') await this.grantRole(guildId, userId, adminRole)
    else await this.revokeRole(guildId, userId, adminRole)
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
      ...defined({ reject_reason: isApproved ? undefined : comment }),
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
