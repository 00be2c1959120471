import { RemoteControl } from '@mynah/control/client'
import { OneBotEmulator } from '@mynah/emulator-onebot'
import { expect, it, vi } from 'vitest'

import { TestProject } from './bot-process.ts'

vi.setConfig({ testTimeout: 120_000 })

const stage = `import { definePlugin, permission } from '@mynah/core'

export default definePlugin({
  name: 'stage',
  setup(ctx) {
    const fine = () => 'fine'
    ctx.command('ping').action(fine)
    ctx.command('elsewhere').when(() => false).action(fine)
    ctx.command('secret').permission(permission.superuser).action(fine)
    ctx.command('slow').cooldown('1h').action(fine)
    ctx.command('rare').quota({ count: 1, every: '1d' }).action(fine)
    ctx.command('off').action(fine)
    ctx.command('mute').action(() => undefined)
    ctx.command('broken').action(() => { throw new Error('no luck') })
    ctx.command('endless').action(() => new Promise(() => {}))
    ctx.use((session, next) => (session.text.startsWith('spam') ? undefined : next()), { name: 'spam' })
  },
})
`

const waiting = `import { definePlugin } from '@mynah/core'
export default definePlugin({ name: 'waiting', inject: ['nowhere'], setup() {} })
`

/** What is said, by a person of its own, and why it gets no answer. */
const silences: readonly (readonly [lines: readonly string[], code: string, by: string])[] = [
  [['/elsewhere'], 'filtered', 'elsewhere'],
  [['good morning'], 'not-addressed', 'commands'],
  [['/unknown-thing'], 'no-command', 'commands'],
  [['/pign'], 'near-miss', 'commands'],
  [['/secret'], 'permission', 'secret'],
  [['/slow', '/slow'], 'cooldown', 'slow'],
  [['/rare', '/rare'], 'quota', 'rare'],
  [['/off'], 'disabled', 'off'],
  [['spam, spam'], 'swallowed', 'spam'],
  [['/mute'], 'nothing-said', 'mute'],
  [['/broken'], 'failed', 'stage'],
  [['/endless'], 'timed-out', 'stage'],
]

it('tells why each of these messages was not answered', async () => {
  await using emulator = new OneBotEmulator({ selfId: 10_000, nickname: 'Mynah' })
  const group = emulator.group({ groupId: 100, name: 'Tea house' })
  const { url } = await emulator.listenWebSocket()
  await using project = await TestProject.create({
    'bot.config.yaml': `database: false
limits: { deadlineMs: 300 }
commands: { off: { enabled: false } }
plugins: { retired: { enabled: false } }
adapters: { onebot: { forward: [{ url: '${url}' }] } }
`,
    'plugins/stage.js': stage,
    'plugins/waiting.js': waiting,
    'plugins/retired.js': waiting.replace("'waiting'", "'retired'"),
  })
  await using bot = project.bot(['start'])
  await emulator.online()
  await bot.expectLog('Started with')
  const control = await vi.waitFor(() => RemoteControl.open(project.root), 30_000)

  for (const [index, [lines, code, by]] of silences.entries()) {
    const userId = 1000 + index
    const person = emulator.stranger({ userId, nickname: `Person ${index}` })
    group.add(person)
    for (const line of lines) await person.in(group).say(line)
    const query = { user: String(userId), place: '100' }
    await vi.waitFor(async () => {
      const { text, reason } = await control.ask('explain', query)
      expect({ text, reason }).toMatchObject({ text: lines.at(-1), reason: { code, by } })
    }, 20_000)
  }

  const missing = await control.ask('explain', { user: '1002' })
  expect(missing).toMatchObject({ isAnswered: false, place: 'Tea house (100)', user: 'Person 2 (1002)' })
  expect(missing.notRunning.map(({ id, state }) => [id, state])).toEqual([
    ['plugins.waiting', 'pending'],
    ['plugins.retired', 'disabled'],
  ])
  const answered = await control.ask('explain', { user: '1005' })
  expect(answered.steps.map(({ kind }) => kind)).toContain('cooldown')

  const answer = { status: 'failed', retcode: 120, data: null, wording: 'the bot is muted' }
  emulator.faults.call('send_msg', { kind: 'error-answer', answer: { answer } }, 10)
  const victim = emulator.stranger({ userId: 2000, nickname: 'Victim' })
  group.add(victim)
  await victim.in(group).say('/ping')
  await vi.waitFor(async () => {
    expect(await control.ask('explain', { user: '2000' })).toMatchObject({
      isAnswered: false,
      reason: { code: 'send-failed', by: 'stage' },
    })
  }, 20_000)

  for (const [language, words] of [
    ['C.UTF-8', 'Command secret is not for everybody'],
    ['zh_CN.UTF-8', '没有使用命令 secret 的权限'],
  ] as const) {
    await using asked = project.bot(['explain', '--user', '1004'], { LC_ALL: language })
    expect(await asked.exited()).toBe(0)
    expect(asked.replies.join('\n')).toContain(words)
  }
})
