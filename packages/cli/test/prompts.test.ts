import { startOneBotEmulator } from '@mynah/emulator-onebot'
import { expect, it, vi } from 'vitest'

import { TestProject } from './bot-process.ts'

vi.setConfig({ testTimeout: 120_000 })

const plugin = `import { ask, definePlugin, z } from '@mynah/core'
export default definePlugin({
  name: 'p',
  setup(ctx) {
    const t = ctx.i18n({ en: { hello: 'Hello!' }, 'zh-CN': { hello: '你好！' } })
    const join = ctx
      .form('join', { timeoutMs: 600_000 })
      .step('name', ask.text('Name?'))
      .step('age', ({ name }) => ask.number('How old are you, ' + name + '?'))
      .step('tea', ask.confirm('Tea?'))
      .action(({ answers: { name, age, tea } }) => ['joined', name, age, tea].join(' '))
    ctx.command('join').action(({ session }) => session.form(join))
    const settings = ctx.guildSettings(z.object({ motto: z.string().default('none') }))
    const guild = { platform: 'onebot', guild: { id: '1' } }
    ctx.command('motto [words:text]').action(async ({ args: [words] }) => {
      if (words !== undefined) await settings.set(guild, 'motto', words)
      return 'motto: ' + settings.of(guild).motto
    })
    ctx.command('ask').action(({ session }) => session.prompt('Anything?', { timeoutMs: 600_000 }))
    ctx.command('hello').action(({ session }) => t(session, 'hello'))
    ctx.command('speak <locale>').action(async ({ session, args: [locale] }) => {
      await session.setLocale(locale)
      return t(session, 'hello')
    })
  },
})
`

it('goes on with forms, languages, settings and the words about lost questions after each kill -9', async () => {
  await using emulator = await startOneBotEmulator({ selfId: 10_001 })
  const { url } = await emulator.listenWebSocket()
  const alice = emulator.friend({ userId: 1_357_924_680, nickname: 'Alice' })
  const bob = emulator.friend({ userId: 1_357_924_681, nickname: 'Bob' })
  const cora = emulator.friend({ userId: 1_357_924_682, nickname: 'Cora' })
  await using project = await TestProject.create({
    'bot.config.yaml': `database: sqlite:data/bot.db\nadapters:\n  onebot:\n    forward:\n      - url: ${url}\n`,
    'plugins/p.js': plugin,
  })

  /** What the bot sends to somebody. */
  const sent = (userId: number): string[] =>
    emulator.calls.flatMap(({ action, params }) =>
      action === 'send_msg' && Number(params['user_id']) === userId
        ? [/"text":"(.*?)"\}/.exec(JSON.stringify(params['message']))?.[1] ?? '']
        : [],
    )

  /** Says lines, each when the one before is answered, in a bot that is killed when all of that is on disk. */
  const talk = async (...lines: readonly (readonly [typeof alice, string])[]): Promise<void> => {
    await using bot = project.bot(['start'], {}, { stdin: 'ignore' })
    await emulator.online(40_000)
    // What she says last is answered once it is on disk, and so is all that came before.
    for (const [who, line] of [...lines, [cora, '/speak en']] as const) {
      const before = sent(who.userId).length
      await who.say(line)
      await vi.waitFor(() => expect(sent(who.userId).length).toBe(before + 1), {
        timeout: 40_000,
        interval: 5,
      })
    }
    bot.kill('SIGKILL')
    await bot.exited()
  }

  await talk([bob, '/speak zh-CN'], [bob, '/motto never mind'], [alice, '/join'], [alice, 'Ann'])
  await talk([alice, '36'], [bob, '/hello'], [bob, '/motto'], [bob, '/ask'])
  await talk([bob, 'something'], [alice, 'yes'], [alice, '/hello'])
  expect(sent(alice.userId)).toEqual([
    'Name?',
    'How old are you, Ann?',
    'Tea? (yes/no)',
    'joined Ann 36 true',
    'Hello!',
  ])
  expect(sent(bob.userId)).toEqual([
    '你好！',
    'motto: never mind',
    '你好！',
    'motto: never mind',
    'Anything?',
    '等待你回答时我重启了，请用 /ask 重新开始。',
  ])
})
