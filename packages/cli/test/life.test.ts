import { createServer } from 'node:net'

import { describe, expect, it, vi } from 'vitest'

import { answering, type BotProcess, runProject, sandboxConfig } from './bot-process.ts'

// Processes that start, wait and end take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

/** A plugin in JavaScript whose setup does this. */
function plugin(setup: string, head = ''): string {
  return `import { definePlugin } from '@mynah/core'
${head}
export default definePlugin({ name: 'p', async setup(ctx) { ${setup} } })
`
}

/** Says that the process is still there, by a timer that does not hold it. */
const stillHere = plugin(`setTimeout(() => ctx.logger.info('still here'), 1500).unref()`)
const noInput = { stdin: 'ignore' } as const

async function expectStop(bot: BotProcess): Promise<void> {
  bot.kill('SIGTERM')
  await bot.expectLog('SIGTERM: stopping')
  expect(await bot.exited()).toBe(0)
}

/** A port on which nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function expectGone(pid: number): Promise<void> {
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), {
    timeout: 30_000,
    interval: 50,
  })
}

/** The id of the process that a bot runs in, which its plugins log. */
async function pidOf(bot: BotProcess): Promise<number> {
  return Number((await bot.expectLog('my pid is')).msg.split(' ').at(-1))
}

const tellsPid = `ctx.logger.info('my pid is ' + process.pid)`
const spins = plugin(
  `${tellsPid}; ctx.once('ready', () => setTimeout(() => { ctx.logger.info('spinning'); for (;;); }, 300))`,
)

describe.concurrent('a started bot lives until it is told to stop', () => {
  it.each(['start', 'dev'])('in bot %s: without adapters and without input', async (command) => {
    await using bot = await runProject(
      [command],
      { 'bot.config.yaml': 'prefix: /\n', 'plugins/p.js': stillHere },
      noInput,
    )
    expect((await bot.expectLog('Started with')).msg).toMatch(
      /^Started with 1 plugin and no adapter in \d+ ms$/,
    )
    await bot.expectLog('still here')
    await expectStop(bot)
  })

  it('with jobs only', async () => {
    const jobs = plugin(`ctx.cron('* * * * * *', () => ctx.logger.info('the job ran'))`)
    await using bot = await runProject(
      ['start'],
      { 'bot.config.yaml': 'prefix: /\n', 'plugins/p.js': jobs },
      noInput,
    )
    await bot.expectLog('the job ran')
    await bot.expectLog('the job ran')
    await expectStop(bot)
  })

  it.each(['start', 'dev'])(
    'in bot %s: while a module waits for something as it is imported',
    async (command) => {
      const waits = plugin('', 'await new Promise((resolve) => setTimeout(resolve, 1000).unref())')
      await using bot = await runProject([command], {
        'bot.config.yaml': sandboxConfig,
        'plugins/p.js': waits,
        'plugins/ping.js': answering('ping', 'pong'),
      })
      await bot.ask('/ping', 'pong')
    },
  )

  it('without input, with the terminal chat beside an adapter that has not connected', async () => {
    const url = `ws://127.0.0.1:${await deadPort()}`
    await using bot = await runProject(
      ['start'],
      {
        'bot.config.yaml': `${sandboxConfig}  onebot: { forward: [{ url: "${url}" }] }\n`,
        'plugins/p.js': stillHere,
      },
      noInput,
    )
    await bot.expectLog('Nobody is at the terminal; the other adapters go on without it')
    await bot.expectLog('still here')
    await expectStop(bot)
  })

  it('when a piped chat ends beside another adapter', async () => {
    const url = `ws://127.0.0.1:${await deadPort()}`
    await using bot = await runProject(['start'], {
      'bot.config.yaml': `${sandboxConfig}  onebot: { forward: [{ url: "${url}" }] }\n`,
      'plugins/ping.js': answering('ping', 'pong'),
      'plugins/p.js': stillHere,
    })
    await bot.ask('/ping', 'pong')
    bot.endInput()
    await bot.expectLog('The input of the terminal chat is over; the other adapters go on without it')
    await bot.expectLog('still here')
    await expectStop(bot)
  })
})

describe.concurrent('each end has a line in the log and an exit code', () => {
  it.each([
    ['start', 'SIGTERM'],
    ['start', 'SIGINT'],
    ['start', 'SIGHUP'],
    ['dev', 'SIGTERM'],
    ['dev', 'SIGINT'],
    ['dev', 'SIGHUP'],
  ] as const)('bot %s: 0 after %s', async (command, signal) => {
    await using bot = await runProject([command], { 'bot.config.yaml': 'prefix: /\n' }, noInput)
    await bot.expectLog('Started with')
    bot.kill(signal)
    expect((await bot.expectLog(signal)).msg).toBe(`${signal}: stopping; once more to stop at once`)
    expect(await bot.exited()).toBe(0)
  })

  it('0 after a signal that comes before anything has started', async () => {
    await using bot = await runProject(['start'], {
      'bot.config.yaml': 'prefix: /\n',
      'plugins/p.js': `process.kill(process.pid, 'SIGTERM')\n${plugin('')}`,
    })
    await bot.expectLog('SIGTERM: stopping')
    expect(await bot.exited()).toBe(0)
  })

  it.each(['start', 'dev'])('bot %s: 0 at once after a second signal', async (command) => {
    const hangs = plugin(
      `ctx.effect(() => () => { ctx.logger.info('hanging'); return new Promise(() => {}) })`,
    )
    await using bot = await runProject(
      [command],
      { 'bot.config.yaml': 'prefix: /\n', 'plugins/p.js': hangs },
      noInput,
    )
    await bot.expectLog('Started with')
    bot.kill('SIGTERM')
    await bot.expectLog('hanging')
    bot.kill('SIGTERM')
    await bot.expectLog('SIGTERM again: ended at once')
    expect(await bot.exited()).toBe(0)
  })

  it('0 when the terminal chat is all there is and its input is over', async () => {
    await using bot = await runProject(['start'], { 'bot.config.yaml': sandboxConfig }, noInput)
    await bot.expectLog('Nobody is at the terminal: stopping')
    expect(await bot.exited()).toBe(0)
  })

  it('0 when the terminal chat is quit', async () => {
    await using bot = await runProject(['start'], { 'bot.config.yaml': sandboxConfig })
    await bot.expectLog('Started with')
    bot.say(':quit')
    await bot.expectLog('The chat in the terminal was ended by :quit: stopping')
    expect(await bot.exited()).toBe(0)
  })

  it('the code of a plugin that asks for the end, with its reason', async () => {
    const asks = plugin(`ctx.emit('exit-requested', { code: 69, reason: 'Port 8080 is in use' })`)
    await using bot = await runProject(
      ['start'],
      { 'bot.config.yaml': 'prefix: /\n', 'plugins/p.js': asks },
      noInput,
    )
    expect(await bot.exited()).toBe(69)
    await bot.expectLog('Port 8080 is in use: stopping with exit code 69')
  })

  it.each(['start', 'dev'])(
    'bot %s: the code of process.exit(), with the plugin that called it',
    async (command) => {
      const exits = plugin(`ctx.once('ready', () => setTimeout(() => process.exit(3), 50))`)
      await using bot = await runProject(
        [command],
        { 'bot.config.yaml': 'prefix: /\n', 'plugins/p.js': exits },
        noInput,
      )
      expect(await bot.exited()).toBe(3)
      await bot.expectLog('The process ends with exit code 3: plugin p called process.exit()')
    },
  )

  it('70 when the process of bot dev is ended from outside', async () => {
    await using bot = await runProject(
      ['dev'],
      { 'bot.config.yaml': 'prefix: /\n', 'plugins/p.js': plugin(tellsPid) },
      noInput,
    )
    process.kill(await pidOf(bot), 'SIGSEGV')
    expect(await bot.exited()).toBe(70)
    await bot.expectLog('The process of the bot was ended by SIGSEGV')
  })
})

describe.concurrent('a stop takes less than ten seconds, whatever hangs', () => {
  const hanging = 'new Promise(() => {})'

  it.each([
    [
      'a handler',
      plugin(`ctx.command('hang').action(() => { ctx.logger.info('hanging'); return ${hanging} })`),
      'hanging',
    ],
    ['a setup', plugin(`ctx.logger.info('hanging'); await ${hanging}`), 'hanging'],
    ['a clean-up', plugin(`ctx.effect(() => () => ${hanging}); ctx.logger.info('hanging')`), 'hanging'],
    ['an import', plugin('', `console.error('hanging'); await ${hanging}`), 'hanging'],
    [
      'everything',
      plugin(`
        for (let count = 0; count < 20; count += 1) ctx.effect(() => () => ${hanging})
        ctx.command('hang').action(() => { ctx.logger.info('hanging'); return ${hanging} })`),
      'hanging',
    ],
  ])('%s', async (_, code, line) => {
    await using bot = await runProject(['start'], { 'bot.config.yaml': sandboxConfig, 'plugins/p.js': code })
    bot.say('/hang')
    await bot.expectLog(line)
    const start = performance.now()
    bot.kill('SIGTERM')
    expect(await bot.exited()).toBe(0)
    expect(performance.now() - start).toBeLessThan(10_000)
    expect(bot.log.filter(({ msg }) => msg.startsWith('SIGTERM: stopping'))).toHaveLength(1)
  })

  it('a plugin in an endless loop under bot dev', async () => {
    await using bot = await runProject(
      ['dev'],
      { 'bot.config.yaml': 'prefix: /\n', 'plugins/p.js': spins },
      noInput,
    )
    const pid = await pidOf(bot)
    await bot.expectLog('spinning')
    const start = performance.now()
    bot.kill('SIGINT')
    expect(await bot.exited()).toBe(0)
    expect(performance.now() - start).toBeLessThan(10_000)
    await bot.expectLog('SIGINT: the bot does not react')
    await expectGone(pid)
  })
})

describe('no process is left behind', () => {
  const idle = plugin(tellsPid)

  it.each([
    ['waits', idle, 'Watching for changes'],
    ['is in an endless loop', spins, 'spinning'],
  ])('when bot dev is killed while the bot %s', async (_, code, line) => {
    await using bot = await runProject(
      ['dev'],
      { 'bot.config.yaml': 'prefix: /\n', 'plugins/p.js': code },
      noInput,
    )
    const pid = await pidOf(bot)
    await bot.expectLog(line)
    bot.kill('SIGKILL')
    await expectGone(pid)
  })

  it.each([
    ['start', 'SIGTERM'],
    ['start', 'SIGKILL'],
    ['dev', 'SIGTERM'],
    ['dev', 'SIGHUP'],
  ] as const)('when npm, which runs bot %s, gets %s', async (command, signal) => {
    await using npm = await runProject(
      ['run', '--silent', 'bot'],
      {
        'package.json': JSON.stringify({ private: true, type: 'module', scripts: { bot: `bot ${command}` } }),
        'bot.config.yaml': 'prefix: /\n',
        'plugins/p.js': idle,
      },
      { command: 'npm' },
    )
    const pid = await pidOf(npm)
    await npm.expectLog('Started with')
    npm.kill(signal)
    await npm.expectLog('stopping')
    await expectGone(pid)
  })

  it('when npm, which runs a bot in an endless loop, gets SIGTERM', async () => {
    await using npm = await runProject(
      ['start', '--silent'],
      {
        'package.json': JSON.stringify({ private: true, type: 'module', scripts: { start: 'bot start' } }),
        'bot.config.yaml': 'prefix: /\n',
        'plugins/p.js': spins,
      },
      { command: 'npm' },
    )
    const pid = await pidOf(npm)
    await npm.expectLog('spinning')
    npm.kill('SIGTERM')
    await expectGone(pid)
  })
})
