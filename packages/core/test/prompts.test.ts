import { afterEach, describe, expect, it, vi } from 'vitest'

import {
  type App,
  type AppOptions,
  type ChatEvent,
  type CommandAnswer,
  definePlugin,
  type ElementOf,
  findElement,
  isElement,
  type MessageSession,
  MynahError,
  plainText,
  segment,
  UserError,
} from '../src/index.ts'
import { FakeBot, startFakeApp } from './fake-bot.ts'

type Act = (session: MessageSession) => CommandAnswer | Promise<CommandAnswer>

/** An app whose commands do what the test says. */
function startAsking(commands: Record<string, Act>, options: AppOptions = {}) {
  const parts = startFakeApp(options)
  const instance = parts.app.plugin(
    definePlugin({
      name: 'asking',
      setup(ctx) {
        for (const [name, act] of Object.entries(commands)) {
          ctx.command(name).action(({ session }) => act(session))
        }
      },
    }),
  )
  return { ...parts, instance }
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

const failure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (MynahError.is(error) ? error.code : String(error)),
  )

afterEach(() => {
  vi.useRealTimers()
})

describe('a prompt', () => {
  it('says what is wrong, as often as may be tried again, and gives up by what was wrong last', async () => {
    const validate = (text: string): Promise<number> =>
      text === 'up' ? Promise.resolve(1) : Promise.reject(new UserError(`Not ${text}!`))
    const chat = startAsking({ way: (session) => session.prompt('Way?', { validate, retries: 1 }) })
    for (const line of ['/way', 'left', 'up', '/way', 'left', 'right', 'up']) await say(chat, line)
    expect(chat.bot.texts).toEqual(['Way?', 'Not left!', '1', 'Way?', 'Not left!', 'Not right!'])
  })

  it('takes an answer that comes before the platform says that the question is out', async () => {
    const { app, bot } = startAsking({ name: (session) => session.prompt('Name?') })
    const deliver = bot.onDeliver
    bot.onDeliver = async (message) => {
      if (plainText(message.elements) === 'Name?') await bot.say('/help')
      return deliver(message)
    }
    await bot.say('/name')
    await app.idle()
    expect(bot.texts).toEqual(['Name?', '/help'])
    expect(
      Array.from(app.inspect.traces, ({ steps }) => steps.map(({ kind }) => kind).includes('prompt')),
    ).toEqual([false, true])
  })

  it('sees pictures too', async () => {
    const chat = startAsking({
      look: (session) =>
        session.prompt('Picture?', {
          validate: (_, content) => findElement(content, 'image')?.attrs.src ?? 'none',
        }),
    })
    await say(chat, '/look')
    await chat.bot.say(segment.image('https://example.com/a.png'))
    await chat.app.idle()
    expect(chat.bot.texts.at(-1)).toBe('https://example.com/a.png')
  })

  it('hears one person in one place, or whoever is there', async () => {
    const chat = startAsking({
      mine: (session) => session.prompt('You?'),
      ours: (session) => session.prompt('Anybody?', { by: 'conversation' }),
    })
    await say(chat, '/mine')
    await say(chat, 'bob', { user: { id: 'bob' } })
    await say(chat, 'elsewhere', { channel: { id: 'attic', type: 'text' } })
    await say(chat, 'alice')
    await say(chat, '/ours')
    await say(chat, 'bob', { user: { id: 'bob' } })
    expect(chat.bot.texts).toEqual(['You?', 'alice', 'Anybody?', 'bob'])
  })

  it('waits for its turn behind older questions to the same person', async () => {
    const chat = startAsking({
      first: (session) => session.prompt('A?'),
      second: (session) => session.prompt('C?'),
    })
    void chat.bot.say('/first')
    await say(chat, '/second', { user: { id: 'bob' } })
    expect(chat.bot.texts).toEqual(['A?', 'C?'])
    await say(chat, 'bob is done', { user: { id: 'bob' } })
    chat.app.on('poke', (session) => session.prompt('D?').then((text) => session.reply(`poked: ${text}`)))
    void chat.bot.emit({ ...chat.bot.message(''), type: 'poke' })
    await chat.app.idle()
    await say(chat, '1')
    expect(chat.bot.texts.slice(3).sort()).toEqual(['1', 'D?'])
    await say(chat, '2')
    expect(chat.bot.texts.at(-1)).toBe('poked: 2')
    expect(chat.app.inspect.load.prompts).toBe(0)
  })

  it('ends by a word, in any case and width, and tells so', async () => {
    const chat = startAsking({ name: (session) => session.prompt('Name?', { cancelWords: ['stop'] }) })
    for (const line of ['/name', 'cancel', '/name', ' ＳＴＯＰ ']) await say(chat, line)
    expect(chat.bot.texts).toEqual(['Name?', 'cancel', 'Name?', 'Cancelled.'])
    expect(chat.logs.join('')).not.toContain('"level":50')
  })

  it.each(['fr', 'en', 'zh-CN'])(
    'understands English, Chinese and what the config adds, in %s',
    async (locale) => {
      const texts = { fr: { 'prompt.yes-words': 'oui', 'prompt.cancel-words': 'annuler' } }
      const chat = startAsking(
        { sure: async (session) => String(await session.confirm('?')) },
        { locale, texts },
      )
      const lines = ['yes', '好的', 'no', '不要', 'cancel', '取消']
      if (locale === 'fr') lines.push('oui', 'annuler')
      for (const line of lines) for (const said of ['/sure', line]) await say(chat, said)
      const answers = chat.bot.texts.filter((_, index) => index % 2 === 1)
      expect(answers.slice(0, 4)).toEqual(['true', 'true', 'false', 'false'])
      expect(answers.slice(6)).toEqual(locale === 'fr' ? ['true', answers[4]] : [])
      expect(answers[4]).toBe(answers[5])
    },
  )

  it('ends when nobody answers, in the language of the app, and counts the time of each answer', async () => {
    vi.useFakeTimers()
    const chat = startAsking(
      { age: (session) => session.number('几岁？', { timeoutMs: 1000 }) },
      { locale: 'zh-CN' },
    )
    void chat.bot.say('/age')
    await vi.advanceTimersByTimeAsync(900)
    void chat.bot.say('很多')
    await vi.advanceTimersByTimeAsync(999)
    expect(chat.bot.texts).toEqual(['几岁？', '这不是一个数字，请重新输入。'])
    await vi.advanceTimersByTimeAsync(1)
    expect(chat.bot.texts.at(-1)).toBe('等待超时，已结束提问。')
    expect(chat.app.inspect.load.prompts).toBe(0)
  })

  it('leaves what happens at the end to handlers that want to know', async () => {
    const errors: string[] = []
    const chat = startAsking({
      name: async (session) => void errors.push(await failure(session.prompt('Name?'))),
    })
    for (const line of ['/name', '取消']) await say(chat, line)
    expect(errors).toEqual(['PROMPT_CANCELLED'])
    expect(chat.bot.texts).toEqual(['Name?'])
  })

  it('fails at once when the question cannot be sent', async () => {
    const errors: string[] = []
    const { app, bot } = startAsking({
      name: async (session) => void errors.push(await failure(session.prompt('Name?'))),
    })
    bot.onDeliver = () => Promise.reject(new MynahError('API_REJECTED', 'Muted.'))
    await bot.say('/name')
    expect(errors).toEqual(['API_REJECTED'])
    expect(app.inspect.load.prompts).toBe(0)
  })

  it('ends with its plugin, also while it waits for its turn, and leaves nothing behind', async () => {
    const errors: string[] = []
    const note = async (session: MessageSession): Promise<void> =>
      void errors.push(await failure(Promise.all([session.prompt('A?'), session.prompt('B?')])))
    const chat = startAsking({ both: note })
    await say(chat, '/both')
    expect(chat.instance.scope?.effects().filter(({ kind }) => kind === 'prompt')).toHaveLength(2)
    await chat.instance.dispose()
    expect(errors).toEqual(['PLUGIN_STOPPED'])
    expect(chat.app.inspect.load.prompts).toBe(0)
    expect(chat.bot.texts).toEqual(['A?'])
  })

  it('does not hold up the end of the app', async () => {
    const errors: string[] = []
    const chat = startAsking({
      name: async (session) => {
        errors.push(await failure(session.prompt('Name?')), await failure(session.prompt('Really?')))
      },
    })
    await say(chat, '/name')
    await chat.app.stop()
    expect(errors).toEqual(['PLUGIN_STOPPED', 'PLUGIN_STOPPED'])
    expect(chat.app.inspect.load.running).toBe(0)
  })

  it('takes no place from other messages, and none of the time that handlers have', async () => {
    vi.useFakeTimers()
    const signals: AbortSignal[] = []
    const chat = startAsking(
      {
        name: async (session) => {
          signals.push(session.signal)
          const name = await session.prompt('Name?', { timeoutMs: 10_000 })
          await new Promise((resolve) => setTimeout(resolve, 1500))
          return name
        },
      },
      { limits: { maxRunning: 1, deadlineMs: 2000 } },
    )
    void chat.bot.say('/name')
    await vi.advanceTimersByTimeAsync(5000)
    void chat.bot.say('Ann')
    await vi.advanceTimersByTimeAsync(1500)
    expect(chat.bot.texts).toEqual(['Name?', 'Ann'])
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
  })

  it('answers to the latest message, as platforms want that count their answers', async () => {
    const chat = startAsking({ name: (session) => session.prompt('Name?') })
    const answered: (string | undefined)[] = []
    const deliver = chat.bot.onDeliver
    chat.bot.onDeliver = (message) => {
      answered.push(message.event?.id)
      return deliver(message)
    }
    for (const line of ['/name', 'Ann']) await say(chat, line)
    expect(answered).toEqual(['m1', 'm2'])
  })
})

describe('a question for a number', () => {
  it.each([
    ['１２', {}, '12'],
    ['-0.5', {}, '-0.5'],
    ['1e3', {}, 'That is not a number. Please try again.'],
    ['', {}, 'That is not a number. Please try again.'],
    ['0x10', {}, 'That is not a number. Please try again.'],
    ['1.5', { integer: true }, 'Please give a whole number.'],
    ['99999999999999999999', { integer: true }, 'Please give a whole number.'],
    ['0', { min: 1 }, 'Please give at least 1.'],
    ['7', { max: 6 }, 'Please give at most 6.'],
    ['6', { min: 1, max: 6, integer: true }, '6'],
  ])('understands "%s" within %o', async (answer, range, reply) => {
    const chat = startAsking({ n: (session) => session.number('N?', range) })
    for (const line of ['/n', answer]) await say(chat, line)
    expect(chat.bot.texts.at(-1)).toBe(reply)
  })
})

describe('a question for yes or no', () => {
  it.each([
    ['en', 'Yes!', 'true'],
    ['en', 'nope', 'false'],
    ['en', 'perhaps', 'Please answer yes or no.'],
    ['zh-CN', '好的。', 'true'],
    ['zh-CN', '不要', 'false'],
    ['zh-CN', '也许', '请回答“是”或“否”。'],
  ])('understands in %s "%s"', async (locale, answer, reply) => {
    const act: Act = async (session) => String(await session.confirm('Sure?'))
    const chat = startAsking({ ask: act }, { locale })
    for (const line of ['/ask', answer]) await say(chat, line)
    expect(chat.bot.texts[0]).toBe(locale === 'en' ? 'Sure? (yes/no)' : 'Sure? (是/否)')
    expect(chat.bot.texts.at(-1)).toBe(reply)
  })
})

describe('a question for one of several', () => {
  const sizes = [
    { label: 'Small', value: 1 },
    { label: 'Big', value: 2 },
  ]

  it.each([
    ['2', '2'],
    ['1.', '1'],
    ['big', '2'],
    ['ＢＩＧ', '2'],
    ['3', 'Please choose one of: Small, Big.'],
    ['0', 'Please choose one of: Small, Big.'],
  ])('is answered by "%s"', async (answer, reply) => {
    const chat = startAsking({ size: (session) => session.select('Size?', sizes) })
    for (const line of ['/size', answer]) await say(chat, line)
    expect(chat.bot.texts).toEqual(['Size?\n1. Small\n2. Big', reply])
  })

  it('prefers labels to numbers, and needs a choice', async () => {
    const errors: string[] = []
    const chat = startAsking({
      year: (session) => session.select('Level?', ['2', '1']),
      none: async (session) => {
        errors.push(await failure(Promise.resolve().then(() => session.select('What?', []))))
      },
    })
    for (const line of ['/year', '1', '/none']) await say(chat, line)
    expect(chat.bot.texts.at(-1)).toBe('1')
    expect(errors).toEqual(['PROMPT_INVALID'])
  })
})

describe('buttons', () => {
  class ButtonBot extends FakeBot {
    override readonly support = { elements: ['button', 'button-group'] }
    readonly buttons: ElementOf<'button'>[] = []
    readonly acked: string[] = []

    constructor() {
      super('buttons')
      this.onDeliver = (message) => {
        const group = findElement(message.elements, 'button-group')
        this.buttons.push(...(group?.children ?? []).filter((child) => isElement(child, 'button')))
        return Promise.resolve({ status: 'delivered', messageIds: ['1'] })
      }
    }

    /** Presses the button number `index` of all that have been sent; in a channel of its own, as some platforms do. */
    press(index: number, userId = 'alice'): Promise<void> {
      const { message: _, ...event } = this.message('')
      const id = this.buttons[index]?.attrs.id ?? ''
      return this.handle({
        ...event,
        type: 'interaction/button',
        user: { id: userId },
        channel: { id: `direct-${userId}`, type: 'direct' },
        button: { id },
      })
    }

    override ackInteraction(event: ChatEvent): Promise<void> {
      this.acked.push(event.button?.id ?? '')
      return Promise.resolve()
    }
  }

  function startWithButtons(act: Act) {
    const { app, logs } = startAsking({ go: act })
    const bot = new ButtonBot()
    app.addBot(bot)
    return { app, bot, logs }
  }

  it('answer for the person who was asked, and are acknowledged', async () => {
    const chat = startWithButtons((session) => session.select('Size?', ['small', 'big']))
    await say(chat, '/go')
    expect(chat.bot.texts).toEqual(['Size?smallbig'])
    expect(chat.bot.buttons.map(({ attrs }) => attrs.for)).toEqual(['alice', 'alice'])
    await chat.bot.press(1, 'bob')
    await chat.app.idle()
    expect(chat.bot.texts).toHaveLength(1)
    await chat.bot.press(1)
    await chat.app.idle()
    expect(chat.bot.texts.at(-1)).toBe('big')
    expect(chat.bot.acked).toEqual([chat.bot.buttons[1]?.attrs.id])
  })

  it('of an older question do not answer a newer one', async () => {
    const chat = startWithButtons(async (session) => {
      const first = await session.confirm('First?')
      return `${first} ${await session.confirm('Second?')}`
    })
    await say(chat, '/go')
    await chat.bot.press(1)
    await chat.app.idle()
    await chat.bot.press(0)
    await chat.app.idle()
    expect(chat.bot.texts).toEqual(['First?yesno', 'Second?yesno'])
    await chat.bot.press(2)
    await chat.app.idle()
    expect(chat.bot.texts.at(-1)).toBe('false true')
  })

  it('may be answered by words, and still work after a wrong one', async () => {
    const chat = startWithButtons((session) => session.select('Size?', ['small', 'big']))
    for (const line of ['/go', 'huge']) await say(chat, line)
    await chat.bot.press(0)
    await chat.app.idle()
    expect(chat.bot.texts).toEqual(['Size?smallbig', 'Please choose one of: small, big.', 'small'])
  })

  it('answer also when the platform refuses to hear that they were seen', async () => {
    const chat = startWithButtons((session) => session.select('Size?', ['small']))
    chat.bot.ackInteraction = () => Promise.reject(new MynahError('API_REJECTED', 'Too late.'))
    await say(chat, '/go')
    await chat.bot.press(0)
    await chat.app.idle()
    expect(chat.bot.texts.at(-1)).toBe('small')
    expect(chat.logs.join('')).toContain('acknowledging a pressed button')
  })
})
