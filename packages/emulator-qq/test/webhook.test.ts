import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { appId, secret, startedAt } from './raw-client.ts'
import { Mailbox, TestClock } from '@mynah/core/testing'
import { qqTamperings, startQQEmulator } from '../src/index.ts'
import { SignatureKey } from '../src/webhook/signature.ts'

interface Received {
  headers: IncomingMessage['headers']
  body: string
  isAuthentic: boolean
}

const key = new SignatureKey(secret)

function answerChallenge(body: string): string | undefined {
  const { op, d } = JSON.parse(body)
  if (op !== 13) return undefined
  return JSON.stringify({ plain_token: d.plain_token, signature: key.sign(d.event_ts, d.plain_token) })
}

async function startBot(
  answer: (push: Received, response: ServerResponse) => void = (_, response) =>
    response.end('{"op":12,"d":0}'),
): Promise<{ url: string; received: Mailbox<Received> }> {
  const received = new Mailbox<Received>()
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    const { 'x-signature-timestamp': timestamp, 'x-signature-ed25519': signature } = request.headers
    const isAuthentic = key.verify(String(timestamp), body, String(signature))
    const challenge = isAuthentic ? answerChallenge(body) : undefined
    if (challenge !== undefined) return void response.end(challenge)
    const push = { headers: request.headers, body, isAuthentic }
    received.push(push)
    answer(push, response)
  }
  const server = createServer((request, response) => void serve(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/qq`, received }
}

describe('the callback check', () => {
  test('accepts an address that signs event_ts + plain_token', async () => {
    await using emulator = await startQQEmulator({ appId, secret })
    const bot = await startBot()
    await emulator.useWebhook({ url: bot.url })
    expect(emulator.webhook.url).toBe(bot.url)
  })

  test.each([
    ['another token', '{"plain_token":"x","signature":""}', /unchanged/],
    ['no JSON', 'hello', /no JSON object/],
    ['nothing', '', /no JSON object/],
  ])('refuses an answer with %s', async (_, text, problem) => {
    await using emulator = await startQQEmulator({ appId, secret: 'another secret' })
    const bot = await startBot((_, response) => response.end(text))
    await expect(emulator.useWebhook({ url: bot.url })).rejects.toThrow(problem)
    expect(emulator.webhook.url).toBeUndefined()
  })

  test('refuses the signature of the header in place of that of the answer', async () => {
    await using emulator = await startQQEmulator({ appId, secret: `${secret} of another bot` })
    const bot = await startBot((push, response) => {
      const { d } = JSON.parse(push.body)
      const signature = push.headers['x-signature-ed25519']
      response.end(JSON.stringify({ plain_token: d.plain_token, signature }))
    })
    await expect(emulator.useWebhook({ url: bot.url })).rejects.toThrow(/event_ts \+ plain_token/)
  })

  test('refuses an address nobody listens on', async () => {
    await using emulator = await startQQEmulator({ appId, secret })
    await expect(emulator.useWebhook({ url: 'http://127.0.0.1:1/qq' })).rejects.toThrow(/unreachable/)
  })
})

describe('a push', () => {
  test('is signed over timestamp and raw body and acknowledged once', async () => {
    await using emulator = await startQQEmulator({ appId, secret, clock: new TestClock(1_760_000_001_000) })
    const bot = await startBot()
    await emulator.useWebhook({ url: bot.url })
    const envelope = emulator.dispatch('FRIEND_ADD', { openid: 'A1', timestamp: 1_760_000_001 })
    const push = await bot.received.take()
    expect(push.isAuthentic).toBe(true)
    expect(push.headers).toMatchObject({
      'user-agent': 'QQBot-Callback',
      'x-bot-appid': appId,
      'x-signature-timestamp': '1760000001',
      'content-type': 'application/json',
    })
    expect(JSON.parse(push.body)).toEqual({ op: 0, s: 0, ...envelope })
    expect((await emulator.webhook.expectPush()).attempts).toMatchObject([{ outcome: 'ok', status: 200 }])
  })

  test.each([
    ['d 1', 200, '{"op":12,"d":1}', 'failed', 3],
    ['HTTP 401', 401, '', 'refused', 3],
    ['an empty body', 200, '', 'ok', 1],
    ['an unknown body', 200, '{"opcode":12}', 'unexpected', 1],
  ])('answered with %s', async (_case, status, text, outcome, pushes) => {
    await using emulator = await startQQEmulator({ appId, secret })
    const bot = await startBot((_, response) => response.writeHead(status).end(text))
    await emulator.useWebhook({ url: bot.url })
    const { id } = emulator.dispatch('FRIEND_DEL', { openid: 'A1', timestamp: 1 })
    const { attempts } = await emulator.webhook.expectPush()
    expect(attempts.map((attempt) => attempt.outcome)).toEqual(Array(pushes).fill(outcome))
    const ids = bot.received.pending.map(({ body }) => JSON.parse(body).id)
    expect(ids).toEqual(Array(pushes).fill(id))
  })

  test('that is answered too late comes again, three times in all', async () => {
    const clock = new TestClock(startedAt)
    await using emulator = await startQQEmulator({ appId, secret, clock })
    const bot = await startBot(() => {})
    await emulator.useWebhook({ url: bot.url })
    emulator.dispatch('FRIEND_DEL', { openid: 'A1', timestamp: 1 })
    for (let push = 1; push <= 3; push += 1) {
      await bot.received.take()
      await clock.advance(3000)
    }
    const { attempts } = await emulator.webhook.expectPush()
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['late', 'late', 'late'])
  })

  test.each(qqTamperings)('spoilt by %s does not fit its signature any more', async (tampering) => {
    await using emulator = await startQQEmulator({ appId, secret })
    const bot = await startBot()
    await emulator.useWebhook({ url: bot.url })
    const clean = JSON.stringify({ op: 0, s: 0, t: 'X', d: {} })
    await emulator.webhook.post(clean, { tampering })
    const push = await bot.received.take()
    const isSpoilt = !push.isAuthentic || push.headers['x-bot-appid'] !== appId
    expect(isSpoilt).toBe(true)
  })

  test('comes with a skewed timestamp, twice or in chunks on demand', async () => {
    const clock = new TestClock(1_760_000_000_000)
    await using emulator = await startQQEmulator({ appId, secret, clock })
    const bot = await startBot()
    await emulator.useWebhook({ url: bot.url })

    emulator.faults.skewPushes(-600_000)
    emulator.faults.duplicateEvents()
    emulator.dispatch('X', {})
    const twins = [await bot.received.take(), await bot.received.take()]
    expect(twins.map(({ headers }) => headers['x-signature-timestamp'])).toEqual(['1759999400', '1759999400'])
    expect(twins[0]?.body).toBe(twins[1]?.body)

    const body = Buffer.from('{"op":0,"t":"C2C_MESSAGE_CREATE","d":{"content":"你好 😀"}}')
    const cutAt = [body.indexOf('你') + 1, body.indexOf('😀') + 2]
    await emulator.webhook.post(body, { cutAt })
    expect(await bot.received.take()).toMatchObject({ body: body.toString(), isAuthentic: true })
  })

  test('of a heartbeat gives back what the bot answers', async () => {
    await using emulator = await startQQEmulator({ appId, secret })
    const bot = await startBot((push, response) => {
      response.end(JSON.stringify({ op: 11, d: JSON.parse(push.body).d }))
    })
    await emulator.useWebhook({ url: bot.url })
    expect((await emulator.webhook.heartbeat(7)).text).toBe('{"op":11,"d":7}')
  })
})
