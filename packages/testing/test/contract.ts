import {
  type ChatEvent,
  type Content,
  definePlugin,
  findElement,
  type Message,
  segment,
  standardElements,
  systemClock,
  toElements,
} from '@mynah/core'

import { TestBot } from '../src/app/test-bot.ts'
import { World } from '../src/app/world.ts'
import type { AdapterContract, ContractChat, ContractStage } from '../src/contract/index.ts'

const alice = { id: 'alice', name: 'Alice' }
const bob = { id: 'bob', name: 'Bob' }
const den = { id: 'den', name: 'Den' }
const lobby = { id: 'den', type: 'text' } as const

/** The bot in memory: a platform that is whatever a test says. */
export const testingContract: AdapterContract = {
  name: 'testing',
  start,
  skips: {
    'a message that goes nowhere fails with a code': 'every address leads somewhere in memory',
    'a connection that breaks comes back': 'there is no connection',
  },
}

function start(): ContractStage {
  const world = new World({ id: 'mynah', name: 'Mynah', isBot: true })
  for (const user of [alice, bob]) world.users.set(user.id, user)
  world.friends.add(alice.id)
  world.guilds.set(den.id, {
    guild: den,
    channels: new Map([[lobby.id, lobby]]),
    members: new Map([[alice.id, { user: alice }]]),
    roles: new Map([['guest', { id: 'guest', name: 'Guest' }]]),
  })
  let bot: TestBot | undefined
  let last: Message = { id: 'none', content: [] }
  let copies = 1

  const current = (): TestBot => {
    if (bot === undefined) throw new Error('There is no bot yet.')
    return bot
  }
  const tell = (type: string, fields: Partial<ChatEvent>): void => {
    const event = current().event(type, { guild: den, channel: lobby, user: alice, ...fields })
    for (let copy = 0; copy < copies; copy += 1) void current().emit(event)
    copies = 1
  }
  const write = (content: Content, fields: Partial<Message> = {}): Message => {
    last = { id: world.newId('message'), content: toElements(content), user: alice, ...fields }
    return last
  }
  const chat = (channelId: string, say: (words: string) => void): ContractChat => ({
    say,
    async arrival() {
      const { id, text, content, quoteId } = await current().inbox(channelId).take()
      const mentioned = findElement(content, 'at')?.attrs.id
      return {
        id,
        text,
        mentions: mentioned === undefined ? [] : [mentioned],
        quote: quoteId,
        images: content.filter(({ type }) => type === 'image').length,
      }
    },
  })
  const reaction = (type: string, messageId: string): void =>
    tell(type, { message: { id: messageId, content: [] }, emoji: { id: '👍' } })
  const direct = world.direct(alice.id)
  const called = (name: string): boolean => current().calls.some(({ method }) => method === name)

  return {
    plug: (app) =>
      app.plugin(
        definePlugin({
          name: 'adapter-in-memory',
          setup(ctx) {
            const support = { elements: standardElements, maxTextLength: 1000 }
            bot = new TestBot({ platform: 'test', world, clock: systemClock, support, lacks: new Set() })
            ctx.addBot(bot)
          },
        }),
      ),
    group: chat(lobby.id, (words) => tell('message-created', { message: write(words) })),
    direct: chat(direct.id, (words) => {
      const event = current().event('message-created', {
        channel: direct,
        user: alice,
        message: write(words),
      })
      void current().emit(event)
    }),
    ids: { guild: den.id, user: alice.id, role: 'guest', nowhere: 'nowhere' },
    drivers: {
      mention: (words) => tell('message-created', { message: write([segment.at('mynah'), ` ${words}`]) }),
      sendImage: () =>
        tell('message-created', { message: write(segment.image('https://example.com/cat.png')) }),
      sayWithImage: (words) =>
        tell('message-created', {
          message: write([words, ' ', segment.image('https://example.com/cat.png')]),
        }),
      quote: (id, words) => {
        const message = write(words, { quote: { id, content: [] } })
        world.messages(lobby.id).push(message)
        tell('message-created', { message })
      },
      edit: (words) => tell('message-updated', { message: { ...last, content: toElements(words) } }),
      recall: () => tell('message-deleted', { message: last }),
      speakAsBot: (words) => tell('message-sent', { user: world.self, message: write(words) }),
      addMember: () => tell('guild-member-added', { user: bob }),
      removeMember: () => tell('guild-member-removed', { user: bob }),
      requestFriend: () => tell('friend-request', { user: bob }),
      requestToJoin: () => tell('guild-member-request', { user: bob }),
      inviteBot: () => tell('guild-request', { guild: { id: 'attic' } }),
      react: (id) => reaction('reaction-added', id),
      unreact: (id) => reaction('reaction-removed', id),
      press: () => tell('interaction/button', { button: { id: 'go' } }),
      poke: () => tell('poke', {}),
      repeatNext: () => {
        copies = 2
      },
    },
    shows: {
      pinMessage: () => called('pinMessage'),
      unpinMessage: () => called('unpinMessage'),
      createReaction: () => called('createReaction'),
      deleteReaction: () => called('deleteReaction'),
      muteGuild: () => called('muteGuild'),
      muteMember: () => called('muteMember'),
      answerRequest: () => called('answerRequest'),
      poke: () => called('poke'),
    },
    close: () => Promise.resolve(),
  }
}
