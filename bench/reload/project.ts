import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const packages = fileURLToPath(new URL('../node_modules/@mynah', import.meta.url))
const vite = fileURLToPath(new URL('../node_modules/vite', import.meta.url))
const moduleCount = 30

/** Which module an edit changes. */
export type Edit = 'leaf' | 'heavy'

/** A bot whose one plugin is made of 30 modules: a chain of three importers above the edited one, and others. */
export class BenchProject {
  readonly root: string

  private constructor(root: string) {
    this.root = root
  }

  static async create(): Promise<BenchProject> {
    const project = new BenchProject(await mkdtemp(join(tmpdir(), 'mynah-reload-')))
    await mkdir(join(project.root, 'plugins'), { recursive: true })
    await mkdir(join(project.root, 'lib'), { recursive: true })
    await mkdir(join(project.root, 'node_modules'), { recursive: true })
    await symlink(packages, join(project.root, 'node_modules', '@mynah'), 'junction')
    await symlink(vite, join(project.root, 'node_modules', 'vite'), 'junction')
    for (const [name, content] of Object.entries(files())) await writeFile(join(project.root, name), content)
    await project.edit('leaf', 0)
    await project.edit('heavy', 0)
    return project
  }

  /** Saves a version of a module. */
  async edit(kind: Edit, version: number): Promise<void> {
    await writeFile(join(this.root, 'lib', `${kind}.ts`), kind === 'leaf' ? leaf(version) : heavy(version))
  }

  /** Saves a module that cannot be compiled. */
  async breakIt(): Promise<void> {
    await writeFile(join(this.root, 'lib', 'leaf.ts'), "export const version = 'broken\n")
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true })
  }
}

function leaf(version: number): string {
  return `export const version = ${version}\n`
}

/** Builds 10 MB of small objects when it is loaded. */
function heavy(version: number): string {
  return `export const heavyVersion = ${version}
export const table = Array.from({ length: 100_000 }, (_, index) => ({ index, square: index * index, version: ${version} }))
`
}

function files(): Record<string, string> {
  const others = Array.from({ length: moduleCount - 6 }, (_, index) => `other${index}`)
  return {
    'package.json': '{ "name": "reload-bench", "private": true, "type": "module" }\n',
    'bot.config.yaml':
      'log:\n  level: warn\nadapters:\n  onebot:\n    forward:\n      - url: ${ONEBOT_URL}\n',
    ...Object.fromEntries(
      others.map((name, index) => [`lib/${name}.ts`, `export const ${name} = ${index}\n`]),
    ),
    'lib/middle.ts': "import { version } from './leaf.ts'\nexport const middle = () => version\n",
    'lib/upper.ts': "import { middle } from './middle.ts'\nexport const upper = () => middle()\n",
    'plugins/bench.ts': `import { definePlugin } from '@mynah/core'
${others.map((name) => `import { ${name} } from '../lib/${name}.ts'`).join('\n')}
import { upper } from '../lib/upper.ts'
import { heavyVersion, table } from '../lib/heavy.ts'

const sum = [${others.join(', ')}].reduce((a, b) => a + b, 0)

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
