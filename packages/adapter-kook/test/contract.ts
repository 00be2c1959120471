import { type KookParticipant, type KookMessage, startKookEmulator } from '@mynah/emulator-kook'
import type { AdapterContract, ContractChat, ContractStage } from '@mynah/testing/contract'

import kook from '../src/index.ts'

/** The adapter over the gateway. */
export const kookContract: AdapterContract = {
  name: 'adapter-kook',
  start,
  skips: {
    'a picture is an argument of a command': 'a picture is a message of its own',
    'a friend request comes in': 'the platform tells of none; bots look them up',
    'a request to join comes in': 'the platform has none',
    'an invitation of the bot comes in': 'people add the bot without asking it',
    'a poke comes in': 'the platform has none',
    'a long text goes out in parts, in order': 'the platform knows no limit',
  },
}

const emoji = '👍'
const limit = { limit: 100_000, windowSeconds: 60 }

async function start(): Promise<ContractStage> {
  const emulator = await startKookEmulator({ rateLimits: { default: limit }, allowExternalMedia: true })
  const { token, baseUrl } = emulator
  const alice = emulator.user({ username: 'alice' })
  const bob = emulator.user({ username: 'bob' })
  const carol = emulator.user({ username: 'carol' })
  const guild = emulator.guild({ members: [alice], owner: bob })
  const role = guild.role('guest')
  const lobby = guild.channel('lobby')
  const member = alice.in(lobby)
  let last: KookMessage | undefined
  const seen = new Map<string, KookMessage>()
  const found = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('There is no such message.')
    return value
  }
  const chatOf = (conversation: KookParticipant): ContractChat => ({
    say(words) {
      last = conversation.say(words)
    },
    async arrival() {
      const message = await arrivalIn(conversation)
      const { id, text, content, mentions, quoteId, type } = message
      const cards = type === 10 ? content : ''
      return {
        id,
        text: cards === '' ? withoutNames(text, mentions) : wordsIn(message.cards),
        mentions,
        quote: quoteId,
        images: type === 2 ? 1 : cards.split('"type":"image"').length - 1,
      }
    },
  })
  const arrivalIn = async (conversation: KookParticipant): Promise<KookMessage> => {
    const message = await conversation.expectReply()
    seen.set(message.id, message)
    return message
  }
  const messageOf = async (id: string): Promise<KookMessage> => {
    while (!seen.has(id)) await arrivalIn(member)
    return found(seen.get(id))
  }

  const befriend = async (): Promise<void> => {
    const id = alice.requestFriendship()
    const headers = { Authorization: `Bot ${token}`, 'Content-Type': 'application/json' }
    const body = JSON.stringify({ id, accept: 1 })
    await fetch(`${baseUrl}/friend/handle-request`, { method: 'POST', headers, body })
  }

  return {
    plug: (app) => app.plugin(kook, { token, baseUrl, media: { privateHosts: ['127.0.0.1'] } }),
    group: chatOf(member),
    direct: chatOf(alice.direct),
    ids: { guild: guild.id, user: alice.id, role: String(role.id), emoji, nowhere: '9999999999999999' },
    drivers: {
      mention: (words) => member.sayMarkdown(`${emulator.bot.mention} ${words}`),
      sendImage: () => member.sendImage({ name: 'pixel.png', bytes: new Uint8Array([1, 2, 3]) }),
      quote: async (messageId, words) => member.say(words, { quote: await messageOf(messageId) }),
      edit: (words) => member.edit(found(last), words),
      recall: () => member.remove(found(last)),
      speakAsBot: (words) => emulator.botUser.in(lobby).say(words),
      addMember: () => carol.join(guild),
      removeMember: () => carol.leave(guild),
      react: async (messageId) => member.react(await messageOf(messageId), emoji),
      unreact: async (messageId) => member.unreact(await messageOf(messageId), emoji),
      press: async (messageId) => member.click(await messageOf(messageId), 'Go'),
      repeatNext: () => emulator.faults.duplicateEvents(),
      cut: () => emulator.faults.dropConnections(),
    },
    calls: {
      async listFriends() {
        await befriend()
        return []
      },
      async deleteFriend() {
        await befriend()
        return [alice.id]
      },
    },
    shows: {
      pinMessage: async ({ messageId }) => (await messageOf(messageId)).isPinned,
      unpinMessage: async ({ messageId }) => !(await messageOf(messageId)).isPinned,
      createReaction: async ({ messageId }) =>
        Object.keys((await messageOf(messageId)).reactions).length === 1,
      deleteReaction: async ({ messageId }) =>
        Object.keys((await messageOf(messageId)).reactions).length === 0,
    },
    close: () => emulator.close(),
  }
}

/** A mention is shown by the name of whoever is mentioned. */
function withoutNames(text: string, mentions: readonly string[]): string {
  return mentions.length === 0 ? text : text.replaceAll(/@\S+ ?/g, '')
}

/** The words of cards, in reading order. */
function wordsIn(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsIn).filter(Boolean).join('\n')
  if (typeof value !== 'object' || value === null) return ''
  const { content, ...others } = value as { content?: unknown }
  return typeof content === 'string' ? content : wordsIn(Object.values(others))
}
