import { App, type AppOptions, createLogger, type LogStream } from '@mynah/core'
import { localBotOf } from '@mynah/core/testing'
import server, { Server } from '@mynah/server'
import { type OneBotEmulator, type OneBotEmulatorOptions, startOneBotEmulator } from '@mynah/emulator-onebot'

import { onTestFinished, vi } from 'vitest'

import { OneBotBot } from '../src/bot.ts'
import onebot, { type OneBotConfigInput } from '../src/index.ts'

export const selfId = 3_889_001_234

/** Log lines of an app, newest last. */
export class Lines implements LogStream {
  readonly lines: Record<string, unknown>[] = []

  write(line: string): void {
    this.lines.push(JSON.parse(line) as Record<string, unknown>)
  }

  clear(): void {
    this.lines.length = 0
  }

  /** Lines whose text matches. */
  like(pattern: RegExp): Record<string, unknown>[] {
    return this.lines.filter(({ msg }) => pattern.test(String(msg)))
  }
}

/** What the apps of a test have logged. */
export const lines: Lines = new Lines()

/** An emulated implementation, until the test is over. */
export async function startEmulator(options: Partial<OneBotEmulatorOptions> = {}): Promise<OneBotEmulator> {
  const emulator = await startOneBotEmulator({ selfId, heartbeatMs: 0, ...options })
  onTestFinished(() => emulator.close())
  return emulator
}

/** An app with the adapter, until the test is over; `plug` adds what is under test before it starts. */
export async function start(
  config: OneBotConfigInput,
  plug: (app: App) => void = () => {},
  options: AppOptions = {},
): Promise<App> {
  const logger = createLogger({ level: 'debug', stream: lines })
  const app = new App({ logger, graceMs: 500, ...options })
  onTestFinished(async () => {
    await app.stop()
    lines.clear()
  })
  if (config.reverse !== undefined || config.webhook !== undefined) app.plugin(server, { port: 0 })
  plug(app)
  app.plugin(onebot, config)
  await app.start()
  return app
}

/** Waits until a check holds, for as long as a busy machine may need. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 15_000 })

/** The shared server of an app. */
export function serverOf(app: App): Server {
  const shared = app.service('server')
  if (!(shared instanceof Server)) throw new Error('There is no server.')
  return shared
}

/** Where implementations dial. */
export const reverseUrl = (app: App, path = '/onebot/v11/ws'): string =>
  `${String(serverOf(app).url).replace('http', 'ws')}${path}`

/** The bot of an account; throws when it is not there yet. */
export function botOf(app: App, id: number | string = selfId): OneBotBot {
  const bot = localBotOf(app.bots.get(`onebot:${id}`))
  if (!(bot instanceof OneBotBot)) throw new Error(`onebot:${id} is not there yet.`)
  return bot
}
