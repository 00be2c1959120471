import { createServer, type Server } from 'node:net'
import { once } from 'node:events'
import { setTimeout as pass } from 'node:timers/promises'

import { describe, expect, it, vi } from 'vitest'

import { answering, type BotProcess, runProject } from '../bot-process.ts'
import { freePort, Platform, type PlatformOptions } from './platform.ts'

/** How long a platform is away, in ms; `pnpm soak` makes it long. */
const awayMs = Number(process.env['MYNAH_SOAK_MS'] ?? 1500)
vi.setConfig({ testTimeout: 400_000 + 2 * awayMs })

/** How a bot reaches a platform, or is reached. */
interface Way {
  readonly platform: PlatformOptions['platform']
  /** Entry of the config under `adapters`. */
  readonly adapter: (options: PlatformOptions, more?: object) => object
  /** Whether it is the bot that calls, and has to say that nobody answers. */
  readonly isCaller: boolean
  /**
   * Whether the bot holds a connection, and has to say why that is gone. Elsewhere the account is said to be gone:
   * the reason is that of the start, which is told once a minute.
   */
  readonly isConnected: boolean
}

const reverse: Way = {
  platform: 'onebot-reverse',
  adapter: ({ token }) => ({ onebot: { reverse: [{ token }] } }),
  isCaller: false,
  isConnected: false,
}

const ways: readonly Way[] = [
  {
    platform: 'onebot-forward',
    adapter: ({ port, token }, more = {}) => ({
      onebot: { forward: [{ url: `ws://127.0.0.1:${port}`, token }], ...more },
    }),
    isCaller: true,
    isConnected: true,
  },
  {
    platform: 'onebot-http',
    adapter: ({ port, token }, more = {}) => ({
      onebot: {
        http: [{ url: `http://127.0.0.1:${port}`, token }],
        webhook: [{ secret: token }],
        ...more,
      },
    }),
    isCaller: true,
    isConnected: false,
  },
  reverse,
  {
    platform: 'qq',
    adapter: ({ port, token }, more = {}) => ({
      qq: {
        appId: '102000001',
        secret: token,
        endpoints: {
          token: `http://127.0.0.1:${port}/app/getAppAccessToken`,
          api: `http://127.0.0.1:${port}`,
        },
        ...more,
      },
    }),
    isCaller: true,
    isConnected: true,
  },
  {
    platform: 'kook',
    adapter: ({ port, token }, more = {}) => ({
      kook: { token, baseUrl: `http://127.0.0.1:${port}/api/v3`, ...more },
    }),
    isCaller: true,
    isConnected: true,
  },
]
const callers = ways.filter(({ isCaller }) => isCaller)

const token = '1/MTAwMDA=/kO0k+EmUlAtOr/tOkEn0123456789=='
const otherToken = '1/MTAwMDA=/AnOtHeRtOkEn/0123456789012345678=='

async function optionsOf({ platform }: Way): Promise<PlatformOptions> {
  return { platform, port: await freePort(), botPort: await freePort(), token }
}

/** A bot that answers, as a service runs it: without a terminal. */
function startBot(
  { adapter }: Way,
  options: PlatformOptions,
  { more = {}, server = {} }: { readonly more?: object; readonly server?: object } = {},
): Promise<BotProcess> {
  const config = {
    adapters: { sandbox: {}, ...adapter(options, more) },
    server: { port: options.botPort, ...server },
  }
  return runProject(
    ['start'],
    { 'bot.config.json': JSON.stringify(config), 'plugins/ping.js': answering('ping', 'pong') },
    { stdin: 'ignore' },
  )
}

async function expectStop(bot: BotProcess): Promise<void> {
  bot.kill('SIGTERM')
  await bot.expectLog('SIGTERM: stopping')
  expect(await bot.exited()).toBe(0)
}

describe.concurrent.each(ways.map((way) => [way.platform, way] as const))('a bot on %s', (_, way) => {
  it('waits for its platform, answers, waits again while it is gone, and answers again', async () => {
    const options = await optionsOf(way)
    await using bot = await startBot(way, options)
    if (way.isCaller) await bot.expectLog(new RegExp(`127\\.0\\.0\\.1:${options.port}.*next try in`))
    else await bot.expectLog('Listening on')
    await pass(awayMs)
    {
      await using first = await Platform.start(options)
      await first.askUntil('/ping', 'pong')
      if (way.isCaller) await bot.expectLog(/works again after/)
      bot.forgetLog()
    }
    await bot.expectLog(way.isConnected ? /next try in/ : /is reconnecting|is offline/)
    await pass(awayMs)
    await using second = await Platform.start(options)
    await second.askUntil('/ping', 'pong')
    if (way.isConnected) await bot.expectLog(/works again after/)
    await expectStop(bot)
  })
})

describe.concurrent.each(callers.map((way) => [way.platform, way] as const))(
  'a token that %s refuses',
  (_, way) => {
    it('is told, and tried again', async () => {
      const options = await optionsOf(way)
      await using platform = await Platform.start(options)
      await using bot = await startBot(way, { ...options, token: otherToken })
      await bot.expectLog(/refused|token/i)
      await pass(awayMs)
      await expectStop(bot)
      expect(platform).toBeDefined()
    })

    it('ends the bot with 78 where the config says so', async () => {
      const options = await optionsOf(way)
      await using platform = await Platform.start(options)
      await using bot = await startBot(
        way,
        { ...options, token: otherToken },
        { more: { onRefused: 'exit' } },
      )
      expect(await bot.exited()).toBe(78)
      await bot.expectLog('stopping with exit code 78')
      expect(platform).toBeDefined()
    })
  },
)

describe.concurrent('a port that is in use', () => {
  const occupy = async (port: number): Promise<Server> => {
    const server = createServer().listen(port, '127.0.0.1')
    await once(server, 'listening')
    return server
  }

  it('is told, and tried again until it is free', async () => {
    const options = await optionsOf(reverse)
    const server = await occupy(options.botPort)
    await using bot = await startBot(reverse, options)
    await bot.expectLog(new RegExp(`${options.botPort}`))
    server.close()
    await bot.expectLog('Listening on')
    await using platform = await Platform.start(options)
    await platform.askUntil('/ping', 'pong')
    await expectStop(bot)
  })

  it('ends the bot with 69 where the config says so', async () => {
    const options = await optionsOf(reverse)
    const server = await occupy(options.botPort)
    await using bot = await startBot(reverse, options, { server: { onPortInUse: 'exit' } })
    expect(await bot.exited()).toBe(69)
    server.close()
    await bot.expectLog('stopping with exit code 69')
  })
})
