import { describe, expect, it } from 'vitest'

import {
  type App,
  type AppOptions,
  ask,
  type ChatEvent,
  definePlugin,
  findElement,
  isElement,
  MynahError,
  type Plugin,
  UserError,
} from '../src/index.ts'
import { TestClock } from '../src/testing/index.ts'
import { deferred } from '../src/shared/deferred.ts'
import { FakeBot, startFakeApp } from './fake-bot.ts'
import { Kept, keeping } from './kept.ts'

/** Who wants a drink: a question that depends on an answer, one that may be left out, and each way to answer. */
function bar(
  done: (answers: string) => unknown = () => undefined,
  lastStep: 'sure' | 'certain' = 'sure',
): Plugin {
  return definePlugin({
    name: 'bar',
    setup(ctx) {
      const order = ctx
        .form('order', { timeoutMs: 10_000 })
        .step('name', ask.text('Name?', { timeoutMs: 60_000 }))
        .step('drink', ({ name }) => ask.select(`What, ${name}?`, ['tea', 'milk']))
        .step('spoons', ({ drink }) =>
          drink === 'tea' ? ask.number('Sugar?', { max: 3, retries: 1 }) : undefined,
        )
        .step(lastStep, ask.confirm('Sure?'))
        .action(async ({ answers, session }) => {
          await done(JSON.stringify(answers))
          return `${session.user.id} gets ${JSON.stringify(answers)}`
        })
      ctx
        .command('order [name]')
        .action(({ session, args: [name] }) => session.form(order, name === undefined ? {} : { name }))
      ctx.on('poke', (session) => session.form(order, { name: 'Poked' }))
      ctx.command('ping').action(() => 'pong')
      ctx.command('ask').action(({ session }) => session.prompt('Else?'))
    },
  })
}

async function open(plugins: readonly Plugin[], options: AppOptions = {}) {
  const parts = startFakeApp(options)
  for (const plugin of plugins) parts.app.plugin(plugin)
  await parts.app.settled()
  return parts
}

/** Says it, and waits until the bot waits for an answer or has nothing more to do. */
async function say(
  { app, bot }: { app: App; bot: FakeBot },
  text: string,
  fields: Partial<ChatEvent> = {},
): Promise<void> {
  void bot.say(text, fields)
  await app.idle()
}

const ann = 'alice gets {"name":"Ann","drink":"tea","spoons":2,"sure":true}'

describe('a form', () => {
  it('asks step by step, by what was answered, and hands typed answers on', async () => {
    const chat = await open([bar()])
    for (const line of ['/order', 'Ann', 'coffee', '1', '9', '2', 'yes']) await say(chat, line)
    expect(chat.bot.texts).toEqual([
      'Name?',
      'What, Ann?\n1. tea\n2. milk',
      'Please choose one of: tea, milk.',
      'Sugar?',
      'Please give at most 3.',
      'Sure? (yes/no)',
      ann,
    ])
    expect(chat.app.inspect.load.prompts).toBe(0)
  })

  it('leaves out what is known, and what the answers leave no question for', async () => {
    const chat = await open([bar()])
    for (const line of ['/order Bob', 'milk', 'yes']) await say(chat, line)
    expect(chat.bot.texts.slice(-2)).toEqual([
      'Sure? (yes/no)',
      'alice gets {"name":"Bob","drink":"milk","sure":true}',
    ])
  })

  it('holds no handler and no place while it waits, and is one question to one person', async () => {
    const chat = await open([bar()], { limits: { maxRunning: 1 } })
    await say(chat, '/order')
    expect(chat.app.inspect.load).toMatchObject({ running: 0, prompts: 1 })
    void chat.bot.emit({ ...chat.bot.message(''), type: 'poke' })
    await say(chat, '/ping', { user: { id: 'bob' } })
    await say(chat, '/ping', { channel: { id: 'attic', type: 'text' } })
    await say(chat, '/order', { user: { id: 'bob' } })
    await say(chat, 'Ann')
    await say(chat, 'Bob', { user: { id: 'bob' } })
    expect(chat.bot.texts.slice(1)).toEqual([
      'pong',
      'pong',
      'Name?',
      'What, Ann?\n1. tea\n2. milk',
      'What, Bob?\n1. tea\n2. milk',
    ])
  })

  it('takes its turn with other questions to the same person', async () => {
    const chat = await open([bar()])
    const happen = async (type: string): Promise<void> => {
      void chat.bot.emit({ ...chat.bot.message(''), type })
      await chat.app.idle()
    }
    chat.app.on('guild-added', async (session) => {
      await session.reply(`added: ${await session.prompt('Added?')}`)
    })
    await say(chat, '/ask')
    await happen('poke')
    expect(chat.bot.texts).toEqual(['Else?'])
    await say(chat, 'else')
    await happen('guild-added')
    expect(chat.bot.texts.slice(1).toSorted()).toEqual(['What, Poked?\n1. tea\n2. milk', 'else'])
    for (const line of ['milk', 'yes', 'now']) await say(chat, line)
    expect(chat.bot.texts.slice(3).toSorted()).toEqual([
      'Added?',
      'Sure? (yes/no)',
      'added: now',
      'alice gets {"name":"Poked","drink":"milk","sure":true}',
    ])
  })

  it('ends by a word, by time, and by what was wrong last', async () => {
    const clock = new TestClock(0)
    const chat = await open([bar()], { clock })
    for (const line of ['/order', 'cancel', '/order Ann', 'tea', '4', '5']) await say(chat, line)
    await say(chat, '/order Ann')
    await clock.advance(9999)
    await say(chat, 'tea')
    await clock.advance(9999)
    expect(chat.app.inspect.load.prompts).toBe(1)
    await clock.advance(1)
    expect(chat.bot.texts.filter((text) => !text.includes('?'))).toEqual([
      'Cancelled.',
      'Please give at most 3.',
      'Please give at most 3.',
      'There was no answer, so I stopped waiting.',
    ])
    expect(chat.app.inspect.load.prompts).toBe(0)
  })

  it('tells the person what its action or a step has against it, and reports what is a mistake', async () => {
    const faulty = definePlugin({
      name: 'faulty',
      setup(ctx) {
        const act = ctx
          .form('act')
          .step('what', ask.text('What?', { validate: (text) => (text === 'date' ? new Date(0) : text) }))
          .step('then', ({ what }) => {
            if (what === 'step') throw new Error('step')
            return what === 'go' ? ask.text('Then?') : undefined
          })
          .action(({ answers: { what } }) => {
            if (what === 'no') throw new UserError('No.')
            if (what === 'action') throw new Error('action')
          })
        ctx.command('act').action(({ session }) => session.form(act))
      },
    })
    const chat = await open([faulty])
    const errors: string[] = []
    chat.app.on('plugin-error', ({ error, where }) => errors.push(`${where}: ${String(error)}`))
    for (const what of ['no', 'nothing', 'date', 'step', 'action']) {
      await say(chat, '/act')
      await say(chat, what)
    }
    await say(chat, '/act')
    chat.bot.onDeliver = () => Promise.reject(new MynahError('API_REJECTED', 'Muted.'))
    await say(chat, 'go')
    const failed = 'Something went wrong; the people who run this bot can see why in the log.'
    expect(chat.bot.texts.filter((text) => text !== 'What?')).toEqual(['No.', failed, failed, failed])
    expect(errors).toEqual([
      expect.stringMatching(/^form act: .*"what" of act cannot be stored.*ISO 8601/),
      'form act: Error: step',
      'form act: Error: action',
      expect.stringMatching(/^form act: .*Muted/),
    ])
    expect(chat.app.inspect.load.prompts).toBe(0)
  })

  it('is declared once, with steps of different names, and asks somebody somewhere', async () => {
    const problems: unknown[] = []
    const chat = await open([
      definePlugin({
        name: 'odd',
        setup(ctx) {
          const step = ask.text('?')
          const attempts = [
            () => ctx.form('none').action(() => undefined),
            () => ctx.form('twice').step('a', step).step('a', step),
            () =>
              ctx
                .form('one')
                .step('a', step)
                .action(() => undefined),
            () =>
              ctx
                .form('one')
                .step('a', step)
                .action(() => undefined),
          ]
          for (const attempt of attempts) {
            try {
              attempt()
            } catch (error) {
              problems.push(String(error))
            }
          }
          const form = ctx
            .form('two')
            .step('a', step)
            .action(() => undefined)
          ctx.on('guild-added', (session) => session.form(form))
        },
      }),
    ])
    chat.app.on('plugin-error', ({ error }) => problems.push(String(error)))
    const { user: _, channel: __, message: ___, ...event } = chat.bot.message('')
    await chat.bot.handle({ ...event, type: 'guild-added', guild: { id: 'g' } })
    expect(problems).toEqual([
      expect.stringContaining('none has no step'),
      expect.stringContaining('twice has the step "a" twice'),
      expect.stringContaining('odd has declared a form "one" already'),
      expect.stringContaining('guild-added is of nobody in a channel'),
    ])
  })
})

describe('buttons of a form', () => {
  class ButtonBot extends FakeBot {
    override readonly support = { elements: ['button', 'button-group'] }
    readonly ids: string[] = []

    constructor(selfId = 'buttons') {
      super(selfId)
      this.onDeliver = ({ elements }) => {
        const group = findElement(elements, 'button-group')
        const buttons = (group?.children ?? []).filter((child) => isElement(child, 'button'))
        this.ids.push(...buttons.map(({ attrs }) => attrs.id ?? ''))
        return Promise.resolve({ status: 'delivered', messageIds: ['1'] })
      }
    }

    /** Presses in a channel of its own, as some platforms do. */
    press(id = '', userId = 'alice'): Promise<void> {
      const { message: _, ...event } = this.message('')
      const channel = { id: `direct-${userId}`, type: 'direct' as const }
      const user = { id: userId }
      return this.handle({ ...event, type: 'interaction/button', user, channel, button: { id } })
    }
  }

  it('answer for the person who was asked, also after a restart, and what comes goes where it was asked', async () => {
    const kept = new Kept()
    const first = await open([keeping(kept), bar()])
    const old = new ButtonBot()
    first.app.addBot(old)
    await old.say('/order Ann')

    const chat = await open([keeping(kept), bar()])
    const bot = new ButtonBot()
    chat.app.addBot(bot)
    await bot.press(old.ids[1], 'bob')
    await bot.press('others')
    expect(bot.texts).toEqual([])
    await bot.press(old.ids[1])
    await bot.press(bot.ids[0])
    expect(bot.sent).toEqual([
      { channelId: 'lobby', text: 'Sure?yesno' },
      { channelId: 'lobby', text: 'alice gets {"name":"Ann","drink":"milk","sure":true}' },
    ])
  })
})

describe('an open form at a reload', () => {
  const swap = (chat: Awaited<ReturnType<typeof open>>, plugin: Plugin) => {
    const instance = Array.from(chat.app.instances).find(({ name }) => name === 'bar')
    if (instance === undefined) throw new Error('It does not run.')
    return chat.app.swap([{ instance, plugin, config: undefined }])
  }

  it('goes on with the new version where its steps are the same', async () => {
    const done: string[] = []
    const chat = await open([bar(() => done.push('old'))])
    for (const line of ['/order', 'Ann', 'tea']) await say(chat, line)
    await swap(
      chat,
      bar(() => done.push('new')),
    )
    for (const line of ['2', 'yes']) await say(chat, line)
    expect(chat.bot.texts.at(-1)).toBe(ann)
    expect(done).toEqual(['new'])
  })

  it('ends with a word to the person where they are not, or the plugin has gone', async () => {
    const chat = await open([bar()])
    for (const line of ['/order', 'Ann']) await say(chat, line)
    await swap(chat, bar(undefined, 'certain'))
    for (const line of ['tea', 'tea', '/order']) await say(chat, line)
    for (const instance of chat.app.instances) if (instance.name === 'bar') await instance.dispose()
    await say(chat, 'Ann')
    expect(chat.bot.texts.slice(2)).toEqual([
      'These questions have changed meanwhile and cannot go on; please start again.',
      'Name?',
      'These questions have changed meanwhile and cannot go on; please start again.',
    ])
    expect(chat.app.inspect.load.prompts).toBe(0)
  })
})

describe('an open form at a restart', () => {
  it('goes on at each step, and lets its action run once', async () => {
    const kept = new Kept()
    const done: string[] = []
    const said: string[] = []
    for (const line of ['/order', 'Ann', 'tea', '9', '2', 'yes', 'yes']) {
      // What is left of the last one goes on with nothing: it was killed.
      const chat = await open([keeping(kept), bar((answers) => done.push(answers))])
      await say(chat, line)
      said.push(...chat.bot.texts)
    }
    expect(said).toEqual([
      'Name?',
      'What, Ann?\n1. tea\n2. milk',
      'Sugar?',
      'Please give at most 3.',
      'Sure? (yes/no)',
      ann,
    ])
    expect(done).toHaveLength(1)
    expect((await kept.of('mynah:forms').entries()).data).toEqual([])
  })

  it('goes on after a stop, hears the same person in the same place alone, and counts as a question', async () => {
    const kept = new Kept()
    const first = await open([keeping(kept), bar()])
    for (const line of ['/order', 'Ann']) await say(first, line)
    await first.app.stop()
    expect(first.app.inspect.load.prompts).toBe(0)

    const chat = await open([keeping(kept), bar()])
    expect(chat.app.inspect.load.prompts).toBe(1)
    await say(chat, 'milk', { user: { id: 'bob' } })
    await say(chat, 'milk', { channel: { id: 'attic', type: 'text' } })
    expect(chat.bot.texts).toEqual([])
    await say(chat, 'milk')
    expect(chat.bot.texts).toEqual(['Sure? (yes/no)'])
  })

  it('still ends at its time, which is told, or when the bot was away', async () => {
    const kept = new Kept()
    const first = await open([keeping(kept), bar()], { clock: new TestClock(0) })
    await say(first, '/order Ann')
    await say(first, '/order Bob', { user: { id: 'bob' } })
    await say(first, 'tea', { user: { id: 'bob' } })

    const clock = new TestClock(6000)
    const second = await open([keeping(kept), bar()], { clock })
    await clock.advance(3999)
    await say(second, '2', { user: { id: 'bob' } })
    await clock.advance(1)
    expect(second.bot.texts).toEqual(['Sure? (yes/no)', 'There was no answer, so I stopped waiting.'])

    const third = await open([keeping(kept), bar()], { clock: new TestClock(100_000) })
    await say(third, 'yes', { user: { id: 'bob' } })
    await say(third, '/ping')
    expect(third.bot.texts).toEqual(['pong'])
    expect((await kept.of('mynah:forms').entries()).data).toEqual([])
  })

  it('asks again where the bot was killed before it knew that the question is out', async () => {
    const kept = new Kept()
    const first = await open([keeping(kept), bar()])
    await say(first, '/order')
    first.bot.onDeliver = () => new Promise(() => {})
    void first.bot.say('Ann')
    await expect.poll(async () => JSON.stringify(await kept.of('mynah:forms').entries())).toContain('"Ann"')

    const chat = await open([keeping(kept), bar()])
    for (const line of ['Ann', 'milk']) await say(chat, line)
    expect(chat.bot.texts).toEqual(['What, Ann?\n1. tea\n2. milk', 'Sure? (yes/no)'])
  })

  it('keeps the one that is asked when others that wait for their turn end with the app or the plugin', async () => {
    const kept = new Kept()
    const first = await open([keeping(kept), bar()])
    await say(first, '/order Ann')
    const poke = async (): Promise<void> => {
      void first.bot.emit({ ...first.bot.message(''), type: 'poke' })
      await first.app.idle()
    }
    await poke()
    const instance = Array.from(first.app.instances).find(({ name }) => name === 'bar')
    if (instance !== undefined) await first.app.swap([{ instance, plugin: bar(), config: undefined }])
    await poke()
    expect(first.app.inspect.load.prompts).toBe(2)
    await first.app.stop()

    const chat = await open([keeping(kept), bar()])
    for (const line of ['milk', 'yes']) await say(chat, line)
    expect(chat.bot.texts.at(-1)).toBe('alice gets {"name":"Ann","drink":"milk","sure":true}')
  })

  it('takes no message twice that the platform sends again after a crash', async () => {
    const kept = new Kept()
    const first = await open([keeping(kept), bar()])
    await say(first, '/order', { id: 'first' })
    const second = await open([keeping(kept), bar()])
    await say(second, '/order', { id: 'first', redelivered: true })
    await say(second, 'Ann', { id: 'second' })
    const third = await open([keeping(kept), bar()])
    await say(third, 'Ann', { id: 'second', redelivered: true })
    await say(third, 'milk')
    expect([...second.bot.texts, ...third.bot.texts]).toEqual([
      'What, Ann?\n1. tea\n2. milk',
      'Sure? (yes/no)',
    ])
  })

  it('waits for a plugin that is still starting', async () => {
    const kept = new Kept()
    const first = await open([keeping(kept), bar()])
    await say(first, '/order Ann')

    const gate = deferred()
    const chat = await open([keeping(kept)])
    chat.app.plugin(
      definePlugin({
        name: 'slow',
        async setup(ctx) {
          await gate.promise
          ctx.plugin(bar())
        },
      }),
    )
    const saying = chat.bot.say('milk')
    await expect.poll(() => chat.app.inspect.load.running).toBe(1)
    gate.resolve()
    await saying
    expect(chat.bot.texts).toEqual(['Sure? (yes/no)'])
  })
})
