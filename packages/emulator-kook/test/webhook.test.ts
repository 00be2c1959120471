import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createDecipheriv } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Mailbox, TestClock } from '@mynah/core/testing'
import type { KookUser } from '../src/people/user.ts'
import { encryptFrame } from '../src/webhook/encryption.ts'
import { startKookEmulator, type KookEmulator } from '../src/emulator.ts'
import { callApi } from './raw-client.ts'
import { isJsonObject, parseJson, type JsonObject } from '@mynah/emulator-kit'

const challengeText =
  '{"s":0,"d":{"type":255,"channel_type":"WEBHOOK_CHALLENGE","challenge":"bkes654x09XY","verify_token":"vt-0001"}}'
const eventText =
  '{"s":0,"d":{"channel_type":"PERSON","type":255,"target_id":"2862900000","author_id":"1","content":"[系统消息]","extra":{"type":"self_exited_guild","body":{"guild_id":"6016389910000000"}},"msg_id":"m-215","msg_timestamp":1614140348008,"nonce":"","verify_token":"vt-0001"},"sn":215}'

describe('encryption', () => {
  it.each([
    [
      'a challenge',
      challengeText,
      'kook-demo-key',
      '0123456789abcdef',
      'MDEyMzQ1Njc4OWFiY2RlZlMrYWZpOC9HZExSeTFTUVQ4VTc3QTNVbGxLSnRadk5VRjE0WWlGZmwvNHA3ancyUy9DZ2JaaFBocTIrQkRFZHMycEJqTG5tMC91OGxxdHpkNTF5aXl4bW50RDN5bC9YUFNaU3pXQVAwQlQva09iVG0vTnFqUGNKaEtRVy9oMWVJSmFadlN3WTl6dkZwdUlEbnlkOHQyQT09',
    ],
    [
      'an event with Chinese text',
      eventText,
      'testKey',
      'f3a9c05d7b12e684',
      'ZjNhOWMwNWQ3YjEyZTY4NE0xaGJGaU9nLzhPSkpWK214R2xkaldvV1Jmem9LWlJwR0NyNWZGWFFiUHpoSTdRRUJwNEVQT20zQk1vTk5xZWtzKzVyQ3NHZ3kwaHVmZnQzVytxRTZ4T0RJMFNZQW1nL21uMTFYVXd3S0VyVjZGc0trOGdEK1BpYjFoMzNsREgvMTlsbEdTNzcwMHFmV3FFM0RWUnkycytKdUVpbWwrOXgxZThzVllWa3BSL1ZBNFF0ZFZWc3RJKzQrbmZ6SUVVOXlYeVZOUWkvdW1xTWhoTm1WdkFDMTNzSDM3dzYrdFB3Z25ZQ1RlMWU4dmdWVHQwNCtFS2VUcUNuUFRaK2wzcTZjb29tTzJYSi80L3Y3bFBaQlRaeHE1NmJOWndsYlE1RndQSzFMdVJWYTUvbDIvYmMvUHl4ZExHVWltamNFaHd0ZTRSK0NxWE1DSjJEMnFTcnkvTHZVYWVpaldXaVVFOFo1bDZORjJGRVFrSDVncEdFM291QUpwb2FQUHBGd3lkaQ==',
    ],
    [
      'a key of 32 characters',
      '{"s":0}',
      'A'.repeat(32),
      'f3a9c05d7b12e684',
      'ZjNhOWMwNWQ3YjEyZTY4NFFQeUlSVHIyTWJ0UzFsZk9QcHoyR3c9PQ==',
    ],
    [
      'a longer key, cut to 32',
      '{"s":0}',
      'A'.repeat(40),
      'f3a9c05d7b12e684',
      'ZjNhOWMwNWQ3YjEyZTY4NFFQeUlSVHIyTWJ0UzFsZk9QcHoyR3c9PQ==',
    ],
  ])('gives the known result for %s', (_what, plain, key, iv, expected) => {
    expect(encryptFrame(plain, key, iv)).toBe(expected)
  })

  it('can be undone by who knows the key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ maxLength: 40 }), (plain, key) => {
        expect(decrypt(encryptFrame(plain, key), key)).toBe(Buffer.from(plain).toString('utf8'))
      }),
    )
  })
})

function decrypt(encrypted: string, encryptKey: string): string {
  const outer = Buffer.from(encrypted, 'base64')
  const key = Buffer.alloc(32)
  Buffer.from(encryptKey).copy(key)
  const decipher = createDecipheriv('aes-256-cbc', key, outer.subarray(0, 16))
  const inner = Buffer.from(outer.subarray(16).toString('ascii'), 'base64')
  return Buffer.concat([decipher.update(inner), decipher.final()]).toString('utf8')
}

interface Delivery {
  raw: Buffer
  frame: JsonObject
  d: JsonObject
}

/** A bot's webhook that understands everything and answers as told. */
class Receiver {
  readonly deliveries = new Mailbox<Delivery>()
  readonly #server = createServer((request, response) => void this.#receive(request, response))
  encryptKey: string | undefined
  /** How the next requests are answered; 200 after that. `never` leaves one unanswered. */
  readonly answers: (number | 'never')[] = []
  echo = true

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new TypeError('not listening')
    return `http://127.0.0.1:${address.port}/hook`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const raw = Buffer.concat(chunks)
    const frame = this.#decode(raw)
    const d = isJsonObject(frame.d) ? frame.d : {}
    const answer = this.answers.shift() ?? 200
    if (answer !== 'never') {
      response.statusCode = answer
      response.end(this.echo && d.challenge !== undefined ? JSON.stringify({ challenge: d.challenge }) : '{}')
    }
    this.deliveries.push({ raw, frame, d })
  }

  #decode(raw: Buffer): JsonObject {
    const outer = parseJson((raw[0] === 0x7b ? raw : inflateSync(raw)).toString('utf8'))
    const text = isJsonObject(outer) && typeof outer.encrypt === 'string' ? outer.encrypt : undefined
    const frame = text === undefined ? outer : parseJson(decrypt(text, this.encryptKey ?? ''))
    return isJsonObject(frame) ? frame : {}
  }
}

describe('pushing', () => {
  let clock: TestClock
  let emulator: KookEmulator
  let receiver: Receiver
  let url: string
  let alice: KookUser

  beforeEach(async () => {
    clock = new TestClock()
    emulator = await startKookEmulator({ clock })
    alice = emulator.user({ username: 'alice' })
    receiver = new Receiver()
    url = await receiver.start()
  })

  afterEach(async () => {
    await emulator.close()
    await receiver.stop()
  })

  /** Switches to the webhook and takes the challenge off the pile. */
  async function connect(options: { encryptKey?: string; firstSn?: number; maxFailures?: number } = {}) {
    receiver.encryptKey = options.encryptKey
    await emulator.useWebhook({ url, verifyToken: 'vt-0001', ...options })
    await emulator.webhook.expectPush()
    return receiver.deliveries.take()
  }

  it.each([
    ['compressed', '', undefined, 0x78],
    ['plain', '?compress=0', undefined, 0x7b],
    ['encrypted and compressed', '', 'kook-demo-key', 0x78],
    ['encrypted', '?compress=0', 'kook-demo-key', 0x7b],
  ])('challenges with a %s body, then pushes events', async (_form, query, encryptKey, firstByte) => {
    url += query
    const challenge = await connect(encryptKey === undefined ? {} : { encryptKey })
    expect(challenge.raw[0]).toBe(firstByte)
    expect(challenge.frame).toEqual({
      s: 0,
      d: {
        type: 255,
        channel_type: 'WEBHOOK_CHALLENGE',
        challenge: challenge.d.challenge,
        verify_token: 'vt-0001',
      },
    })
    alice.direct.say('你好')
    const event = await receiver.deliveries.take()
    expect(event.raw[0]).toBe(firstByte)
    expect(event.frame).toMatchObject({ s: 0, sn: 1, d: { content: '你好', verify_token: 'vt-0001' } })
    const { data } = await callApi(emulator, 'GET user/get-online-status')
    expect(data).toEqual({ online: true, online_os: ['Webhook'] })
  })

  it('does not deliver when the challenge is not echoed', async () => {
    receiver.echo = false
    await expect(emulator.useWebhook({ url, verifyToken: 'vt-0001' })).rejects.toThrow(/echo the challenge/)
    alice.direct.say('hi')
    await emulator.webhook.idle()
    expect(emulator.webhook.pushes).toHaveLength(1)
  })

  it('closes the gateway to a bot in webhook mode', async () => {
    await connect()
    const { code } = await callApi(emulator, 'GET gateway/index')
    expect(code).toBe(40000)
  })

  it('wraps the numbers after 65535', async () => {
    await connect({ firstSn: 65_535 })
    alice.direct.say('a')
    alice.direct.say('b')
    expect((await receiver.deliveries.take()).frame.sn).toBe(65_535)
    expect((await receiver.deliveries.take()).frame.sn).toBe(1)
  })

  it('repeats a failed push after 2, 4, 8, 16, 32 and 64 seconds', async () => {
    await connect({ maxFailures: 1 })
    receiver.answers.push(500, 500, 403, 500, 500, 500, 500)
    alice.direct.say('hi')
    for (const [index, delay] of [2, 4, 8, 16, 32, 64].entries()) {
      await emulator.webhook.expectPush(({ attempt, ok }) => attempt === index + 1 && !ok)
      await clock.advance(delay * 1000 - 1)
      expect(emulator.webhook.pushes.at(-1)?.attempt).toBe(index + 1)
      await clock.advance(1)
    }
    expect(await emulator.webhook.expectPush()).toMatchObject({ attempt: 7, sn: 1, status: 500 })
    expect(emulator.webhook.isOnline).toBe(false)
  })

  it('stops repeating after a success and delivers later events meanwhile', async () => {
    await connect()
    receiver.answers.push(500)
    alice.direct.say('first')
    alice.direct.say('second')
    await emulator.webhook.idle()
    await clock.advance(2000)
    const heard = [await next(), await next(), await next()]
    expect(heard).toEqual(['first', 'second', 'first'])
    await emulator.webhook.expectPush(({ attempt, ok }) => attempt === 2 && ok)
    await clock.advance(200_000)
    expect(emulator.webhook.pushes).toHaveLength(4)
  })

  it('counts an answer that takes too long as none', async () => {
    await connect()
    receiver.answers.push('never')
    emulator.webhook.configure({ url, verifyToken: 'vt-0001', deadlineMs: 30 })
    alice.direct.say('hi')
    expect(await emulator.webhook.expectPush()).toMatchObject({ status: undefined, ok: false })
  })

  it('can push an event twice', async () => {
    await connect()
    emulator.faults.duplicateEvents()
    alice.direct.say('hi')
    const first = await receiver.deliveries.take()
    expect((await receiver.deliveries.take()).frame).toEqual(first.frame)
  })

  it('comes back with user/online after it was taken offline', async () => {
    await connect()
    await callApi(emulator, 'POST user/offline')
    alice.direct.say('unheard')
    expect((await callApi(emulator, 'POST user/online')).code).toBe(0)
    expect((await receiver.deliveries.take()).d.channel_type).toBe('WEBHOOK_CHALLENGE')
    receiver.echo = false
    expect((await callApi(emulator, 'POST user/online')).code).toBe(40000)
  })

  it('pushes whatever bytes an attacker would', async () => {
    await connect()
    expect(await emulator.webhook.pushRaw('{"s":0', 'POST')).toMatchObject({ status: 200 })
    expect((await receiver.deliveries.take()).raw.toString()).toBe('{"s":0')
  })

  async function next(): Promise<unknown> {
    return (await receiver.deliveries.take()).d.content
  }
})
