import { type App, definePlugin } from '@mynah/core'
import { deferred } from '@mynah/core/adapter'
import { describe, expect, it, vi } from 'vitest'
import { eventually, start } from './start.ts'

const friendAdd = (id: string): string =>
  JSON.stringify({ id, op: 0, s: 0, t: 'FRIEND_ADD', d: { openid: 'U', timestamp: 1 } })

/** Takes note of the events that were handled, whichever bot they came to. */
function noting(handled: string[], done?: Promise<unknown>) {
  return (app: App): void =>
    void app.plugin(
      definePlugin({
        name: 'noting',
        setup: (ctx) =>
          void ctx.on('friend-added', async ({ event }) => {
            handled.push(event.id)
            await done
          }),
      }),
    )
}

const config = { transport: 'webhook' } as const

describe('a push', () => {
  it('that comes while the adapter is reloaded is handled, or asked for again', async () => {
    const handled: string[] = []
    const { emulator, app, bot } = await start({ config, setup: noting(handled) })
    const instance = [...app.instances].find(({ name }) => name === 'qq')
    if (instance === undefined) throw new Error('The adapter does not run.')
    const { plugin, config: settings } = instance
    const answers = new Map<string, number>()
    const post = async (id: string): Promise<void> =>
      void answers.set(id, (await emulator.webhook.post(friendAdd(id))).status)
    const stop = bot.stop.bind(bot)
    vi.spyOn(bot, 'stop').mockImplementation(async () => {
      await post('between')
      await stop()
    })
    const reloaded = new AbortController()
    const push = async (): Promise<void> => {
      for (let count = 0; !reloaded.signal.aborted; count += 1) await post(`E${count}`)
    }
    const pushing = push()
    for (let round = 0; round < 5; round += 1) {
      await eventually(() => expect(handled.length).toBeGreaterThan(round * 5))
      await app.swap([{ instance, plugin, config: settings }])
    }
    reloaded.abort()
    await pushing
    expect(answers.get('between')).toBe(404)
    const taken = [...answers].flatMap(([id, status]) => (status === 200 ? [id] : []))
    await eventually(() => expect(handled).toEqual(taken))
    for (const [id, status] of answers) if (status !== 200) await post(id)
    await eventually(() => expect(handled.toSorted()).toEqual([...answers.keys()].toSorted()))
  })

  it('that comes while the program ends is left for the next start', async () => {
    const handled: string[] = []
    const gate = deferred()
    const { emulator, app, log } = await start({ config, setup: noting(handled, gate.promise) })
    await emulator.webhook.post(friendAdd('before'))
    await eventually(() => expect(handled).toEqual(['before']))
    const stopping = app.stop()
    expect((await emulator.webhook.post(friendAdd('after'))).status).not.toBe(200)
    gate.resolve()
    await stopping
    expect(handled).toEqual(['before'])
    expect(log.join('')).not.toMatch(/not handled/)
  })
})
