import { type App, definePlugin } from '@mynah/core'
import { describe, expect, it } from 'vitest'

import { botOf, eventually, reverseUrl, selfId, start, startEmulator } from './start.ts'

const online = (app: App, id: number | string = selfId) =>
  eventually(() => expect(botOf(app, id).status).toBe('online'))

const pingPlugin = definePlugin({
  name: 'ping',
  setup(ctx) {
    ctx.command('ping').action(() => 'pong')
    ctx.command('echo <words:text>').action(({ args: [words] }) => words)
  },
})

const pong = (app: App): void => {
  app.plugin(pingPlugin)
}

describe('a forward WebSocket', () => {
  it.each(['napcat', 'go-cqhttp', 'llonebot', 'lagrange'] as const)(
    'chats with %s on one socket',
    async (profile) => {
      const emulator = await startEmulator({ profile, accessToken: 's3cret' })
      const { url } = await emulator.listenWebSocket()
      const app = await start({ forward: [{ url, token: 's3cret' }] }, pong)
      await online(app)
      const alice = emulator.friend({ userId: 1_357_924_680, nickname: 'Alice' })
      const group = emulator.group({ groupId: 765_432_109, name: 'Test' }).add(alice)
      await alice.say('/ping')
      await alice.expectReply('pong')
      await alice.in(group).say('/echo hello there')
      await alice.in(group).expectReply('hello there')
      await alice.in(group).expectSilence()
    },
  )
})

describe('a reverse WebSocket', () => {
  it.each(['napcat', 'go-cqhttp', 'llonebot', 'lagrange'] as const)('chats with %s', async (profile) => {
    const emulator = await startEmulator({ profile, accessToken: 's3cret' })
    const app = await start({ reverse: [{ token: 's3cret' }] }, pong)
    await emulator.connectReverse(reverseUrl(app))
    await emulator.online()
    await online(app)
    const alice = emulator.friend({ userId: 1_357_924_680, nickname: 'Alice' })
    await alice.say('/ping')
    await alice.expectReply('pong')
  })
})
