import { describe, expect, it } from 'vitest'

import { type Context, definePlugin, type Outcome, UserError } from '../src/index.ts'
import { type FakeBot, startFakeApp } from './fake-bot.ts'

/** Outcomes as a middleware in front and an observer see them. */
interface Watched {
  readonly bot: FakeBot
  readonly inFront: Outcome[]
  readonly inTheEnd: Outcome[]
}

async function watched(setup: (ctx: Context) => void): Promise<Watched> {
  const { app, bot } = startFakeApp()
  const inFront: Outcome[] = []
  const inTheEnd: Outcome[] = []
  app.plugin(
    definePlugin({
      name: 'watcher',
      setup(ctx) {
        ctx.use(
          async (session, next) => {
            const answer = await next()
            inFront.push(session.outcome)
            return answer
          },
          { stage: 'guard' },
        )
        ctx.use((session) => void inTheEnd.push(session.outcome), { stage: 'observe' })
      },
    }),
  )
  app.plugin(definePlugin({ name: 'tools', setup }))
  await app.start()
  return { bot, inFront, inTheEnd }
}

function command(ctx: Context): void {
  ctx.command('ping').action(() => 'pong')
  ctx.command('say').action(async ({ session }) => void (await session.reply('said')))
  ctx.command('hush').action(() => undefined)
  ctx.command('drip').action(async function* () {
    yield 'one'
    yield 'two'
  })
  ctx.command('dry').action(async function* () {})
  ctx.command('boom').action(async ({ session }) => {
    await session.reply('wait for it')
    throw new Error('bang')
  })
  ctx.command('wrong').action(() => {
    throw new UserError('That is wrong.')
  })
  ctx
    .command('secret')
    .permission(() => false)
    .action(() => 'psst')
  ctx
    .command('seldom')
    .cooldown('1h')
    .action(() => 'now')
  ctx.command('count <n:int>').action(({ args: [n] }) => n)
  ctx.command('ask').action(async ({ session }) => `hello ${await session.prompt('Name?')}`)
  ctx
    .command('group')
    .subcommand('one')
    .action(() => '1')
}

describe('the outcome of a message', () => {
  it.each([
    ['a command that answers', '/ping', { status: 'answered', by: { plugin: 'tools', command: 'ping' } }],
    ['session.reply in a handler', '/say', { status: 'answered', by: { plugin: 'tools', command: 'say' } }],
    ['a command without an answer', '/hush', { status: 'silent', by: { plugin: 'tools', command: 'hush' } }],
    ['a stream', '/drip', { status: 'answered', by: { plugin: 'tools', command: 'drip' } }],
    ['a stream of nothing', '/dry', { status: 'silent', by: { plugin: 'tools', command: 'dry' } }],
    ['a command that throws', '/boom', { status: 'failed', by: { plugin: 'tools', command: 'boom' } }],
    ['a UserError', '/wrong', { status: 'answered', by: { plugin: 'tools', command: 'wrong' } }],
    ['a near miss', '/pign', { status: 'suggested' }],
    ['a lack of permission', '/secret', { status: 'refused', by: { plugin: 'tools', command: 'secret' } }],
    [
      'an argument that cannot be read',
      '/count x',
      { status: 'refused', by: { plugin: 'tools', command: 'count' } },
    ],
    ['a list of sub-commands', '/group', { status: 'answered', by: { plugin: 'tools', command: 'group' } }],
    ['an unknown command', '/xylophone', { status: 'unanswered' }],
    ['words for nobody', 'hi', { status: 'unanswered' }],
  ])('is right after %s', async (_, words, outcome) => {
    const { bot, inFront, inTheEnd } = await watched(command)
    await bot.say(words)
    expect([inFront, inTheEnd]).toEqual([[outcome], [outcome]])
  })

  it('is a refusal while a cooldown runs', async () => {
    const { bot, inTheEnd } = await watched(command)
    await bot.say('/seldom')
    await bot.say('/seldom')
    expect(inTheEnd.map(({ status }) => status)).toEqual(['answered', 'refused'])
  })

  it('is that of who asked where a message answers a question', async () => {
    const { bot, inFront, inTheEnd } = await watched(command)
    const asking = bot.say('/ask')
    await expect.poll(() => bot.texts).toEqual(['Name?'])
    await bot.say('Lin')
    await asking
    expect(inFront).toEqual([{ status: 'answered', by: { plugin: 'tools', command: 'ask' } }])
    expect(inTheEnd).toContainEqual({ status: 'silent', by: { plugin: 'tools' } })
    expect(inTheEnd).toContainEqual({ status: 'answered', by: { plugin: 'tools', command: 'ask' } })
  })

  it.each([
    ['answers', (ctx: Context) => ctx.use(() => 'me'), { status: 'answered', by: { plugin: 'tools' } }],
    [
      'answers by session.reply and passes it on',
      (ctx: Context) =>
        ctx.use(async (session, next) => {
          await session.reply('me')
          return next()
        }),
      { status: 'answered', by: { plugin: 'tools' } },
    ],
    ['ends it', (ctx: Context) => ctx.use(() => undefined), { status: 'silent', by: { plugin: 'tools' } }],
    [
      'throws',
      (ctx: Context) =>
        ctx.use(() => {
          throw new Error('no')
        }),
      { status: 'failed', by: { plugin: 'tools' } },
    ],
    ['passes it on', (ctx: Context) => ctx.use((_session, next) => next()), { status: 'unanswered' }],
    [
      'waits for what comes after it',
      (ctx: Context) => ctx.use(async (_session, next) => await next()),
      { status: 'unanswered' },
    ],
  ])('is right after a middleware that %s', async (_, setup, outcome) => {
    const { bot, inFront, inTheEnd } = await watched((ctx) => void setup(ctx))
    await bot.say('hi')
    expect([inFront, inTheEnd]).toEqual([[outcome], [outcome]])
  })

  it('is silence where a middleware keeps the answer of a command back', async () => {
    const { bot, inTheEnd } = await watched((ctx) => {
      command(ctx)
      ctx.use(async (_session, next) => void (await next()))
    })
    await bot.say('/ping')
    expect(inTheEnd).toEqual([{ status: 'silent', by: { plugin: 'tools' } }])
  })

  it('is that of a listener that replies, where nobody else takes the message', async () => {
    const { bot, inTheEnd } = await watched((ctx) => {
      command(ctx)
      ctx.on('message-created', (session) => session.reply('heard'))
    })
    await bot.say('hi')
    await bot.say('/hush')
    await bot.say('/secret')
    expect(inTheEnd.map(({ status }) => status)).toEqual(['answered', 'answered', 'refused'])
  })
})

describe('a fallback', () => {
  it('answers only when nobody has', async () => {
    const { app, bot } = startFakeApp()
    const asked: string[] = []
    app.plugin(
      definePlugin({
        name: 'chat',
        setup(ctx) {
          ctx.use(async (session, next) => {
            const answer = await next()
            const { status } = session.outcome
            if (status !== 'unanswered' && status !== 'suggested') return answer
            asked.push(session.text)
            return `You said: ${session.text}`
          })
        },
      }),
    )
    app.plugin(definePlugin({ name: 'tools', setup: command }))
    await app.start()
    for (const words of ['/ping', '/say', '/hush', '/drip', '/secret', '/boom']) await bot.say(words)
    expect(asked).toEqual([])
    await bot.say('/pign')
    await bot.say('hello there')
    expect(asked).toEqual(['/pign', 'hello there'])
    expect(bot.texts.slice(-2)).toEqual(['You said: /pign', 'You said: hello there'])
    await app.stop()
  })
})
