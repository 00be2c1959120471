/** What the types of a plugin cost an editor: the work of checking the scaffold's plugin, and of each command more. */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5)
const commands = 100

interface Cost {
  readonly instantiations: number
  readonly checkMs: number
}

/** A bot's folder as the scaffold makes it, with one plugin. */
async function project(plugin: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'mynah-types-'))
  await mkdir(join(root, 'plugins'))
  await mkdir(join(root, 'node_modules'))
  await cp(here('../../templates/basic/tsconfig.json'), join(root, 'tsconfig.json'))
  for (const scope of ['@mynah', '@types']) {
    await symlink(here(`../node_modules/${scope}`), join(root, 'node_modules', scope), 'junction')
  }
  await writeFile(join(root, 'package.json'), '{ "type": "module" }\n')
  await writeFile(join(root, 'plugins', 'plugin.ts'), plugin)
  return root
}

const compiler = createRequire(import.meta.url).resolve('typescript/package.json')

async function check(root: string): Promise<Cost> {
  const tsc = join(dirname(compiler), 'bin', 'tsc')
  const args = [tsc, '-p', root, '--extendedDiagnostics', '--singleThreaded']
  const { stdout } = await run(process.execPath, args)
  const figure = (name: string): number => {
    const found = new RegExp(`^${name}:\\s+([\\d.]+)`, 'm').exec(stdout)
    if (found === null) throw new Error(`The compiler gave no "${name}":\n${stdout}`)
    return Number(found[1])
  }
  return { instantiations: figure('Instantiations'), checkMs: figure('Check time') * 1000 }
}

const many = `import { definePlugin } from '@mynah/core'
export default definePlugin({
  name: 'many',
  setup(ctx) {
${Array.from(
  { length: commands },
  (_, index) => `    ctx
      .command('c${index} <who:user> [times:int=1] [words...]', 'Number ${index}')
      .option('sides', '-s <faces:int=6>')
      .option('loud', '-l')
      .action(({ args: [who, times, words], options: { sides, loud } }) =>
        [who.id, (times + sides).toFixed(), ...words, loud ? '!' : ''].join(' '))`,
).join('\n')}
  },
})
`

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const roots = [
  await project(
    "import { definePlugin } from '@mynah/core'\nexport default definePlugin({ name: 'none', setup() {} })\n",
  ),
  await project(await readFile(here('../../templates/basic/plugins/ping.ts'), 'utf8')),
  await project(many),
]
const costs: Cost[][] = roots.map(() => [])
for (let round = 0; round < rounds; round += 1) {
  for (const [index, root] of roots.entries()) costs[index]?.push(await check(root))
}
for (const root of roots) await rm(root, { recursive: true, force: true })

const [none, scaffold, hundred] = costs.map((list) => ({
  instantiations: median(list.map(({ instantiations }) => instantiations)),
  checkMs: median(list.map(({ checkMs }) => checkMs)),
}))
if (none === undefined || scaffold === undefined || hundred === undefined)
  throw new Error('Nothing was measured.')

const rows = [
  { name: 'scaffolded plugin: instantiations', value: scaffold.instantiations, unit: '', most: 90_000 },
  { name: 'scaffolded plugin: check time', value: scaffold.checkMs, unit: 'ms', most: 1000 },
  {
    name: 'a command more: instantiations',
    value: (hundred.instantiations - none.instantiations) / commands,
    unit: '',
    most: 200,
  },
  {
    name: 'a command more: check time',
    value: (hundred.checkMs - none.checkMs) / commands,
    unit: 'ms',
    most: 3,
  },
]
console.log(`| figure (median of ${rounds}) | mynah | goal |\n| --- | ---: | --- |`)
for (const { name, value, unit, most } of rows) {
  console.log(`| ${name} | ${value.toFixed(unit === '' ? 0 : 2)} ${unit} | at most ${most} ${unit} |`)
}
process.exitCode = rows.every(({ value, most }) => value <= most) ? 0 : 1
