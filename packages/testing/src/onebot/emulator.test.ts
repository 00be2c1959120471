import { afterEach, describe, expect, it } from 'vitest'
import { startOneBotEmulator, type OneBotEmulator } from './emulator.ts'
import type { OneBotEmulatorOptions } from './options.ts'
import { dial } from '../../test/onebot-client.ts'

const selfId = 3_889_001_234
let closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function start(options: Partial<OneBotEmulatorOptions> = {}): Promise<OneBotEmulator> {
  const emulator = await startOneBotEmulator({ selfId, heartbeatMs: 0, ...options })
  closing.push(() => emulator.close())
  return emulator
}

describe('a forward WebSocket', () => {
  it('opens with a lifecycle event and answers calls with their echo', async () => {
    const emulator = await start({ profile: 'go-cqhttp' })
    const server = await emulator.listenWebSocket()
    const client = await dial(server.url)
    closing.push(() => client.close())
    expect(await client.event()).toMatchObject({
      meta_event_type: 'lifecycle',
      sub_type: 'connect',
      _post_method: 2,
    })
    expect(await client.call('get_login_info')).toMatchObject({
      status: 'ok',
      retcode: 0,
      data: { user_id: selfId, nickname: 'Robo' },
    })
  })

  it('carries a chat both ways', async () => {
    const emulator = await start()
    const server = await emulator.listenWebSocket()
    const client = await dial(server.url)
    closing.push(() => client.close())
    const alice = emulator.friend({ userId: 1_357_924_680, nickname: 'Alice' })
    await alice.say('/ping')
    const event = await client.event((frame) => frame['post_type'] === 'message')
    expect(event).toMatchObject({ user_id: alice.userId, raw_message: '/ping' })
    await client.call('send_private_msg', { user_id: event['user_id'], message: 'pong' })
    expect(await alice.expectReply('pong')).toMatchObject({ text: 'pong' })
    await alice.expectSilence()
  })
})
