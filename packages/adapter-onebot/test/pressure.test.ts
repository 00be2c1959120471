import { type App, definePlugin } from '@mynah/core'
import { deferred } from '@mynah/core/adapter'
import type { OneBotEmulator } from '@mynah/emulator-onebot'
import { describe, expect, it } from 'vitest'

import { botOf, eventually, lines, reverseUrl, selfId, serverOf, start, startEmulator } from './start.ts'

const limits = { maxRunning: 5, maxQueued: 50 }
const people = 20

/** Keeps every message until it is released, then answers it; a handler waits for its own answer. */
function makeEcho(answers = true) {
  const seen = new Set<string>()
  const gate = deferred()
  const plugin = definePlugin({
    name: 'echo',
    setup(ctx) {
      ctx.on('message-created', async (session) => {
        await gate.promise
        seen.add(session.text)
        if (answers) await session.reply(session.text)
      })
    },
  })
  return { seen, release: () => gate.resolve(), plugin }
}

interface Way {
  readonly emulator: OneBotEmulator
  readonly app: App
}

/** Opens a way in, with the app behind it. */
type Open = (plug: (app: App) => void) => Promise<Way>

const forward =
  (entry: object = {}): Open =>
  async (plug) => {
    const emulator = await startEmulator()
    const { url } = await emulator.listenWebSocket()
    return { emulator, app: await start({ forward: [{ url, ...entry }] }, plug, { limits }) }
  }

const reverse: Open = async (plug) => {
  const emulator = await startEmulator()
  const app = await start({ reverse: [{}] }, plug, { limits })
  await emulator.connectReverse(reverseUrl(app))
  return { emulator, app }
}

async function connect(open: Open) {
  const echo = makeEcho()
  const { emulator, app } = await open((made) => void made.plugin(echo.plugin))
  await eventually(() => expect(botOf(app).status).toBe('online'))
  // Whoever speaks before that speaks to nobody.
  await emulator.online(15_000)
  const friends = Array.from({ length: people }, (_, index) =>
    emulator.friend({ userId: index + 1, nickname: `friend ${index}` }),
  )
  const say = (count: number) =>
    Promise.all(
      Array.from({ length: count }, async (_, index) => friends[index % people]?.say(`message ${index}`)),
    )
  return { ...echo, app, say }
}

describe('more messages than the app has room for', () => {
  it.each<[string, Open]>([
    ['a universal socket that the bot dials', forward()],
    ['a socket for events alone', forward({ split: true })],
    ['a universal socket that the implementation dials', reverse],
  ])('are all seen over %s, also while handlers wait for their own answers', async (_, open) => {
    const { app, say, seen, release } = await connect(open)
    await say(500)
    release()
    await eventually(() => expect(seen.size).toBe(500))
    expect(botOf(app).intake.refused).toBe(0)
  })

  it('are lost over a universal socket only past a bound, and that is counted and told', async () => {
    const { app, say, seen, release } = await connect(forward())
    await say(1500)
    await eventually(() => expect(botOf(app).intake.refused).toBeGreaterThan(400))
    const { refused } = botOf(app).intake
    expect(refused).toBeLessThan(500)
    await eventually(() => expect(lines.like(/more came than could be handled/)).not.toEqual([]))
    release()
    await eventually(() => expect(seen.size).toBe(1500 - refused))
  })

  it('wait at the implementation where the socket is for events alone', async () => {
    const { app, say, seen, release } = await connect(forward({ split: true }))
    await say(1500)
    release()
    await eventually(() => expect(seen.size).toBe(1500))
    expect(botOf(app).intake.refused).toBe(0)
  })

  it('are refused with 503 by a webhook past the bound', async () => {
    const { seen, release, plugin } = makeEcho(false)
    const app = await start({ webhook: [{ answerWithin: 0 }] }, (made) => void made.plugin(plugin), {
      limits,
    })
    expect(await post(app, 0)).toBe(204)
    const { receiver } = botOf(app)
    let taken = 1
    // What waits moves on into the app until that is full, too.
    for (let refused = 0; refused < 5;) {
      if (receiver.receive(messageOf(taken))) taken += 1
      else refused += 1
      if (taken % 100 === 0 || refused > 0) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await post(app, taken)).toBe(503)
    expect(botOf(app).intake.refused).toBe(6)
    release()
    await eventually(() => expect(seen.size).toBe(taken))
    expect(await post(app, taken)).toBe(204)
    await eventually(() => expect(seen.size).toBe(taken + 1))
  })
})

const messageOf = (id: number): Readonly<Record<string, unknown>> => ({
  time: Math.floor(Date.now() / 1000),
  self_id: selfId,
  post_type: 'message',
  message_type: 'private',
  sub_type: 'friend',
  message_id: id + 1,
  user_id: (id % people) + 1,
  message: `message ${id}`,
  sender: {},
})

async function post(app: App, id: number): Promise<number> {
  const body = JSON.stringify(messageOf(id))
  const { status } = await fetch(`${serverOf(app).url}/onebot`, { method: 'POST', body })
  return status
}
