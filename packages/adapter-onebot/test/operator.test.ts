import { type AppEvents, type ChatEvent, definePlugin } from '@mynah/core'
import { TestClock } from '@mynah/core/testing'
import { describe, expect, it } from 'vitest'

import { BareClient } from './bare-client.ts'
import { botOf, eventually, lines, reverseUrl, selfId, serverOf, start, startEmulator } from './start.ts'
import { record } from './plugins.ts'

/** What an operator reads, by level: everything but debug. */
const told = (): string[] =>
  lines.lines.flatMap(({ level, msg }) => (Number(level) > 20 ? [String(msg)] : []))
const saying = (pattern: RegExp): string[] => told().filter((line) => pattern.test(line))
const online = (app: Parameters<typeof botOf>[0]) =>
  eventually(() => expect(botOf(app).status).toBe('online'))

/** An address at which nobody listens any more. */
async function closedPort(): Promise<number> {
  const emulator = await startEmulator()
  const { port } = new URL((await emulator.listenWebSocket()).url)
  await emulator.close()
  return Number(port)
}

describe('a connection that the bot makes', () => {
  it('says once that nobody listens, and when it tries again', async () => {
    const port = await closedPort()
    await start({
      forward: [{ url: `ws://127.0.0.1:${port}/?access_token=s3cret` }],
      http: [{ url: `http://127.0.0.1:${port}/?x=s3cret` }],
    })
    await eventually(() => expect(saying(/nobody listens/)).toHaveLength(2))
    expect(saying(/^OneBot at ws:/)[0]).toMatch(
      new RegExp(
        `^OneBot at ws://127.0.0.1:${port}: nobody listens at ws://127.0.0.1:${port}.*; next try in \\d+ s$`,
      ),
    )
    expect(saying(/^OneBot HTTP API at/)[0]).toMatch(
      new RegExp(`^OneBot HTTP API at http://127.0.0.1:${port}: nobody listens.*; next try in \\d+ s$`),
    )
    expect(JSON.stringify(lines.lines)).not.toContain('s3cret')
  })

  it('says what a wrong path is', async () => {
    const app = await start({ reverse: [{}] })
    const url = `${String(serverOf(app).url)}/nowhere`
    await start({ forward: [{ url: url.replace('http', 'ws') }], http: [{ url }] })
    await eventually(() => expect(saying(/^OneBot .*HTTP 404.*check/)).toHaveLength(2))
  })

  it('says that the HTTP API is gone although nobody calls it, and that it is back', async () => {
    const clock = new TestClock()
    const emulator = await startEmulator()
    const api = await emulator.listenHttp()
    const app = await start({ http: [{ url: api.url }], webhook: [{}] }, undefined, { clock })
    await eventually(() =>
      expect(emulator.calls.some(({ action }) => action === 'get_version_info')).toBe(true),
    )
    await api.stop()
    await clock.advance(10_000)
    await eventually(() =>
      expect(saying(/^OneBot HTTP API at .*(?:nobody listens|cut the connection)/)).not.toEqual([]),
    )
    expect(botOf(app).status).not.toBe('online')
    await emulator.listenHttp(Number(new URL(api.url).port))
    await eventually(async () => {
      await clock.advance(1000)
      expect(saying(/^OneBot HTTP API at .* works again after/)).toHaveLength(1)
    })
  }, 20_000)

  it.each([
    ['retry', []],
    ['exit', [{ code: 78, reason: expect.stringMatching(/refuses the token.*put the token/) }]],
  ] as const)('does what the config says when the token is refused: %s', async (onRefused, expected) => {
    const emulator = await startEmulator({ accessToken: 'right', profile: 'go-cqhttp' })
    const forward = await emulator.listenWebSocket()
    const api = await emulator.listenHttp()
    for (const config of [
      { forward: [{ url: forward.url, token: 'wrong' }] },
      { http: [{ url: api.url, token: 'wrong' }] },
    ]) {
      const asked: AppEvents['exit-requested'][] = []
      const app = await start({ ...config, onRefused }, (made) => {
        made.plugin(
          definePlugin({
            name: 'ending',
            setup: (ctx) => void ctx.on('exit-requested', (request) => void asked.push(request)),
          }),
        )
      })
      await eventually(() => expect(saying(/refuses the token/)).not.toEqual([]))
      await eventually(() => expect(asked).toEqual(expected))
      await app.stop()
      lines.lines.splice(0)
    }
  })
})

describe('a connection that implementations make', () => {
  it('is told of when it is lost and when it is back, but not when the bot stops', async () => {
    const app = await start({ reverse: [{}] })
    const headers = { 'x-self-id': String(selfId) }
    const first = await BareClient.dial(reverseUrl(app), headers)
    await online(app)
    await first.close()
    await eventually(() =>
      expect(saying(/^OneBot \/onebot\/v11 of 3889001234: the connection was closed/)).toHaveLength(1),
    )
    const second = await BareClient.dial(reverseUrl(app), headers)
    await eventually(() =>
      expect(saying(/^OneBot \/onebot\/v11 of 3889001234 works again after/)).toHaveLength(1),
    )
    const third = await BareClient.dial(reverseUrl(app), headers)
    expect(await second.closed).toMatchObject({ code: 1000 })
    await app.stop()
    await third.closed
    expect(saying(/connection was closed/)).toHaveLength(1)
  })

  it('is told of when it is refused, with what to mend', async () => {
    const app = await start({
      reverse: [{ token: 'right' }],
      webhook: [{ secret: 'key', accounts: ['1'] }],
    })
    const { url } = serverOf(app)
    await BareClient.dial(reverseUrl(app))
    await BareClient.dial(reverseUrl(app), { authorization: 'Bearer wrong' })
    await BareClient.dial(reverseUrl(app, '/nowhere'))
    await fetch(`${url}/onebot`, { method: 'POST', body: '{"self_id":1}' })
    await fetch(`${url}/onebot`, { method: 'POST', body: '{}', headers: { 'x-signature': 'sha1=00' } })
    await eventually(() => {
      expect(saying(/HTTP 401.*shows no token/)).toHaveLength(1)
      expect(saying(/HTTP 403.*its token is not the one/)).toHaveLength(1)
      expect(saying(/HTTP 404/)).toHaveLength(1)
      expect(saying(/HTTP 401.*no signature/)).toHaveLength(1)
      expect(saying(/HTTP 403.*signature is not made/)).toHaveLength(1)
    })
    expect(JSON.stringify(lines.lines)).not.toMatch(/wrong|right/)
  })

  it.each(['__proto__', 'constructor', 'toString', ''])('takes the role %j for all of it', async (role) => {
    const app = await start({ reverse: [{}] })
    await BareClient.dial(reverseUrl(app), { 'x-self-id': String(selfId), 'x-client-role': role })
    await eventually(() => expect(botOf(app).status).toBe('online'))
  })

  it('without a token is closed to web pages, and said to be open to this machine alone', async () => {
    const app = await start({ reverse: [{}], webhook: [{}] })
    const page = await BareClient.dial(`${reverseUrl(app)}?self_id=${selfId}`, {
      origin: 'https://evil.example',
    })
    expect(await page.closed).toMatchObject({ status: 403 })
    const posted = await fetch(`${serverOf(app).url}/onebot`, {
      method: 'POST',
      body: '{}',
      headers: { origin: 'https://evil.example' },
    })
    expect(posted.status).toBe(403)
    expect(saying(/\/onebot\/v11.*(?:token|machine)/)).not.toEqual([])
    expect([...app.bots]).toEqual([])
  })

  it('refuses what has no signature before it reads the body, and long bodies', async () => {
    const app = await start({ webhook: [{ secret: 'key' }] })
    const post = (headers: Record<string, string>) =>
      fetch(`${serverOf(app).url}/onebot`, { method: 'POST', body: 'x'.repeat(3 * 1024 * 1024), headers })
    expect((await post({})).status).toBe(401)
    expect((await post({ 'x-signature': 'sha1=00' })).status).toBe(413)
  })
})

describe('whose a connection is', () => {
  it('is what its events say where X-Self-ID says something else, and no bot stays for the wrong one', async () => {
    const app = await start({ reverse: [{}] })
    const client = await BareClient.dial(reverseUrl(app), { 'x-self-id': '12345' })
    client.send(
      `{"post_type":"meta_event","meta_event_type":"lifecycle","sub_type":"connect","self_id":${selfId}}`,
    )
    await online(app)
    await eventually(() => expect([...app.bots].map(({ key }) => key)).toEqual([`onebot:${selfId}`]))
  })

  it('is not changed by the farewell of another account', async () => {
    const app = await start({ reverse: [{}] })
    const client = await BareClient.dial(reverseUrl(app), { 'x-self-id': String(selfId) })
    const send = (event: object) => client.send(JSON.stringify({ post_type: 'meta_event', ...event }))
    send({ meta_event_type: 'lifecycle', sub_type: 'connect', self_id: selfId })
    await online(app)
    send({ meta_event_type: 'lifecycle', sub_type: 'disable', self_id: 7 })
    await eventually(() => expect(app.bots.get('onebot:7')).toBeDefined())
    expect(botOf(app).status).toBe('online')
  })
})

describe('events that are equal', () => {
  const poke = {
    time: 1_761_900_196,
    self_id: selfId,
    post_type: 'notice',
    notice_type: 'notify',
    sub_type: 'poke',
    group_id: 5,
    user_id: 1,
    target_id: selfId,
  }

  it('both happened when one connection brings them, and are copies when two do', async () => {
    const events: ChatEvent[] = []
    const app = await start({ reverse: [{}] }, (made) => void made.plugin(record(events)))
    const roles = ['event', 'universal'].map((role) => ({
      'x-self-id': String(selfId),
      'x-client-role': role,
    }))
    const clients = await Promise.all(roles.map((headers) => BareClient.dial(reverseUrl(app), headers)))
    for (const client of clients) {
      for (const frame of [poke, poke]) client.send(JSON.stringify(frame))
    }
    for (const client of clients) client.send(JSON.stringify({ ...poke, time: poke.time + 1 }))
    const pokes = (): ChatEvent[] => events.filter(({ type }) => type === 'poke')
    await eventually(() => expect(pokes().some(({ time }) => time > poke.time * 1000)).toBe(true))
    await eventually(() => expect(pokes()).toHaveLength(3))
  })

  it('are counted as refused when they are no events at all', async () => {
    const app = await start({ reverse: [{}] })
    const client = await BareClient.dial(reverseUrl(app), { 'x-self-id': String(selfId) })
    await online(app)
    client.send('{broken')
    client.send(`{"post_type":"notice","raw":${'['.repeat(60_000)}${']'.repeat(60_000)}}`)
    await eventually(() => expect(botOf(app).intake.refused).toBe(2))
  })
})
