import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { setStage } from './stage.ts'

const stage = setStage()
const lin = { userId: 1_357_924_680, nickname: 'Lin' }
const isMessage = (frame: Record<string, unknown>): boolean => frame['post_type'] === 'message'

describe('events', () => {
  it('arrive twice', async () => {
    const { emulator, client } = await stage.connect()
    emulator.faults.duplicateEvents(Infinity)
    const { id } = await emulator.friend(lin).say('hi')
    expect([await client.event(), await client.event()]).toMatchObject([
      { message_id: id },
      { message_id: id },
    ])
  })

  it('arrive late, in order', async () => {
    const { emulator, client } = await stage.connect()
    emulator.faults.delayEvents(20, Infinity)
    const alice = emulator.friend(lin)
    const start = performance.now()
    await Promise.all(['one', 'two', 'three'].map((text) => alice.say(text)))
    const events = [await client.event(), await client.event(), await client.event()]
    expect(events.map((event) => event['raw_message'])).toEqual(['one', 'two', 'three'])
    expect(performance.now() - start).toBeGreaterThan(15)
  })
})

describe('answers', () => {
  it('are lost, though the call was carried out', async () => {
    const { emulator, client } = await stage.connect()
    const alice = emulator.friend(lin)
    emulator.faults.call('send_private_msg', { kind: 'answer-lost' })
    client.socket.send(
      JSON.stringify({
        action: 'send_private_msg',
        params: { user_id: lin.userId, message: 'one' },
        echo: 'lost',
      }),
    )
    await client.call('send_private_msg', { user_id: lin.userId, message: 'two' })
    await alice.expectReply('one')
    await alice.expectReply('two')
    expect(client.texts.some((text) => text.includes('"lost"'))).toBe(false)
    expect(emulator.calls[0]?.answer).toBeUndefined()
  })

  it('come late', async () => {
    const { emulator, client } = await stage.connect()
    emulator.faults.call('get_status', { kind: 'late', delayMs: 20 }, Infinity)
    const late = client.call('get_status')
    const quick = client.call('get_login_info')
    expect(await Promise.race([late, quick])).toMatchObject({ echo: 'c-2' })
    expect(await late).toMatchObject({ echo: 'c-1', retcode: 0 })
  })

  it('wait until they are released, in any order', async () => {
    const { emulator, client } = await stage.connect()
    const held = emulator.faults.holdAnswers('get_status')
    const calls = [client.call('get_status'), client.call('get_status'), client.call('get_login_info')]
    expect(await Promise.race(calls)).toMatchObject({ echo: 'c-3' })
    expect(held.waiting).toBe(2)
    held.release((waiting) => waiting.toReversed())
    await Promise.all(calls)
    const echoes = client.texts.map((text) => JSON.parse(text).echo).filter((echo) => echo !== undefined)
    expect(echoes).toEqual(['c-3', 'c-2', 'c-1'])
  })

  it('are what the test says, and nothing is carried out', async () => {
    const { emulator, client } = await stage.connect({ profile: 'go-cqhttp' })
    const alice = emulator.friend(lin)
    const answer = { status: 'failed', retcode: 100, data: null, msg: 'SEND_MSG_API_ERROR' }
    emulator.faults.call('send_private_msg', { kind: 'error-answer', answer })
    const call = { user_id: lin.userId, message: 'hi' }
    expect(await client.call('send_private_msg', call)).toEqual({ ...answer, echo: 'c-1' })
    expect(alice.unread).toEqual([])
    expect(await client.call('send_private_msg', call)).toMatchObject({ retcode: 0 })
  })

  it('are cut off together with the connection', async () => {
    const { emulator, client } = await stage.connect()
    const alice = emulator.friend(lin)
    emulator.faults.call('*', { kind: 'connection-dropped', carriedOut: true }, Infinity)
    const closed = once(client.socket, 'close')
    client.socket.send(
      JSON.stringify({ action: 'send_msg', params: { user_id: lin.userId, message: 'hi' }, echo: 1 }),
    )
    expect((await closed)[0]).toBe(1006)
    await alice.expectReply('hi')
  })

  it('are right again once the faults are cleared', async () => {
    const { emulator, client } = await stage.connect()
    emulator.faults.call('*', { kind: 'answer-lost' }, Infinity)
    emulator.faults.duplicateEvents(Infinity)
    const held = emulator.faults.holdAnswers()
    client.socket.send(JSON.stringify({ action: 'get_status', echo: 'lost' }))
    await emulator.expectCall('get_status')
    emulator.faults.clear()
    expect(held.waiting).toBe(0)
    await emulator.friend(lin).say('once')
    expect(await client.call('get_login_info')).toMatchObject({ retcode: 0 })
    expect(client.texts.filter((text) => isMessage(JSON.parse(text)))).toHaveLength(1)
    expect(client.texts.some((text) => text.includes('"lost"'))).toBe(false)
  })
})
