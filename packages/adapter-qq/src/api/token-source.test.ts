import { inspect } from 'node:util'
import { createLogger } from '@mynah/core'
import { startQQEmulator, type QQEmulator } from '@mynah/emulator-qq'
import { describe, expect, it, onTestFinished } from 'vitest'
import { TestClock } from '@mynah/core/testing'
import { appId, eventually, secret } from '../../test/start.ts'
import { TokenSource, type TokenSourceOptions } from './token-source.ts'

interface Started {
  readonly clock: TestClock
  readonly tokens: TokenSource
  readonly emulator: QQEmulator
  readonly log: string[]
}

async function start(options: Partial<TokenSourceOptions> = {}): Promise<Started> {
  const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
  const emulator = await startQQEmulator({ appId, secret, clock })
  const log: string[] = []
  const logger = createLogger({ level: 'debug', stream: { write: (line) => log.push(line) } })
  const url = emulator.baseUrls.token
  const tokens = new TokenSource({ appId, secret, url, clock, logger, random: () => 0.5, ...options })
  onTestFinished(() => {
    tokens.stop()
    return emulator.close()
  })
  return { clock, tokens, emulator, log }
}

const asked = ({ calls }: QQEmulator): number => calls.length

/** Answers of a token endpoint that the emulator is too well-behaved for. */
const answering = (...bodies: readonly unknown[]): { fetch: typeof fetch; count: () => number } => {
  let calls = 0
  return {
    count: () => calls,
    fetch: async () => {
      const body = bodies[Math.min(calls, bodies.length - 1)]
      calls += 1
      return new Response(typeof body === 'string' ? body : JSON.stringify(body))
    },
  }
}

describe('the access token', () => {
  it('is asked for with AppID and secret alone', async () => {
    const { tokens, emulator } = await start()
    expect(await tokens.authorization()).toMatch(/^QQBot AT-/)
    expect(emulator.calls[0]?.body).toEqual({ appId, clientSecret: secret })
    expect(emulator.calls[0]?.headers['content-type']).toBe('application/json')
  })

  it('is asked for once, however many want it', async () => {
    const { tokens, emulator } = await start()
    const all = await Promise.all(Array.from({ length: 10 }, () => tokens.get()))
    expect(new Set(all).size).toBe(1)
    expect(asked(emulator)).toBe(1)
  })

  it('is replaced inside its last minute', async () => {
    const { clock, tokens, emulator } = await start()
    const first = await tokens.get()
    const [due] = clock.delays
    expect(due).toBe((7200 - 50) * 1000 + 250)
    await clock.advance(due ?? 0)
    await eventually(() => expect(asked(emulator)).toBe(2))
    await eventually(async () => expect(await tokens.get()).not.toBe(first))
  })

  it('that comes again is planned for anew, without a loop', async () => {
    const { clock, tokens, emulator } = await start()
    await tokens.get()
    await clock.advance(7_000_000)
    const first = await tokens.get()
    await tokens.renew()
    expect(await tokens.get()).toBe(first)
    expect(asked(emulator)).toBe(2)
    expect(clock.delays).toEqual([200_000 - 50_000 + 250])
  })

  it('that comes again inside its last minute is asked for again a little later', async () => {
    const { fetch, count } = answering({ access_token: 'A', expires_in: 55 })
    const { clock, tokens } = await start({ fetch })
    await tokens.get()
    await clock.advance(5250)
    await eventually(() => expect(count()).toBe(2))
    await eventually(() => expect(clock.delays[0]).toBeGreaterThanOrEqual(5000))
  })

  it.each(['7200', 7200])('with expires_in %j lives for two hours', async (expires_in) => {
    const { fetch } = answering({ access_token: 'A', expires_in })
    const { clock, tokens } = await start({ fetch })
    await tokens.get()
    expect(clock.delays).toEqual([7_150_250])
  })

  it.each(['soon', 0, -1, undefined])('with expires_in %j is refused', async (expires_in) => {
    const { fetch } = answering({ access_token: 'A', expires_in })
    const { tokens } = await start({ fetch })
    await expect(tokens.get()).rejects.toMatchObject({ code: 'API_INVALID_RESPONSE' })
  })

  it('that is refused with HTTP 200 is an error with code and message', async () => {
    const { fetch } = answering({ code: 4242, message: 'not today' })
    const { tokens } = await start({ fetch })
    await expect(tokens.get()).rejects.toMatchObject({
      code: 'AUTH_FAILED',
      message: expect.stringMatching(/4242.*not today/),
    })
  })

  it.each([100007, 100016, 10004])(
    'that is refused with %i is asked for again after a minute, and works when that was mended',
    async (code) => {
      const refusals: string[] = []
      const refused = { code, message: 'no' }
      const { fetch, count } = answering(refused, refused, { access_token: 'A', expires_in: 7200 })
      const { clock, tokens, log } = await start({ fetch, onRefused: (error) => refusals.push(error.code) })
      for (const _ of [1, 2])
        await expect(tokens.get()).rejects.toMatchObject({ code: 'AUTH_FAILED', retriable: false })
      expect([count(), clock.delays]).toEqual([1, [60_000]])
      expect(tokens.isFailing).toBe(true)
      await clock.advance(60_000)
      await eventually(() => expect([count(), clock.delays]).toEqual([2, [60_000]]))
      await clock.advance(60_000)
      await eventually(async () => expect(await tokens.get()).toBe('A'))
      expect(refusals).toEqual(['AUTH_FAILED', 'AUTH_FAILED'])
      expect(log.join('')).toMatch(new RegExp(`refused \\(code ${code}\\): no.*next try in 60 s`))
      expect(log.join('')).toMatch(/QQ access token of 102000001 works again after 2 min/)
    },
  )

  it('says where it cannot be reached and when it is tried next', async () => {
    const gone = await startQQEmulator({ appId, secret })
    await gone.close()
    const { clock, tokens, log } = await start({ url: `${gone.baseUrls.token}?key=s3cret` })
    await expect(tokens.get()).rejects.toMatchObject({ code: 'API_UNREACHABLE', retriable: true })
    expect(log.join('')).toMatch(
      /nobody listens at http:\/\/127\.0\.0\.1:\d+\/app\/getAppAccessToken \(ECONNREFUSED\); next try in 5 s/,
    )
    expect(log.join('')).not.toContain('s3cret')
    expect(clock.delays).toEqual([5000])
  })

  it('quotes what the platform says without secrets', async () => {
    const { fetch } = answering({ code: 4242, message: 'bad clientSecret=abcdef0123456789' })
    const { tokens, log } = await start({ fetch })
    const error = await tokens.get().catch((thrown: unknown) => thrown)
    expect(`${String(error)} ${log.join('')}`).not.toContain('abcdef0123456789')
  })

  it('keeps its life when the clock of the machine is set back or ahead', async () => {
    const { clock, tokens, emulator } = await start()
    const first = await tokens.get()
    for (const hours of [-1, 3]) {
      clock.setWall(hours * 3_600_000)
      expect(await tokens.get()).toBe(first)
    }
    expect(asked(emulator)).toBe(1)
  })

  it('is left alone for a minute after 100001', async () => {
    const { fetch, count } = answering(
      { code: 100001, message: 'slow down' },
      { access_token: 'A', expires_in: 7200 },
    )
    const { clock, tokens } = await start({ fetch })
    await expect(tokens.get()).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    await expect(tokens.get()).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    expect([count(), clock.delays]).toEqual([1, [60_000]])
    await clock.advance(60_000)
    await eventually(async () => expect(await tokens.get()).toBe('A'))
  })

  it('stays in use until its end when no other can be had', async () => {
    const { clock, tokens, emulator } = await start()
    const first = await tokens.get()
    emulator.faults.call(
      'POST /app/getAppAccessToken',
      { kind: 'error-answer', status: 502, body: '<html>' },
      100,
    )
    await clock.advance(7_150_250)
    await eventually(() => expect(asked(emulator)).toBe(2))
    expect(await tokens.get()).toBe(first)
    await eventually(() => expect(clock.delays.some((delay) => delay === 5000)).toBe(true))
    await clock.advance(49_750)
    await expect(tokens.get()).rejects.toMatchObject({ retriable: true })
  })

  it('leaves no timer behind', async () => {
    const { clock, tokens } = await start()
    await tokens.get()
    tokens.stop()
    expect(clock.delays).toEqual([])
    await expect(tokens.renew()).rejects.toMatchObject({ code: 'BOT_OFFLINE' })
  })

  it('shows neither itself nor the secret', async () => {
    const { tokens, emulator, log } = await start()
    emulator.faults.call('POST /app/getAppAccessToken', { kind: 'error-answer', status: 500 })
    const error = await tokens.get().catch((thrown: unknown) => thrown)
    const token = await tokens.get()
    const shown = `${inspect(tokens, { depth: 5 })} ${inspect(error)} ${JSON.stringify(error)} ${log.join('')}`
    expect(shown).not.toContain(secret)
    expect(shown).not.toContain(token)
  })

  it('is one per bot', async () => {
    const [one, other] = [await start(), await start()]
    one.tokens.stop()
    await expect(one.tokens.get()).rejects.toMatchObject({ code: 'BOT_OFFLINE' })
    expect(await other.tokens.get()).toMatch(/^AT-/)
    expect([asked(one.emulator), asked(other.emulator)]).toEqual([0, 1])
  })
})
