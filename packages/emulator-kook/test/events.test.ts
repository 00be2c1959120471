import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KookChannel, KookGuild } from '../src/people/guild.ts'
import type { KookUser } from '../src/people/user.ts'
import { startKookEmulator, type KookEmulator } from '../src/emulator.ts'
import { callApi, login, text, type RawGatewayClient } from './raw-client.ts'
import { isJsonObject, type JsonObject } from '@mynah/emulator-kit'

interface Example {
  name: string
  frame: { s: number; d: JsonObject; sn: number }
}

const examples: Example[] = JSON.parse(
  readFileSync(new URL('./fixtures/kook.events.json', import.meta.url), 'utf8'),
)

let emulator: KookEmulator
let client: RawGatewayClient
let alice: KookUser
let bob: KookUser
let guild: KookGuild
let lobby: KookChannel

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47])
const mp4 = Uint8Array.from([0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70])
const card = (...modules: unknown[]): unknown => [{ type: 'card', modules }]
const button: unknown = { type: 'button', click: 'return-val', value: 'vote:yes', text: 'Yes' }

beforeEach(async () => {
  emulator = await startKookEmulator()
  alice = emulator.user({ username: 'alice' })
  bob = emulator.user({ username: 'bob' })
  guild = emulator.guild({ members: [alice, bob] })
  lobby = guild.channel('lobby')
  ;({ client } = await login(emulator))
})

afterEach(() => emulator.close())

/** Sends a card of the bot to the lobby, or to alice. */
async function sendCard(to: 'lobby' | 'alice'): Promise<void> {
  const content = JSON.stringify(card({ type: 'action-group', elements: [button] }))
  if (to === 'lobby')
    await callApi(emulator, 'POST message/create', { type: 10, target_id: lobby.id, content })
  else await callApi(emulator, 'POST direct-message/create', { type: 10, target_id: alice.id, content })
  await client.event(10)
}

/** Does what makes the emulator send the event of an example. */
const causes: Record<string, () => void | Promise<unknown>> = {
  'message/text.group': () => void alice.in(lobby).sayText('hello'),
  'message/text.person': () => void alice.direct.sayText('hello'),
  'message/image.group': () => void alice.in(lobby).sendImage({ name: 'pic.png', bytes: png }),
  'message/image.person': () => void alice.direct.sendImage({ name: 'pic.png', bytes: png }),
  'message/video.group': () => void alice.in(lobby).sendVideo({ name: 'clip.mp4', bytes: mp4 }),
  'message/file.group': () => void alice.in(lobby).sendFile({ name: 'notes.txt', bytes: png }),
  'message/audio.group': () => void alice.in(lobby).sendAudio({ name: 'voice.mp3', bytes: png }),
  'message/kmarkdown.group': () => void alice.in(lobby).sayMarkdown('*Hello World*'),
  'message/kmarkdown.group.mentions': () => {
    const admin = guild.role('Admin')
    alice.in(lobby).sayMarkdown(`${emulator.bot.mention} ${admin.mention} ${lobby.mention} (met)all(met)`)
  },
  'message/kmarkdown.person': () => void alice.direct.say('/help'),
  'message/kmarkdown.group.quote': async () => {
    const earlier = alice.in(lobby).say('earlier text')
    await client.event(9)
    alice.in(lobby).say('done!', { quote: earlier })
  },
  'message/kmarkdown.group.own-echo': () =>
    callApi(emulator, 'POST message/create', { target_id: lobby.id, content: 'pong' }),
  'message/kmarkdown.person.own-echo': () =>
    callApi(emulator, 'POST direct-message/create', { type: 9, target_id: alice.id, content: 'pong' }),
  'message/kmarkdown.group.system-notice': () => lobby.notice(`${alice.mention} joined lobby`),
  'message/card.group': () =>
    callApi(emulator, 'POST message/create', {
      type: 10,
      target_id: lobby.id,
      content: JSON.stringify(card({ type: 'section', text: 'Vote', accessory: button })),
    }),
  'message/card.person': () =>
    void alice.direct.sayCard(card({ type: 'audio', src: 'https://img.kookapp.cn/a.wav', title: 'a.wav' })),
  'message/card.group.user-mixed-media': () =>
    void alice.in(lobby).sayWithImages('look *here*', [{ name: 'pic.png', bytes: png }]),
  'message/item.group.string': () => void alice.in(lobby).sendItem(bob.id, 10_001),
  'channel/added_reaction': () => alice.in(lobby).react(alice.in(lobby).say('hi'), '📢'),
  'channel/added_reaction.guild-emoji': () =>
    alice.in(lobby).react(alice.in(lobby).say('hi'), guild.addEmoji('party')),
  'channel/deleted_reaction': () => {
    const message = alice.in(lobby).say('hi')
    alice.in(lobby).react(message, '📢')
    alice.in(lobby).unreact(message, '📢')
  },
  'channel/updated_message': () => alice.in(lobby).edit(alice.in(lobby).say('hi'), 'edited text'),
  'channel/deleted_message': () => alice.in(lobby).remove(alice.in(lobby).say('hi')),
  'channel/added_channel': () => void guild.textChannel('new-channel', guild.category('Games')),
  'channel/added_channel.category': () => void guild.category('Games'),
  'channel/updated_channel': () => lobby.update({ name: 'renamed', topic: 'about this channel' }),
  'channel/deleted_channel': () => lobby.delete(),
  'channel/pinned_message': () => alice.in(lobby).pin(alice.in(lobby).say('hi')),
  'channel/unpinned_message': () => alice.in(lobby).unpin(alice.in(lobby).say('hi')),
  'direct/updated_private_message': () => alice.direct.edit(alice.direct.say('hi'), 'edited dm'),
  'direct/deleted_private_message': () => alice.direct.remove(alice.direct.say('hi')),
  'direct/private_added_reaction': () => alice.direct.react(alice.direct.say('hi'), '😀'),
  'direct/private_deleted_reaction': () => {
    const message = alice.direct.say('hi')
    alice.direct.react(message, '🙂')
    alice.direct.unreact(message, '🙂')
  },
  'guild/updated_guild': () => guild.update({ name: 'Tea House', enableOpen: true }),
  'guild/deleted_guild': () => guild.dissolve(),
  'guild/added_block_list': () => guild.ban(bob, 'spam'),
  'guild/deleted_block_list': () => {
    guild.ban(bob)
    guild.unban(bob)
  },
  'guild/added_emoji': () => void guild.addEmoji('party'),
  'guild/removed_emoji': () => guild.removeEmoji(guild.addEmoji('party')),
  'guild/updated_emoji': () => guild.renameEmoji(guild.addEmoji('party'), 'party2'),
  'guild-role/added_role': () => void guild.role('Moderator'),
  'guild-role/deleted_role': () => guild.role('Moderator').delete(),
  'guild-role/updated_role': () => guild.role('Moderator').update({ permissions: 5_571_747_823 }),
  'guild-member/joined_guild': () => emulator.user({ username: 'carol' }).join(guild),
  'guild-member/exited_guild': () => bob.leave(guild),
  'guild-member/updated_guild_member': () => guild.setNickname(bob, 'new_nick'),
  'guild-member/guild_member_online': () => alice.goOnline(),
  'guild-member/guild_member_offline': () => alice.goOffline(),
  'user/joined_channel': () => alice.joinVoice(guild.voiceChannel('voice')),
  'user/exited_channel': () => {
    alice.joinVoice(guild.voiceChannel('voice'))
    alice.leaveVoice()
  },
  'user/user_updated': () => {
    alice.direct.say('hi')
    alice.update({ username: 'renamed-user' })
  },
  'user/self_joined_guild': () => emulator.guild({ bot: false }).addBot('oauth-state-42'),
  'user/self_joined_guild.no-state': () => emulator.guild({ bot: false }).addBot(),
  'user/self_exited_guild': () => guild.removeBot(),
  'user/message_btn_click': async () => {
    await sendCard('lobby')
    alice.in(lobby).click(await alice.in(lobby).expectReply(), 'vote:yes')
  },
  'user/message_btn_click.direct': async () => {
    await sendCard('alice')
    alice.direct.click(await alice.direct.expectReply(), 'Yes')
  },
  'undocumented/updated_guild.person': () =>
    callApi(emulator, 'POST guild/nickname', { guild_id: guild.id, nickname: 'bot-nick' }),
  'undocumented/add_guild_mute': () => guild.mute(bob),
  'undocumented/delete_guild_mute': () => guild.mute(bob, 'headset', false),
}

/** Where `actual` lacks a field of `expected` or has it with another type. */
function differences(expected: unknown, actual: unknown, path: string): string[] {
  if (actual === undefined) return [`${path} is missing`]
  if (isJsonObject(expected) && isJsonObject(actual)) {
    return Object.entries(expected).flatMap(([key, value]) =>
      differences(value, actual[key], `${path}.${key}`),
    )
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const [first] = expected
    return first === undefined || actual.length === 0 ? [] : differences(first, actual[0], `${path}[0]`)
  }
  return typeof expected === typeof actual && Array.isArray(expected) === Array.isArray(actual)
    ? []
    : [`${path} is ${JSON.stringify(actual)}`]
}

const eventType = (d: JsonObject): number | string =>
  isJsonObject(d.extra) && d.type === 255 ? text(d.extra.type) : Number(d.type)

describe('events', () => {
  const known = examples.filter(({ name }) => causes[name] !== undefined)

  it.each(known.map(({ name, frame }) => [name, frame.d] as const))(
    '%s has the known shape',
    async (name, d) => {
      await causes[name]?.()
      const frame = await client.event(eventType(d))
      // The verify token is in the event only when it is pushed to a webhook.
      const { verify_token: _, ...expected } = d
      expect(differences(expected, frame.d, 'd')).toEqual([])
      expect(frame.d).toMatchObject({ channel_type: d.channel_type, type: d.type })
      expect(frame.d.author_id === '1').toBe(d.type === 255)
    },
  )

  it('of every example reach the bot as they are', async () => {
    for (const { frame } of examples) {
      emulator.push({ ...frame })
      expect((await client.event()).d).toEqual(frame.d)
    }
    expect(emulator.gateway.lastSn).toBe(examples.length)
  })
})

describe('what a message says about itself', () => {
  it('names whom it mentions', async () => {
    const admin = guild.role('Admin')
    guild.setNickname(bob, 'Bobby')
    alice
      .in(lobby)
      .sayMarkdown(`${bob.mention} ${admin.mention} ${lobby.mention} (met)all(met) (met)here(met) a\\*b`)
    const { d } = await client.event(9)
    expect(d.extra).toMatchObject({
      mention: [bob.id],
      mention_all: true,
      mention_here: true,
      mention_roles: [admin.id],
      nav_channels: [lobby.id],
      kmarkdown: {
        raw_content: '@Bobby @Admin #lobby @全体成员 @在线成员 a*b',
        mention_part: [{ id: bob.id, username: 'Bobby', full_name: bob.code }],
        mention_role_part: [{ role_id: admin.id, name: 'Admin' }],
        channel_part: [{ id: lobby.id, guild_id: guild.id, name: 'lobby' }],
      },
    })
  })

  it('mentions nobody where the markup is escaped', async () => {
    alice.in(lobby).say(`${bob.mention} (met)all(met)`)
    const { d } = await client.event(9)
    expect(d.extra).toMatchObject({
      mention: [],
      mention_all: false,
      kmarkdown: { raw_content: `${bob.mention} (met)all(met)` },
    })
  })

  it('calls everybody only with the permission to', async () => {
    bob.in(lobby).sayMarkdown('(met)all(met)')
    expect((await client.event(9)).d.extra).toMatchObject({ mention_all: false })
  })

  it('points from a reply to the message answered by rong_id', async () => {
    const earlier = alice.in(lobby).say('earlier')
    bob.in(lobby).say('later', { quote: earlier })
    await client.event()
    const { d } = await client.event()
    expect(d.extra).toMatchObject({
      quote: { rong_id: earlier.id, content: 'earlier', author: { id: alice.id } },
    })
    expect(isJsonObject(d.extra) && isJsonObject(d.extra.quote) && d.extra.quote.id).toMatch(/^[0-9a-f]{24}$/)
  })

  it('addresses a click to the bot and locates it in the body', async () => {
    await sendCard('lobby')
    const message = await alice.in(lobby).expectReply()
    alice.in(lobby).click(message)
    const { d } = await client.event('message_btn_click')
    expect(d).toMatchObject({ channel_type: 'PERSON', target_id: emulator.bot.id })
    expect(d.extra).toMatchObject({
      body: {
        msg_id: message.id,
        user_id: alice.id,
        target_id: lobby.id,
        channel_type: 'GROUP',
        guild_id: guild.id,
        value: 'vote:yes',
      },
    })
    expect(d.msg_id).not.toBe(message.id)
    expect(() => alice.in(lobby).click(message, 'No')).toThrow(/No button No to click; there are: Yes/)
  })
})

describe('what the bot is not told', () => {
  it.each<[string, () => void, announced: string[]]>([
    ['the profile of somebody it has no chat with', () => bob.update({ username: 'robert' }), []],
    ['a guild it is not in', () => void emulator.guild({ bot: false, members: [bob] }).category('x'), []],
    [
      'the comings of somebody it shares no guild with',
      () => emulator.user({ username: 'eve' }).goOffline(),
      [],
    ],
    [
      'messages of a channel it may not see',
      () => {
        guild.setBotPermissions(['sendMessages'])
        const secret = guild.textChannel('secret')
        secret.overwrite({ role: 0 }, { deny: ['viewChannels'] })
        alice.in(secret).say('psst')
      },
      ['added_channel'],
    ],
  ])('is %s', async (_what, act, announced) => {
    act()
    emulator.push({ type: 99 })
    await client.event(99)
    expect(client.frames.pending.map(({ d }) => eventType(d))).toEqual(announced)
  })
})
