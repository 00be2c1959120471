import { describe, expect, it } from 'vitest'

import { type Call, declareCall } from './declare-call.ts'

const echo = (name: string, parameters: object): Promise<unknown> => Promise.resolve([name, parameters])

describe('a declared call', () => {
  it('names its arguments in order', async () => {
    const mute: Call<[groupId: number, userId: number], unknown> = declareCall('mute(group, user)', echo)
    expect(await mute(1, 2)).toEqual(['mute', { group: 1, user: 2 }])
  })

  it('takes further parameters from the objects behind them', async () => {
    const list: Call<[groupId: number, query?: { page?: number }], unknown> = declareCall('list(group)', echo)
    expect(await list(1)).toEqual(['list', { group: 1 }])
    expect(await list(1, { page: 2 })).toEqual(['list', { group: 1, page: 2 }])
    const send: Call<[place: { id: number }, message: { text: string }], unknown> = declareCall('send', echo)
    expect(await send({ id: 1 }, { text: 'hi' })).toEqual(['send', { id: 1, text: 'hi' }])
  })

  it('leaves out what it has no name for', async () => {
    const ping = declareCall('ping', echo)
    expect(await ping('x', ['y'])).toEqual(['ping', {}])
  })
})
