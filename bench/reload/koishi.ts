import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Chat } from './chat.ts'
import { type Contender, type Edit, otherModules } from './contender.ts'

const packages = ['koishi@4.18.11', '@koishijs/plugin-hmr@1.2.9', 'koishi-plugin-adapter-onebot@6.9.4']

/** Koishi with its HMR plugin, installed from npm; the plugin is CommonJS, which is what it reloads. */
export class Koishi implements Contender {
  readonly name = 'koishi'
  readonly #root: string

  private constructor(root: string) {
    this.#root = root
  }

  static async create(): Promise<Koishi> {
    const root = await mkdtemp(join(tmpdir(), 'koishi-reload-'))
    await writeFile(join(root, 'package.json'), '{ "name": "koishi-bench", "private": true }\n')
    const install = spawn('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages], {
      cwd: root,
      stdio: 'ignore',
    })
    const [code] = (await once(install, 'exit')) as [number | null]
    if (code !== 0) throw new Error('Koishi could not be installed')
    const plugin = join(root, 'external', 'bench')
    await mkdir(join(plugin, 'lib'), { recursive: true })
    await symlink(plugin, join(root, 'node_modules', 'koishi-plugin-bench'), 'junction')
    for (const [name, content] of Object.entries(files())) await writeFile(join(plugin, name), content)
    const koishi = new Koishi(root)
    await koishi.edit('leaf', 0)
    await koishi.edit('heavy', 0)
    return koishi
  }

  async start(chat: Chat): Promise<ChildProcess> {
    const config = `prefix: ['/']
plugins:
  hmr:
    root: [external]
  bench: {}
  adapter-onebot:
    selfId: '3889001234'
    protocol: ws
    endpoint: ${chat.url}
`
    await writeFile(join(this.#root, 'koishi.yml'), config)
    const connected = chat.connected()
    const child = spawn(process.execPath, ['--expose-gc', '-e', "require('koishi/lib/worker')"], {
      cwd: this.#root,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    await connected
    return child
  }

  async edit(kind: Edit, version: number): Promise<void> {
    const content =
      kind === 'leaf'
        ? `exports.version = ${version}\n`
        : `exports.heavyVersion = ${version}
exports.table = Array.from({ length: 100_000 }, (_, index) => ({ index, square: index * index, version: ${version} }))
`
    await writeFile(join(this.#root, 'external', 'bench', 'lib', `${kind}.js`), content)
  }

  async breakIt(): Promise<void> {
    await writeFile(join(this.#root, 'external', 'bench', 'lib', 'leaf.js'), "exports.version = 'broken\n")
  }

  async remove(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true })
  }
}

function files(): Record<string, string> {
  return {
    'package.json': '{ "name": "koishi-plugin-bench", "version": "1.0.0", "main": "index.js" }\n',
    ...Object.fromEntries(
      otherModules.map((name, index) => [`lib/${name}.js`, `exports.${name} = ${index}\n`]),
    ),
    'lib/middle.js': "const { version } = require('./leaf.js')\nexports.middle = () => version\n",
    'lib/upper.js': "const { middle } = require('./middle.js')\nexports.upper = () => middle()\n",
    'index.js': `${otherModules.map((name) => `const { ${name} } = require('./lib/${name}.js')`).join('\n')}
const { upper } = require('./lib/upper.js')
const { heavyVersion, table } = require('./lib/heavy.js')
const sum = [${otherModules.join(', ')}].reduce((a, b) => a + b, 0)
exports.name = 'bench'
exports.apply = (ctx) => {
  ctx.command('leaf').action(() => String(upper() + 0 * sum))
  ctx.command('heavy').action(() => String(heavyVersion + 0 * table.length))
  ctx.command('heap').action(() => {
    globalThis.gc?.()
    return String(process.memoryUsage().heapUsed)
  })
}
`,
  }
}
