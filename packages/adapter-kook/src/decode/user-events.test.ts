import { describe, expect, it } from 'vitest'

import { compact, data, fixtures, one, options, withBody } from '../../test/examples.ts'
import { isEventFrame, readFrame } from '../receive/frame.ts'
import { decodeEvent } from './event.ts'

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
