import { createLogger, definePlugin } from '@mynah/core'
import { deferred } from '@mynah/core/adapter'
import { Server } from '@mynah/server'
import { qqTamperings } from '@mynah/emulator-qq'
import { describe, expect, it } from 'vitest'
import { qqAdapter } from '../src/adapter.ts'
import { SignatureKey } from '../src/receive/signature.ts'
import { Webhook, type WebhookOptions } from '../src/receive/webhook.ts'
import { TestClock } from '@mynah/core/testing'
import { appId, configFor, eventually, secret, start } from './start.ts'

const config = { transport: 'webhook' } as const
const friendAdd = (id: string): string =>
  JSON.stringify({ id, op: 0, s: 0, t: 'FRIEND_ADD', d: { openid: 'U', timestamp: 1 } })

function webhook(options: Partial<WebhookOptions> = {}): {
  post: (body: string, headers?: Record<string, string>) => Promise<unknown>
  clock: TestClock
  taken: string[]
  log: string[]
  refused: string[]
} {
  const taken: string[] = []
  const log: string[] = []
  const refused: string[] = []
  const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
  const hook = new Webhook({
    appId,
    secret,
    maxSkew: 300_000,
    clock,
    logger: createLogger({ level: 'debug', stream: { write: (line) => log.push(line) } }),
    onRefused: (reason) => refused.push(reason),
    onEvent: async ({ id }) => {
      taken.push(String(id))
      return 'taken'
    },
    ...options,
  })
  const post = (body: string, headers?: Record<string, string>): Promise<unknown> => {
    const timestamp = String(Math.floor(clock.now() / 1000))
    const signed = {
      'x-signature-timestamp': timestamp,
      'x-signature-ed25519': new SignatureKey(options.secret ?? secret).sign(timestamp + body),
    }
    return hook.answer({ headers: headers ?? signed, body: Buffer.from(body) })
  }
  return { post, clock, taken, log, refused }
}

const validation = (plain_token: unknown, event_ts: unknown = '1725442341'): string =>
  JSON.stringify({ op: 13, d: { plain_token, event_ts } })

describe('a push', () => {
  it.each(qqTamperings)('with %s is refused', async (tampering) => {
    const { emulator, events } = await start({ config })
    expect((await emulator.webhook.post(friendAdd('A'), { tampering })).status).toBe(401)
    expect(events).toEqual([])
  })

  it('is verified byte by byte, in whatever pieces it comes', async () => {
    const { emulator, events } = await start({ config })
    const body = JSON.stringify({
      op: 0,
      t: 'C2C_MESSAGE_CREATE',
      id: 'X',
      d: { id: 'M', author: { user_openid: 'U', id: 'U' }, content: '你好 😀' },
    })
    const cutAt = [Buffer.from(body).indexOf('好') + 1, Buffer.from(body).indexOf('😀') + 2]
    expect((await emulator.webhook.post(body, { cutAt })).status).toBe(200)
    await eventually(() => expect(events[0]?.message?.content[0]?.attrs['content']).toBe('你好 😀'))
  })

  it('that is too large is refused', async () => {
    const { emulator } = await start({ config })
    expect((await emulator.webhook.post(`"${'x'.repeat(1024 * 1024)}"`)).status).toBe(413)
  })

  it('is acknowledged before its handlers are done', async () => {
    const gate = deferred()
    const { emulator, events } = await start({
      config,
      setup: (app) =>
        void app.plugin(
          definePlugin({ name: 'slow', setup: (ctx) => void ctx.on('friend-added', () => gate.promise) }),
        ),
    })
    const answer = await emulator.webhook.post(friendAdd('A'))
    expect(JSON.parse(answer.text)).toEqual({ op: 12, d: 0 })
    await eventually(() => expect(events).toHaveLength(1))
    gate.resolve()
  })

  it('that cannot be taken is refused aloud, and asked for again', async () => {
    const { post, refused } = webhook({ onEvent: () => Promise.resolve('full') })
    expect(await post(friendAdd('A'))).toEqual({ status: 503, body: { op: 12, d: 1 } })
    expect(refused).toEqual([expect.stringMatching(/too many events wait/)])
  })

  it('that is not stored in time is asked for again, and not counted as lost', async () => {
    const { post, refused } = webhook({ onEvent: () => Promise.resolve('late') })
    expect(await post(friendAdd('A'))).toEqual({ status: 503, body: { op: 12, d: 1 } })
    expect(refused).toEqual([])
  })

  it('of another kind is answered as documented', async () => {
    const { emulator, events } = await start({ config })
    expect(JSON.parse((await emulator.webhook.heartbeat(42)).text)).toEqual({ op: 11, d: 42 })
    expect((await emulator.webhook.post('{"op":77}')).status).toBe(200)
    expect((await emulator.webhook.post('no json')).status).toBe(400)
    expect((await emulator.webhook.post('[]')).status).toBe(400)
    expect(events).toEqual([])
  })

  it('that comes twice is handled once and acknowledged twice', async () => {
    const { emulator, events } = await start({ config })
    const answers = [await emulator.webhook.post(friendAdd('A')), await emulator.webhook.post(friendAdd('A'))]
    expect(answers.map(({ text }) => text)).toEqual(['{"op":12,"d":0}', '{"op":12,"d":0}'])
    const message = (id: string): string =>
      JSON.stringify({
        op: 0,
        t: 'C2C_MESSAGE_CREATE',
        id,
        d: { id: 'M', author: { id: 'U', user_openid: 'U' }, content: 'x' },
      })
    await emulator.webhook.post(message('X'))
    await emulator.webhook.post(message('Y'))
    await eventually(() => expect(events.map(({ id }) => id)).toEqual(['A', 'message:M:']))
  })

  it('that is too old, or from the future, is refused unless nobody minds', async () => {
    const strict = webhook()
    const body = friendAdd('A')
    const timestamp = String(Math.floor(strict.clock.now() / 1000) - 301)
    const old = {
      'x-signature-timestamp': timestamp,
      'x-signature-ed25519': new SignatureKey(secret).sign(timestamp + body),
    }
    expect(await strict.post(body, old)).toEqual({ status: 401 })
    expect(strict.taken).toEqual([])
    const lax = webhook({ maxSkew: 0 })
    await lax.post(body, old)
    expect(lax.taken).toEqual(['A'])
  })

  it('without a signature is refused, an address check too', async () => {
    expect(await webhook().post(friendAdd('A'), {})).toEqual({ status: 401 })
    expect(await webhook().post(validation('token'), {})).toEqual({ status: 401 })
  })

  it('comes to a bot that knows who it is', async () => {
    const { emulator, bot } = await start({ config })
    await eventually(() => expect(bot.guildUserId).toBe(emulator.bot.id))
    expect(bot.user?.name).toBe(emulator.bot.name)
  })

  it('hears of ports the platform does not call', async () => {
    const { log } = await start({ config })
    expect(log.join('')).toMatch(/ports 80, 443, 8080 and 8443 only/)
  })
})

describe('an operator', () => {
  const told = (log: readonly string[]): string[] =>
    log
      .map((line): { level: string; msg: string } => JSON.parse(line))
      .flatMap(({ level, msg }) => (level === 'debug' || Number(level) < 30 ? [] : [msg]))

  it('hears once why pushes are refused, what to do about it, and that they come again', async () => {
    const { post, clock, log, refused } = webhook()
    const unsigned = (): Promise<unknown> =>
      post(friendAdd('A'), { 'x-signature-timestamp': '1', 'x-signature-ed25519': '00' })
    for (let count = 0; count < 20; count += 1) await unsigned()
    expect(told(log)).toEqual([
      'QQ pushes to 102000001: one with a wrong signature was refused; check secret, and that no proxy changes the body',
    ])
    expect(refused).toHaveLength(20)
    await clock.advance(35_000)
    await post(friendAdd('B'))
    expect(told(log).at(-1)).toBe('QQ pushes to 102000001 works again after 35 s')
  })

  it('hears that the clock is wrong', async () => {
    const { post, clock, log } = webhook()
    clock.setWall(8 * 3_600_000)
    const timestamp = String(Math.floor(clock.now() / 1000) - 28_800)
    const body = friendAdd('A')
    const signature = new SignatureKey(secret).sign(timestamp + body)
    await post(body, { 'x-signature-timestamp': timestamp, 'x-signature-ed25519': signature })
    expect(told(log).join('')).toMatch(/from another time.*check the clock of this machine/)
  })
})

describe('odd pushes', () => {
  it('are handled, or counted, and harm none that come behind them', async () => {
    const { emulator, bot, events } = await start({ config })
    const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const odd = [
      `{"op":0,"t":"C2C_MESSAGE_CREATE","d":${nested}}`,
      `{"op":0,"t":"C2C_MESSAGE_CREATE","id":"X","d":{"id":"M","author":{"id":7},"content":${nested}}}`,
      '{"op":0,"t":"GROUP_ADD_ROBOT","id":"Y","d":{"group_openid":[{}]}}',
      '{"op":0,"t":"constructor","id":"Z","d":null}',
    ]
    for (const body of odd) expect((await emulator.webhook.post(body)).text).toBe('{"op":12,"d":0}')
    expect((await emulator.webhook.post('{"op":0}')).status).toBe(400)
    expect(bot.intake.refused).toBe(1)
    await emulator.webhook.post(friendAdd('last'))
    await eventually(() => expect(events.at(-1)?.id).toBe('last'))
    expect(events).toHaveLength(odd.length + 1)
    expect(bot.intake.refused).toBe(0)
  })
})

describe('the address check', () => {
  it('is answered with token and signature alone', async () => {
    const { post } = webhook({ secret: 'DG5g3B4j9X2KOErG' })
    expect(await post(validation('Arq0D5A61EgUu4OxUvOp'))).toEqual({
      body: {
        plain_token: 'Arq0D5A61EgUu4OxUvOp',
        signature:
          '87befc99c42c651b3aac0278e71ada338433ae26fcb24307bdc5ad38c1adc2d01bcfcadc0842edac85e85205028a1132afe09280305f13aa6909ffc2d652c706',
      },
    })
    const { emulator } = await start({ config })
    expect(emulator.webhook.url).toMatch(/\/qq$/)
  })

  it.each([
    ['a token that is no text', validation(7)],
    ['a time that is no text', validation('t', 1_725_442_341)],
    ['a time that is no number', validation('t', '17x')],
    ['a long time', validation('t', '12345678901234')],
    ['a long token', validation('x'.repeat(129))],
    ['a token with a brace', validation('{"op":0}')],
    ['a token with a quote', validation('a"b')],
    ['a token with a space', validation('a b')],
    ['an empty token', validation('')],
    ['no content', '{"op":13}'],
  ])('with %s is refused, so that nobody has texts signed', async (_, body) => {
    expect(await webhook().post(body)).toEqual({ status: 400 })
  })
})

describe('a path', () => {
  it('is shared by bots, told apart by AppID, and free again after the last', async () => {
    const { emulator, app, events } = await start({ config })
    const second = app.plugin(
      qqAdapter,
      configFor(emulator, { ...config, appId: '2', secret: 'another secret' }),
      { name: 'qq:second' },
    )
    await second.settled()
    expect((await emulator.webhook.post(friendAdd('A'))).status).toBe(200)
    await eventually(() => expect(events).toHaveLength(1))
    const shared = app.service('server')
    if (!(shared instanceof Server)) throw new Error('There is no server.')
    const post = (id: string): Promise<Response> =>
      fetch(`${shared.url}/qq`, { method: 'POST', headers: { 'x-bot-appid': id }, body: '{}' })
    expect((await post('2')).status).toBe(401)
    expect((await post('3')).status).toBe(401)
    await second.dispose()
    expect((await emulator.webhook.post(friendAdd('B'))).status).toBe(200)
    await [...app.instances].find(({ name }) => name === 'qq')?.dispose()
    expect((await post(appId)).status).toBe(404)
  })
})
