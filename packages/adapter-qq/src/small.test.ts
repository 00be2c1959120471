import { MynahError } from '@mynah/core'
import { describe, expect, it } from 'vitest'
import { qqConfig } from './config.ts'
import { decodeForumContent } from './decode/rich-text.ts'
import { readSceneExt } from './decode/scene-ext.ts'
import { reactionEmoji } from './emoji.ts'
import { actionOf } from './errors/error-actions.ts'
import { fillPath } from './http.ts'
import { identityOf } from './identity.ts'
import { intentBits, intentNames, intentOf, intents, intentsIn } from './intents.ts'
import { muteBody, roleBody } from './resources.ts'
import { channelIdOf, type Target, targetOf } from './target.ts'
import { parseTime } from './time.ts'
import { usableSession } from './gateway/session-store.ts'

describe('the config', () => {
  const good = { appId: '102000001', secret: 'kq7Zt2WmXp9LcR4vBn3Y' }

  it.each([
    [{}, 'appId'],
    [{ appId: '1' }, 'secret'],
    [{ appId: '', secret: 'x' }, 'appId'],
    [{ appId: '1', secret: '' }, 'secret'],
    [{ ...good, intents: ['GUILDZ'] }, 'intents'],
    [{ ...good, endpoints: { api: 'example.invalid' } }, 'endpoints'],
    [{ ...good, webhook: { verify: false } }, 'webhook'],
  ])('QQ-001 QQ-079 QQ-084 refuses %j because of %s', (input, path) => {
    const result = qqConfig.safeParse(input)
    expect(result.error?.issues[0]?.path[0]).toBe(path)
  })

  it('QQ-002 takes an appId that is a number as text', () => {
    expect(qqConfig.parse({ ...good, appId: 102_000_001 }).appId).toBe('102000001')
  })

  it('QQ-003 QQ-004 has the addresses of today, of the sandbox, or those that are given', () => {
    const { endpoints } = qqConfig.parse(good)
    expect(endpoints).toEqual({
      token: 'https://api.bot.qq.com/app/getAppAccessToken',
      api: 'https://api.bot.qq.com',
      gateway: undefined,
    })
    const sandbox = qqConfig.parse({ ...good, sandbox: true }).endpoints
    expect(sandbox).toEqual({ ...endpoints, api: 'https://sandbox.api.bot.qq.com' })
    const own = { token: 'http://127.0.0.1:1/t', api: 'http://127.0.0.1:1/', gateway: 'ws://127.0.0.1:1' }
    expect(qqConfig.parse({ ...good, endpoints: own }).endpoints).toEqual({
      ...own,
      api: 'http://127.0.0.1:1',
    })
  })
})

describe('intents', () => {
  it('QQ-082 have the documented bits', () => {
    const bits = [0, 1, 9, 10, 12, 18, 19, 23, 24, 25, 26, 27, 28, 29, 30]
    expect(intentNames.map((name) => Math.log2(intents[name]))).toEqual(bits)
  })

  it('QQ-083 add up as documented, never below zero', () => {
    expect(intentBits(['GUILDS', 'GUILD_MEMBERS', 'PUBLIC_GUILD_MESSAGES'])).toBe(1_073_741_827)
    expect(intentBits(['GROUP_AND_C2C_EVENT'])).toBe(33_554_432)
    const four = ['GROUP_AND_C2C_EVENT', 'INTERACTION', 'DIRECT_MESSAGE', 'PUBLIC_GUILD_MESSAGES'] as const
    expect(intentBits(four)).toBe(1_174_409_216)
    expect(intentBits(intentNames)).toBeGreaterThan(0)
  })

  it('QQ-084 are found by name and by bit', () => {
    expect(intentsIn(1_073_741_827)).toEqual(['GUILDS', 'GUILD_MEMBERS', 'PUBLIC_GUILD_MESSAGES'])
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

describe('times', () => {
  it.each([
    [1_699_240_365, 1_699_240_365_000],
    ['1699240365', 1_699_240_365_000],
    ['1699240365000', 1_699_240_365_000],
    ['2026-09-01T10:20:30+08:00', Date.UTC(2026, 8, 1, 2, 20, 30)],
    ['2024-01-02 10:20:30 +0800 CST m=+1.2', Date.UTC(2024, 0, 2, 2, 20, 30)],
    ['soon', null],
    ['', null],
    [null, null],
    [0, null],
    [Number.NaN, null],
  ])('QQ-227 reads %j', (value, ms) => {
    expect(parseTime(value)).toBe(ms)
  })
})

describe('places', () => {
  it.each<[string, Target]>([
    ['private:8F2B6D01C94E4A73B5D8E7F6A1C20394', { scene: 'c2c', id: '8F2B6D01C94E4A73B5D8E7F6A1C20394' }],
    ['5A1C7E93B0D24F6889C2E1F7A3B4D5C6', { scene: 'group', id: '5A1C7E93B0D24F6889C2E1F7A3B4D5C6' }],
    ['7304518', { scene: 'channel', id: '7304518' }],
    ['16038617105584902418', { scene: 'channel', id: '16038617105584902418' }],
    ['dm:8810293847561029384', { scene: 'dm', id: '8810293847561029384' }],
  ])('QQ-241 %s is known by its form, not by trying (pitfall 46)', (channelId, target) => {
    expect(targetOf(channelId)).toEqual(target)
    expect(channelIdOf(target)).toBe(channelId)
  })
})

describe('a scene', () => {
  it('QQ-133 is split at the first equals sign', () => {
    expect(readSceneExt({ ext: ['msg_idx=REFIDX_aGVsbG8x==', 'auth_token=k9=Xw2', 'odd'] })).toEqual({
      msg_idx: 'REFIDX_aGVsbG8x==',
      auth_token: 'k9=Xw2',
    })
    expect(readSceneExt(undefined)).toEqual({})
  })
})

describe('rich text', () => {
  it('QQ-122 keeps links, pictures and films', () => {
    const elems = [
      { type: 4, url: { url: 'https://example.invalid', desc: 'here' } },
      { type: 2, image: { plat_image: { url: 'example.invalid/i.png' } } },
      { type: 3, video: { third_url: 'https://example.invalid/v.mp4' } },
    ]
    const content = decodeForumContent(JSON.stringify({ paragraphs: [{ elems, props: {} }] }))
    expect(content.map(({ type, attrs }) => [type, attrs['src'] ?? attrs['href']])).toEqual([
      ['a', 'https://example.invalid'],
      ['image', 'https://example.invalid/i.png'],
      ['video', 'https://example.invalid/v.mp4'],
    ])
    expect(decodeForumContent('{not json')).toEqual([
      { type: 'text', attrs: { content: '{not json' }, children: [] },
    ])
  })
})

describe('a saved session', () => {
  const saved = { sessionId: 's', seq: 7, savedAt: 1_000_000, appId: '1', shard: [0, 1] as const, intents: 3 }
  it('QQ-051 is used again while it is fresh and nothing changed', () => {
    expect(usableSession(saved, saved, 1_000_000 + 60_000)).toEqual({ sessionId: 's', seq: 7 })
    expect(usableSession(saved, saved, 1_000_000 + 301_000)).toBeUndefined()
    for (const change of [{ appId: '2' }, { shard: [0, 2] as const }, { intents: 4 }]) {
      expect(usableSession(saved, { ...saved, ...change }, 1_000_000)).toBeUndefined()
    }
  })
})

describe('small things', () => {
  it('QQ-217 paths are encoded', () => {
    expect(fillPath('/a/{x}/b', { x: 'ROBOT1.0_/?#!!' })).toBe('/a/ROBOT1.0_%2F%3F%23!!/b')
    expect(() => fillPath('/a/{x}', {})).toThrow(MynahError)
  })

  it('QQ-120 reactions are faces by number, everything else by code point', () => {
    expect(reactionEmoji('277')).toEqual({ type: 1, id: '277' })
    expect(reactionEmoji('👍')).toEqual({ type: 2, id: '128077' })
  })

  it('QQ-204 muting is told in seconds as text', () => {
    expect(muteBody(0)).toEqual({ mute_seconds: '0' })
    expect(muteBody(90_500)).toEqual({ mute_seconds: '91' })
    expect(muteBody(Infinity)).toEqual({ mute_seconds: '2592000' })
  })

  it('QQ-202 colours of roles are opaque', () => {
    expect(roleBody({ name: 'red', color: 0xff0000 })).toEqual({ name: 'red', color: 0xffff0000 })
  })

  it('QQ-225 who somebody is includes the id space', () => {
    const event = { id: '1', type: 't', platformType: 'qq/t', platform: 'qq', selfId: '1', time: 0 }
    const raw = { author: { union_openid: 'UNION' } }
    expect(identityOf({ ...event, user: { id: 'U' }, raw })).toEqual({
      space: 'user',
      id: 'U',
      unionOpenid: 'UNION',
    })
    expect(identityOf({ ...event, user: { id: 'M' }, guild: { id: 'GROUP' }, raw: {} })).toEqual({
      space: 'member',
      id: 'M',
    })
    expect(identityOf({ ...event, user: { id: '1' }, guild: { id: '48' }, raw: {} })).toEqual({
      space: 'guild',
      id: '1',
    })
  })
})

describe('error codes', () => {
  it.each([
    ['refresh', [11241, 11243, 11244]],
    [
      'retry',
      [
        11242, 11252, 11263, 11281, 306003, 501002, 501012, 620007, 40034004, 304082, 40054006, 50065001,
        304016, 50055001, 850026, 630004,
      ],
    ],
    ['upload-retry', [40093001]],
    [
      'wait',
      [20028, 22009, 304045, 304052, 504001, 610012, 620006, 1100100, 1100308, 40034100, 50002, 100001],
    ],
    ['duplicate', [40054005]],
    ['audit', [304023, 304024]],
    ['drop-id', [304026, 304027, 304103, 40034005, 40034024, 40034025, 40034026, 40034027, 40034128]],
    [
      'unreachable',
      [40034101, 40054003, 40054004, 40054013, 40034102, 40034105, 304031, 304034, 1100104, 40054002, 850018],
    ],
    ['stop', [11251, 11261, 11275, 11265, 100007, 100016, 40054016, 11298]],
    ['reconnect', [304018]],
    ['done', [620003, 620004]],
    [
      'surface',
      [
        11253, 22006, 50006, 304003, 40054010, 40034122, 306001, 40064004, 304019, 620001, 630001, 10001,
        999_999,
      ],
    ],
  ] as const)('QQ-232 QQ-240 ask to %s', (action, codes) => {
    for (const code of codes) expect(actionOf(code)).toBe(action)
  })
})
