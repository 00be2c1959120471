import { definePlugin, permission, type Plugin } from '@mynah/core'
import { createTestApp, type TestApp } from '@mynah/testing'
import { afterEach, beforeEach, it } from 'vitest'

import database from '../src/index.ts'
import { type Place, sqliteFile } from './places.ts'

let place: Place
beforeEach(async () => {
  place = await sqliteFile()
})
afterEach(() => place.remove())

const tea: Plugin = definePlugin({
  name: 'tea',
  setup(ctx) {
    ctx
      .command('cup')
      .quota({ count: 2, every: '1d' })
      .action(() => 'a cup')
    ctx
      .command('pot')
      .cooldown('10m')
      .action(() => 'a pot')
    ctx
      .command('sip')
      .cooldown('30s')
      .action(() => 'a sip')
    ctx
      .command('free')
      .cooldown({ every: '10m', exempt: permission.everyone })
      .action(() => 'free')
  },
})

/** A bot whose clock begins at a time. */
async function from(time: string): Promise<TestApp> {
  const t = createTestApp({ now: Date.parse(time) })
  await t.plugin(database, place.url)
  await t.plugin(tea)
  return t
}

it('counts cooldowns and quotas on after a restart, until their time is over', async () => {
  const first = await from('2024-05-01T09:00:00Z')
  const ann = first.user('ann')
  for (const [said, answer] of [
    ['/cup', 'a cup'],
    ['/pot', 'a pot'],
    ['/sip', 'a sip'],
    ['/free', 'free'],
  ] as const) {
    await ann.say(said)
    await ann.expectReply(answer)
  }
  await first.stop()

  const second = await from('2024-05-01T09:05:00Z')
  const again = second.user('ann')
  const bob = second.user('bob')
  for (const [who, said, answer] of [
    [again, '/pot', /5 min/],
    [again, '/sip', 'a sip'],
    [again, '/free', 'free'],
    [again, '/cup', 'a cup'],
    [again, '/cup', /23 h/],
    [bob, '/cup', 'a cup'],
    [bob, '/pot', 'a pot'],
  ] as const) {
    await who.say(said)
    await who.expectReply(answer)
  }
  await second.stop()

  const third = await from('2024-05-02T09:01:00Z')
  await third.user('ann').say('/cup')
  await third.user('ann').expectReply('a cup')
  await third.stop()
})
