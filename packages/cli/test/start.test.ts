import { afterEach, describe, expect, it } from 'vitest'

import { answering, type BotProcess, type ProjectFiles, sandboxConfig, TestProject } from './bot-process.ts'

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing[Symbol.asyncDispose]()
})

async function start(
  files: ProjectFiles,
  env: NodeJS.ProcessEnv = {},
  args: readonly string[] = ['start'],
): Promise<BotProcess> {
  const project = await TestProject.create(files)
  const bot = project.bot(args, env)
  open.push(project, bot)
  return bot
}

describe('bot start', () => {
  it('answers lines from a pipe on stdout and exits with 0 at the end of input', async () => {
    const bot = await start({
      'bot.config.yaml': sandboxConfig,
      'plugins/ping.js': answering('ping', 'pong'),
    })
    bot.say('/ping')
    bot.say('/ping')
    bot.endInput()
    expect(await bot.exited()).toBe(0)
    expect(bot.replies).toEqual(['pong', 'pong'])
  })

  it('runs plugins in TypeScript', async () => {
    const bot = await start({
      'bot.config.yaml': sandboxConfig,
      'plugins/ping.ts': answering('ping', 'pong').replace('setup(ctx)', 'setup(ctx): void'),
    })
    await bot.ask('/ping', 'pong')
  })

  it.each([
    ['bot.config.json', '{ "adapters": { "sandbox": {} }, "prefix": "!" }'],
    ['bot.config.js', 'export default { adapters: { sandbox: {} }, prefix: "!" }'],
    ['bot.config.ts', 'export default { adapters: { sandbox: {} as object }, prefix: "!" }'],
    ['package.json', '{ "type": "module", "bot": { "adapters": { "sandbox": {} }, "prefix": "!" } }'],
  ])('reads %s', async (name, content) => {
    const bot = await start({ [name]: content, 'plugins/ping.js': answering('ping', 'pong') })
    await bot.ask('!ping', 'pong')
  })

  it('fills in variables from .env files and the environment', async () => {
    const bot = await start(
      {
        'bot.config.yaml': `${sandboxConfig}prefix: \${PREFIX:-#}\nplugins:\n  say: { word: "\${WORD}", times: "\${TIMES}" }\n`,
        '.env': 'WORD=env\nTIMES=1\n',
        '.env.production': 'WORD=production\n',
        'plugins/say.js': `import { definePlugin, z } from '@mynah/core'
export default definePlugin({
  name: 'say',
  config: z.object({ word: z.string(), times: z.int() }),
  setup: (ctx, { word, times }) => void ctx.command('say').action(() => word.repeat(times)),
})`,
      },
      { TIMES: '2' },
    )
    await bot.ask('#say', 'productionproduction')
  })

  it.each([
    ['bot.config.ts', 'const a: number = 1\nexport default { prefix: [ }\n', 'start'],
    ['bot.config.ts', 'const a: number = 1\nexport default { prefix: [ }\n', 'dev'],
    ['bot.config.mjs', 'export const a = 1\nexport default { prefix: [ }\n', 'start'],
    ['bot.config.json', '{ "a": 1,\n  "prefix": [ }\n', 'start'],
  ])('names the line of a %s that cannot be parsed', async (name, content, command) => {
    const bot = await start({ [name]: content }, {}, [command])
    const { msg } = await bot.expectLog('CONFIG_SYNTAX')
    expect(msg).toContain(`${name}:2:`)
    expect(msg).toContain('> 2 | ')
    expect(await bot.exited()).toBe(78)
  })

  it('refuses a wrong config, naming everything that is wrong with its place', async () => {
    const bot = await start({
      'bot.config.yaml': [
        'prefx: /',
        'adapters:',
        '  sandbox: {}',
        '  nowhere: {}',
        'plugins:',
        '  strict:',
        '    a: 1',
        '    c: ${NOT_SET}',
        '',
      ].join('\n'),
      'plugins/strict.js': `import { definePlugin, z } from '@mynah/core'
export default definePlugin({ name: 'strict', config: z.object({ a: z.string() }), setup() {} })`,
    })
    expect(await bot.exited()).toBe(78)
    const { msg } = await bot.expectLog('CONFIG_INVALID')
    expect(msg).toContain('bot.config.yaml:1:1 prefx: unknown key; did you mean prefix?')
    expect(msg).toContain('bot.config.yaml:4:3 adapters.nowhere:')
    expect(msg).toContain('bot.config.yaml:8:5 plugins.strict.c: the environment variable NOT_SET is not set')
  })

  it('refuses configs that plugins refuse, all at once', async () => {
    const strict = `import { definePlugin, z } from '@mynah/core'
export default definePlugin({ name: 'strict', config: z.object({ a: z.string(), deep: z.object({ b: z.int() }).optional() }), setup() {} })`
    const bot = await start({
      'bot.config.yaml': `plugins:\n  one:\n    a: 1\n    deep: { b: x, e: 1 }\n  two:\n    b: 2\n`,
      'plugins/one.js': strict,
      'plugins/two.js': strict,
    })
    expect(await bot.exited()).toBe(78)
    const { msg } = await bot.expectLog('CONFIG_INVALID')
    expect(msg).toContain(
      'bot.config.yaml:3:5 plugins.one.a: Invalid input: expected string, received number',
    )
    expect(msg).toContain(
      'bot.config.yaml:4:13 plugins.one.deep.b: Invalid input: expected number, received string',
    )
    expect(msg).toContain('bot.config.yaml:4:19 plugins.one.deep.e: unknown key')
    expect(msg).toContain('bot.config.yaml:6:5 plugins.two.b: unknown key')
    expect(msg).toContain(
      'bot.config.yaml:5:3 plugins.two.a: Invalid input: expected string, received undefined',
    )
  })

  it.each([
    ['a file that is no YAML', { 'bot.config.yaml': 'plugins: [' }, 'bot.config.yaml:1:11'],
    ['a folder without a config', {}, 'CONFIG_NOT_FOUND'],
  ])('refuses %s', async (_, files, message) => {
    const bot = await start(files)
    expect(await bot.exited()).toBe(78)
    await bot.expectLog(message)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'stops on %s: running handlers end, plugins go in reverse, exit code 0',
    async (signal) => {
      const bot = await start({
        'bot.config.yaml': sandboxConfig,
        'plugins/slow.js': `import { definePlugin } from '@mynah/core'
export default definePlugin({
  name: 'slow',
  setup(ctx) {
    ctx.effect(() => () => ctx.logger.info('disposed'))
    ctx.command('slow').action(async ({ session }) => {
      await session.reply('begun')
      await new Promise((resolve) => process.once('${signal}', () => setTimeout(resolve, 50)))
      return 'ended'
    })
  },
})`,
      })
      await bot.ask('/slow', 'begun')
      bot.kill(signal)
      await bot.expectReply('ended')
      await bot.expectLog('disposed')
      expect(await bot.exited()).toBe(0)
    },
  )

  it('lives on when a plugin rejects a promise that nobody awaits, and names the plugin', async () => {
    const bot = await start({
      'bot.config.yaml': sandboxConfig,
      'plugins/careless.js': `import { definePlugin } from '@mynah/core'
export default definePlugin({
  name: 'careless',
  setup(ctx) {
    ctx.command('drop').action(() => {
      Promise.reject(new Error('dropped'))
      return 'ok'
    })
    ctx.command('throw').action(() => {
      setTimeout(() => { throw new Error('thrown') })
      return 'ok'
    })
  },
})`,
      'plugins/ping.js': answering('ping', 'pong'),
    })
    await bot.ask('/drop', 'ok')
    await bot.expectLog('Plugin careless failed in a promise that nobody awaited: dropped')
    await bot.ask('/throw', 'ok')
    await bot.expectLog('Plugin careless failed in a callback: thrown')
    await bot.ask('/ping', 'pong')
  })

  it('runs without a plugin that cannot be loaded, and says so', async () => {
    const bot = await start({
      'bot.config.yaml': sandboxConfig,
      'plugins/broken.js': 'throw new Error("at load")\n',
      'plugins/ping.js': answering('ping', 'pong'),
    })
    await bot.expectLog('Plugin broken could not be loaded')
    await bot.ask('/ping', 'pong')
  })

  it('never logs a secret from the environment', async () => {
    const bot = await start(
      {
        'bot.config.yaml': `${sandboxConfig}plugins:\n  leak: { apiToken: "\${LEAK_TOKEN}" }\n`,
        'plugins/leak.js': `import { definePlugin, z } from '@mynah/core'
export default definePlugin({
  name: 'leak',
  config: z.object({ apiToken: z.string() }),
  setup: (ctx, config) => ctx.logger.info(config, 'token is ' + config.apiToken),
})`,
      },
      { LEAK_TOKEN: 'hush-hush-1234' },
    )
    const { msg } = await bot.expectLog('token is')
    expect(msg).toBe('token is [secret]')
    expect(JSON.stringify(bot.log)).not.toContain('hush-hush')
  })
})

describe('bot', () => {
  it.each([
    [['--help'], 0],
    [['--version'], 0],
    [['dance'], 1],
    [['start', '--no-such-option'], 1],
  ])('exits after %j with %i', async (args, code) => {
    const bot = await start({}, {}, args)
    expect(await bot.exited()).toBe(code)
  })
})
