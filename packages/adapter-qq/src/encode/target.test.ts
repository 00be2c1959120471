import { describe, expect, it } from 'vitest'
import { channelIdOf, type Target, targetOf } from './target.ts'

describe('places', () => {
  it.each<[string, Target]>([
    ['private:8F2B6D01C94E4A73B5D8E7F6A1C20394', { kind: 'c2c', id: '8F2B6D01C94E4A73B5D8E7F6A1C20394' }],
    ['5A1C7E93B0D24F6889C2E1F7A3B4D5C6', { kind: 'group', id: '5A1C7E93B0D24F6889C2E1F7A3B4D5C6' }],
    ['7304518', { kind: 'channel', id: '7304518' }],
    ['16038617105584902418', { kind: 'channel', id: '16038617105584902418' }],
    ['dm:8810293847561029384', { kind: 'dm', id: '8810293847561029384' }],
  ])('%s is known by its form, not by trying', (channelId, target) => {
    expect(targetOf(channelId)).toEqual(target)
    expect(channelIdOf(target)).toBe(channelId)
  })
})
