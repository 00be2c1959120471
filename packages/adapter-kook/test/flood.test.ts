import { definePlugin } from '@mynah/core'
import server from '@mynah/server'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { start, type Started } from './start.ts'

const count = 500
const words = Array.from({ length: count }, (_, index) => `m${index}`)

let started: Started

afterEach(() => started[Symbol.asyncDispose]())

/** Texts that a slow handler has seen. */
async function startSlowly(config: false | undefined): Promise<string[]> {
  started = await start({
    app: { limits: { maxRunning: 5, maxQueued: 50 } },
    ...(config === undefined ? {} : { config }),
  })
  const seen: string[] = []
  started.app.plugin(
    definePlugin({
      name: 'slow',
      setup(ctx) {
        ctx.on('message-created', async ({ text }) => {
          await new Promise((resolve) => setImmediate(resolve))
          seen.push(text)
        })
      },
    }),
  )
  return seen
}

const allSeen = (seen: string[]): Promise<void> =>
  vi.waitFor(() => expect(seen).toHaveLength(count), { timeout: 15_000 })

describe('500 messages where 5 are handled at a time and 50 may wait', () => {
  it('are all seen once when they come by the gateway', async () => {
    const seen = await startSlowly(undefined)
    const alice = started.emulator.user({ username: 'alice' })
    const lobby = started.emulator.guild({ members: [alice] }).channel('lobby')
    for (const text of words) alice.in(lobby).say(text)
    await allSeen(seen)
    expect(new Set(seen)).toEqual(new Set(words))
    expect(started.bot.intake.refused).toBe(0)
  })

  it('are all seen once, and answered in time, when they come by the webhook', async () => {
    const seen = await startSlowly(false)
    const verifyToken = 'verify-me'
    await started.connect({ transport: 'webhook', webhook: { verifyToken } })
    started.app.plugin(server, { port: 0 })
    let url: string | undefined
    started.app.plugin(
      definePlugin({ name: 'peek', inject: ['server'], setup: (ctx) => void (url = ctx.server.url) }),
    )
    await vi.waitFor(() => expect(url).toBeDefined())
    await vi.waitFor(() => expect(started.bot.status).toBe('online'))
    await started.emulator.useWebhook({ url: `${url}/kook`, verifyToken })
    const alice = started.emulator.user({ username: 'alice' })
    const lobby = started.emulator.guild({ members: [alice] }).channel('lobby')
    for (const text of words) alice.in(lobby).say(text)
    await started.emulator.webhook.idle()
    await allSeen(seen)
    expect(new Set(seen)).toEqual(new Set(words))
    expect(started.emulator.webhook.pushes.filter(({ ok }) => !ok)).toEqual([])
  })
})
