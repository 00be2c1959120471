import { afterEach } from 'vitest'
import { startOneBotEmulator, type OneBotEmulator } from '../src/emulator.ts'
import type { OneBotEmulatorOptions } from '../src/options.ts'
import type { OneBotForward } from '../src/gateway/transports.ts'
import {
  dial,
  receiveWebhooks,
  serve,
  type Framework,
  type FrameworkServer,
  type WebhookReceiver,
} from './client.ts'

export const selfId = 3_889_001_234
export const groupId = 765_432_109

/** Starts emulators and their clients, and closes everything after each test. */
export interface Stage {
  start(options?: Partial<OneBotEmulatorOptions>): Promise<OneBotEmulator>
  /** An emulator with a forward WebSocket and a client that read its `connect`. */
  connect(options?: Partial<OneBotEmulatorOptions>): Promise<{
    emulator: OneBotEmulator
    server: OneBotForward
    client: Framework
  }>
  dial(...args: Parameters<typeof dial>): Promise<Framework>
  serve(port?: number): Promise<FrameworkServer>
  receiveWebhooks(): Promise<WebhookReceiver>
}

export function setStage(): Stage {
  const open: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const thing of open.splice(0).reverse()) await thing.close()
  })
  const keep = <T extends { close(): Promise<void> }>(thing: T): T => {
    open.push(thing)
    return thing
  }
  const start: Stage['start'] = async (options = {}) =>
    keep(await startOneBotEmulator({ selfId, heartbeatMs: 0, ...options }))
  return {
    start,
    connect: async (options) => {
      const emulator = await start(options)
      const server = await emulator.listenWebSocket()
      const client = keep(await dial(`${server.url}/?access_token=${options?.accessToken ?? ''}`))
      await client.event()
      return { emulator, server, client }
    },
    dial: async (...args) => keep(await dial(...args)),
    serve: async (port) => keep(await serve(port)),
    receiveWebhooks: async () => keep(await receiveWebhooks()),
  }
}
