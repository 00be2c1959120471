import { expect, test } from 'vitest'
import { RawApi, RawSocket, appId, secret } from './raw-client.ts'
import { startQQEmulator } from '../src/index.ts'

test('a user speaks, the bot answers, the user reads it', async () => {
  await using emulator = await startQQEmulator({ appId, secret })
  const api = await RawApi.login(emulator)
  const socket = await RawSocket.login(emulator)
  const alice = emulator.user({ name: 'alice' })

  const said = alice.c2c.say('/ping')
  const event = await socket.event('C2C_MESSAGE_CREATE')
  expect(event).toMatchObject({ op: 0, s: 2, id: said.eventIds[0] })
  expect(event.d).toMatchObject({ id: said.id, content: '/ping', author: { user_openid: alice.openid } })

  const answer = await api.call('POST', `/v2/users/${alice.openid}/messages`, {
    msg_type: 0,
    content: 'pong',
    msg_id: said.id,
    msg_seq: 1,
  })
  expect(answer.status).toBe(200)
  const message = await alice.c2c.expectReply('pong')
  expect(answer.body).toEqual({
    id: message.id,
    timestamp: expect.stringMatching(/\+08:00$/),
    ext_info: { ref_idx: message.quoteIndex },
  })
  expect(message.replyTo).toBe(said.id)
  await alice.expectSilence(20)
})

test('in a group only whoever is answered hears the answer', async () => {
  await using emulator = await startQQEmulator({ appId, secret })
  const api = await RawApi.login(emulator)
  const socket = await RawSocket.login(emulator)
  const [alice, bob] = [emulator.user({ name: 'alice' }), emulator.user({ name: 'bob' })]
  const group = emulator.group()

  bob.in(group).say('hello', { mention: false })
  const said = alice.in(group).say('/ping')
  const { d } = await socket.event('GROUP_AT_MESSAGE_CREATE')
  expect(d).toMatchObject({ content: ' /ping ', group_openid: group.openid })
  await api.call('POST', `/v2/groups/${group.openid}/messages`, { content: 'pong', msg_id: said.id })
  await alice.in(group).expectReply('pong')
  await bob.expectSilence(20)
  await group.expectReply('pong')

  await api.call('POST', `/v2/groups/${group.openid}/messages`, { content: 'news' })
  await Promise.all([alice.expectReply('news'), bob.in(group).expectReply('news')])
})

test('who a raw event names can be found by its ids', async () => {
  await using emulator = await startQQEmulator({
    appId,
    secret,
    botId: '13358091276640182277',
    botName: 'parrot',
  })
  expect(emulator.bot).toEqual({ id: '13358091276640182277', name: 'parrot' })
  const api = await RawApi.login(emulator)
  await RawSocket.login(emulator)
  emulator.dispatch('C2C_MESSAGE_CREATE', { id: 'M1', author: { user_openid: 'U1' }, content: 'hi' })
  emulator.dispatch('GROUP_ADD_ROBOT', { group_openid: 'G1', op_member_openid: 'U2', timestamp: 1 }, 'E1')
  emulator.dispatch('MESSAGE_CREATE', { id: 'M2', guild_id: '1', channel_id: '2', author: { id: '3' } })
  await api.call('POST', '/v2/users/U1/messages', { content: 'one', msg_id: 'M1' })
  await api.call('POST', '/v2/groups/G1/messages', { content: 'two', event_id: 'E1' })
  await api.call('POST', '/channels/2/messages', { content: 'three', msg_id: 'M2' })
  await emulator.user({ openid: 'U1' }).c2c.expectReply('one')
  await emulator.group({ openid: 'G1' }).expectReply('two')
  await emulator.guild({ id: '1' }).channel({ id: '2' }).expectReply('three')
})
