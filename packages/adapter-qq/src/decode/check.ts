import { defined, readBoolean, readId, readNumber, readText } from '@mynah/adapter-kit'
import {
  type Channel,
  type ChatEventName,
  type Emoji,
  type Guild,
  type Member,
  type Message,
  MynahError,
  type PressedButton,
  type User,
} from '@mynah/core'
import type { Target } from '../encode/target.ts'
import type { Decoded } from './context.ts'
import { listIn, mapped } from '../wire/read.ts'

/**
 * Holds what was read to what events promise: every id is one, everything else is of its kind or left out.
 *
 * @throws MynahError `FRAME_INVALID` where an id is missing.
 */
export function checkDecoded(decoded: Decoded): Decoded {
  const {
    type,
    user,
    operator,
    member,
    guild,
    channel,
    message,
    target,
    emoji,
    button,
    comment: written,
    ...rest
  } = decoded
  const comment = readText(written)
  const isUnnamed = type !== undefined && needsUser.has(type) && user === undefined
  return {
    ...rest,
    ...(type === undefined || isUnnamed ? {} : { type }),
    ...defined({
      comment,
      user: mapped(user, checkUser),
      operator: mapped(operator, checkUser),
      member: mapped(member, checkMember),
      guild: mapped(guild, checkGuild),
      channel: mapped(channel, checkChannel),
      message: mapped(message, checkMessage),
      target: mapped(target, checkTarget),
      emoji: mapped(emoji, checkEmoji),
      button: mapped(button, checkButton),
    }),
  }
}

/** Events that promise a user, of which the platform does not always tell. */
const needsUser: ReadonlySet<ChatEventName> = new Set(['interaction/button'])

function required(value: unknown, of: string): string {
  const id = readId(value)
  if (id === undefined) throw new MynahError('FRAME_INVALID', `The ${of} has no id.`)
  return id
}

function checkUser(user: User): User {
  const [name, avatar] = [user.name, user.avatar].map(readText)
  const isBot = readBoolean(user.isBot)
  return {
    id: required(user.id, 'user'),
    ...defined({ name, avatar, isBot }),
  }
}

const ranks: ReadonlySet<unknown> = new Set(['owner', 'admin', 'member'])

function checkMember({ user, nick: called, joinedAt, role, roleIds }: Member): Member {
  const nick = readText(called)
  return {
    ...defined({ user: mapped(user, checkUser), nick, joinedAt }),
    ...(role !== undefined && ranks.has(role) ? { role } : {}),
    ...(roleIds === undefined
      ? {}
      : {
          roleIds: listIn(roleIds)
            .map(readId)
            .filter((id) => id !== undefined),
        }),
  }
}

function checkGuild(guild: Guild): Guild {
  const [name, avatar, ownerId] = [guild.name, guild.avatar, readId(guild.ownerId)].map(readText)
  const memberCount = readNumber(guild.memberCount)
  return {
    id: required(guild.id, 'guild'),
    ...defined({ name, avatar, ownerId, memberCount }),
  }
}

function checkChannel(channel: Channel): Channel {
  const [name, parentId] = [channel.name, readId(channel.parentId)].map(readText)
  return {
    id: required(channel.id, 'channel'),
    type: channel.type,
    ...defined({ name, parentId }),
  }
}

function checkMessage(message: Message): Message {
  const { user, quote, ...rest } = message
  return {
    ...rest,
    id: required(message.id, 'message'),
    ...defined({ user: mapped(user, checkUser), quote: mapped(quote, checkMessage) }),
  }
}

function checkTarget({ kind, id }: Target): Target {
  return { kind, id: required(id, 'place') }
}

function checkEmoji({ id }: Emoji): Emoji {
  return { id: required(id, 'emoji') }
}

function checkButton(button: PressedButton): PressedButton {
  const value = readText(button.value)
  return { id: readId(button.id) ?? '', ...defined({ value }) }
}
