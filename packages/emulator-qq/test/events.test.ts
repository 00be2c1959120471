import { createServer } from 'node:http'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { RawApi, RawSocket, appId, chatIntents, secret } from './raw-client.ts'
import fixtures from './fixtures/qq.events.json' with { type: 'json' }
import { allIntents, startQQEmulator, type QQEmulator } from '../src/index.ts'
import { SignatureKey } from '../src/webhook/signature.ts'
import { Mailbox } from '@mynah/core/testing'

const events = fixtures.filter(({ payload }) => payload.t !== 'READY' && payload.t !== 'RESUMED')

test('every documented event goes over the gateway as it is', async () => {
  await using emulator = await startQQEmulator({ appId, secret })
  const socket = await RawSocket.login(emulator, { intents: allIntents })
  for (const { payload } of events) {
    emulator.dispatch(payload.t, payload.d, payload.id)
    const { op, t, id, d } = await socket.frames.take()
    expect({ op, t, id, d }).toEqual({ op: 0, t: payload.t, id: payload.id, d: payload.d })
  }
})

async function receivePushes(emulator: QQEmulator): Promise<Mailbox<unknown>> {
  const pushes = new Mailbox<unknown>()
  const key = new SignatureKey(secret)
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      const { op, t, id, d } = JSON.parse(body)
      if (op === 13) {
        return response.end(
          JSON.stringify({ plain_token: d.plain_token, signature: key.sign(d.event_ts, d.plain_token) }),
        )
      }
      pushes.push({ t, id, d })
      return response.end('{"op":12,"d":0}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  await emulator.useWebhook({ url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/` })
  return pushes
}

const seeds = events.filter(({ seed }) => seed)

test.each(seeds)('$name needs bit 25 only and is the same by webhook', async ({ payload }) => {
  await using emulator = await startQQEmulator({ appId, secret })
  const socket = await RawSocket.login(emulator, { intents: chatIntents })
  emulator.dispatch(payload.t, payload.d, payload.id)
  const { t, id, d } = await socket.event(payload.t)
  const pushes = await receivePushes(emulator)
  emulator.dispatch(payload.t, payload.d, payload.id)
  expect(await pushes.take()).toEqual({ t, id, d })
  expect({ t, id, d }).toEqual({ t: payload.t, id: payload.id, d: payload.d })
})

const replyPaths: Record<string, (d: Record<string, unknown>) => string> = {
  C2C_MESSAGE_CREATE: ({ author }) => `/v2/users/${Object(author).user_openid}/messages`,
  FRIEND_ADD: ({ openid }) => `/v2/users/${String(openid)}/messages`,
  C2C_MSG_RECEIVE: ({ openid }) => `/v2/users/${String(openid)}/messages`,
  GROUP_AT_MESSAGE_CREATE: ({ group_openid: id }) => `/v2/groups/${String(id)}/messages`,
  GROUP_MESSAGE_CREATE: ({ group_openid: id }) => `/v2/groups/${String(id)}/messages`,
  GROUP_ADD_ROBOT: ({ group_openid: id }) => `/v2/groups/${String(id)}/messages`,
  GROUP_MSG_RECEIVE: ({ group_openid: id }) => `/v2/groups/${String(id)}/messages`,
  AT_MESSAGE_CREATE: ({ channel_id: id }) => `/channels/${String(id)}/messages`,
  MESSAGE_CREATE: ({ channel_id: id }) => `/channels/${String(id)}/messages`,
  DIRECT_MESSAGE_CREATE: ({ guild_id: id }) => `/dms/${String(id)}/messages`,
  MESSAGE_REACTION_ADD: ({ channel_id: id }) => `/channels/${String(id)}/messages`,
}

const answerable = events.filter(({ payload }) => payload.t in replyPaths)

test.each(answerable)('$name can be answered', async ({ payload }) => {
  await using emulator = await startQQEmulator({ appId, secret })
  const api = await RawApi.login(emulator)
  await RawSocket.login(emulator)
  emulator.dispatch(payload.t, payload.d, payload.id)
  const path = replyPaths[payload.t]?.(Object(payload.d)) ?? ''
  const messageId = Object(payload.d).id
  const source = payload.t.includes('MESSAGE_CREATE') ? { msg_id: messageId } : { event_id: payload.id }
  const answer = await api.call('POST', path, { content: 'hello', ...source })
  expect(answer).toMatchObject({ status: 200, body: { id: expect.any(String) } })
  expect(emulator.messages).toMatchObject([{ text: 'hello', replyTo: Object.values(source)[0] }])
})
