import { definePlugin, type App } from '@mynah/core'
import { describe, expect, it, vi } from 'vitest'
import { start } from './start.ts'

/** Handles one message after the other, each in a turn of its own. */
function slowly(seen: string[]) {
  return (app: App): void =>
    void app.plugin(
      definePlugin({
        name: 'slow',
        setup: (ctx) =>
          void ctx.on('message-created', async ({ text }) => {
            await new Promise((resolve) => setImmediate(resolve))
            seen.push(text)
          }),
      }),
    )
}

/** Pushes that are under way at the same time. */
const atOnce = 20

const limits = { maxRunning: 5, maxQueued: 50 }

describe.each(['websocket', 'webhook'] as const)('over %s', (transport) => {
  it('each of 500 messages is seen once, though but few may wait', async () => {
    const seen: string[] = []
    const { emulator, bot } = await start({ config: { transport }, limits, setup: slowly(seen) })
    const alice = emulator.user()
    for (let count = 0; count < 500; count += 1) {
      alice.c2c.say(`message ${count}`)
      // The platform does not push everything at the same moment.
      if (transport === 'webhook' && count >= atOnce) await emulator.webhook.expectPush()
    }
    await vi.waitFor(() => expect(seen).toHaveLength(500), { timeout: 50_000 })
    expect(new Set(seen).size).toBe(500)
    expect(bot.intake.refused).toBe(0)
  }, 60_000)
})

describe('a gateway', () => {
  it('is asked again for what nobody had room for', async () => {
    const seen: string[] = []
    const { emulator, log } = await start({ limits, setup: slowly(seen) })
    await emulator.gateway.expect('online')
    const alice = emulator.user()
    for (let count = 0; count < 2000; count += 1) alice.c2c.say(`message ${count}`)
    await vi.waitFor(() => expect(seen).toHaveLength(2000), { timeout: 50_000 })
    expect(new Set(seen).size).toBe(2000)
    expect(log.join('')).toMatch(/too many events wait to be handled/)
  }, 60_000)
})
