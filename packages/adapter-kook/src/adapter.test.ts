import { App, createLogger } from '@mynah/core'
import { startKookEmulator } from '@mynah/testing/kook'
import { expect, it } from 'vitest'

import kook from './index.ts'

it('answers a command', async () => {
  await using emulator = await startKookEmulator()
  const alice = emulator.user({ username: 'alice' })
  const lobby = emulator.guild({ members: [alice] }).channel('lobby')
  const app = new App({ logger: createLogger({ level: 'debug' }) })
  app.plugin(kook, { token: emulator.token, baseUrl: emulator.baseUrl })
  app.plugin(
    (await import('@mynah/core')).definePlugin({
      name: 'x',
      setup(ctx) {
        ctx.command('ping').action(() => 'pong')
      },
    }),
  )
  await app.start()
  await emulator.ready()
  alice.in(lobby).say('/ping')
  await alice.expectReply('pong')
  await app.stop()
  expect(emulator.gateway.connections).toBe(0)
})
