import { rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'

import { startOneBotEmulator } from '@mynah/emulator-onebot'
import { afterEach, describe, expect, it } from 'vitest'

import { answering, type BotProcess, type ProjectFiles, sandboxConfig, TestProject } from './bot-process.ts'

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing[Symbol.asyncDispose]()
})

async function dev(
  files: ProjectFiles,
  prepare?: (project: TestProject) => Promise<void>,
): Promise<{ project: TestProject; bot: BotProcess }> {
  const project = await TestProject.create({ 'bot.config.yaml': sandboxConfig, ...files })
  await prepare?.(project)
  const bot = project.bot(['dev'])
  open.push(project, bot)
  await bot.expectLog('Watching for changes')
  return { project, bot }
}

/** A plugin with lines at the head of its module, in its setup, and as its answer. */
function plugin(name: string, { head = '', setup = '', answer = `'${name}'` }): string {
  return `import { definePlugin } from '@mynah/core'
${head}
export default definePlugin({
  name: '${name}',
  setup(ctx) {
    ${setup}
    ctx.command('${name}').action(() => ${answer})
  },
})
`
}

describe('a reload is exact', () => {
  it.each<[string, string, ProjectFiles, string, string]>([
    [
      'JSON',
      'lib/data.json',
      { 'lib/data.json': '{ "word": "one" }' },
      "import data from '../lib/data.json'\nconst word = data.word",
      '{ "word": "two" }',
    ],
    [
      'TSX',
      'lib/view.tsx',
      { 'lib/view.tsx': 'export const view = () => <b>one</b>' },
      "import { view } from '../lib/view.tsx'\nconst word = view()",
      'export const view = () => <b>two</b>',
    ],
    [
      'modules found by tsconfig paths',
      'lib/word.ts',
      {
        'tsconfig.json': '{ "compilerOptions": { "paths": { "#lib/*": ["./lib/*"] } } }',
        'lib/word.ts': "export const word = 'one'",
      },
      "import { word } from '#lib/word'",
      "export const word = 'two'",
    ],
    [
      'a module of a module of a module',
      'lib/c.ts',
      {
        'lib/a.ts': "export { word } from './b.ts'",
        'lib/b.ts': "export { word } from './c.ts'",
        'lib/c.ts': "export const word = 'one'",
      },
      "import { word } from '../lib/a.ts'",
      "export const word = 'two'",
    ],
  ])('follows %s', async (_, edited, files, head, changed) => {
    const { project, bot } = await dev({
      ...files,
      'plugins/say.ts': plugin('say', { head, answer: 'word' }),
    })
    await bot.ask('/say', 'one')
    await project.write({ [edited]: changed })
    await bot.expectLog(`reloaded say (${edited})`)
    await bot.ask('/say', 'two')
  })

  it('follows modules that are imported when they are needed', async () => {
    const answer = "import('../lib/word.ts').then(({ word }) => word)"
    const { project, bot } = await dev({
      'plugins/say.ts': plugin('say', { answer }),
      'lib/word.ts': "export const word = 'one'",
    })
    await bot.ask('/say', 'one')
    await project.write({ 'lib/word.ts': "export const word = 'two'" })
    await bot.expectLog('reloaded say (lib/word.ts)')
    await bot.ask('/say', 'two')
  })

  it('notices editors that save by renaming, again and again', async () => {
    const { project, bot } = await dev({ 'plugins/say.ts': plugin('say', { answer: "'0'" }) })
    for (const version of ['1', '2', '3']) {
      await project.write({ 'plugins/say.ts.tmp~': plugin('say', { answer: `'${version}'` }) })
      await rename(join(project.root, 'plugins/say.ts.tmp~'), join(project.root, 'plugins/say.ts'))
      await bot.expectLog('reloaded say')
      await bot.ask('/say', version)
    }
  })

  it('notices a plugin that is renamed', async () => {
    const { project, bot } = await dev({ 'plugins/old.ts': plugin('old', {}) })
    await bot.ask('/old', 'old')
    await rename(join(project.root, 'plugins/old.ts'), join(project.root, 'plugins/new.ts'))
    await bot.expectLog('removed old')
    await bot.ask('/old', 'old')
  })

  it('takes a checkout of many files in as one', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `p${index}`)
    const version = (answer: string): ProjectFiles =>
      Object.fromEntries(
        names.map((name) => [
          `plugins/${name}.ts`,
          plugin(name, { head: "import { shared } from '../lib/shared.ts'", answer: `'${answer}' + shared` }),
        ]),
      )
    const { project, bot } = await dev({ ...version('a'), 'lib/shared.ts': "export const shared = '1'" })
    await Promise.all([
      project.write(version('b')),
      project.write({ 'lib/shared.ts': "export const shared = '2'" }),
    ])
    for (const name of names) await bot.askUntil(`/${name}`, 'b2')
    expect(bot.log.filter(({ msg }) => msg.includes('was not reloaded'))).toEqual([])
  })

  it('reloads a linked plugin package from its source', async () => {
    const { project, bot } = await dev(
      {
        'bot.config.yaml': `${sandboxConfig}plugins:\n  linked:\n`,
        'packages/linked/package.json':
          '{ "name": "mynah-plugin-linked", "type": "module", "exports": "./dist/index.js" }',
        'packages/linked/dist/index.js': plugin('linked', { answer: "'built'" }),
        'packages/linked/src/index.ts': plugin('linked', { answer: "'one' as string" }),
      },
      ({ root }) =>
        symlink(join(root, 'packages/linked'), join(root, 'node_modules/mynah-plugin-linked'), 'junction'),
    )
    await bot.ask('/linked', 'one')
    await project.write({ 'packages/linked/src/index.ts': plugin('linked', { answer: "'two' as string" }) })
    await bot.expectLog('reloaded linked')
    await bot.ask('/linked', 'two')
  })
})

describe('a reload is lossless', () => {
  it('lets a running handler end on the old version, and gives what comes meanwhile to the new one', async () => {
    const slow = (version: string): string =>
      plugin('slow', {
        setup: `ctx.command('wait').action(async ({ session }) => {
      await session.reply('begun ${version}')
      await new Promise((resolve) => setTimeout(resolve, 300))
      return 'ended ${version}'
    })
    ctx.on('message-created', ({ text }) => void (text === '/wait' || ctx.logger.info('${version} heard ' + text)))`,
      })
    const { project, bot } = await dev({ 'plugins/slow.ts': slow('old') })
    bot.say('/wait')
    await bot.expectReply('begun old')
    await project.write({ 'plugins/slow.ts': slow('new') })
    await bot.expectReply('ended old')
    await bot.expectLog('reloaded slow')
    await bot.ask('/slow', 'slow')
    await bot.expectLog('new heard /slow')
    expect(bot.log.some(({ msg }) => msg === 'old heard /slow')).toBe(false)
  })
})

describe('a reload is tight', () => {
  it('lets no word out that the plugin takes out which is reloaded', async () => {
    const mask = (version: string): string =>
      plugin('mask', {
        setup: `await new Promise((resolve) => setTimeout(resolve, 100))
    ctx.outgoing((message, next) => {
      message.elements = [{ type: 'text', attrs: { content: '${version}' }, children: [] }]
      return next()
    })`,
      }).replace('setup(ctx)', 'async setup(ctx)')
    const talk = plugin('talk', {
      setup: `ctx.command('stop').action(() => { stopped = true })
    ctx.command('go').action(async ({ session }) => {
      while (!stopped) {
        await session.reply('secret')
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    })`,
      head: 'let stopped = false',
    })
    const { project, bot } = await dev({ 'plugins/mask.ts': mask('old'), 'plugins/talk.ts': talk })
    bot.say('/go')
    await bot.expectReply('old')
    await project.write({ 'plugins/mask.ts': mask('new') })
    await bot.expectLog('reloaded mask')
    await bot.expectReply('new')
    bot.say('/stop')
    expect(bot.replies).not.toContain('secret')
  })
})

describe('a reload is safe', () => {
  it.each([
    ['never ends', 'await new Promise(() => {})', 'did not finish setup within 5000 ms'],
    ['throws', "throw new Error('no start')", 'no start'],
  ])('against a setup that %s', async (_, setup, message) => {
    const { project, bot } = await dev({ 'plugins/say.ts': plugin('say', { answer: "'old'" }) })
    await project.write({
      'plugins/say.ts': plugin('say', { setup, answer: "'new'" }).replace('setup(ctx)', 'async setup(ctx)'),
    })
    expect((await bot.expectLog('say was not reloaded')).msg).toContain(message)
    await bot.ask('/say', 'old')
    await project.write({ 'plugins/say.ts': plugin('say', { answer: "'newer'" }) })
    await bot.expectLog('reloaded say')
    await bot.ask('/say', 'newer')
  })

  it('against a config file that cannot be read', async () => {
    const { project, bot } = await dev({ 'plugins/ping.ts': answering('ping', 'pong') })
    await project.write({ 'bot.config.yaml': 'plugins: [' })
    expect((await bot.expectLog('config was not reloaded')).msg).toContain('bot.config.yaml:1:11')
    await bot.ask('/ping', 'pong')
    await project.write({ 'bot.config.yaml': `${sandboxConfig}prefix: '#'\n` })
    await bot.expectLog('settings config')
    await bot.ask('#ping', 'pong')
  })
})

describe('a reload is clean', () => {
  it('tells what was left behind, and where it was made', async () => {
    const setup = 'setInterval(() => {}, 60_000)\n    ctx.setInterval(() => {}, 60_000)'
    const { project, bot } = await dev({
      'plugins/leaky.ts': plugin('leaky', { setup }),
      'plugins/clean.ts': plugin('clean', {}),
    })
    await project.write({ 'plugins/clean.ts': plugin('clean', { answer: "'2'" }) })
    await bot.expectLog('reloaded clean')
    await project.write({ 'plugins/leaky.ts': plugin('leaky', { answer: "'2'" }) })
    const { msg } = await bot.expectLog('left a Timeout behind')
    expect(msg).toContain(`leaky left a Timeout behind, made at ${join('plugins', 'leaky.ts')}:6:5`)
    expect(bot.log.filter((line) => line.msg.includes('left a'))).toHaveLength(1)
  })

  it('tells of a server that goes on listening', async () => {
    const head = "import { createServer } from 'node:net'\ncreateServer().listen(0, '127.0.0.1')"
    const { project, bot } = await dev({ 'plugins/leaky.ts': plugin('leaky', { head }) })
    await bot.ask('/leaky', 'leaky')
    await project.write({ 'plugins/leaky.ts': plugin('leaky', { answer: "'2'" }) })
    const { msg } = await bot.expectLog('left a TCPSERVERWRAP behind')
    expect(msg).toContain(join('plugins', 'leaky.ts'))
  })
})

describe('a reload keeps state', () => {
  it('in ctx.hot.data', async () => {
    const counter = (step: number): string =>
      plugin('count', {
        setup: "const state = ctx.hot.keep('state', () => ({ count: 0 }))",
        answer: `(state.count += ${step})`,
      })
    const { project, bot } = await dev({ 'plugins/count.ts': counter(1) })
    await bot.ask('/count', '1')
    await project.write({ 'plugins/count.ts': counter(10) })
    await bot.expectLog('reloaded count')
    await bot.ask('/count', '11')
  })
})

describe('a question that waits for an answer', () => {
  const asking = (version: string, options: string): string =>
    plugin('ask', {
      setup: `ctx.command('who').action(async ({ session }) => '${version} greets ' + (await session.prompt('Who?', { ${options} })))`,
      answer: `'${version}'`,
    })

  it('ends clearly when its plugin is reloaded', async () => {
    const { project, bot } = await dev({ 'plugins/ask.ts': asking('old', '') })
    await bot.ask('/who', 'Who?')
    await project.write({ 'plugins/ask.ts': asking('new', '') })
    await bot.expectLog('reloaded ask')
    await bot.ask('/ask', 'new')
  })

  it('survives the reload where it was asked so', async () => {
    const { project, bot } = await dev({ 'plugins/ask.ts': asking('old', 'survivesReload: true') })
    await bot.ask('/who', 'Who?')
    await project.write({ 'plugins/ask.ts': asking('new', 'survivesReload: true') })
    await bot.expectLog('reloaded ask')
    await bot.ask('Lin', 'old greets Lin')
    await bot.ask('/ask', 'new')
  })
})

describe('a reload applies the least change', () => {
  it('restarts the process when a package it is made of changes, and goes on by itself', async () => {
    const { project, bot } = await dev(
      {
        'bot.config.yaml': `${sandboxConfig}plugins:\n  extra:\n`,
        'plugins/ping.ts': answering('ping', 'pong'),
      },
      async (created) => {
        await created.write({
          'node_modules/mynah-plugin-extra/package.json':
            '{ "name": "mynah-plugin-extra", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
          'node_modules/mynah-plugin-extra/index.js': plugin('extra', { answer: "'one'" }),
        })
      },
    )
    await bot.ask('/extra', 'one')
    await project.write({ 'node_modules/mynah-plugin-extra/index.js': plugin('extra', { answer: "'two'" }) })
    await bot.expectLog('restart bot')
    await bot.expectLog('Watching for changes')
    await bot.ask('/extra', 'two')
    bot.kill('SIGTERM')
    expect(await bot.exited()).toBe(0)
  })

  it('connects an adapter again, and nothing else, when its settings change', async () => {
    const [first, second] = [
      await startOneBotEmulator({ selfId: 10_001 }),
      await startOneBotEmulator({ selfId: 10_002 }),
    ]
    open.push(first, second)
    const config = (url: string): string => `${sandboxConfig}  onebot:\n    forward:\n      - url: ${url}\n`
    const count = 'const state = { count: 0 }'
    const { project, bot } = await dev({
      'bot.config.yaml': config((await first.listenWebSocket()).url),
      'plugins/count.ts': plugin('count', { head: count, answer: '(state.count += 1)' }),
    })
    await first.expectConnection()
    await bot.ask('/count', '1')
    await project.write({ 'bot.config.yaml': config((await second.listenWebSocket()).url) })
    await bot.expectLog('reconfigured onebot (bot.config.yaml)')
    await second.expectConnection()
    await bot.ask('/count', '2')
    expect(bot.log.filter(({ msg }) => /^(reloaded|reconfigured|restart)/.test(msg))).toHaveLength(1)
  })

  it('shows errors at the lines of the TypeScript source, also after a reload', async () => {
    const throwing = (lines: string): string =>
      plugin('boom', {
        head: `interface Shape {\n  readonly side: number\n}\n${lines}const shape: Shape = { side: 1 }`,
        answer: "{ throw new Error('bang ' + shape.side) }",
      }).replace('=> {', '=> {')
    const { project, bot } = await dev({ 'plugins/boom.ts': throwing('') })
    bot.say('/boom')
    expect((await bot.expectLog('failed in command boom')).err?.stack).toContain(
      `${join('plugins', 'boom.ts')}:10:`,
    )
    await project.write({ 'plugins/boom.ts': throwing('// one more line\n') })
    await bot.expectLog('reloaded boom')
    bot.say('/boom')
    expect((await bot.expectLog('failed in command boom')).err?.stack).toContain(
      `${join('plugins', 'boom.ts')}:11:`,
    )
  })

  it('removes what was deleted with its folder', async () => {
    const { project, bot } = await dev({
      'plugins/deep/index.ts': plugin('deep', {}),
      'plugins/ping.ts': answering('ping', 'pong'),
    })
    await bot.ask('/deep', 'deep')
    await rm(join(project.root, 'plugins/deep'), { recursive: true })
    await bot.expectLog('removed deep')
    await bot.ask('/ping', 'pong')
  })
})
