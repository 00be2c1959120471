import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KookChannel } from './actors/guild.ts'
import type { KookUser } from './actors/user.ts'
import { startKookEmulator, type KookEmulator } from './emulator.ts'
import { callApi, login, type RawGatewayClient } from './fixtures/raw-client.ts'

let emulator: KookEmulator
let alice: KookUser
let lobby: KookChannel
let client: RawGatewayClient

beforeEach(async () => {
  emulator = await startKookEmulator()
  alice = emulator.user({ username: 'alice', identifyNum: '0042' })
  lobby = emulator.guild({ name: 'Tea House', members: [alice] }).channel('lobby')
  ;({ client } = await login(emulator))
})

afterEach(() => emulator.close())

describe('people who talk', () => {
  it('hear what the bot answers in their channel', async () => {
    alice.in(lobby).say('/ping')
    const { d } = await client.event(9)
    expect(d).toMatchObject({
      channel_type: 'GROUP',
      target_id: lobby.id,
      author_id: alice.id,
      content: '/ping',
    })
    await callApi(emulator, 'POST message/create', { type: 9, target_id: lobby.id, content: '**pong**' })
    const reply = await alice.expectReply('pong')
    expect(reply).toMatchObject({ type: 9, content: '**pong**', authorId: emulator.bot.id })
    await alice.expectSilence(20)
  })

  it('talk to the bot in private', async () => {
    alice.direct.say('hello')
    const { d } = await client.event(9)
    expect(d).toMatchObject({
      channel_type: 'PERSON',
      target_id: emulator.bot.id,
      author_id: alice.id,
      extra: { code: alice.chatCode },
    })
    await callApi(emulator, 'POST direct-message/create', { type: 9, target_id: alice.id, content: 'hi' })
    await alice.direct.expectReply('hi')
    await expect(alice.in(lobby).expectReply('hi', 20)).rejects.toThrow(/Expected the bot to have sent hi/)
  })
})
