import { readdir } from 'node:fs/promises'

import { type OneBotEmulator, startOneBotEmulator, type Participant } from '@mynah/emulator-onebot'
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest'

import type { Program } from './program.ts'
import { hasRegistry } from './network.ts'
import { User } from './user.ts'

const token = 's3cret'
const timings: string[] = []
let user: User
/** An account that the bot dials, and one that dials the bot. */
let listening: OneBotEmulator
let dialling: OneBotEmulator
let listeningUrl: string
/** Somebody who talks to the one, and somebody who talks to the other. */
let voices: Participant[]

beforeAll(async () => {
  user = await timed('pack and publish', () => User.arrive())
  listening = await startOneBotEmulator({ selfId: 3_889_001_234, accessToken: token })
  dialling = await startOneBotEmulator({ selfId: 3_889_005_678, accessToken: token })
  listeningUrl = (await listening.listenWebSocket()).url
  const alice = listening.friend({ userId: 1_357_924_680, nickname: 'Alice' })
  const bob = dialling.stranger({ userId: 1_357_924_681, nickname: 'Bob' })
  const group = dialling.group({ groupId: 765_432_109, name: 'Birds' }).add(bob)
  voices = [alice, bob.in(group)]
}, 120_000)

afterAll(async () => {
  await Promise.all([user, listening, dialling].map((resource) => resource?.[Symbol.asyncDispose]()))
  console.log(timings.join('\n'))
})

async function timed<T>(name: string, step: () => Promise<T>): Promise<T> {
  const start = performance.now()
  const result = await step()
  timings.push(`${((performance.now() - start) / 1000).toFixed(2).padStart(7)} s  ${name}`)
  return result
}

function run(command: 'npm' | 'bot', ...args: string[]): Program {
  const program = user.run(command, ...args)
  onTestFailed(() => console.error(program.stderr))
  return program
}

/** Waits until the bot has dialled the one account, and lets the other one dial the bot. */
async function connect(bot: Program): Promise<void> {
  const [address = ''] = /http:\S+/.exec(await bot.expectLog('Listening on')) ?? []
  await dialling.connectReverse(`${address.replace('http', 'ws')}/onebot/v11/ws`, { reconnectMs: 50 })
  await Promise.all([listening.online(), dialling.online()])
}

/** Everybody everywhere gets this answer to `/ping`. */
async function expectPing(bot: Program, answer: string): Promise<void> {
  await bot.ask('/ping', answer)
  for (const voice of voices) {
    await voice.say('/ping')
    await voice.expectReply(answer)
  }
}

const onebotConfig = (url: string): string => `
  onebot:
    forward:
      - url: ${url}
        token: \${ONEBOT_TOKEN}
    reverse:
      - token: \${ONEBOT_TOKEN}
server:
  port: 0
`

const counter = `import { definePlugin } from '@mynah/core'

export default definePlugin({
  name: 'count',
  inject: ['storage'],
  setup(ctx) {
    ctx.command('count').action(async () => String(await ctx.storage.increment('count')))
  },
})
`

describe.runIf(hasRegistry)('the journey of a user', () => {
  it('gets from an empty folder to the first answer in less than a minute', async () => {
    const start = performance.now()
    await timed('create-bot, with npm install', () => user.createBot())
    const bot = run('npm', 'run', 'dev')
    await timed('npm run dev, to the first answer', () => bot.ask('/ping', 'pong'))
    expect(performance.now() - start).toBeLessThan(60_000)
    bot.endInput()
    expect(await bot.exited()).toBe(0)

    const entries = await readdir(user.file(), { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    expect(files.map(({ name }) => name)).toContain('package-lock.json')
    expect(files.length).toBeLessThanOrEqual(8 + 1)
  }, 120_000)

  it('takes the bot to QQ and changes it while it talks', async () => {
    const bot = run('bot', 'dev')
    await bot.expectLog('Watching for changes')
    const packages = ['@mynah/adapter-onebot', '@mynah/server']
    await timed('npm install of an adapter', () => user.npm('install', '--prefer-offline', ...packages))
    await user.write('.env', `ONEBOT_TOKEN=${token}\n`)
    await user.edit('bot.config.yaml', '\n  sandbox: {}\n', `\n  sandbox: {}${onebotConfig(listeningUrl)}`)
    await connect(bot)
    await expectPing(bot, 'pong')

    await timed('a save, to the new answer', async () => {
      await user.edit('plugins/ping.ts', '=> config.answer)', '=> `${config.answer}!`)')
      await bot.expectLog('reloaded ping')
      await bot.ask('/ping', 'pong!')
    })
    await expectPing(bot, 'pong!')

    const line = await user.edit('plugins/ping.ts', '=> `${config.answer}!`)', '=> `${config.answer}?` +)')
    const error = await bot.expectLog('ping was not reloaded')
    expect(error).toContain(`plugins/ping.ts:${line}:`)
    expect(error).toMatch(new RegExp(`^> ${line} \\|.*config\\.answer}\\?\` \\+\\)$`, 'm'))
    await expectPing(bot, 'pong!')

    await user.edit('plugins/ping.ts', '` +)', '`)')
    await bot.expectLog('reloaded ping')
    await expectPing(bot, 'pong?')

    bot.kill('SIGTERM')
    expect(await bot.exited()).toBe(0)
  }, 60_000)

  it('has types that fit, also for what a plugin stores', async () => {
    await user.write('plugins/count.ts', counter)
    await expect(timed('npm run check', () => user.npm('run', 'check'))).resolves.toContain('> tsc')
  })

  it('runs the bot in production', async () => {
    const bot = run('bot', 'start')
    await timed('bot start, to the connection', () => connect(bot))
    await expectPing(bot, 'pong?')
    await timed('the first value that is kept', () => bot.ask('/count', '1'))
    await bot.ask('/count', '2')
    bot.kill('SIGTERM')
    expect(await bot.exited()).toBe(0)
  })

  it('finds what was stored when the bot starts again', async () => {
    const bot = run('bot', 'start')
    await bot.ask('/count', '3')
    bot.kill('SIGTERM')
    expect(await bot.exited()).toBe(0)
  })
})
