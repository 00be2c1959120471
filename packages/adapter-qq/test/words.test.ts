import { definePlugin } from '@mynah/core'
import { marketFace } from '@mynah/emulator-qq'
import { describe, expect, it } from 'vitest'
import { fastClock } from './clocks.ts'
import { eventually, start } from './start.ts'

const answering = definePlugin({
  name: 'answering',
  setup(ctx) {
    ctx.command('find <picture:image>').action(({ args: [picture] }) => `found ${picture.title}`)
    ctx.command('echo <what:content>').action(({ args: [what] }) => what)
  },
})
const setup = (app: { plugin: (plugin: typeof answering) => unknown }): void => void app.plugin(answering)
const picture = { url: 'https://example.invalid/a.png', filename: 'a.png', content_type: 'image/png' }

describe('a person', () => {
  it('can hand a picture to a command, in a group and alone', async () => {
    const { emulator } = await start({ setup })
    const alice = emulator.user()
    const group = emulator.group()
    alice.c2c.say('/find ', { attachments: [picture] })
    expect((await alice.c2c.expectReply()).text).toBe('found a.png')
    alice.in(group).say('/find ', { attachments: [picture] })
    expect((await alice.in(group).expectReply()).text).toBe('found a.png')
  })

  it('addresses nobody by mentioning everybody in a group', async () => {
    const { emulator, events } = await start({ setup })
    const group = emulator.group({ fullMode: true })
    emulator.user().in(group).say('/echo x', { mentionAll: true })
    await eventually(() => expect(events.some(({ type }) => type === 'message-created')).toBe(true))
    const content = events.find(({ type }) => type === 'message-created')?.message?.content ?? []
    expect(content.map(({ attrs }) => attrs['type'] ?? attrs['content'])).toEqual(['all', ' /echo x'])
  })

  it('sends faces of the market whose words can be read', async () => {
    const { emulator, events } = await start()
    emulator.user().c2c.say(marketFace('[满头问号]'))
    await eventually(() => expect(events.at(-1)?.message?.content[0]?.attrs['content']).toBe('[满头问号]'))
  })

  it('mentions nobody through a bot that says everything again', async () => {
    const { emulator, bot } = await start({ setup })
    const channel = emulator.guild().channel()
    const alice = emulator.user().in(channel)
    alice.say('/echo hi @everyone')
    const { body } = await alice.expectReply(/hi/)
    expect(JSON.stringify(body)).not.toMatch(/@everyone|qqbot-at-everyone/)
    expect(bot.status).toBe('online')
  })
})

describe('a bot', () => {
  it('is not taken offline by op 9 while it logs in, and reads the close frame behind it', async () => {
    const { emulator, bot } = await start({ clock: fastClock(100) })
    await emulator.gateway.expect('online')
    emulator.faults.expireSessions()
    emulator.faults.refuseLogins({ invalidSession: false, closeAfter: 4903 }, 4)
    emulator.faults.dropConnections(4006)
    await emulator.gateway.expect('online')
    await eventually(() => expect(bot.status).toBe('online'))
  })
})
