import { afterEach, describe, expect, it } from 'vitest'

import { answering, type BotProcess, type ProjectFiles, sandboxConfig, TestProject } from './bot-process.ts'

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing[Symbol.asyncDispose]()
})

async function dev(files: ProjectFiles): Promise<{ project: TestProject; bot: BotProcess }> {
  const project = await TestProject.create({ 'bot.config.yaml': sandboxConfig, ...files })
  const bot = project.bot(['dev'])
  open.push(project, bot)
  await bot.expectLog('Watching for changes')
  return { project, bot }
}

const withHelper = `import { definePlugin } from '@mynah/core'
import { word } from '../lib/word.ts'
export default definePlugin({ name: 'say', setup: (ctx) => void ctx.command('say').action(() => word) })
`

describe('bot dev', () => {
  it('reloads a plugin when it, or a module it imports, is saved', async () => {
    const { project, bot } = await dev({
      'plugins/say.ts': withHelper,
      'lib/word.ts': "export const word = 'one'\n",
    })
    await bot.ask('/say', 'one')
    await project.write({ 'lib/word.ts': "export const word = 'two'\n" })
    await bot.expectLog('reloaded say (lib/word.ts)')
    await bot.ask('/say', 'two')
    await project.write({ 'plugins/say.ts': withHelper.replace('=> word', "=> word + '!'") })
    await bot.expectLog('reloaded say (plugins/say.ts)')
    await bot.ask('/say', 'two!')
  })

  it.each([
    ['a syntax error', "export const word = 'two\n", 'lib/word.ts:1:21: Unterminated string'],
    ['a module that throws', "throw new Error('at load')\n", 'lib/word.ts:1:7: at load'],
    ['a missing import', "export { word } from './nowhere.ts'\n", 'nowhere.ts'],
  ])('keeps the old version over %s, shows the place, and recovers', async (_, broken, message) => {
    const { project, bot } = await dev({
      'plugins/say.ts': withHelper,
      'lib/word.ts': "export const word = 'one'\n",
    })
    await project.write({ 'lib/word.ts': broken })
    const { msg } = await bot.expectLog('say was not reloaded')
    expect(msg).toContain(message)
    await bot.ask('/say', 'one')
    await project.write({ 'lib/word.ts': "export const word = 'three'\n" })
    await bot.expectLog('reloaded say')
    await bot.ask('/say', 'three')
  })

  it('shows in which order messages meet the middlewares, at the start and when it is another one', async () => {
    const passing = (name: string, options = ''): string => `import { definePlugin } from '@mynah/core'
export default definePlugin({ name: '${name}', setup: (ctx) => void ctx.use((_, next) => next()${options}) })
`
    const project = await TestProject.create({
      'bot.config.yaml': sandboxConfig,
      'plugins/a.ts': passing('a'),
      'plugins/b.ts': passing('b', ", { name: 'spam', stage: 'guard' }"),
    })
    const bot = project.bot(['dev'])
    open.push(project, bot)
    expect((await bot.expectLog('Messages pass')).msg).toBe('Messages pass b (spam) [guard], a')
    await bot.expectLog('Watching for changes')
    await project.write({ 'plugins/a.ts': passing('a', ", { stage: 'guard' }") })
    await bot.expectLog('Messages pass a [guard], b (spam) [guard]')
  })

  it('rolls back a version whose setup throws', async () => {
    const { project, bot } = await dev({ 'plugins/ping.ts': answering('ping', 'old') })
    await project.write({
      'plugins/ping.ts': answering('ping', 'new').replace(
        'setup(ctx) {',
        "setup(ctx) {\n    throw new Error('no start')\n",
      ),
    })
    await bot.expectLog('ping was not reloaded')
    await bot.ask('/ping', 'old')
  })

  it('leaves other plugins and shared modules that did not change alone', async () => {
    const shared = 'export const state = { count: 0 }\n'
    const counter = `import { definePlugin } from '@mynah/core'
import { state } from '../lib/state.ts'
export default definePlugin({ name: 'count', setup: (ctx) => void ctx.command('count').action(() => (state.count += 1)) })
`
    const { project, bot } = await dev({
      'plugins/count.ts': counter,
      'plugins/ping.ts': answering('ping', 'pong'),
      'lib/state.ts': shared,
    })
    await bot.ask('/count', '1')
    await project.write({ 'plugins/ping.ts': answering('ping', 'pang') })
    await bot.expectLog('reloaded ping')
    await project.write({ 'plugins/count.ts': counter.replace('+= 1', '+= 10') })
    await bot.expectLog('reloaded count')
    await bot.ask('/count', '11')
    expect(
      bot.log.filter(({ msg }) => msg.startsWith('reloaded')).map(({ msg }) => msg.split(' ')[1]),
    ).toEqual(['ping', 'count'])
  })

  it('notices new and deleted plugin files', async () => {
    const { project, bot } = await dev({
      'plugins/ping.ts': answering('ping', 'pong'),
      'plugins/old.ts': answering('old', 'old'),
    })
    await project.write({ 'plugins/extra.ts': answering('extra', 'here') })
    expect((await bot.expectLog('added extra')).msg).toContain('[+extra]')
    await bot.ask('/extra', 'here')
    await project.remove('plugins/extra.ts')
    await bot.expectLog('removed extra')
    await project.remove('plugins/old.ts')
    await bot.expectLog('removed old')
    await bot.ask('/ping', 'pong')
    expect(bot.replies).toEqual([])
  })

  it('applies a change of the config to just the plugins it concerns, and refuses a wrong one', async () => {
    const configured = `import { definePlugin, z } from '@mynah/core'
export default definePlugin({
  name: 'say',
  config: z.object({ word: z.string().default('one') }),
  setup: (ctx, { word }) => void ctx.command('say').action(() => word),
})
`
    const { project, bot } = await dev({
      'plugins/say.ts': configured,
      // Behind the other also when the config names that one: an order that changes is told, too.
      'plugins/zap.ts': answering('zap', 'zapped'),
    })
    await bot.ask('/say', 'one')
    await project.write({ 'bot.config.yaml': `${sandboxConfig}plugins:\n  say: { word: two }\n` })
    await bot.expectLog('reconfigured say')
    await bot.ask('/say', 'two')
    await project.write({ 'bot.config.yaml': `${sandboxConfig}plugins:\n  say: { wort: x }\n` })
    const { msg } = await bot.expectLog('say was not reloaded')
    expect(msg).toContain('bot.config.yaml:4:10 plugins.say.wort: unknown key; did you mean word?')
    await bot.ask('/say', 'two')
    await project.write({ 'bot.config.yaml': `${sandboxConfig}prefix: '!'\n` })
    await bot.expectLog('settings config')
    await bot.ask('!say', 'one')
  })

  it('applies a change of .env', async () => {
    const { project, bot } = await dev({
      'bot.config.yaml': `${sandboxConfig}prefix: \${MARK}\n`,
      '.env': "MARK='!'\n",
      'plugins/ping.ts': answering('ping', 'pong'),
    })
    await bot.ask('!ping', 'pong')
    await project.write({ '.env': "MARK='?'\n" })
    await bot.expectLog('settings config')
    await bot.ask('?ping', 'pong')
  })

  it('runs JSX and JSON', async () => {
    const { bot } = await dev({
      'plugins/card.tsx': `import { definePlugin } from '@mynah/core'
import { word } from '../lib/word.json'
export default definePlugin({ name: 'card', setup: (ctx) => void ctx.command('card').action(() => <b>{word}</b>) })
`,
      'lib/word.json': '{ "word": "bold" }',
    })
    await bot.ask('/card', 'bold')
  })
})
