import { describe, expect, it } from 'vitest'

import { definePlugin, segment, UserError, z } from '../src/index.ts'
import { startFakeApp } from './fake-bot.ts'

describe('a conversation', () => {
  it('answers a command', async () => {
    const { app, bot } = startFakeApp()
    app.plugin(definePlugin({ name: 'ping', setup: (ctx) => void ctx.command('ping').action(() => 'pong') }))
    await bot.say('/ping')
    expect(bot.texts).toEqual(['pong'])
  })

  it('hands typed arguments and options to the action', async () => {
    const { app, bot } = startFakeApp()
    app.plugin(
      definePlugin({
        name: 'dice',
        config: z.object({ sides: z.int().min(2).default(6) }),
        setup(ctx, config) {
          ctx
            .command('roll [times:int=1]', 'Roll a die')
            .option('sides', '-s <n:int>')
            .option('loud')
            .action(
              ({ args: [times], options }) =>
                `${times}d${options.sides ?? config.sides}${options.loud ? '!' : ''}`,
            )
        },
      }),
    )
    await bot.say('/roll')
    await bot.say('/roll 3 -s 20 --loud')
    await bot.say('/roll x')
    expect(bot.texts.slice(0, 2)).toEqual(['1d6', '3d20!'])
    expect(bot.texts[2]).toContain('times: "x" is not int.')
    expect(bot.texts[2]).toContain('Usage: /roll [times]')
  })

  it('lets middleware answer, pass on, and change the answer', async () => {
    const { app, bot } = startFakeApp()
    app.plugin(
      definePlugin({
        name: 'polite',
        setup(ctx) {
          ctx.command('ping').action(() => 'pong')
          ctx.use(async (session, next) => {
            if (session.text === 'hi') return 'hello'
            const answer = await next()
            return answer === undefined ? answer : [answer, ', please']
          })
        },
      }),
    )
    await bot.say('hi')
    await bot.say('/ping')
    await bot.say('nothing for you')
    expect(bot.texts).toEqual(['hello', 'pong, please'])
  })

  it('asks and takes the next message of the same person as the answer', async () => {
    const { app, bot } = startFakeApp()
    app.plugin(
      definePlugin({
        name: 'form',
        setup(ctx) {
          ctx.command('sum').action(async ({ session }) => {
            const read = (text: string): number => {
              if (Number.isNaN(Number(text))) throw new UserError('A number, please.')
              return Number(text)
            }
            const a = await session.prompt('First?', { validate: read })
            const b = await session.prompt('Second?', { validate: read })
            return a + b
          })
        },
      }),
    )
    const done = bot.say('/sum')
    await expect.poll(() => bot.texts).toEqual(['First?'])
    await bot.say('7', { user: { id: 'bob' } })
    await bot.say('x')
    await expect.poll(() => bot.texts).toEqual(['First?', 'A number, please.'])
    await bot.say('1')
    await expect.poll(() => bot.texts.at(-1)).toBe('Second?')
    await bot.say('2')
    await done
    expect(bot.texts.at(-1)).toBe('3')
  })

  it('knows when it is meant: prefix, name, mention, or a direct chat', async () => {
    const { app, bot } = startFakeApp({ prefix: ['/', '!!'], nicknames: ['Mynah'] })
    app.plugin(definePlugin({ name: 'ping', setup: (ctx) => void ctx.command('ping').action(() => 'pong') }))
    for (const content of ['!!ping', 'mynah, ping', [segment.at('bot'), ' ping']]) await bot.say(content)
    expect(bot.texts).toHaveLength(3)
    await bot.say('ping')
    await bot.say([segment.at('other'), ' ping'])
    expect(bot.texts).toHaveLength(3)
    await bot.say('ping', { channel: { id: 'd', type: 'direct' } })
    expect(bot.texts).toHaveLength(4)
  })

  it('suggests what a near miss may have meant', async () => {
    const { app, bot } = startFakeApp()
    app.plugin(definePlugin({ name: 'w', setup: (ctx) => void ctx.command('weather').action(() => 'sun') }))
    await bot.say('/wheater')
    await bot.say('/hepl')
    await bot.say('/nothing-like-it')
    expect(bot.texts).toEqual([
      'There is no command "wheater". Did you mean /weather?',
      'There is no command "hepl". Did you mean /help?',
    ])
  })

  it('shows what there is and how to use it', async () => {
    const { app, bot } = startFakeApp()
    app.plugin(
      definePlugin({
        name: 'guild',
        setup(ctx) {
          const guild = ctx.command('guild', 'Look after the guild')
          guild
            .subcommand('ban <user:user> [reason:text]', 'Ban somebody')
            .alias('ban')
            .action(() => 'banned')
        },
      }),
    )
    await bot.say('/help')
    expect(bot.texts[0]).toContain(
      '/guild  Look after the guild\n    /guild ban <user> [reason]  Ban somebody',
    )
    await bot.say('/help guild ban')
    expect(bot.texts[1]).toContain('Also: ban')
    await bot.say(['/guild ban ', segment.at('1'), ' because'])
    await bot.say(['/ban ', segment.at('1')])
    expect(bot.texts.slice(2)).toEqual(['banned', 'banned'])
  })

  it('sends a stream piece by piece', async () => {
    const { app, bot } = startFakeApp()
    app.plugin(
      definePlugin({
        name: 'count',
        setup(ctx) {
          ctx.command('count').action(async function* count() {
            yield 'one'
            yield 'two'
          })
        },
      }),
    )
    await bot.say('/count')
    expect(bot.texts).toEqual(['one', 'two'])
  })

  it('handles an event that is delivered twice once', async () => {
    const { app, bot } = startFakeApp()
    app.plugin(definePlugin({ name: 'ping', setup: (ctx) => void ctx.command('ping').action(() => 'pong') }))
    const event = bot.message('/ping')
    await Promise.all([bot.handle(event), bot.handle(event)])
    expect(bot.texts).toEqual(['pong'])
  })
})
