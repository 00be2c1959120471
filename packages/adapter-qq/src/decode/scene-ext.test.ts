import { describe, expect, it } from 'vitest'
import { readSceneExt } from './scene-ext.ts'

describe('a scene', () => {
  it('is split at the first equals sign', () => {
    expect(readSceneExt({ ext: ['msg_idx=REFIDX_aGVsbG8x==', 'auth_token=k9=Xw2', 'odd'] })).toEqual({
      msg_idx: 'REFIDX_aGVsbG8x==',
      auth_token: 'k9=Xw2',
    })
    expect(readSceneExt(undefined)).toEqual({})
  })
})
