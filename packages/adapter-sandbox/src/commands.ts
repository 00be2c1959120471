import { parse, plainText, type PressedButton, UserError } from '@mynah/core'

import type { Chat } from './chat.ts'
import { readRawEvent } from './raw-event.ts'
import { show } from './show.ts'
import { botUser, defaultGuild } from './world.ts'

/** Something that the sandbox itself does when its name is typed after a colon. */
export interface SandboxCommand {
  readonly name: string
  /** What follows the name. */
  readonly usage: string
  readonly help: string
  /** @throws Error with a message for the person who typed it. */
  run(chat: Chat, rest: string): void
}

const nameForm = /^[^\s#:<>"]+$/
const placeForm = /^([^\s#:<>"]*)\s*(?:#([^\s#:<>"]+))?$/

/** All commands, in the order of the help. */
export const commands: readonly SandboxCommand[] = [
  {
    name: 'as',
    usage: '<name>',
    help: 'speak as somebody else',
    run(chat, name) {
      if (!nameForm.test(name)) throw new UserError('A name is one word, such as :as bob.')
      if (name === botUser.id) throw new UserError(`${name} is the bot.`)
      chat.speakAs(name)
    },
  },
  {
    name: 'in',
    usage: '<guild> | #<channel>',
    help: 'go to a guild, or to a channel of the guild',
    run(chat, rest) {
      const [, guild = '', channel] = placeForm.exec(rest) ?? []
      if (guild === '' && channel === undefined) {
        throw new UserError('Name a guild (:in group2), a channel (:in #lobby), or both (:in group2 #lobby).')
      }
      const guildId = guild === '' ? (chat.place.guildId ?? defaultGuild) : guild
      chat.goTo(chat.world.guildPlace(guildId, channel))
    },
  },
  {
    name: 'dm',
    usage: '',
    help: 'go back to the direct chat with the bot',
    run: (chat) => chat.goTo(chat.world.directPlace(chat.speaker.id)),
  },
  {
    name: 'who',
    usage: '',
    help: 'show who speaks where, and who else is there',
    run(chat) {
      const { speaker, place } = chat
      if (place.guildId === undefined) return chat.notice(`${speaker.id}, in a direct chat`)
      const members = Array.from(chat.guild.members, ([id, { role }]) => `${id} (${role})`)
      chat.notice(`${speaker.id}, in ${place.channel.id}; members: ${members.join(', ')}`)
    },
  },
  {
    name: 'quote',
    usage: '<id>',
    help: 'let the next message answer this one',
    run: (chat, id) => chat.quote(id),
  },
  {
    name: 'edit',
    usage: '<id> <text>',
    help: 'change a message',
    run(chat, rest) {
      const { id, tail } = cutId(rest)
      chat.message(id)
      const message = chat.world.changeMessage(chat.place.channel.id, id, parse(tail))
      chat.emit('message-updated', { message })
    },
  },
  {
    name: 'recall',
    usage: '[id]',
    help: 'take back a message; the latest one without an id',
    run(chat, id) {
      const { id: messageId } = id === '' ? chat.ownMessage() : chat.message(id)
      const message = chat.world.removeMessage(chat.place.channel.id, messageId)
      chat.emit('message-deleted', { message, operator: chat.speaker })
    },
  },
  {
    name: 'react',
    usage: '<id> <emoji>',
    help: 'react to a message; once more takes it back',
    run(chat, rest) {
      const { id, tail } = cutId(rest)
      const message = chat.message(id)
      const users = chat.world.reactionsTo(id, tail)
      const emoji = { id: tail, name: tail }
      if (users.delete(chat.speaker.id)) return chat.emit('reaction-removed', { message, emoji })
      users.add(chat.speaker.id)
      chat.emit('reaction-added', { message, emoji })
    },
  },
  {
    name: 'button',
    usage: '<number>',
    help: 'press a button of the latest message that has some',
    run(chat, rest) {
      const { message, button } = chat.button(Number(rest))
      const label = plainText(button.children)
      const { id = label, type, text = label, for: allowed } = button.attrs
      if (type === 'input') return chat.say(text)
      if (allowed !== undefined && !allowed.split(/\s+/).includes(chat.speaker.id)) {
        throw new UserError(`${chat.speaker.id} may not press this button.`)
      }
      const pressed: PressedButton = { id, ...(button.attrs.text === undefined ? {} : { value: text }) }
      chat.emit('interaction/button', { message, button: pressed })
    },
  },
  {
    name: 'poke',
    usage: '',
    help: 'poke the bot',
    run: (chat) => chat.emit('poke', {}),
  },
  {
    name: 'join',
    usage: '[name]',
    help: 'somebody joins the guild; the speaker without a name',
    run(chat, name) {
      const { guild } = chat.guild
      const user = chat.world.user(name === '' ? chat.speaker.id : name)
      chat.emit('guild-member-added', { member: chat.world.enter(guild.id, user) }, user)
    },
  },
  {
    name: 'leave',
    usage: '[name]',
    help: 'somebody leaves the guild; the speaker without a name',
    run(chat, name) {
      const { guild, members } = chat.guild
      const member = chat.world.findMember(guild.id, name === '' ? chat.speaker.id : name)
      const user = member.user ?? chat.speaker
      members.delete(user.id)
      chat.emit('guild-member-removed', { member }, user)
      if (user.id === chat.speaker.id) chat.goTo(chat.world.directPlace(user.id))
    },
  },
  {
    name: 'history',
    usage: '',
    help: 'show the messages of this channel with their ids',
    run(chat) {
      const lines = chat.world
        .messagesOf(chat.place.channel.id)
        .map(({ id, user, content }) => `${id} ${user?.id}: ${show(content)}`)
      chat.notice(lines.length === 0 ? 'Nothing has been said here.' : lines.join('\n'))
    },
  },
  {
    name: 'raw',
    usage: '<json>',
    help: 'emit any event; what is left out is filled in',
    run: (chat, json) => chat.emitRaw(readRawEvent(json)),
  },
  {
    name: 'quit',
    usage: '',
    help: 'end the program',
    run: (chat) => chat.quit(),
  },
  {
    name: 'help',
    usage: '',
    help: 'show this list; a message that begins with a colon is written with two',
    run(chat) {
      const rows = commands.map(({ name, usage, help }) => [`:${name} ${usage}`.trim(), help] as const)
      const width = Math.max(...rows.map(([left]) => left.length))
      chat.notice(rows.map(([left, help]) => `${left.padEnd(width)}  ${help}`).join('\n'))
    },
  },
]

/** Names of all commands, with the colon, for completion. */
export const commandNames: readonly string[] = commands.map(({ name }) => `:${name}`)

/** Takes a line as it was typed: a command of the sandbox (`:help` lists them) or a message. */
export function takeLine(chat: Chat, line: string): void {
  chat.line = line
  const [, name, rest = ''] = /^:([a-z]{2,})(?:\s+(.*))?$/s.exec(line) ?? []
  if (name === undefined) return chat.say(line.startsWith('::') ? line.slice(1) : line)
  try {
    findCommand(name).run(chat, rest.trim())
  } catch (error) {
    if (!(error instanceof Error)) throw error
    chat.notice(error.message)
  }
}

/** @throws UserError when there is no such command. */
function findCommand(name: string): SandboxCommand {
  const command = commands.find((other) => other.name === name)
  if (command !== undefined) return command
  throw new UserError(`There is no :${name}; :help shows what there is. To say it, write ::${name}.`)
}

function cutId(rest: string): { id: string; tail: string } {
  const [, id, tail] = /^(\S+)\s+(.+)$/s.exec(rest) ?? []
  if (id === undefined || tail === undefined) throw new UserError('The id of a message, then the rest.')
  return { id, tail }
}
