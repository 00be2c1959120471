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
import { booleanIn, idIn, listIn, numberIn, textIn } from './fields.ts'

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
  const comment = textIn(written)
  const isUnnamed = type !== undefined && needsUser.has(type) && user === undefined
  return {
    ...rest,
    ...(type === undefined || isUnnamed ? {} : { type }),
    ...(comment === undefined ? {} : { comment }),
    ...(user === undefined ? {} : { user: checkUser(user) }),
    ...(operator === undefined ? {} : { operator: checkUser(operator) }),
    ...(member === undefined ? {} : { member: checkMember(member) }),
    ...(guild === undefined ? {} : { guild: checkGuild(guild) }),
    ...(channel === undefined ? {} : { channel: checkChannel(channel) }),
    ...(message === undefined ? {} : { message: checkMessage(message) }),
    ...(target === undefined ? {} : { target: checkTarget(target) }),
    ...(emoji === undefined ? {} : { emoji: checkEmoji(emoji) }),
    ...(button === undefined ? {} : { button: checkButton(button) }),
  }
}

/** Events that promise a user, of which the platform does not always tell. */
const needsUser: ReadonlySet<ChatEventName> = new Set(['interaction/button'])

function required(value: unknown, of: string): string {
  const id = idIn(value)
  if (id === undefined) throw new MynahError('FRAME_INVALID', `The ${of} has no id.`)
  return id
}

function checkUser(user: User): User {
  const [name, avatar] = [user.name, user.avatar].map(textIn)
  const isBot = booleanIn(user.isBot)
  return {
    id: required(user.id, 'user'),
    ...(name === undefined ? {} : { name }),
    ...(avatar === undefined ? {} : { avatar }),
    ...(isBot === undefined ? {} : { isBot }),
  }
}

const ranks: ReadonlySet<unknown> = new Set(['owner', 'admin', 'member'])

function checkMember({ user, nick: called, joinedAt, role, roleIds }: Member): Member {
  const nick = textIn(called)
  return {
    ...(user === undefined ? {} : { user: checkUser(user) }),
    ...(nick === undefined ? {} : { nick }),
    ...(joinedAt === undefined ? {} : { joinedAt }),
    ...(role !== undefined && ranks.has(role) ? { role } : {}),
    ...(roleIds === undefined
      ? {}
      : {
          roleIds: listIn(roleIds)
            .map(idIn)
            .filter((id) => id !== undefined),
        }),
  }
}

function checkGuild(guild: Guild): Guild {
  const [name, avatar, ownerId] = [guild.name, guild.avatar, idIn(guild.ownerId)].map(textIn)
  const memberCount = numberIn(guild.memberCount)
  return {
    id: required(guild.id, 'guild'),
    ...(name === undefined ? {} : { name }),
    ...(avatar === undefined ? {} : { avatar }),
    ...(ownerId === undefined ? {} : { ownerId }),
    ...(memberCount === undefined ? {} : { memberCount }),
  }
}

function checkChannel(channel: Channel): Channel {
  const [name, parentId] = [channel.name, idIn(channel.parentId)].map(textIn)
  return {
    id: required(channel.id, 'channel'),
    type: channel.type,
    ...(name === undefined ? {} : { name }),
    ...(parentId === undefined ? {} : { parentId }),
  }
}

function checkMessage(message: Message): Message {
  const { user, quote, ...rest } = message
  return {
    ...rest,
    id: required(message.id, 'message'),
    ...(user === undefined ? {} : { user: checkUser(user) }),
    ...(quote === undefined ? {} : { quote: checkMessage(quote) }),
  }
}

function checkTarget({ kind, id }: Target): Target {
  return { kind, id: required(id, 'place') }
}

function checkEmoji({ id }: Emoji): Emoji {
  return { id: required(id, 'emoji') }
}

function checkButton(button: PressedButton): PressedButton {
  const value = textIn(button.value)
  return { id: idIn(button.id) ?? '', ...(value === undefined ? {} : { value }) }
}
