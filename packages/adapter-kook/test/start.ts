import {
  App,
  type AppOptions,
  createLogger,
  definePlugin,
  type PluginInstance,
  type Session,
} from '@mynah/core'
import { localBotOf } from '@mynah/core/testing'
import database from '@mynah/database'
import { type KookEmulator, type KookEmulatorOptions, startKookEmulator } from '@mynah/emulator-kook'

import kook, { KookBot, type KookConfigInput } from '../src/index.ts'

/** What an app and its emulator begin with. */
export interface StartOptions {
  /** Config of the bot; `false` adds no bot yet. @defaultValue what the emulator needs */
  readonly config?: Partial<KookConfigInput> | false
  readonly app?: AppOptions
  readonly platform?: KookEmulatorOptions
  /** Another app's emulator. */
  readonly beside?: Started
  /** Where the database is; without it there is none. */
  readonly database?: string
  /** Adds plugins before the bot. */
  readonly setup?: (app: App) => void
}

/** An app with one bot and the emulator that the bot connects to. */
export interface Started extends AsyncDisposable {
  readonly emulator: KookEmulator
  readonly app: App
  readonly logs: string[]
  /** Every event of the bot, in order. */
  readonly sessions: Session[]
  readonly bot: KookBot
  /** The adapter as a plugin of the app. */
  readonly instance: PluginInstance | undefined
  /** Adds the bot. */
  connect(config?: Partial<KookConfigInput>): Promise<void>
}

/** Starts emulator and app; the bot is connected when it resolves. */
export async function start({
  config = {},
  app: options,
  platform,
  beside,
  database: url,
  setup,
}: StartOptions = {}): Promise<Started> {
  const emulator = beside?.emulator ?? (await startKookEmulator(platform))
  const logs: string[] = []
  const sessions: Session[] = []
  const logger = createLogger({ level: 'debug', stream: { write: (line) => logs.push(line) } })
  const app = new App({ graceMs: 50, logger, ...options })
  if (url !== undefined) app.plugin(database, url)
  setup?.(app)
  app.plugin(
    definePlugin({
      name: 'witness',
      setup(ctx) {
        ctx.on('event', (session) => void sessions.push(session))
        ctx.command('ping').action(() => 'pong')
      },
    }),
  )
  const started: Started = {
    emulator,
    app,
    logs,
    sessions,
    get bot() {
      for (const any of app.bots) {
        const bot = localBotOf(any)
        if (bot instanceof KookBot) return bot
      }
      throw new Error('there is no bot')
    },
    get instance() {
      return [...app.instances].find(({ name }) => name === 'kook')
    },
    async connect(own = {}) {
      const { token, baseUrl } = emulator
      const media = { privateHosts: [new URL(baseUrl).hostname] }
      app.plugin(kook, { token, baseUrl, media, ...own })
      await app.start()
    },
    async [Symbol.asyncDispose]() {
      await app.stop()
      await emulator.close()
    },
  }
  if (config !== false) {
    await started.connect(config)
    await emulator.online(15_000)
  }
  return started
}
