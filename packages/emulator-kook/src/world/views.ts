import type { JsonObject } from '@mynah/emulator-kit'
import type {
  Attachment,
  ChannelState,
  ChatState,
  EmojiState,
  GuildState,
  InviteState,
  MemberState,
  MessageState,
  Overwrite,
  RoleState,
  UserState,
} from './model.ts'
import type { World } from './world.ts'

/*
 * How the platform shows its state. Events and HTTP answers differ in the kind of booleans and in some
 * names, so a view that differs takes the side it is for.
 */
type Side = 'event' | 'http'

const flag = (value: boolean, side: Side): unknown => (side === 'event' ? Number(value) : value)

export function userView(user: UserState, member?: MemberState): JsonObject {
  return {
    id: user.id,
    username: user.username,
    identify_num: user.identifyNum,
    online: user.online,
    os: 'Websocket',
    status: user.status,
    avatar: user.avatar,
    vip_avatar: '',
    banner: '',
    nickname: member === undefined || member.nickname === '' ? user.username : member.nickname,
    roles: [...(member?.roles ?? [])],
    is_vip: false,
    bot: user.bot,
    ...(user.bot && { tag_info: { color: '#0096FF', bg_color: '#0096FF33', text: '机器人' } }),
    ...(user.system && { system: true, is_sys: true }),
  }
}

/** A member as HTTP answers show one. */
export function memberView(world: World, guild: GuildState, userId: string): JsonObject {
  const user = world.users.get(userId)
  if (user === undefined) return { id: userId }
  const member = guild.members.get(userId)
  return {
    ...userView(user, member),
    mobile_verified: user.mobileVerified,
    ...(member !== undefined && { joined_at: member.joinedAt, active_time: member.activeTime }),
    is_master: guild.ownerId === userId,
  }
}

/** The little that some answers say about a user. */
export const minimalUserView = (user: UserState | undefined): JsonObject =>
  user === undefined ? {} : { id: user.id, username: user.username, online: user.online, avatar: user.avatar }

export function roleView(role: RoleState): JsonObject {
  return {
    role_id: role.id,
    name: role.name,
    color: role.color,
    position: role.position,
    hoist: Number(role.hoist),
    mentionable: Number(role.mentionable),
    permissions: Number(role.permissions),
  }
}

const overwriteView = (overwrite: Overwrite): JsonObject => ({
  allow: Number(overwrite.allow),
  deny: Number(overwrite.deny),
})

export function overwritesView(world: World, channel: ChannelState): JsonObject {
  const guild = world.guildOf(channel)
  return {
    permission_overwrites: [...channel.roleOverwrites].map(([id, overwrite]) => ({
      role_id: id,
      ...overwriteView(overwrite),
    })),
    permission_users: [...channel.userOverwrites].map(([id, overwrite]) => ({
      user: memberView(world, guild, id),
      ...overwriteView(overwrite),
    })),
  }
}

export function channelView(world: World, channel: ChannelState, side: Side): JsonObject {
  return {
    id: channel.id,
    name: channel.name,
    user_id: channel.creatorId,
    guild_id: channel.guildId,
    is_category: flag(channel.type === 0, side),
    parent_id: channel.parentId,
    level: channel.level,
    slow_mode: channel.slowModeSeconds,
    topic: channel.topic,
    type: channel.type,
    ...overwritesView(world, channel),
    permission_sync: Number(channel.synced),
    ...(side === 'http' && { has_password: channel.password !== '', limit_amount: channel.limitAmount }),
    ...(side === 'http' && channel.type === 2 && { voice_quality: channel.voiceQuality, server_url: '' }),
  }
}

export function guildView(guild: GuildState, side: Side): JsonObject {
  return {
    id: guild.id,
    name: guild.name,
    ...(side === 'http' && { topic: guild.topic }),
    user_id: guild.ownerId,
    icon: guild.icon,
    notify_type: guild.notifyType,
    region: guild.region,
    enable_open: flag(guild.enableOpen, side),
    open_id: side === 'event' ? guild.openId : String(guild.openId),
    default_channel_id: guild.defaultChannelId,
    welcome_channel_id: guild.welcomeChannelId,
    ...(side === 'http' && { boost_num: guild.boosts.length, level: guild.boostLevel }),
  }
}

export const emojiView = (world: World, emoji: EmojiState): JsonObject => ({
  name: emoji.name,
  id: emoji.id,
  user_info: minimalUserView(world.users.get(emoji.creatorId)),
})

export const inviteView = (world: World, invite: InviteState): JsonObject => ({
  guild_id: invite.guildId,
  channel_id: invite.channelId,
  url_code: invite.code,
  url: invite.url,
  user: minimalUserView(world.users.get(invite.creatorId)),
})

export const chatView = (world: World, chat: ChatState): JsonObject => ({
  code: chat.code,
  last_read_time: chat.lastReadTime,
  latest_msg_time: chat.latestMessageTime,
  unread_count: chat.unread,
  target_info: minimalUserView(world.users.get(chat.userId)),
})

export function attachmentView(attachment: Attachment): JsonObject {
  const common = { type: attachment.type, url: attachment.url, name: attachment.name }
  if (attachment.type === 'image') return common
  const sized = { ...common, file_type: attachment.fileType, size: attachment.size }
  if (attachment.type === 'file') return sized
  return attachment.type === 'audio'
    ? { ...sized, duration: 4.2 }
    : { ...sized, duration: 15.673, width: 360, height: 635 }
}

/** The guild a message was sent in; `undefined` for private ones. */
export const guildOfMessage = (world: World, message: MessageState): GuildState | undefined =>
  message.place.kind === 'channel' ? world.guilds.get(message.place.guildId) : undefined

/** The author of a message as its place shows them. */
export function authorView(world: World, message: MessageState): JsonObject {
  const user = world.users.get(message.authorId)
  const member = guildOfMessage(world, message)?.members.get(message.authorId)
  return user === undefined ? { id: message.authorId } : userView(user, member)
}

/** The message answered: events put its id in `rong_id`, HTTP answers in `id`. */
export function quoteView(world: World, message: MessageState, side: Side): JsonObject | undefined {
  const quoted = message.quoteId === undefined ? undefined : world.messages.get(message.quoteId)
  if (quoted === undefined) return undefined
  return {
    ...(side === 'event' ? { id: quoted.internalId, rong_id: quoted.id } : { id: quoted.id }),
    type: quoted.type,
    content: quoted.content,
    create_at: quoted.createdAt,
    author: authorView(world, quoted),
    ...(side === 'event' && { can_jump: true }),
  }
}

export function mentionPartsView(world: World, message: MessageState): JsonObject {
  const guild = guildOfMessage(world, message)
  return {
    mention_part: message.mentions.users.flatMap((id) => {
      const user = world.users.get(id)
      if (user === undefined) return []
      const nickname = guild?.members.get(id)?.nickname ?? ''
      return [
        {
          id,
          username: nickname === '' ? user.username : nickname,
          full_name: `${user.username}#${user.identifyNum}`,
          avatar: user.avatar,
        },
      ]
    }),
    mention_role_part: message.mentions.roles.flatMap((id) => {
      const role = guild?.roles.get(id)
      return role === undefined ? [] : [roleView(role)]
    }),
  }
}

function reactionsView(world: World, message: MessageState): JsonObject[] {
  return [...message.reactions].map(([id, reaction]) => ({
    emoji: { id, name: emojiName(world, id) },
    count: reaction.users.size,
    me: reaction.users.has(world.bot.id),
  }))
}

/** The name of an emoji: its own for a guild emoji, the id again for a Unicode one. */
export function emojiName(world: World, id: string): string {
  return world.guilds.get(id.split('/')[0] ?? '')?.emojis.get(id)?.name ?? id
}

/** A channel message as HTTP answers show it to `viewerId`. */
export function messageView(world: World, message: MessageState, viewerId: string): JsonObject {
  return {
    id: message.id,
    type: message.type,
    author: authorView(world, message),
    content: message.variants.get(viewerId) ?? message.content,
    mention: message.mentions.users,
    mention_all: message.mentions.all,
    mention_roles: message.mentions.roles,
    mention_here: message.mentions.here,
    embeds: [],
    attachments: message.attachment === undefined ? null : attachmentView(message.attachment),
    create_at: message.createdAt,
    updated_at: message.updatedAt,
    reactions: reactionsView(world, message),
    image_name: '',
    read_status: false,
    quote: quoteView(world, message, 'http') ?? null,
    mention_info: mentionPartsView(world, message),
  }
}

/** A private message as HTTP answers show it. */
export function directMessageView(world: World, message: MessageState): JsonObject {
  return {
    id: message.id,
    type: message.type,
    author_id: message.authorId,
    content: message.content,
    embeds: [],
    attachments: message.attachment === undefined ? false : attachmentView(message.attachment),
    create_at: message.createdAt,
    updated_at: message.updatedAt,
    reactions: reactionsView(world, message),
    image_name: '',
    read_status: false,
    quote: quoteView(world, message, 'http') ?? null,
    mention_info: null,
    from_type: 1,
    msg_icon: '',
  }
}
