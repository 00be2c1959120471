import { describe, expect, it } from 'vitest'

import {
  type AppOptions,
  type ChatEvent,
  definePlugin,
  type Member,
  MynahError,
  type User,
} from '../src/index.ts'
import { TestClock } from '../src/testing/index.ts'
import { FakeBot, startFakeApp } from './fake-bot.ts'

class NamingBot extends FakeBot {
  readonly asked: string[] = []
  members: Readonly<Record<string, Member>> = {}
  users: Readonly<Record<string, User>> = {}

  override getMember(guildId: string, userId: string): Promise<Member> {
    this.asked.push(`${guildId}/${userId}`)
    const member = this.members[userId]
    return member === undefined ? Promise.reject(gone()) : Promise.resolve(member)
  }

  override getUser(userId: string): Promise<User> {
    this.asked.push(userId)
    const user = this.users[userId]
    return user === undefined ? Promise.reject(gone()) : Promise.resolve(user)
  }
}

function gone(): MynahError {
  return new MynahError('API_REJECTED', 'There is nobody of that id.')
}

const guild = { id: 'g' }

function start(options: AppOptions = {}): {
  bot: NamingBot
  nameOf(fields: Partial<ChatEvent>): Promise<unknown>
} {
  const { app } = startFakeApp(options)
  const bot = new NamingBot('naming')
  app.addBot(bot)
  app.plugin(
    definePlugin({
      name: 'who',
      setup: (ctx) => void ctx.command('who').action(({ session }) => session.displayName()),
    }),
  )
  const nameOf = async (fields: Partial<ChatEvent>): Promise<unknown> => {
    await bot.say('/who', fields)
    return bot.texts.at(-1)
  }
  return { bot, nameOf }
}

describe('the name that people see', () => {
  it.each<[string, Partial<ChatEvent>, string]>([
    ['in the guild', { guild, user: { id: '7', name: 'Ann' }, member: { nick: 'Annie' } }, 'Annie'],
    ['as the person chose it', { guild, user: { id: '7', name: 'Ann' }, member: {} }, 'Ann'],
  ])('is told by the event, %s', async (_, fields, name) => {
    const { bot, nameOf } = start()
    expect(await nameOf(fields)).toBe(name)
    expect(bot.asked).toEqual([])
  })

  it('is asked for where the event does not tell it, once in a while', async () => {
    const clock = new TestClock(0)
    const { bot, nameOf } = start({ clock })
    bot.members = { 7: { nick: 'Annie' } }
    expect(await nameOf({ guild, user: { id: '7' } })).toBe('Annie')
    expect(await nameOf({ guild, user: { id: '7', name: '' } })).toBe('Annie')
    expect(bot.asked).toEqual(['g/7'])
    await clock.advance(10 * 60_000)
    expect(await nameOf({ guild, user: { id: '7' } })).toBe('Annie')
    expect(bot.asked).toEqual(['g/7', 'g/7'])
  })

  it('is that of the person who is no member any more', async () => {
    const { bot, nameOf } = start()
    bot.users = { 7: { id: '7', name: 'Ann' } }
    expect(await nameOf({ guild, user: { id: '7' } })).toBe('Ann')
  })

  it('is the id where nobody tells it, and is asked for again', async () => {
    const { bot, nameOf } = start()
    expect(await nameOf({ guild, user: { id: '7' } })).toBe('7')
    bot.members = { 7: { nick: 'Annie' } }
    expect(await nameOf({ guild, user: { id: '7' } })).toBe('Annie')
  })
})
