import { segment } from '@mynah/core'
import { type Listener, type QQBotMessage, type QQEmulator, startQQEmulator } from '@mynah/emulator-qq'
import type { AdapterContract, ContractChat, ContractStage } from '@mynah/testing/contract'

import qq from '../src/index.ts'
import { appId, configFor, secret } from './start.ts'

const skips = {
  'an edited message comes in': 'the platform tells of none',
  'the own messages come in, and run no command': 'the platform tells of none',
  'a poke comes in': 'the platform has none',
  'a friend request comes in': 'people add a bot without asking it',
  'an invitation of the bot comes in': 'people add a bot without asking it',
}

/** The adapter over the gateway, in a channel of a guild. */
export const qqContract: AdapterContract = {
  name: 'adapter-qq, guilds',
  start: startGuild,
  skips: {
    ...skips,
    'a request to join comes in': 'guilds have none',
  },
}

/** The adapter over the gateway, in a group. */
export const qqGroupContract: AdapterContract = {
  name: 'adapter-qq, groups',
  start: startGroup,
  skips: {
    ...skips,
    'a recalled message comes in': 'the platform tells of none in groups',
    'a reaction comes in': 'groups have none',
    'a reaction taken back comes in': 'groups have none',
  },
}

interface Said {
  readonly id: string
}

function prepare(): Promise<QQEmulator> {
  return startQQEmulator({ appId, secret, rateLimits: false, allowedHosts: ['example.com'] })
}

const reactions = '/channels/{channel_id}/messages/{message_id}/reactions/{type}/{id}'

/** Whether the platform has done what an endpoint is for. */
const took = (emulator: QQEmulator, route: string): boolean =>
  emulator.calls.some((call) => call.route === route && Number(call.status) < 300)

async function startGuild(): Promise<ContractStage> {
  const emulator = await prepare()
  const alice = emulator.user({ name: 'alice' })
  const bob = emulator.user({ name: 'bob' })
  const guild = emulator.guild({ name: 'Guild' })
  const channel = guild.channel({ name: 'lobby' })
  const role = guild.role('guest')
  const member = alice.in(channel)
  const dm = alice.dm(guild)
  let last: Said = { id: '' }
  const say = (words: string, options: Parameters<typeof member.say>[1]): void => {
    last = member.say(words, options)
  }
  const face = { type: 1, id: '277' } as const

  return {
    plug: (app) => app.plugin(qq, configFor(emulator)),
    group: chatOf(channel, (words) => say(words, { mention: false })),
    direct: chatOf(dm, (words) => dm.say(words)),
    ids: { guild: guild.id, user: alice.id, role: role.id, emoji: '277', nowhere: '1234567890' },
    drivers: {
      mention: (words) => say(words, { mention: true }),
      sendImage: () => say('', { mention: false, attachments: [picture] }),
      sayWithImage: (words) => say(words, { mention: false, attachments: [picture] }),
      quote: (id, words) => say(words, { mention: false, quote: { id, text: '', quoteIndex: id } }),
      recall: () => member.recall(last),
      addMember: () => guild.addMember(bob),
      removeMember: () => guild.removeMember(bob),
      react: (id) => member.react({ id }, face),
      unreact: (id) => member.unreact({ id }, face),
      press: (id) => member.click({ id }, 'go', 'go'),
      repeatNext: () => emulator.faults.duplicateEvents(),
      cut: () => emulator.faults.dropConnections(),
    },
    calls: {
      async updateMessage({ bot, channelId }) {
        const receipt = await bot.sendMessage(channelId, segment.markdown('**words**'))
        return [channelId, receipt.messageIds[0] ?? '', segment.markdown('**other** words')]
      },
    },
    shows: {
      updateMessage: () => took(emulator, 'PATCH /channels/{channel_id}/messages/{message_id}'),
      pinMessage: () => took(emulator, 'PUT /channels/{channel_id}/pins/{message_id}'),
      unpinMessage: () => took(emulator, 'DELETE /channels/{channel_id}/pins/{message_id}'),
      createReaction: () => took(emulator, `PUT ${reactions}`),
      deleteReaction: () => took(emulator, `DELETE ${reactions}`),
      muteGuild: () => took(emulator, 'PATCH /guilds/{guild_id}/mute'),
      muteMember: () => took(emulator, 'PATCH /guilds/{guild_id}/members/{user_id}/mute'),
      ackInteraction: () => took(emulator, 'PUT /interactions/{interaction_id}'),
    },
    close: () => emulator.close(),
  }
}

async function startGroup(): Promise<ContractStage> {
  const emulator = await prepare()
  const alice = emulator.user({ name: 'alice' })
  const bob = emulator.user({ name: 'bob' })
  const group = emulator.group({ name: 'Group', fullMode: true })
  // The account is in a guild besides.
  emulator.guild({ name: 'Guild' })
  const member = alice.in(group)
  const quoteOf = (id: string): { id: string; text: string; quoteIndex: string } => {
    const found = emulator.messages.find((message) => message.id === id)
    return { id, text: '', quoteIndex: found?.quoteIndex ?? '' }
  }

  return {
    plug: (app) => app.plugin(qq, configFor(emulator)),
    group: chatOf(group, (words) => member.say(words, { mention: false })),
    direct: chatOf(alice.c2c, (words) => alice.c2c.say(words)),
    ids: { guild: group.openid, user: member.openid, emoji: '277', nowhere: 'F'.repeat(32) },
    drivers: {
      mention: (words) => member.say(words, { mention: true }),
      sendImage: () => member.say('', { mention: false, attachments: [picture] }),
      sayWithImage: (words) => member.say(words, { mention: false, attachments: [picture] }),
      quote: (id, words) => member.say(words, { mention: false, quote: quoteOf(id) }),
      addMember: () => group.addMember(bob),
      removeMember: () => group.removeMember(bob),
      requestToJoin: () => group.requestJoin(bob, { message: 'please' }),
      press: () => member.click('go', 'go'),
      repeatNext: () => emulator.faults.duplicateEvents(),
      cut: () => emulator.faults.dropConnections(),
    },
    shows: {
      deleteMessage: () => took(emulator, 'DELETE /v2/groups/{group_openid}/messages/{message_id}'),
      muteMember: () => took(emulator, 'POST /v2/groups/{group_openid}/restrict_chat_setting'),
      answerRequest: () =>
        took(emulator, 'POST /v2/groups/{group_openid}/approval_join_request/{member_openid}'),
      ackInteraction: () => took(emulator, 'PUT /interactions/{interaction_id}'),
    },
    close: () => emulator.close(),
  }
}

const picture = { url: 'https://example.com/pixel.png', content_type: 'image/png', width: 1, height: 1 }

function chatOf(listener: Listener, say: (words: string) => unknown): ContractChat {
  return {
    say,
    async arrival() {
      const message = await listener.expectReply()
      const { id, text, quoted } = message
      return {
        id,
        text: wordsOf(text.replaceAll(mention, '')),
        mentions: Array.from(text.matchAll(mention), (found) => found[1] ?? found[2] ?? ''),
        quote: quoted,
        images: imagesIn(message),
      }
    },
  }
}

/** Somebody who is mentioned, as the platform writes it. */
const mention = /<@!?(\w+)>|<qqbot-at-user id="(\w+)" *\/>/g

const wordsOf = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

function imagesIn({ file, kind, body }: QQBotMessage): number {
  return file !== undefined || kind === 'image' || body['image'] !== undefined ? 1 : 0
}
