import { type App, definePlugin, render } from '@mynah/core'
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

describe('a reply', () => {
  it('is a command and a shortcut, also with the mention that clients put in front', async () => {
    const emulator = await startEmulator({ profile: 'napcat' })
    const { url } = await emulator.listenWebSocket()
    const said: string[] = []
    const app = await start({ forward: [{ url }] }, (target) => {
      pong(target)
      target.plugin(
        definePlugin({
          name: 'hp',
          setup(ctx) {
            ctx
              .command('hp')
              .shortcut('体力')
              .shortcut(/^#体力$/)
              .action(({ session }) => {
                const { quote, content } = session.message
                said.push(
                  `${quote?.user?.name ?? 'nobody known'}: ${render(quote?.content ?? [])}`,
                  render(content),
                )
                return 'full'
              })
          },
        }),
      )
    })
    await online(app)
    const bob = emulator.friend({ userId: 24_680, nickname: 'Bob' })
    const alice = emulator.friend({ userId: 1_357_924_680, nickname: 'Alice' })
    const group = emulator.group({ groupId: 765_432_109, name: 'Test' }).add(alice).add(bob)
    const member = alice.in(group)
    const { id } = await bob.in(group).say('how are you?')
    const at = { type: 'at', data: { qq: '24680' } }

    await member.replyTo(id, '/ping')
    await member.expectReply('pong')
    await member.replyTo(id, [at, { type: 'text', data: { text: ' /ping' } }])
    await member.expectReply('pong')
    await member.replyTo(-1234, [at, { type: 'text', data: { text: ' /ping' } }])
    await member.expectReply('pong')
    await member.replyTo(id, [at, { type: 'text', data: { text: ' 体力' } }])
    await member.expectReply('full')
    await member.replyTo(-1234, [at, { type: 'text', data: { text: ' #体力' } }])
    await member.expectReply('full')
    expect(said).toEqual([
      'Bob: how are you?',
      '<at id="24680"/> 体力',
      'nobody known: ',
      '<at id="24680"/> #体力',
    ])
  })
})
