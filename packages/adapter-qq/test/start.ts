import { App, type ChatEvent, type Clock, createLogger, type DispatchLimits } from '@mynah/core'
import database from '@mynah/database'
import { localBotOf } from '@mynah/core/testing'
import server, { Server } from '@mynah/server'
import { type QQEmulator, type QQEmulatorOptions, startQQEmulator } from '@mynah/emulator-qq'
import { expect, onTestFinished, vi } from 'vitest'
import { qqAdapter } from '../src/adapter.ts'
import { QQBot } from '../src/bot.ts'
import type { QQConfigInput } from '../src/config.ts'
import { intentNames } from '../src/receive/intents.ts'

export const appId = '102000001'
export const secret = 'kq7Zt2WmXp9LcR4vBn3Y'

/** How a bot is started. */
export interface StartOptions {
  readonly config?: Partial<QQConfigInput>
  readonly emulator?: Partial<QQEmulatorOptions>
  readonly clock?: Clock
  /** Where the database is; without it there is none. */
  readonly database?: string
  readonly limits?: DispatchLimits
  readonly setup?: (app: App) => void
}

/** A bot that is online. */
export interface Started {
  readonly emulator: QQEmulator
  readonly app: App
  readonly bot: QQBot
  /** Events of this platform, in the order in which they came. */
  readonly events: ChatEvent[]
  /** Lines of the log. */
  readonly log: string[]
}

/** Config that points to an emulator. */
export function configFor(emulator: QQEmulator, config: Partial<QQConfigInput> = {}): QQConfigInput {
  const { token, api } = emulator.baseUrls
  return { appId, secret, intents: intentNames, endpoints: { token, api }, ...config }
}

/** Waits until a check holds, for as long as a busy machine may need. */
export function eventually<T>(check: () => T): Promise<T> {
  return vi.waitFor(check, { timeout: 15_000, interval: 5 })
}

/** Starts an emulator and a bot that is connected to it, over the gateway or a webhook. */
export async function start(options: StartOptions = {}): Promise<Started> {
  const emulator = await startQQEmulator({ appId, secret, ...options.emulator })
  onTestFinished(() => emulator.close())
  return connect(emulator, options)
}

/** Starts a bot against an emulator that runs, and waits until it is online. */
export async function connect(emulator: QQEmulator, options: StartOptions = {}): Promise<Started> {
  const started = await launch(emulator, options)
  const { bot, log } = started
  await eventually(() => expect(bot.status).not.toBe('connecting'))
  if (bot.status !== 'online') throw new Error(`The bot is ${bot.status}: ${log.join('')}`)
  return started
}

/** Starts a bot; whether it comes online is to be seen. */
export async function launch(emulator: QQEmulator, options: StartOptions = {}): Promise<Started> {
  const log: string[] = []
  const app = new App({
    logger: createLogger({ level: 'debug', stream: { write: (line) => log.push(line) } }),
    graceMs: 100,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  })
  onTestFinished(() => app.stop())
  const events: ChatEvent[] = []
  if (options.config?.transport === 'webhook') app.plugin(server, { port: 0 })
  if (options.database !== undefined) app.plugin(database, options.database)
  options.setup?.(app)
  app.plugin(qqAdapter, configFor(emulator, options.config))
  await app.start()
  const bot = localBotOf(app.bots.get(`qq:${appId}`))
  if (!(bot instanceof QQBot)) throw new Error(`The bot did not start: ${log.join('')}`)
  const emit = bot.emit.bind(bot)
  vi.spyOn(bot, 'emit').mockImplementation(async (event, signal) => {
    const acceptance = await emit(event, signal)
    if (acceptance === 'taken') events.push(event)
    return acceptance
  })
  const shared = app.service('server')
  if (shared instanceof Server) await emulator.useWebhook({ url: `${shared.url}/qq` })
  return { emulator, app, bot, events, log }
}
