import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { selfId, setStage } from './stage.ts'
import type { OneBotEmulator } from '../src/emulator.ts'
import type { RawEvent } from '../src/wire/wire.ts'

interface Fixture {
  name: string
  event: RawEvent
}

const stage = setStage()
const fixtures: Fixture[] = JSON.parse(
  readFileSync(new URL('./fixtures/onebot11.events.json', import.meta.url), 'utf8'),
)

type Receive = () => Promise<unknown>

/** Each way in which events leave, and how the next one is read there. */
const transports: Record<string, (emulator: OneBotEmulator) => Promise<Receive>> = {
  'a forward WebSocket': async (emulator) => {
    const client = await stage.dial((await emulator.listenWebSocket()).url)
    await client.frame()
    return () => client.frame()
  },
  'a reverse WebSocket': async (emulator) => {
    const server = await stage.serve()
    await emulator.connectReverse(server.url)
    const { framework } = await server.client()
    await framework.frame()
    return () => framework.frame()
  },
  'a webhook': async (emulator) => {
    const receiver = await stage.receiveWebhooks()
    await emulator.useWebhook({ url: receiver.url })
    await receiver.event()
    return async () => (await receiver.event()).event
  },
}

describe.each(Object.entries(transports))('%s', (_name, open) => {
  it('carries every documented event unchanged', async () => {
    const emulator = await stage.start({ profile: 'go-cqhttp' })
    const receive = await open(emulator)
    expect(fixtures.length).toBeGreaterThan(100)
    for (const { name, event } of fixtures) {
      await emulator.emit(event)
      expect(await receive(), name).toEqual(event)
    }
  })
})

/** What the emulator itself writes has the fields of the documented events of the profile. */
const shapes = [
  ['message.group.normal.gocqhttp', 'go-cqhttp'],
  ['message.group.normal.napcat', 'napcat'],
  ['message.group.normal.llbot', 'llonebot'],
  ['message.group.normal.lagrange', 'lagrange'],
] as const

const person = { userId: 1_357_924_680, nickname: 'Lin', sex: 'female', age: 23 } as const

it.each(shapes)('a group message has the fields of %s', async (name, profile) => {
  const { emulator, client } = await stage.connect({ profile })
  const lin = emulator.friend(person)
  const group = emulator.group({ groupId: 765_432_109, name: 'Test & Co.' })
  await lin.in(group.add(lin, { card: 'Lin / QA', level: '18', title: '' })).say('hi')
  const event = await client.event()
  const documented = eventOf(name)
  expect(Object.keys(event).toSorted()).toEqual(Object.keys(documented).toSorted())
  expect(senderKeys(event)).toEqual(senderKeys(documented))
  const { post_type, message_type, sub_type, font, self_id } = event
  expect({ post_type, message_type, sub_type, font, self_id }).toEqual({
    post_type: documented['post_type'],
    message_type: documented['message_type'],
    sub_type: documented['sub_type'],
    font: documented['font'],
    self_id: selfId,
  })
})

it.each([
  ['message.private.friend.gocqhttp', 'go-cqhttp'],
  ['message.private.friend.napcat', 'napcat'],
] as const)('a private message has the fields of %s', async (name, profile) => {
  const { emulator, client } = await stage.connect({ profile })
  await emulator.friend(person).say('hi')
  const event = await client.event()
  const documented = eventOf(name)
  expect(Object.keys(event).toSorted()).toEqual(Object.keys(documented).toSorted())
  expect(senderKeys(event)).toEqual(senderKeys(documented))
})

function eventOf(name: string): RawEvent {
  const found = fixtures.find((fixture) => fixture.name === name)
  if (found === undefined) throw new TypeError(`no fixture ${name}`)
  return found.event
}

const senderKeys = ({ sender }: RawEvent): string[] => Object.keys(Object(sender)).toSorted()
