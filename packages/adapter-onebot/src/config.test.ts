import { describe, expect, it } from 'vitest'

import { onebotConfig } from './config.ts'

const issuesOf = (input: object): string[] => {
  const result = onebotConfig.safeParse(input)
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('the config', () => {
  it('fills in what is left out', () => {
    expect(
      onebotConfig.parse({ forward: [{ url: 'ws://127.0.0.1:3001' }], reverse: [{}], webhook: [{}] }),
    ).toEqual({
      forward: [{ url: 'ws://127.0.0.1:3001', tokenIn: 'header', split: false, maxFrameBytes: 67_108_864 }],
      reverse: [{ path: '/onebot/v11', maxFrameBytes: 67_108_864 }],
      http: [],
      webhook: [{ path: '/onebot', answerWithin: 3000 }],
      timeout: 30_000,
      maxCalls: 64,
      messageFormat: 'array',
      catchUp: 0,
      maxMessageAge: 0,
      onRefused: 'retry',
      media: { localFiles: 'read', maxInlineBytes: 10_485_760 },
    })
  })

  it('takes accounts as numbers and as texts', () => {
    const parsed = onebotConfig.parse({ reverse: [{ accounts: [1357924680, ' 2468013579 '] }] })
    expect(parsed.reverse[0]?.accounts).toEqual(['1357924680', '2468013579'])
  })

  it('takes lengths of time in words and in ms', () => {
    const written = { webhook: [{ answerWithin: 50 }], timeout: '1m', maxMessageAge: '1h30m' }
    expect(onebotConfig.parse(written)).toMatchObject({
      webhook: [{ answerWithin: 50 }],
      timeout: 60_000,
      maxMessageAge: 5_400_000,
    })
  })

  it.each<[string, object, RegExp]>([
    ['a length of time that is none', { reverse: [{}], timeout: 'soon' }, /timeout.*10s/s],
    ['too little time for an answer', { reverse: [{}], timeout: 50 }, /timeout.*100 ms/s],
    ['an answer that waits too long', { webhook: [{ answerWithin: '2m' }] }, /answerWithin.*a minute/s],
    ['no connection', {}, /Add a connection/],
    ['an HTTP address for a WebSocket', { forward: [{ url: 'http://x' }] }, /ws:\/\//],
    ['a WebSocket address for the HTTP API', { http: [{ url: 'ws://x' }] }, /http:\/\//],
    ['no address', { forward: [{}] }, /forward\.0\.url/],
    ['a path without a slash', { reverse: [{ path: 'onebot' }] }, /begins with \//],
    ['an unknown field', { reverse: [{ tokn: 'x' }] }, /tokn/],
    ['an unknown field at the top', { reverse: [{}], forwards: [] }, /forwards/],
    ['an account that is no number', { reverse: [{ accounts: ['bob'] }] }, /accounts/],
    ['an empty token', { reverse: [{ token: '' }] }, /token/],
  ])('refuses %s', (_, input, pattern) => {
    expect(issuesOf(input).join('\n')).toMatch(pattern)
  })
})
