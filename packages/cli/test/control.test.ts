import { OneBotEmulator } from '@mynah/emulator-onebot'
import { expect, it, vi } from 'vitest'

import { exitCodes } from '../src/exit-codes.ts'
import { answering, type BotProcess, sandboxConfig, TestProject } from './bot-process.ts'

vi.setConfig({ testTimeout: 120_000 })

/** What a command of `bot` wrote, and its exit code. */
interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs a command that asks, in English unless told otherwise. */
async function ask(project: TestProject, args: readonly string[], language = 'C.UTF-8'): Promise<Outcome> {
  await using bot = project.bot(args, { LC_ALL: language })
  const code = await bot.exited()
  const err = bot.log.map(({ msg }) => msg).join('\n')
  return { code, out: bot.replies.join('\n'), err }
}

/** Runs a command that asks, and reads its JSON. */
async function json(project: TestProject, ...args: string[]): Promise<Record<string, unknown>> {
  const { out } = await ask(project, [...args, '--json'])
  return JSON.parse(out) as Record<string, unknown>
}

function pidOf(bot: BotProcess): number {
  if (bot.pid === undefined) throw new Error('The process did not start.')
  return bot.pid
}

it('a bot on OneBot tells how it is, shows its log, and says what it is told to say', async () => {
  await using emulator = new OneBotEmulator({ selfId: 10_000, nickname: 'Mynah' })
  emulator.group({ groupId: 100, name: 'Tea house' })
  const { url } = await emulator.listenWebSocket()
  await using project = await TestProject.create({
    'bot.config.yaml': `database: false\nadapters:\n  onebot:\n    forward:\n      - url: ${url}\n`,
    'plugins/ping.js': answering('ping', 'pong'),
    'plugins/ticks.js': `import { definePlugin } from '@mynah/core'
export default definePlugin({
  name: 'ticks',
  setup(ctx) {
    ctx.setInterval(() => { ctx.logger.info('tock'); ctx.logger.warn('tick') }, 100)
  },
})
`,
  })
  await using bot = project.bot(['start'])
  await emulator.online()
  await vi.waitFor(async () => {
    expect(await json(project, 'status')).toMatchObject({
      pid: pidOf(bot),
      accounts: [{ key: 'onebot:10000', name: 'Mynah', status: 'online' }],
    })
  }, 60_000)

  const english = await ask(project, ['status'])
  expect(english.out).toMatch(/onebot:10000 +Mynah +online/)
  expect(english.out).toMatch(/plugins\.ping +runs/)
  const chinese = await ask(project, ['status'], 'zh_CN.UTF-8')
  expect(chinese.out).toMatch(/onebot:10000 +Mynah +在线/)

  const sent = emulator.expectCall('send_msg')
  const said = await ask(project, ['send', 'Back at eight', '--account', 'onebot', '--channel', '100'])
  expect(said).toMatchObject({ code: 0, out: `onebot:10000 has sent it to 100.` })
  expect(JSON.stringify((await sent).params)).toContain('Back at eight')
  const refused = await ask(project, ['send', 'x', '--account', 'kook', '--channel', '1'])
  expect(refused).toMatchObject({ code: exitCodes.failed, out: '' })
  expect(refused.err).toContain('there is onebot:10000')

  const logs = await ask(project, ['logs', '-n', '10000'])
  expect(logs.out).toContain('Started with 2 plugins and 1 adapter')
  await using followed = project.bot(['logs', '-f', '-n', '0', '--level', 'warn'], { LC_ALL: 'C' })
  for (let count = 0; count < 3; count += 1)
    expect(await followed.nextReply()).toMatch(/WARN: \[ticks\] tick$/)
})

it.each(['start', 'dev'])('bot %s is started anew and stopped from outside', async (command) => {
  await using project = await TestProject.create({
    'bot.config.yaml': sandboxConfig,
    'plugins/ping.js': answering('ping', 'pong'),
  })
  await using bot = project.bot([command])
  await bot.ask('/ping', 'pong')
  const before = await vi.waitFor(() => json(project, 'status').then(({ pid }) => Number(pid)), 30_000)
  await project.write({ 'plugins/ping.js': answering('ping', 'pong again') })
  const restarted = await json(project, 'restart')
  expect(restarted).toMatchObject({ before })
  expect(restarted['pid']).not.toBe(before)
  await bot.expectLog(/Asked to start anew by bot restart/)
  await bot.ask('/ping', 'pong again')
  expect(await ask(project, ['stop'])).toMatchObject({ code: 0 })
  expect(await bot.exited()).toBe(0)
  await bot.expectLog(/Asked to stop by bot stop/)
})

it('a bot that was killed is said not to run, and the next one is asked', async () => {
  await using project = await TestProject.create({ 'bot.config.yaml': sandboxConfig })
  await using first = project.bot(['start'])
  await vi.waitFor(() => json(project, 'status').then(({ pid }) => expect(pid).toBe(pidOf(first))), 30_000)
  first.kill('SIGKILL')
  await first.exited()
  for (const command of ['status', 'stop', 'restart', 'logs']) {
    const english = await ask(project, [command])
    expect(english).toMatchObject({ code: exitCodes.notRunning, out: '' })
    expect(english.err).toContain('Start it with: bot start')
    const chinese = await ask(project, [command], 'zh_CN.UTF-8')
    expect(chinese.err).toContain('没有正在运行的机器人')
    expect(await json(project, command)).toMatchObject({ error: { code: 'CONTROL_NOT_RUNNING' } })
  }
  await using second = project.bot(['start'])
  await vi.waitFor(() => json(project, 'status').then(({ pid }) => expect(pid).toBe(pidOf(second))), 30_000)
})
