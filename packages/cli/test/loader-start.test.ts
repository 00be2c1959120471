import { join } from 'node:path'

import { afterEach, describe, expect, it } from 'vitest'

import { answering, type BotProcess, type ProjectFiles, sandboxConfig, TestProject } from './bot-process.ts'

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing[Symbol.asyncDispose]()
})

async function run(
  command: string,
  files: ProjectFiles,
  env: NodeJS.ProcessEnv = {},
  folder = '.',
): Promise<BotProcess> {
  const project = await TestProject.create(
    Object.fromEntries(
      Object.entries({ 'bot.config.yaml': sandboxConfig, ...files }).map(([name, content]) => [
        join(folder, name),
        content,
      ]),
    ),
  )
  const bot = project.bot([command, '-C', join(project.root, folder)], env)
  open.push(project, bot)
  return bot
}

const commands = ['start', 'dev']

describe.each(commands)('bot %s', (command) => {
  it('says the same about modules that cannot be loaded, and runs the others', async () => {
    const bot = await run(command, {
      'plugins/ping.ts': answering('ping', 'pong'),
      'plugins/jsx.ts':
        "import { definePlugin } from '@mynah/core'\nconst view = () => <b>x</b>\nexport default view\n",
      'plugins/picture.ts': "import logo from '../lib/logo.png'\nexport default logo\n",
      'lib/logo.png': 'png',
      'plugins/nothing.ts': 'throw undefined\n',
      'plugins/strange.ts': 'throw Object.create(null)\n',
      'plugins/worse.ts': "throw { toString() { throw new Error('no') } }\n",
      'plugins/lacking.ts': "import x from 'no-such-package'\nexport default x\n",
      'plugins/empty.ts': 'export {}\n',
    })
    const expected: [string, string][] = [
      ['jsx', 'rename this one to jsx.tsx'],
      [
        'picture',
        "lib/logo.png cannot be imported: only code and JSON can. Read it by readFile(new URL('./logo.png'",
      ],
      ['nothing', 'undefined'],
      ['strange', 'something was thrown that is no error'],
      ['worse', 'something was thrown that is no error'],
      ['lacking', 'no-such-package'],
      ['empty', 'must export by default what definePlugin() returns'],
    ]
    await bot.ask('/ping', 'pong')
    const lines = bot.log.map(({ msg }) => msg)
    for (const [name, reason] of expected) {
      const line = lines.find((text) => text.startsWith(`Plugin ${name} could not be loaded`))
      expect(line).toContain(reason)
    }
  })

  it('runs without a plugin that the config names and nobody has', async () => {
    const bot = await run(command, {
      'bot.config.yaml': `${sandboxConfig}plugins:\n  ping: {}\n  pingg: {}\n  ./extra/gone.ts: {}\n`,
      'plugins/ping.ts': answering('ping', 'pong'),
    })
    await bot.ask('/ping', 'pong')
    const lines = bot.log.map(({ msg }) => msg).join('\n')
    expect(lines).toContain('bot.config.yaml:5:3 plugins.pingg')
    expect(lines).toContain('did you mean ping?')
    expect(lines).toContain('There is no module at')
    expect(lines).not.toContain('npm install')
  })

  it('takes what stands in .env as it is: empty for nothing, true and false for switches', async () => {
    const bot = await run(command, {
      '.env': 'TOKEN=\nON=true\nOFF=False\n',
      'bot.config.yaml': [
        sandboxConfig.trimEnd(),
        'plugins:',
        '  say: { enabled: ${ON}, token: ${TOKEN}, when: { guild: 765432109, any: [{ direct: true }] } }',
        '  ping: { enabled: "${OFF}" }',
        '  pong: "${OFF}"',
        '  ask: { when: { direct: true }, token: "${TOKEN}" }',
        '',
      ].join('\n'),
      'plugins/say.ts': answering('say', 'never'),
      'plugins/ping.ts': answering('ping', 'never'),
      'plugins/pong.ts': answering('pong', 'never'),
      'plugins/ask.ts': `import { definePlugin, z } from '@mynah/core'
export default definePlugin({
  name: 'ask',
  config: z.object({ token: z.string().min(1).optional() }),
  setup: (ctx, { token = 'no token' }) => void ctx.command('ask').action(() => \`\${token}, \${process.env['ON']}\`),
})
`,
    })
    await bot.ask('/ask', 'no token, true')
    expect(bot.log.filter(({ level = 30 }) => level > 30)).toEqual([])
    expect(bot.replies).toEqual([])
  })

  it('never logs what a schema calls secret, however deep it is', async () => {
    const bot = await run(command, {
      'bot.config.yaml': `${sandboxConfig}plugins:\n  leak: { accounts: [{ pin: hush-1 }], url: "ws://bot:hush-2@127.0.0.1:1/?access_token=hush-3" }\n`,
      'plugins/leak.ts': `import { definePlugin, z } from '@mynah/core'
const secret = z.string().meta({ secret: true })
export default definePlugin({
  name: 'leak',
  config: z.object({ accounts: z.array(z.object({ pin: secret })), url: secret }),
  setup(ctx, config) {
    ctx.logger.info(config, 'config is ' + JSON.stringify(config))
  },
})
`,
    })
    const { msg } = await bot.expectLog('config is')
    expect(msg).toContain('127.0.0.1:1')
    expect(JSON.stringify(bot.log)).not.toContain('hush')
  })

  it('goes on without a plugin whose import does not end, and names it', async () => {
    const bot = await run(command, {
      'plugins/ping.ts': answering('ping', 'pong'),
      'plugins/stuck.ts': `await new Promise(() => {})\n${answering('stuck', 'x')}`,
    })
    const { msg } = await bot.expectLog('Plugin stuck could not be loaded')
    expect(msg).toMatch(/plugins.stuck\.ts was still being imported after (?:5|10) s/)
    await bot.ask('/ping', 'pong')
  })

  it('refuses a config that is wrong in the same words', async () => {
    const bot = await run(command, {
      'bot.config.yaml': [
        'prefix: [1]',
        'locale: chinese',
        'adapters:',
        '  sandbx: {}',
        'plugins:',
        '  ask: { token: ${EMPTY}, when: { guild: 7405472097755331634 } }',
        '',
      ].join('\n'),
      'plugins/ask.ts': answering('ask', 'x'),
      '.env': 'EMPTY=\n',
    })
    expect(await bot.exited()).not.toBe(0)
    const { msg } = await bot.expectLog('CONFIG_INVALID')
    expect(msg).toContain('bot.config.yaml:2:1 locale: "chinese" is no language')
    expect(msg).toContain('did you mean zh-CN?')
    expect(msg).toContain('bot.config.yaml:4:3 adapters.sandbx')
    expect(msg).toContain('did you mean sandbox?')
    expect(msg).toMatch(/bot\.config\.yaml:6:\d+ plugins\.ask\.when\.guild: .*put it in quotes/)
    expect(msg).not.toMatch(/Invalid input$/m)
  })
})

it('bot start takes an empty config for one in which nothing is changed', async () => {
  const bot = await run('start', { 'bot.config.yaml': '', 'plugins/ping.ts': answering('ping', 'pong') })
  await bot.expectLog('Started with')
  bot.kill('SIGTERM')
  expect(await bot.exited()).toBe(0)
  expect(bot.log.some(({ msg }) => msg.includes('CONFIG_NOT_FOUND'))).toBe(false)
})

it('bot dev says that it cannot load from a folder with a mark in its name, where bot start can', async () => {
  const files = { 'plugins/ping.ts': answering('ping', 'pong') }
  const started = await run('start', files, {}, 'C#bot')
  await started.ask('/ping', 'pong')
  const refused = await run('dev', files, {}, 'C#bot')
  expect((await refused.expectLog('has a "#" in it')).msg).toContain('rename the folder')
  expect(await refused.exited()).not.toBe(0)
})
