import { type App, type ChatEvent, plainText } from '@mynah/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { botOf, Rig } from './app.ts'
import { record } from './plugins.ts'

let rig: Rig
let events: ChatEvent[]

beforeEach(() => {
  rig = new Rig()
  events = []
})

afterEach(() => rig[Symbol.asyncDispose]())

const online = (app: App) => vi.waitFor(() => expect(botOf(app).status).toBe('online'), 5000)
const heard = (): string[] =>
  events
    .filter(({ type }) => type === 'message-created')
    .map(({ message }) => plainText(message?.content ?? []))

async function start(profile: 'napcat' | 'go-cqhttp' | 'llonebot' | 'lagrange', catchUp: number) {
  const emulator = await rig.emulator({ profile })
  const { url } = await emulator.listenWebSocket()
  const app = await rig.app({ forward: [{ url }], catchUp }, (made) => void made.plugin(record(events)))
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
      const { emulator, app, alice, group, quiet } = await start(profile, 10)
      await alice.in(group).say('before 1')
      await alice.in(group).say('before 2')
      await vi.waitFor(() => expect(heard()).toHaveLength(2))
      await botOf(app).sendMessage('5', 'own')
      await emulator.stop()
      await alice.in(group).say('missed 1')
      await alice.in(group).say('missed 2')
      await alice.in(quiet).say('where the bot has not been lately')
      await emulator.resume()
      await online(app)
      await vi.waitFor(() => expect(heard()).toHaveLength(4), 5000)
      await alice.in(group).say('after')
      await vi.waitFor(() => expect(heard()).toHaveLength(5))
      await emulator.silence()
      expect(heard()).toEqual(['before 1', 'before 2', 'missed 1', 'missed 2', 'after'])
      const late = events.filter(({ late }) => late === true)
      expect(late.map(({ message }) => plainText(message?.content ?? []))).toEqual(['missed 1', 'missed 2'])
    },
  )

  it('fetches nothing unless it is asked for', async () => {
    const { emulator, app, alice, group } = await start('napcat', 0)
    await alice.in(group).say('before')
    await emulator.restart()
    await online(app)
    await emulator.silence()
    expect(emulator.calls.some(({ action }) => action.endsWith('_history'))).toBe(false)
  })

  it('looks at the latest conversations only', async () => {
    const { emulator, app, alice, group, quiet } = await start('napcat', 1)
    await alice.in(quiet).say('older')
    await alice.in(group).say('newer')
    await vi.waitFor(() => expect(heard()).toHaveLength(2))
    await emulator.restart()
    await online(app)
    await emulator.expectCall('get_group_msg_history')
    await emulator.silence()
    const asked = emulator.calls.filter(({ action }) => action === 'get_group_msg_history')
    expect(asked.map(({ params }) => params['group_id'])).toEqual([5])
  })

  it('does without an implementation that has no history', async () => {
    const { emulator, app, alice } = await start('go-cqhttp', 5)
    await alice.say('private')
    await vi.waitFor(() => expect(heard()).toHaveLength(1))
    await emulator.restart()
    await online(app)
    await emulator.expectCall('get_friend_msg_history')
    await alice.say('again')
    await vi.waitFor(() => expect(heard()).toEqual(['private', 'again']))
  })
})
