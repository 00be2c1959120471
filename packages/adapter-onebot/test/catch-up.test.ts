import { type App, type ChatEvent, plainText } from '@mynah/core'
import { beforeEach, describe, expect, it } from 'vitest'

import { botOf, eventually, start, startEmulator } from './start.ts'
import { record } from './plugins.ts'

let events: ChatEvent[]

beforeEach(() => {
  events = []
})

const online = (app: App) => eventually(() => expect(botOf(app).status).toBe('online'))
const heard = (): string[] =>
  events
    .filter(({ type }) => type === 'message-created')
    .map(({ message }) => plainText(message?.content ?? []))

async function connect(profile: 'napcat' | 'go-cqhttp' | 'llonebot' | 'lagrange', catchUp: number) {
  const emulator = await startEmulator({ profile })
  const { url } = await emulator.listenWebSocket()
  const app = await start({ forward: [{ url }], catchUp }, (made) => void made.plugin(record(events)))
  await online(app)
  const alice = emulator.friend({ userId: 1, nickname: 'Alice' })
  const group = emulator.group({ groupId: 5, name: 'Test' }).add(alice)
  const quiet = emulator.group({ groupId: 6, name: 'Quiet' }).add(alice)
  return { emulator, app, alice, group, quiet }
}

describe('catching up after a lost connection', () => {
  it.each(['napcat', 'go-cqhttp', 'llonebot', 'lagrange'] as const)(
    'hands on what was said meanwhile on %s, late and once',
    async (profile) => {
      const { emulator, app, alice, group, quiet } = await connect(profile, 10)
      await alice.in(group).say('before 1')
      await alice.in(group).say('before 2')
      await eventually(() => expect(heard()).toHaveLength(2))
      await botOf(app).sendMessage('5', 'own')
      await emulator.stop()
      await alice.in(group).say('missed 1')
      await alice.in(group).say('missed 2')
      await alice.in(quiet).say('where the bot has not been lately')
      await emulator.resume()
      await online(app)
      await eventually(() => expect(heard()).toHaveLength(4))
      await alice.in(group).say('after')
      await eventually(() => expect(heard()).toHaveLength(5))
      await emulator.silence()
      expect(heard()).toEqual(['before 1', 'before 2', 'missed 1', 'missed 2', 'after'])
      const late = events.filter(({ late }) => late === true)
      expect(late.map(({ message }) => plainText(message?.content ?? []))).toEqual(['missed 1', 'missed 2'])
    },
  )

  it('fetches nothing unless it is asked for', async () => {
    const { emulator, app, alice, group } = await connect('napcat', 0)
    await alice.in(group).say('before')
    await emulator.restart()
    await online(app)
    await emulator.silence()
    expect(emulator.calls.some(({ action }) => action.endsWith('_history'))).toBe(false)
  })

  it('looks at the latest conversations only', async () => {
    const { emulator, app, alice, group, quiet } = await connect('napcat', 1)
    await alice.in(quiet).say('older')
    await alice.in(group).say('newer')
    await eventually(() => expect(heard()).toHaveLength(2))
    await emulator.restart()
    await online(app)
    await emulator.expectCall('get_group_msg_history')
    await emulator.silence()
    const asked = emulator.calls.filter(({ action }) => action === 'get_group_msg_history')
    expect(asked.map(({ params }) => params['group_id'])).toEqual([5])
  })

  it('does without an implementation that has no history', async () => {
    const { emulator, app, alice } = await connect('go-cqhttp', 5)
    await alice.say('private')
    await eventually(() => expect(heard()).toHaveLength(1))
    await emulator.restart()
    await online(app)
    await emulator.expectCall('get_friend_msg_history')
    await alice.say('again')
    await eventually(() => expect(heard()).toEqual(['private', 'again']))
  })
})
