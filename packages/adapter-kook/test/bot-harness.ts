import { App, createLogger, definePlugin, type PluginInstance, type Session } from '@mynah/core'
import { type KookEmulator, type KookEmulatorOptions, startKookEmulator } from '@mynah/emulator-kook'

import kook, { KookBot, type KookConfigInput } from '../src/index.ts'

/** An app with one bot that is connected to an emulator. */
export class BotHarness implements AsyncDisposable {
  readonly emulator: KookEmulator
  readonly app: App
  readonly logs: string[]
  /** Every event of the bot, in order. */
  readonly sessions: Session[] = []

  private constructor(emulator: KookEmulator) {
    this.emulator = emulator
    this.logs = []
    this.app = new App({
      graceMs: 50,
      logger: createLogger({ level: 'debug', stream: { write: (line) => this.logs.push(line) } }),
    })
    const { sessions } = this
    this.app.plugin(
      definePlugin({
        name: 'witness',
        setup(ctx) {
          ctx.on('event', (session) => void sessions.push(session))
          ctx.command('ping').action(() => 'pong')
        },
      }),
    )
  }

  /** Starts emulator and app; the bot is connected when it resolves. */
  static async start(
    config: Partial<KookConfigInput> = {},
    options: KookEmulatorOptions = {},
  ): Promise<BotHarness> {
    const harness = await BotHarness.prepare(options)
    await harness.connect(config)
    await harness.emulator.online()
    return harness
  }

  /** Starts the emulator only. */
  static async prepare(options: KookEmulatorOptions = {}): Promise<BotHarness> {
    return new BotHarness(await startKookEmulator(options))
  }

  /** Another app with the same bot. */
  static async beside(other: BotHarness, config: Partial<KookConfigInput>): Promise<BotHarness> {
    const harness = new BotHarness(other.emulator)
    await harness.connect(config)
    return harness
  }

  /** Adds the bot. */
  async connect(config: Partial<KookConfigInput> = {}): Promise<void> {
    const { token, baseUrl } = this.emulator
    const media = { privateHosts: [new URL(baseUrl).hostname] }
    this.app.plugin(kook, { token, baseUrl, media, ...config })
    await this.app.start()
  }

  get bot(): KookBot {
    for (const bot of this.app.bots) if (bot instanceof KookBot) return bot
    throw new Error('there is no bot')
  }

  /** The adapter as a plugin of the app. */
  get instance(): PluginInstance | undefined {
    return [...this.app.instances].find(({ name }) => name === 'kook')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app.stop()
    await this.emulator.close()
  }
}
