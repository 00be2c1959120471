import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Chat } from './chat.ts'
import { type Contender, type Edit, otherModules } from './contender.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** `bot dev` on a plugin in TypeScript; three importers stand above the module that is edited. */
export class Mynah implements Contender {
  readonly name = 'mynah'
  readonly #root: string

  private constructor(root: string) {
    this.#root = root
  }

  static async create(): Promise<Mynah> {
    const root = await mkdtemp(join(tmpdir(), 'mynah-reload-'))
    for (const folder of ['plugins', 'lib', 'node_modules']) await mkdir(join(root, folder))
    await symlink(here('../node_modules/@mynah'), join(root, 'node_modules', '@mynah'), 'junction')
    await symlink(here('../node_modules/vite'), join(root, 'node_modules', 'vite'), 'junction')
    for (const [name, content] of Object.entries(files())) await writeFile(join(root, name), content)
    const mynah = new Mynah(root)
    await mynah.edit('leaf', 0)
    await mynah.edit('heavy', 0)
    return mynah
  }

  async start(chat: Chat): Promise<ChildProcess> {
    const connected = chat.connected()
    const bin = here('../node_modules/@mynah/cli/dist/bin.js')
    const child = spawn(process.execPath, ['--expose-gc', bin, 'dev', '--cwd', this.#root], {
      stdio: ['ignore', 'ignore', 'ignore'],
      env: { ...process.env, ONEBOT_URL: chat.url },
    })
    await connected
    return child
  }

  async edit(kind: Edit, version: number): Promise<void> {
    const content =
      kind === 'leaf'
        ? `export const version = ${version}\n`
        : `export const heavyVersion = ${version}
export const table = Array.from({ length: 100_000 }, (_, index) => ({ index, square: index * index, version: ${version} }))
`
    await writeFile(join(this.#root, 'lib', `${kind}.ts`), content)
  }

  async breakIt(): Promise<void> {
    await writeFile(join(this.#root, 'lib', 'leaf.ts'), "export const version = 'broken\n")
  }

  async remove(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true })
  }
}

function files(): Record<string, string> {
  return {
    'package.json': '{ "name": "reload-bench", "private": true, "type": "module" }\n',
    'bot.config.yaml':
      'log:\n  level: warn\nadapters:\n  onebot:\n    forward:\n      - url: ${ONEBOT_URL}\n',
    ...Object.fromEntries(
      otherModules.map((name, index) => [`lib/${name}.ts`, `export const ${name} = ${index}\n`]),
    ),
    'lib/middle.ts': "import { version } from './leaf.ts'\nexport const middle = () => version\n",
    'lib/upper.ts': "import { middle } from './middle.ts'\nexport const upper = () => middle()\n",
    'plugins/bench.ts': `import { definePlugin } from '@mynah/core'
${otherModules.map((name) => `import { ${name} } from '../lib/${name}.ts'`).join('\n')}
import { upper } from '../lib/upper.ts'
import { heavyVersion, table } from '../lib/heavy.ts'

const sum = [${otherModules.join(', ')}].reduce((a, b) => a + b, 0)

export default definePlugin({
  name: 'bench',
  setup(ctx) {
    ctx.command('leaf').action(() => String(upper() + 0 * sum))
    ctx.command('heavy').action(() => String(heavyVersion + 0 * table.length))
    ctx.command('heap').action(() => {
      globalThis.gc?.()
      return String(process.memoryUsage().heapUsed)
    })
  },
})
`,
  }
}
