import { deferred } from '@mynah/core/adapter'
import type { ChatEvent } from '@mynah/core'
import { expect, it } from 'vitest'

import { type ListPage, PagedList } from '../http.ts'
import type { KookChannel } from '../wire/objects.ts'
import { VoiceStates } from './voice-states.ts'

it('believes what events tell while the platform is asked, not what it answers then', async () => {
  const answer = deferred<ListPage<KookChannel>>()
  const states = new VoiceStates({ joinedBy: () => new PagedList(() => answer.promise) })
  const asked = states.channelOf('guild', 'alice')
  const joined: ChatEvent = {
    type: 'voice-joined',
    id: '1',
    platform: 'kook',
    platformType: 'kook/joined_channel',
    selfId: 'bot',
    time: 1,
    raw: undefined,
    guild: { id: 'guild' },
    user: { id: 'alice' },
    channel: { id: 'new', type: 'voice' },
  }
  states.watch(joined)
  answer.resolve({ items: [{ id: 'old' }] })
  await asked
  expect(await states.channelOf('guild', 'alice')).toBe('new')
})
