import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const home = resolve(import.meta.dirname, '..')
const bin = join(home, 'dist/bin.js')
let folder = ''

/** Runs the built command line in the temporary folder. */
function createBot(arguments_: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const env = { PATH: process.env['PATH'], LANG: 'C.UTF-8', ...environment }
  return new Promise<{ code: number; stdout: string; stderr: string }>((done) => {
    const child = execFile(
      process.execPath,
      [bin, ...arguments_],
      { cwd: folder, env },
      (error, stdout, stderr) => done({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
    child.stdin?.end()
  })
}

/** Makes a process take itself for one of another version of Node. */
function runningAs(node: string): NodeJS.ProcessEnv {
  const code = `Object.defineProperty(process,'versions',{value:{...process.versions,node:'${node}'}})`
  return { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(code)}` }
}

async function filesIn(name: string): Promise<string[]> {
  const entries = await readdir(join(folder, name), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
}

async function manifestOf(name: string): Promise<Record<string, unknown>> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, name, 'package.json'), 'utf8'))
  return Object.fromEntries(Object.entries(manifest ?? {}))
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'create-bot-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

describe('create-bot', () => {
  it('writes at most eight files without asking, and says what to do next', async () => {
    const { code, stdout, stderr } = await createBot(['my-bot', '--yes', '--no-install'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect((await filesIn('my-bot')).sort()).toEqual([
      '.gitignore',
      'README.md',
      'bot.config.yaml',
      'package.json',
      'ping.ts',
      'tsconfig.json',
    ])
    expect(stdout).toContain('cd my-bot\n   npm install\n   npm run dev')
    expect(await readFile(join(folder, 'my-bot/README.md'), 'utf8')).toMatch(/^# my-bot\n/)
  })

  it('takes my-bot for a name when there is nobody to ask', async () => {
    expect((await createBot(['--no-install'])).code).toBe(0)
    expect(await manifestOf('my-bot')).toMatchObject({ name: 'my-bot', version: '0.1.0', private: true })
  })

  it('pins every dependency to a range that cannot jump', async () => {
    await createBot(['my-bot', '--yes', '--no-install', '--platform', 'onebot'])
    const { dependencies, devDependencies } = await manifestOf('my-bot')
    const ranges = { ...Object(dependencies), ...Object(devDependencies) }
    expect(Object.keys(ranges)).toContain('@mynah/core')
    for (const range of Object.values(ranges)) expect(range).toMatch(/^[~^]\d+\.\d+\.\d+$/)
    const own: unknown = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'))
    expect(ranges['@mynah/core']).toBe(`^${Object(own).version}`)
    expect(ranges['@mynah/adapter-onebot']).toBe(ranges['@mynah/core'])
  })

  it.each([
    ['22.15.0', 'C.UTF-8', 'Node 22.15.0 brings no SQLite, so @photostructure/sqlite (29 MB) is added'],
    [
      '20.19.0',
      'zh_CN.UTF-8',
      'Node 20.19.0 没有自带可用的 SQLite，所以添加了 @photostructure/sqlite（29 MB）',
    ],
  ])('adds the package for SQLite on Node %s, which brings none, and says so', async (node, lang, words) => {
    const { stdout } = await createBot(['my-bot', '-y', '--no-install'], { ...runningAs(node), LANG: lang })
    expect(stdout).toContain(words)
    const { dependencies } = await manifestOf('my-bot')
    expect(dependencies).toMatchObject({
      '@mynah/database': expect.any(String),
      '@photostructure/sqlite': '^1.2.1',
    })
  })

  it('leaves the package for SQLite out where Node brings it', async () => {
    const { stdout } = await createBot(['my-bot', '-y', '--no-install'], runningAs('22.16.0'))
    expect(stdout).not.toContain('SQLite')
    const names = Object.keys(Object((await manifestOf('my-bot'))['dependencies']))
    expect(names).toContain('@mynah/database')
    expect(names).not.toContain('@photostructure/sqlite')
  })

  it('keeps what the bot stores out of git', async () => {
    await createBot(['my-bot', '-y', '--no-install'])
    expect(await readFile(join(folder, 'my-bot/.gitignore'), 'utf8')).toContain('\ndata/\n')
    const config = await readFile(join(folder, 'my-bot/bot.config.yaml'), 'utf8')
    expect(parse(config.replace('# database:', 'database:'))).toMatchObject({
      database: 'sqlite:data/bot.db',
    })
  })

  it.each([
    ['onebot', { forward: [{ url: '${ONEBOT_URL}', token: '${ONEBOT_TOKEN}' }] }],
    ['qq', { appId: '${QQ_APP_ID}', secret: '${QQ_SECRET}' }],
    ['kook', { token: '${KOOK_TOKEN}' }],
  ])(
    'prepares %s: values in .env, an entry that works once its marks are taken away',
    async (name, entry) => {
      const { stdout } = await createBot(['b', '-y', '--no-install', '-p', name])
      expect(stdout).toContain('fill in .env')
      const config = await readFile(join(folder, 'b/bot.config.yaml'), 'utf8')
      expect(parse(config)).toMatchObject({ adapters: { sandbox: {} } })
      expect(Object.keys(Object(parse(config)).adapters)).toEqual(['sandbox'])
      const block = config.slice(config.indexOf(`  # ${name}:`)).split('\n\n')[0] ?? ''
      const enabled = config.replace(block, block.replaceAll(/^ {2}# /gm, '  '))
      expect(parse(enabled)).toMatchObject({ adapters: { sandbox: {}, [name]: entry } })
      const environment = await readFile(join(folder, 'b/.env'), 'utf8')
      const variables = Array.from(JSON.stringify(entry).matchAll(/\$\{(\w+)\}/g), ([, variable]) => variable)
      for (const variable of variables) expect(environment).toMatch(new RegExp(`^# .+\n${variable}=$`, 'm'))
      expect(await readFile(join(folder, 'b/.gitignore'), 'utf8')).toContain('\n.env\n')
      expect((await filesIn('b')).length).toBeLessThanOrEqual(8)
    },
  )

  it('refuses a folder that is not empty, and leaves it alone', async () => {
    await mkdir(join(folder, 'my-bot'))
    await writeFile(join(folder, 'my-bot/notes.txt'), 'mine')
    const { code, stderr } = await createBot(['my-bot', '--yes'])
    expect(code).toBe(1)
    expect(stderr).toContain('my-bot is not empty. Choose another name, or empty it first.')
    expect(await filesIn('my-bot')).toEqual(['notes.txt'])
  })

  it('refuses a file in the place of the folder', async () => {
    await writeFile(join(folder, 'my-bot'), '')
    const { code, stderr } = await createBot(['my-bot', '--yes'])
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('my-bot is a file.') })
  })

  it('goes into an existing folder that is empty but for .git', async () => {
    await mkdir(join(folder, 'here/.git'), { recursive: true })
    folder = join(folder, 'here')
    const { code, stdout } = await createBot(['.', '--yes', '--no-install'])
    expect(code).toBe(0)
    expect(stdout).not.toContain('cd ')
    folder = join(folder, '..')
    expect(await manifestOf('here')).toMatchObject({ name: 'here' })
  })

  it.each(['.DS_Store', 'Thumbs.db', 'desktop.ini', '.idea', '.vscode', '._x'])(
    'takes a folder for empty in which only %s is, which nobody put there',
    async (name) => {
      await mkdir(join(folder, 'my-bot'))
      await writeFile(join(folder, 'my-bot', name), '')
      expect((await createBot(['my-bot', '-y', '--no-install'])).code).toBe(0)
    },
  )

  it.skipIf(process.platform === 'win32')('writes .env for its owner only', async () => {
    await createBot(['my-bot', '-y', '--no-install', '-p', 'onebot'])
    expect((await stat(join(folder, 'my-bot/.env'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'my-bot/bot.config.yaml'))).mode & 0o400).toBe(0o400)
  })

  it('says that the package manager is not installed', async () => {
    await mkdir(join(folder, 'bin'))
    const { code, stderr } = await createBot(['my-bot', '--yes', '--pm', 'bun'], {
      PATH: join(folder, 'bin'),
    })
    expect(code).toBe(1)
    expect(stderr).toContain('bun is not installed')
    expect(await filesIn('my-bot')).toContain('ping.ts')
  })

  it('refuses a name that no package may have, and suggests one', async () => {
    const { code, stderr } = await createBot(['My Bot', '--yes'])
    expect(code).toBe(1)
    expect(stderr).toContain('Try my-bot.')
    expect(await readdir(folder)).toEqual([])
  })

  it.each([['--platform', 'icq'], ['--pm', 'pip'], ['--nonsense']])('refuses %s %s', async (...flags) => {
    expect((await createBot(['my-bot', ...flags])).code).toBe(1)
    expect(await readdir(folder)).toEqual([])
  })

  it('speaks Chinese where the environment does, and so does the bot', async () => {
    const { stdout } = await createBot(['my-bot', '--no-install', '-p', 'kook'], { LC_ALL: 'zh_CN.UTF-8' })
    expect(stdout).toContain('接下来：')
    expect(await readFile(join(folder, 'my-bot/bot.config.yaml'), 'utf8')).toContain('\nlocale: zh-CN\n')
    expect(await readFile(join(folder, 'my-bot/.env'), 'utf8')).toContain('不要提交本文件')
  })

  it('installs with the package manager that called it, in the new folder', async () => {
    await fakeProgram('pnpm', 'echo "$PWD $*" > lock.txt')
    const { code, stdout } = await createBot(['my-bot', '--yes'], {
      PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
      npm_config_user_agent: 'pnpm/10.34.8 npm/? node/v20.20.2 linux x64',
    })
    expect(code).toBe(0)
    expect(await readFile(join(folder, 'my-bot/lock.txt'), 'utf8')).toMatch(
      /my-bot install --ignore-workspace\n$/,
    )
    expect(stdout).toContain('cd my-bot\n   pnpm dev')
  })

  it('says so and fails when the packages cannot be installed', async () => {
    await fakeProgram('yarn', 'exit 7')
    const { code, stderr } = await createBot(['my-bot', '--yes', '--pm', 'yarn'], {
      PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
    })
    expect(code).toBe(1)
    expect(stderr).toContain('yarn could not install the packages')
    expect(await filesIn('my-bot')).toContain('ping.ts')
  })

  async function fakeProgram(name: string, script: string): Promise<void> {
    await mkdir(join(folder, 'bin'))
    await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  }
})
