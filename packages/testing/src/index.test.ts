import { definePlugin } from '@mynah/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { createTestApp, expectNoLeaks, type TestApp } from './index.ts'

/** The example at the top of `index.ts`. */
const guard = definePlugin({
  name: 'guard',
  setup(ctx) {
    ctx.command('quiet <user:user> [minutes:int=10]').action(async ({ args: [user, minutes], session }) => {
      if (!(await session.confirm(`Mute ${user.id}?`))) return 'Never mind.'
      await session.bot.muteMember(session.guild?.id ?? '', user.id, minutes * 60_000)
      ctx.setTimeout(() => session.reply(`${user.id} may speak again.`), minutes * 60_000)
      return 'Done.'
    })
    ctx.on('guild-member-added', (session) => session.reply(`Welcome, ${session.user.name}!`))
  },
})

let t: TestApp

beforeEach(async () => {
  t = createTestApp()
  await t.plugin(guard)
})
afterEach(() => expectNoLeaks(t))

describe('the example', () => {
  it('mutes whom it is told to', async () => {
    const den = t.guild('den')
    const alice = t.user('alice').in(den, { role: 'admin' })

    await alice.say('/quiet bob 5')
    await alice.expectReply('Mute bob?')
    await alice.press('yes')
    await alice.expectReply('Done.')
    expect(await t.expectCall('muteMember')).toEqual(['den', 'bob', 300_000])

    await alice.expectSilence()
    await t.advance(300_000)
    await alice.expectReply('bob may speak again.')
  })

  it('welcomes people', async () => {
    const den = t.guild('den')
    const carol = t.user('carol', { name: 'Carol' })
    await den.add(carol)
    expect(await carol.in(den).expectReply(/^Welcome, Carol/)).toMatchObject({ text: 'Welcome, Carol!' })
  })

  it('says so when the platform refuses', async () => {
    const alice = t.user('alice').in(t.guild('den'))
    t.bot.failNext('muteMember')
    await alice.say('/quiet bob')
    await alice.press('yes')
    await alice.expectReply(/^The platform did not allow it/)
  })
})
