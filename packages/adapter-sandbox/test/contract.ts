import { PassThrough } from 'node:stream'

import { type App, type ChatEvent, findElement, plainText, render, segment } from '@mynah/core'
import { Mailbox } from '@mynah/core/testing'
import type { AdapterContract, Arrival, ContractChat, ContractStage } from '@mynah/testing/contract'

import { createSandbox } from '../src/index.ts'

/** The chat in the terminal, fed with lines. */
export const sandboxContract: AdapterContract = {
  name: 'adapter-sandbox',
  start,
  skips: {
    'the own messages come in, and run no command': 'the account is signed in nowhere else',
    'a long text goes out in parts, in order': 'a terminal takes any length',
    'an event that comes twice is handled once': 'a line is one event',
    'a connection that breaks comes back': 'there is no connection',
    'an address goes through JSON and a restart': 'people and guilds are gone with the program',
  },
}

function start(): ContractStage {
  const arrivals = { home: new Mailbox<Arrival>(), dm: new Mailbox<Arrival>() }
  const watched = new Set<App>()
  let input = new PassThrough()
  let last = ''
  /** What stands in the terminal. */
  let shown = ''
  let isInGuild: boolean | undefined

  /** Types lines where the person is to be. */
  const type = (where: 'guild' | 'dm', ...lines: readonly string[]): void => {
    if (isInGuild !== (where === 'guild')) lines = [where === 'guild' ? ':in home' : ':dm', ...lines]
    isInGuild = where === 'guild'
    for (const line of lines) input.write(`${line}\n`)
  }
  const raw = (event: Partial<ChatEvent>): void => type('guild', `:raw ${JSON.stringify(event)}`)
  const chat = (where: 'guild' | 'dm', arrived: Mailbox<Arrival>): ContractChat => ({
    say: (words) => type(where, words),
    arrival: () => arrived.take(),
  })

  return {
    plug(app) {
      input = new PassThrough()
      isInGuild = undefined
      if (!watched.has(app)) {
        watched.add(app)
        watch(app, arrivals, (id) => {
          last = id
        })
      }
      const [output, errors] = [new PassThrough().resume(), new PassThrough()]
      errors.setEncoding('utf8').on('data', (text: string) => {
        shown += text
      })
      return app.plugin(createSandbox({ input, output, errors }))
    },
    group: chat('guild', arrivals.home),
    direct: chat('dm', arrivals.dm),
    ids: { guild: 'home', user: 'alice', nowhere: 'nowhere' },
    drivers: {
      mention: (words) => type('guild', `${render([segment.at('mynah')])} ${words}`),
      sendImage: () => type('guild', render([segment.image('https://example.com/cat.png')])),
      sayWithImage: (words) =>
        type('guild', `${words} ${render([segment.image('https://example.com/cat.png')])}`),
      quote: (id, words) => type('guild', `:quote ${id}`, words),
      edit: (words) => type('guild', `:edit ${last} ${words}`),
      recall: () => type('guild', ':recall'),
      addMember: () => type('guild', ':join bob'),
      removeMember: () => type('guild', ':leave bob'),
      requestFriend: () => raw({ type: 'friend-request', user: { id: 'bob' } }),
      requestToJoin: () => raw({ type: 'guild-member-request', user: { id: 'bob' } }),
      inviteBot: () => raw({ type: 'guild-request', guild: { id: 'attic' } }),
      react: (id) => type('guild', `:react ${id} 👍`),
      unreact: (id) => type('guild', `:react ${id} 👍`),
      press: () => type('guild', ':button 1'),
      poke: () => type('guild', ':poke'),
    },
    shows: {
      createReaction: ({ messageId }) => shown.includes(`reacted to ${messageId} with 👍`),
      deleteReaction: ({ messageId }) => shown.includes(`took the reaction 👍 off ${messageId}`),
      muteMember: () => shown.includes('muted alice in home for 60 s'),
      answerRequest: () => shown.includes('accepted the friend-request of bob'),
      poke: () => shown.includes('poked alice'),
    },
    close: () => Promise.resolve(),
  }
}

/** Sees what people see: the messages of the bot, and which message was the last of a person. */
function watch(
  app: App,
  arrivals: { readonly home: Mailbox<Arrival>; readonly dm: Mailbox<Arrival> },
  onSaid: (messageId: string) => void,
): void {
  app.on('message-created', ({ event }) => onSaid(event.message.id))
  app.on('message-out', ({ channelId, content, receipt, kind }) => {
    if (kind === 'edit' || receipt.status !== 'delivered') return
    const mentioned = findElement(content, 'at')?.attrs.id
    const arrived = channelId === 'home' ? arrivals.home : arrivals.dm
    arrived.push({
      id: receipt.messageIds[0] ?? '',
      text: plainText(content),
      mentions: mentioned === undefined ? [] : [mentioned],
      quote: findElement(content, 'quote')?.attrs.id,
      images: content.filter(({ type }) => type === 'image').length,
    })
  })
}
