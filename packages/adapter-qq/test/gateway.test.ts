import { definePlugin, type App } from '@mynah/core'
import { describe, expect, it } from 'vitest'
import { fastClock } from './clocks.ts'
import { startQQEmulator } from '@mynah/emulator-qq'
import { appId, eventually, launch, secret, start } from './start.ts'

/** What an operator reads. */
const told = (log: readonly string[]): string =>
  log
    .map((line): { level: number; msg: string } => JSON.parse(line))
    .flatMap(({ level, msg }) => (level < 30 ? [] : [msg]))
    .join('\n')

/** Counts how often each message was handled. */
function counting(handled: Map<string, number>) {
  return (app: App): void =>
    void app.plugin(
      definePlugin({
        name: 'counting',
        setup: (ctx) =>
          void ctx.on('message-created', ({ text }) => void handled.set(text, (handled.get(text) ?? 0) + 1)),
      }),
    )
}

describe('a connection', () => {
  it('handles each of 1,000 events once through 20 disconnects', async () => {
    const handled = new Map<string, number>()
    const { emulator } = await start({ clock: fastClock(100), setup: counting(handled) })
    const alice = emulator.user()
    await emulator.gateway.expect('online')
    const codes = [4009, undefined, 1001, 4000, 1006 as number | undefined]
    for (let round = 0; round < 20; round += 1) {
      for (let count = 0; count < 50; count += 1) alice.c2c.say(`message ${round * 50 + count}`)
      const code = codes[round % codes.length]
      emulator.faults.dropConnections(code === 1006 ? undefined : code)
      await emulator.gateway.expect('online')
    }
    await eventually(() => expect(handled.size).toBe(1000))
    expect([...handled.values()].every((times) => times === 1)).toBe(true)
  })

  it('comes back from op 7 and from both forms of op 9', async () => {
    const started = await start({ clock: fastClock(200) })
    const { emulator } = started
    const { sessionId: first } = await emulator.gateway.expect('online')
    emulator.faults.requestReconnect()
    expect(await emulator.gateway.expect('online')).toMatchObject({ sessionId: first })
    emulator.faults.invalidateSession(true)
    expect(await emulator.gateway.expect('online')).toMatchObject({ sessionId: first })
    emulator.faults.invalidateSession(false)
    expect(await emulator.gateway.expect('online')).not.toMatchObject({ sessionId: first })
    await eventually(() => expect(started.bot.status).toBe('online'))
  })

  it('begins anew within the limits when the platform forgot the session', async () => {
    const { emulator } = await start({ clock: fastClock(100), emulator: { sessionStarts: 5 } })
    const { sessionId: first } = await emulator.gateway.expect('online')
    emulator.faults.expireSessions()
    emulator.faults.dropConnections(4009)
    expect(await emulator.gateway.expect('online')).not.toMatchObject({ sessionId: first })
  })

  it('is given up when heartbeats stay without ack, and comes back', async () => {
    const started = await start({ clock: fastClock(100), emulator: { heartbeatIntervalMs: 5000 } })
    const { emulator } = started
    const { sessionId: first } = await emulator.gateway.expect('online')
    emulator.faults.withholdHeartbeatAcks(1)
    expect(await emulator.gateway.expect('online')).toMatchObject({ sessionId: first })
  })

  it('is made anew when no Hello comes or the upgrade is refused', async () => {
    const { emulator } = await start({ clock: fastClock(500) })
    const { sessionId: first } = await emulator.gateway.expect('online')
    emulator.faults.withholdHellos(1)
    emulator.faults.dropConnections(1001)
    expect(await emulator.gateway.expect('online')).toMatchObject({ sessionId: first })
    emulator.faults.refuseConnections(502, 2)
    emulator.faults.dropConnections()
    expect(await emulator.gateway.expect('online')).toMatchObject({ sessionId: first })
  })

  it('lives through frames and handlers that make no sense', async () => {
    const handled = new Map<string, number>()
    const { emulator } = await start({
      setup: (app) => {
        counting(handled)(app)
        app.plugin(
          definePlugin({
            name: 'broken',
            setup: (ctx) =>
              void ctx.on('message-created', () => {
                throw new Error('This handler is broken.')
              }),
          }),
        )
      },
    })
    emulator.faults.sendFrame('no json')
    emulator.faults.sendFrame({ op: 99 })
    emulator.faults.requestHeartbeat()
    emulator.user().c2c.say('still there?')
    await eventually(() => expect(handled.get('still there?')).toBe(1))
  })

  it('logs in again with a new token after 4004', async () => {
    const { emulator } = await start({ clock: fastClock(20) })
    await emulator.gateway.expect('online')
    emulator.faults.expireTokens()
    emulator.faults.dropConnections(4009)
    await emulator.gateway.expect('online')
    expect(emulator.calls.filter(({ route }) => route?.endsWith('/getAppAccessToken'))).toHaveLength(2)
  })

  it.each([4914, 4915, 4010, 4014])('ends for good with %i and says why', async (code) => {
    const { emulator, bot, log } = await start({ clock: fastClock(100) })
    await emulator.gateway.expect('online')
    emulator.faults.dropConnections(code)
    await eventually(() => expect(bot.status).toBe('offline'))
    expect(log.join('')).toContain(`close code ${code}`)
  })

  it('ends with 4011 and tells how many shards are needed', async () => {
    const { emulator, bot, log } = await start({ clock: fastClock(100) })
    await emulator.gateway.expect('online')
    emulator.faults.dropConnections(4011)
    await eventually(() => expect(log.join('')).toMatch(/set shards to 1 and start again/))
    expect(bot.status).toBe('offline')
  })

  it('has one login per shard, and is online when all are', async () => {
    const { emulator } = await start({ config: { shards: 2 }, clock: fastClock(100) })
    const logins = [await emulator.gateway.expect('login'), await emulator.gateway.expect('login')]
    expect(logins.map(({ data }) => data)).toMatchObject([
      { shard: [0, 2], token: expect.stringMatching(/^QQBot /), intents: expect.any(Number), properties: {} },
      { shard: [1, 2] },
    ])
  })

  it('warns of intents that few bots are granted', async () => {
    const rare = await start({ config: { intents: ['GUILD_MESSAGES', 'FORUMS_EVENT'] } })
    expect(rare.log.join('')).toMatch(/GUILD_MESSAGES, FORUMS_EVENT: only private-domain bots/)
    const usual = await start({ config: { intents: ['GUILDS'] } })
    expect(usual.log.join('')).not.toMatch(/private-domain/)
  })

  it('leaves out what the bot was not granted, when asked to', async () => {
    const { emulator, log } = await start({
      clock: fastClock(100),
      config: { intents: ['GROUP_AND_C2C_EVENT', 'FORUMS_EVENT'], dropRefusedIntents: true },
      emulator: { grants: { intents: 1 << 25 } },
    })
    await emulator.gateway.expect('online')
    const logins = [await emulator.gateway.expect('login'), await emulator.gateway.expect('login')]
    expect(logins.at(-1)?.data).toMatchObject({ intents: 1 << 25 })
    expect(log.join('')).toContain('FORUMS_EVENT')
  })

  it('leaves nothing behind when it stops, and is one again after a restart', async () => {
    const handled = new Map<string, number>()
    const { emulator, app } = await start({ setup: counting(handled) })
    await emulator.gateway.expect('online')
    const instance = [...app.instances].find(({ name }) => name === 'qq')
    await instance?.restart()
    await emulator.gateway.expect('online')
    emulator.user().c2c.say('once')
    await eventually(() => expect(handled.get('once')).toBe(1))
    await app.stop()
    await eventually(() => expect(emulator.gateway.isOnline).toBe(false))
  })

  it('is not made while too few sessions may be started, and says until when', async () => {
    const { emulator } = await start({ emulator: { sessionStarts: 1 } })
    await emulator.gateway.expect('online')
    const { log, bot } = await launch(emulator)
    await eventually(() => expect(told(log)).toMatch(/only 0 may be started.*reset_after.*next try in/))
    expect(bot.status).toBe('connecting')
  })
})

describe('an operator hears', () => {
  it('that the platform is away, where, and when it is tried next, and that it is back', async () => {
    const absent = await startQQEmulator({ appId, secret })
    await absent.close()
    const address = absent.baseUrls.api
    const { emulator } = await start()
    const endpoints = { token: emulator.baseUrls.token, api: address }
    const { log, bot } = await launch(emulator, { config: { endpoints }, clock: fastClock(20) })
    await eventually(() => expect(told(log)).toMatch(/QQ API: nobody listens at http:\/\/127.0.0.1:\d+/))
    await eventually(() =>
      expect(told(log)).toMatch(/QQ gateway: where to connect is not known.*next try in/),
    )
    expect(bot.status).toBe('connecting')
  })

  it('that the connection was lost and works again', async () => {
    const { emulator, log, bot } = await start({ clock: fastClock(20) })
    await emulator.gateway.expect('online')
    emulator.faults.refuseConnections(502, 3)
    emulator.faults.dropConnections()
    await emulator.gateway.expect('online')
    await eventually(() => expect(bot.status).toBe('online'))
    await eventually(() => expect(told(log)).toMatch(/QQ gateway works again after/))
    expect(told(log)).toMatch(/QQ gateway: ws:\/\/127.0.0.1:\d+\/websocket\/ .*next try in/)
    expect(told(log)).toMatch(/HTTP 502/)
  })

  it('that the secret is wrong, and the bot comes online once it was mended', async () => {
    const { emulator } = await start()
    emulator.faults.call(
      'POST /app/getAppAccessToken',
      { kind: 'error-answer', status: 200, body: { code: 100016, message: 'no' } },
      2,
    )
    const exits: number[] = []
    const { log, bot } = await launch(emulator, {
      clock: fastClock(60),
      setup: (app) =>
        void app.plugin(
          definePlugin({
            name: 'exits',
            setup: (ctx) => void ctx.on('exit-requested', ({ code }) => void exits.push(code)),
          }),
        ),
    })
    await eventually(() => expect(bot.status).toBe('online'))
    expect(told(log)).toMatch(
      /QQ access token of 102000001: The token request was refused \(code 100016\).*next try in 60 s/,
    )
    expect(told(log)).not.toContain(secret)
    expect(exits).toEqual([])
  })

  it('that the secret is wrong, and the program ends with 78 where the config says so', async () => {
    const { emulator } = await start()
    const exits: { code: number; reason: string }[] = []
    await launch(emulator, {
      config: { secret: 'wrong', onRefused: 'exit' },
      setup: (app) =>
        void app.plugin(
          definePlugin({
            name: 'exits',
            setup: (ctx) =>
              void ctx.on('exit-requested', ({ code, reason }) => void exits.push({ code, reason })),
          }),
        ),
    })
    await eventually(() => expect(exits).toEqual([{ code: 78, reason: expect.stringMatching(/102000001/) }]))
  })

  it('of frames that cannot be read, which harm none behind them', async () => {
    const { emulator, bot, events } = await start()
    await emulator.gateway.expect('online')
    const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    emulator.faults.sendFrame('no json')
    await eventually(() => expect(bot.intake.refused).toBe(1))
    emulator.faults.sendFrame(`{"op":0,"t":"C2C_MESSAGE_CREATE","d":${nested}}`)
    emulator.user().c2c.say('still there?')
    await eventually(() => expect(events.some(({ message }) => message?.content.length === 1)).toBe(true))
    expect(bot.intake.refused).toBe(0)
  })
})
