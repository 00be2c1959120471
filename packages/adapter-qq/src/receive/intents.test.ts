import { describe, expect, it } from 'vitest'
import { intentBits, intentNames, intentOf, intents } from './intents.ts'

describe('intents', () => {
  it('have the documented bits', () => {
    const bits = [0, 1, 9, 10, 12, 18, 19, 23, 24, 25, 26, 27, 28, 29, 30]
    expect(intentNames.map((name) => Math.log2(intents[name]))).toEqual(bits)
  })

  it('add up as documented, never below zero', () => {
    expect(intentBits(['GUILDS', 'GUILD_MEMBERS', 'PUBLIC_GUILD_MESSAGES'])).toBe(1_073_741_827)
    expect(intentBits(['GROUP_AND_C2C_EVENT'])).toBe(33_554_432)
    const four = ['GROUP_AND_C2C_EVENT', 'INTERACTION', 'DIRECT_MESSAGE', 'PUBLIC_GUILD_MESSAGES'] as const
    expect(intentBits(four)).toBe(1_174_409_216)
    expect(intentBits(intentNames)).toBeGreaterThan(0)
  })

  it.each([
    ['GUILD_CREATE', 'GUILDS'],
    ['GUILD_MEMBER_REMOVE', 'GUILD_MEMBERS'],
    ['MESSAGE_CREATE', 'GUILD_MESSAGES'],
    ['MESSAGE_AUDIT_PASS', 'MESSAGE_AUDIT'],
    ['MESSAGE_REACTION_ADD', 'GUILD_MESSAGE_REACTIONS'],
    ['GROUP_MEMBER_ADD', 'GROUP_MEMBER_EVENT'],
    ['GROUP_MSG_REJECT', 'GROUP_AND_C2C_EVENT'],
    ['AUDIO_START', 'AUDIO_ACTION'],
    ['AUDIO_OR_LIVE_CHANNEL_MEMBER_EXIT', 'AUDIO_OR_LIVE_CHANNEL_MEMBER'],
    ['FORUM_POST_CREATE', 'FORUMS_EVENT'],
    ['READY', undefined],
  ])('tell which one %s belongs to', (event, name) => {
    expect(intentOf(event)).toBe(name)
  })
})
