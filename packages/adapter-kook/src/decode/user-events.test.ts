import { readFileSync } from 'node:fs'

import { type ChatEvent, render } from '@mynah/core'
import { describe, expect, it } from 'vitest'

import type { KookEventData } from '../wire/events.ts'
import { isEventFrame, readFrame } from '../receive/frame.ts'
import type { DecodeOptions } from './envelope.ts'
import { decodeEvent } from './event.ts'

interface Fixture {
  readonly name: string
  readonly seed: boolean
  readonly frame: { readonly s: 0; readonly d: KookEventData; readonly sn: number }
}

function load(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8'))
}

const fixtures = load('kook.events.json') as Fixture[]
const options: DecodeOptions = { selfId: '2862900000', ignoreBots: true, ignoreNotices: true }

/** The frame of an example, with changes to its `d`. */
function data(name: string, changes: object = {}): KookEventData {
  const fixture = fixtures.find((candidate) => candidate.name === name)
  if (fixture === undefined) throw new Error(`no example ${name}`)
  return { ...structuredClone(fixture.frame.d), ...changes }
}

/** The same with changes to its `extra`. */
function withExtra(name: string, changes: object): KookEventData {
  const { extra } = data(name)
  return data(name, { extra: { ...extra, ...changes } })
}

/** The same with changes to the body of a system event. */
function withBody(name: string, changes: object): KookEventData {
  const { extra } = data(name) as { extra: { body: object } }
  return withExtra(name, { body: { ...extra.body, ...changes } })
}

function one(from: KookEventData, changes: Partial<DecodeOptions> = {}): ChatEvent {
  const [event, ...more] = decodeEvent(from, { ...options, ...changes })
  expect(more).toEqual([])
  if (event === undefined) throw new Error('nothing came out')
  return event
}

/** An event without what all events of a test have in common, its content as text. */
function compact({ raw: _raw, platform: _platform, selfId: _selfId, ...event }: ChatEvent): object {
  const { user: _author, channel: _channel, ...message } = event.message ?? {}
  const { user: _user, ...member } = event.member ?? {}
  const quote = event.message?.quote
  return JSON.parse(
    JSON.stringify({
      ...event,
      ...(event.member === undefined ? {} : { member }),
      ...(event.message === undefined
        ? {}
        : {
            message: {
              ...message,
              content: render(event.message.content),
              ...(quote === undefined ? {} : { quote: { ...quote, content: render(quote.content) } }),
            },
          }),
    }),
  )
}

describe('events of users', () => {
  it('joined_channel is a user who came into a voice channel', () => {
    expect(one(data('user/joined_channel'))).toMatchObject({
      type: 'voice-joined',
      platformType: 'kook/joined_channel',
      guild: { id: '6016389910000000' },
      channel: { id: '9219038000000000', type: 'voice' },
      user: { id: '2418200000' },
      time: 1_712_345_652_500,
    })
  })

  it('exited_channel is a user who left that voice channel', () => {
    expect(one(data('user/exited_channel'))).toMatchObject({
      type: 'voice-left',
      guild: { id: '6016389910000000' },
      channel: { id: '9219038000000000', type: 'voice' },
      user: { id: '2418200000' },
      time: 1_712_345_653_500,
    })
  })

  it('user_updated has neither guild nor conversation', () => {
    const event = one(data('user/user_updated'))
    expect(event).toMatchObject({
      type: 'user-updated',
      user: { id: '2418200000', name: 'renamed-user', avatar: expect.stringContaining('cccc.jpg') },
    })
    expect(event.guild).toBeUndefined()
    expect(event.channel).toBeUndefined()
  })

  it('self_joined_guild is the guild of its body, with the state of the flow', () => {
    const event = one(data('user/self_joined_guild'))
    expect(event).toMatchObject({ type: 'guild-added', guild: { id: '6016389910000000' } })
    expect(event.raw).toHaveProperty('extra.body.state', 'oauth-state-42')
  })

  it('self_joined_guild needs no state', () => {
    expect(one(data('user/self_joined_guild.no-state')).type).toBe('guild-added')
  })

  it('self_exited_guild is the guild of its body', () => {
    expect(one(data('user/self_exited_guild'))).toMatchObject({
      type: 'guild-removed',
      guild: { id: '6016389910000000' },
    })
  })

  it('message_btn_click in a channel tells who clicked what where', () => {
    const event = one(data('user/message_btn_click'))
    expect(event).toMatchObject({
      type: 'interaction/button',
      button: { id: 'vote:yes', value: 'vote:yes' },
      message: { id: '59def270-3c1a-4f0e-9d2b-8db935e054a1' },
      user: { id: '2418200000', name: 'tz-un', nick: 'Tea', isBot: false },
      member: { nick: 'Tea', roleIds: ['111', '112'] },
      channel: { id: '5823470000000001', type: 'text' },
      guild: { id: '6016389910000000' },
    })
    expect(event.id).toBe('7c9e6679-7425-40de-944b-000000000059')
  })

  it.each(['', '2418200000'])('message_btn_click with target %j is in private', (target) => {
    const bare = { target_id: target, channel_type: undefined, guild_id: undefined }
    for (const changes of [bare, { ...bare, channel_type: 'PERSON' }]) {
      expect(one(withBody('user/message_btn_click', changes)).channel).toEqual({
        id: 'user:2418200000',
        type: 'direct',
      })
    }
  })

  it('message_btn_click is in a channel when its target is nobody', () => {
    const event = one(withBody('user/message_btn_click', { channel_type: undefined, guild_id: undefined }))
    expect(event.channel).toEqual({ id: '5823470000000001', type: 'text' })
  })

  it('message_btn_click needs nothing but user, message and value', () => {
    expect(one(data('user/message_btn_click.minimal'))).toMatchObject({
      type: 'interaction/button',
      user: { id: '2418200000' },
      button: { id: '123' },
    })
  })

  it('none of them is ever a chat message', () => {
    for (const { name, seed } of fixtures) {
      if (!seed) continue
      const disguised = data(name, { author_id: '2418200000', content: '/ping' })
      expect(one(disguised).type).not.toMatch(/^message-/)
    }
    expect(fixtures.filter(({ seed }) => seed).length).toBeGreaterThanOrEqual(6)
  })

  it('the order of fields means nothing', () => {
    for (const { frame } of fixtures.filter(({ seed }) => seed)) {
      const reversed = JSON.stringify(Object.fromEntries(Object.entries(frame).toReversed()))
      const read = readFrame(reversed)
      expect(isEventFrame(read) && decodeEvent(read.d, options).map(compact)).toEqual(
        decodeEvent(frame.d, options).map(compact),
      )
    }
  })
})
