import type { LoginStatus } from '@mynah/core'
import { RecordingLogger, TestClock } from '@mynah/core/testing'
import { expect, it } from 'vitest'

import { OnlineWatch } from './online-watch.ts'

function build(isOnline: () => boolean): { watch: OnlineWatch; seen: LoginStatus[]; signOns: () => number } {
  const seen: LoginStatus[] = []
  let signOns = 0
  const api = {
    onlineStatus: async () => ({ online: isOnline(), online_os: [] }),
    online: async () => {
      signOns += 1
      throw new Error('the callback URL does not answer')
    },
  }
  const watch = new OnlineWatch({
    api,
    onStatus: (status) => seen.push(status),
    logger: new RecordingLogger(),
    clock: new TestClock(),
    everyMs: 60_000,
  })
  return { watch, seen, signOns: () => signOns }
}

it('signs on again with pauses that grow', async () => {
  const { watch, seen, signOns } = build(() => false)
  const looks: number[] = []
  for (let look = 1; look <= 40; look += 1) {
    const before = signOns()
    await watch.look()
    if (signOns() > before) looks.push(look)
  }
  expect(looks).toEqual([1, 3, 6, 11, 20, 37])
  expect(seen.every((status) => status === 'offline')).toBe(true)
})

it('leaves a bot alone that is online, and is quick again afterwards', async () => {
  let isOnline = true
  const { watch, seen, signOns } = build(() => isOnline)
  await watch.look()
  expect([seen, signOns()]).toEqual([['online'], 0])
  isOnline = false
  await watch.look()
  isOnline = true
  await watch.look()
  await watch.look()
  isOnline = false
  await watch.look()
  expect(signOns()).toBe(2)
})
