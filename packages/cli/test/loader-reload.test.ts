import { cp, mkdir, realpath, rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, describe, expect, it } from 'vitest'

import { answering, type BotProcess, type ProjectFiles, sandboxConfig, TestProject } from './bot-process.ts'

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing[Symbol.asyncDispose]()
})

async function dev(
  files: ProjectFiles,
  prepare?: (project: TestProject) => Promise<void>,
  args: (root: string) => string[] = () => ['dev'],
): Promise<{ project: TestProject; bot: BotProcess }> {
  const project = await TestProject.create({ 'bot.config.yaml': sandboxConfig, ...files })
  await prepare?.(project)
  const bot = project.bot(args(project.root))
  open.push(project, bot)
  await bot.expectLog('Watching for changes')
  return { project, bot }
}

/** A plugin that answers with a word of another module. */
function saying(module: string, name = 'say'): string {
  return `import { definePlugin } from '@mynah/core'
import { word } from '${module}'
export default definePlugin({ name: '${name}', setup: (ctx) => void ctx.command('${name}').action(() => word) })
`
}

function word(text: string): string {
  return `export const word = '${text}'\n`
}

describe('a reload finds', () => {
  it('a module that was made after its import was saved', async () => {
    const { project, bot } = await dev({ 'plugins/say.ts': saying('../lib/w.ts'), 'lib/w.ts': word('one') })
    await bot.ask('/say', 'one')
    await project.write({ 'lib/w.ts': "export { z as word } from './z.ts'\n" })
    await bot.expectLog('say was not reloaded')
    await project.write({ 'lib/z.ts': "export const z = 'two'\n" })
    await bot.expectLog('reloaded say')
    await bot.ask('/say', 'two')
  })

  it('a module that a new plugin lacked, and says only once that it is missing', async () => {
    const { project, bot } = await dev({ 'plugins/ping.ts': answering('ping', 'pong') })
    await project.write({ 'plugins/say.ts': saying('../lib/w.ts') })
    const { msg } = await bot.expectLog('say was not loaded')
    expect(msg).toContain('nothing of it runs')
    await project.write({ 'plugins/data/x.json': '{}', 'plugins/note.txt': 'x' })
    await project.write({ 'plugins/data/x.json': '{ "a": 1 }' })
    await project.write({ 'plugins/ping.ts': answering('ping', 'pang') })
    await bot.expectLog('reloaded ping')
    await project.write({ 'lib/w.ts': word('here') })
    await bot.expectLog('added say')
    await bot.ask('/say', 'here')
    expect(bot.log.filter(({ msg: line }) => line.startsWith('say was not'))).toHaveLength(1)
  })

  it('a module that takes the place of another, in a folder of the same name', async () => {
    const { project, bot } = await dev({
      'plugins/say.ts': saying('../lib/w'),
      'lib/w/index.ts': word('one'),
    })
    await bot.ask('/say', 'one')
    await project.write({ 'lib/w.ts': word('two') })
    await bot.expectLog('reloaded say')
    await bot.ask('/say', 'two')
  })

  it.each(['dist', 'coverage', '.generated'])('what a module in a folder named %s is now', async (folder) => {
    const { project, bot } = await dev({
      'plugins/say.ts': saying(`../${folder}/w.ts`),
      [`${folder}/w.ts`]: word('one'),
    })
    await bot.ask('/say', 'one')
    await project.write({ [`${folder}/w.ts`]: word('two') })
    await bot.expectLog('reloaded say')
    await bot.ask('/say', 'two')
  })

  it('the files behind links to the project and to a plugin', async () => {
    const { project, bot } = await dev(
      { 'store/say.ts': answering('say', 'one'), 'plugins/ping.ts': answering('ping', 'one') },
      async ({ root }) => {
        await symlink('../store/say.ts', join(root, 'plugins/say.ts'))
        await symlink(root, `${root}-link`)
      },
      (root) => ['dev', '-C', `${root}-link`],
    )
    open.push({ [Symbol.asyncDispose]: () => rm(`${project.root}-link`) })
    await bot.ask('/say', 'one')
    await project.write({ 'store/say.ts': answering('say', 'two') })
    await bot.expectLog('reloaded say')
    await bot.ask('/say', 'two')
    await project.write({ 'plugins/ping.ts': answering('ping', 'two') })
    await bot.expectLog('reloaded ping')
    await bot.ask('/ping', 'two')
  })

  it('a CommonJS module by starting the process again', async () => {
    const { project, bot } = await dev({
      'plugins/say.ts': saying('../lib/w.cjs'),
      'lib/w.cjs': "exports.word = 'one'\n",
    })
    await bot.ask('/say', 'one')
    await project.write({ 'lib/w.cjs': "exports.word = 'two'\n" })
    await bot.expectLog('Watching for changes')
    await bot.ask('/say', 'two')
  })
})

describe('plugins that are saved together', () => {
  it('may exchange the names of their commands, as a checkout does', async () => {
    const version = (name: string, command: string): string =>
      answering(command, name).replace(`name: '${command}'`, `name: '${name}'`)
    const { project, bot } = await dev({
      'plugins/a.ts': version('a', 'one'),
      'plugins/b.ts': version('b', 'two'),
    })
    await bot.ask('/one', 'a')
    await Promise.all([
      project.write({ 'plugins/a.ts': version('a', 'two') }),
      project.write({ 'plugins/b.ts': version('b', 'one') }),
    ])
    await bot.askUntil('/one', 'b')
    await bot.askUntil('/two', 'a')
  })

  it('may take over what one that is deleted had', async () => {
    const { project, bot } = await dev({
      'plugins/a.ts': answering('one', 'a'),
      'plugins/b.ts': answering('two', 'b'),
    })
    await bot.ask('/two', 'b')
    await Promise.all([
      project.remove('plugins/b.ts'),
      project.write({ 'plugins/a.ts': answering('two', 'a') }),
    ])
    await bot.askUntil('/two', 'a')
  })
})

describe('what does not fit', () => {
  it('in the names of commands is told, no plugin ends by it, and the other settings count', async () => {
    const { project, bot } = await dev({
      'plugins/one.ts': answering('one', 'a'),
      'plugins/two.ts': answering('two', 'b'),
    })
    const config = `${sandboxConfig}prefix: ['/', '!']\n`
    await project.write({ 'bot.config.yaml': `${config}commands:\n  two/two: { name: one }\n` })
    await bot.expectLog('settings config')
    expect((await bot.expectLog('commands.two/two: ')).msg).toContain('is taken by "one" of plugin one')
    await bot.ask('!one', 'a')
    await bot.ask('!two', 'b')
    await project.write({
      'bot.config.yaml': `${sandboxConfig}commands:\n  two: { name: one }\n  one: { name: two }\n`,
    })
    await bot.expectLog('settings config')
    await bot.ask('/one', 'b')
  })

  it('is told: names of commands that nobody has, and files that do not count', async () => {
    const { project, bot } = await dev({
      'bot.config.yaml': `${sandboxConfig}commands:\n  pingg: { hidden: true }\n`,
      'plugins/ping.ts': answering('ping', 'ts'),
      'plugins/ping.js': answering('ping', 'js'),
    })
    await bot.ask('/ping', 'ts')
    const lines = bot.log.map(({ msg }) => msg)
    expect(lines).toContain('plugins/ping.js is not loaded, because plugins/ping.ts has the same name')
    expect(lines.join('\n')).toContain(
      'commands.pingg changes nothing: there is no such command; did you mean ping',
    )
    await project.write({ 'plugins/ping.ts': answering('ping', 'saved') })
    await bot.expectLog('reloaded ping')
    await bot.ask('/ping', 'saved')
    expect(bot.log.filter(({ msg }) => msg.includes('pingg'))).toHaveLength(1)
  })

  it('is told of a deleted plugin that the config still names, and the others go on', async () => {
    const { project, bot } = await dev({
      'bot.config.yaml': `${sandboxConfig}plugins:\n  ping: {}\n  say: {}\n`,
      'plugins/ping.ts': answering('ping', 'pong'),
      'plugins/say.ts': answering('say', 'said'),
    })
    await project.remove('plugins/ping.ts')
    await bot.expectLog('removed ping')
    const { msg } = await bot.expectLog('ping was not loaded')
    expect(msg).toContain('bot.config.yaml:4:3 plugins.ping')
    expect(msg).toContain('put it into plugins/')
    await bot.ask('/say', 'said')
    await project.write({ 'plugins/ping.ts': answering('ping', 'again') })
    await bot.expectLog('added ping')
    await bot.ask('/ping', 'again')
  })

  it('is told of a plugin that waits for a service', async () => {
    const { project, bot } = await dev({ 'plugins/ping.ts': answering('ping', 'pong') })
    await project.write({
      'plugins/late.ts': answering('late', 'x').replace(
        "name: 'late',",
        "name: 'late',\n  inject: ['weather'],",
      ),
    })
    await bot.expectLog('late (plugins/late.ts) waits for the service weather')
    expect(bot.log.some(({ msg }) => msg.startsWith('added late'))).toBe(false)
  })

  it('is an import that never ends: the old version goes on', async () => {
    const { project, bot } = await dev({ 'plugins/say.ts': answering('say', 'old') })
    await project.write({ 'plugins/say.ts': `await new Promise(() => {})\n${answering('say', 'new')}` })
    const { msg } = await bot.expectLog('say was not reloaded')
    expect(msg).toContain('was still being imported after 5 s')
    await bot.ask('/say', 'old')
    await project.write({ 'plugins/say.ts': answering('say', 'newer') })
    await bot.expectLog('reloaded say')
    await bot.ask('/say', 'newer')
  })
})

it('tells what was left behind also where the framework is installed and not linked', async () => {
  const leaky = (version: string): string =>
    answering('leaky', version).replace('setup(ctx) {', 'setup(ctx) {\n    setInterval(() => {}, 60_000)')
  const { project, bot } = await dev({ 'plugins/leaky.ts': leaky('1') }, async ({ root }) => {
    // As an installation has it: a copy, with what it needs beside it.
    const source = fileURLToPath(new URL('../../core', import.meta.url))
    const core = join(root, 'node_modules/@mynah/core')
    await rm(core)
    await mkdir(core)
    for (const name of ['package.json', 'dist'])
      await cp(join(source, name), join(core, name), { recursive: true })
    await symlink(await realpath(join(source, 'node_modules')), join(core, 'node_modules'), 'junction')
  })
  await bot.ask('/leaky', '1')
  await project.write({ 'plugins/leaky.tmp': leaky('2') })
  await rename(join(project.root, 'plugins/leaky.tmp'), join(project.root, 'plugins/leaky.ts'))
  await bot.expectLog('leaky left a Timeout behind')
})
