import { describe, expect, it } from 'vitest'
import { usableSession } from './session-store.ts'

describe('a saved session', () => {
  const saved = { sessionId: 's', seq: 7, savedAt: 1_000_000, appId: '1', shard: [0, 1] as const, intents: 3 }
  it('is used again while it is fresh and nothing changed', () => {
    expect(usableSession(saved, saved, 1_000_000 + 60_000)).toEqual({ sessionId: 's', seq: 7 })
    expect(usableSession(saved, saved, 1_000_000 + 301_000)).toBeUndefined()
    for (const change of [{ appId: '2' }, { shard: [0, 2] as const }, { intents: 4 }]) {
      expect(usableSession(saved, { ...saved, ...change }, 1_000_000)).toBeUndefined()
    }
  })
})
