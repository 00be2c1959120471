import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { hasRegistry } from './network.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
/** The newest line with long-term support. */
const version = '26.10.0'
/** What of the command's tests depends on how Node loads modules and runs processes. */
const suites = ['start', 'reload', 'data']

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mynah-node-'))
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n')
  const code = await run(
    'npm',
    ['install', '--no-audit', '--no-fund', '--prefer-offline', `node@${version}`],
    folder,
  )
  if (code !== 0) throw new Error(`npm could not install node@${version}`)
}, 180_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

it.runIf(hasRegistry)(
  'runs and reloads bots, and stores their data, on the newest Node with long-term support',
  async () => {
    const node = join(folder, 'node_modules', '.bin', 'node')
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
    const code = await run(
      process.execPath,
      [vitest, 'run', ...suites.map((name) => `packages/cli/test/${name}.test.ts`)],
      root,
      {
        MYNAH_TEST_NODE: node,
      },
    )
    expect(code).toBe(0)
    // The engine runs inside of the tests, and so do these on that Node.
    const engine = 'packages/database/test/sqlite-engine.test.ts'
    expect(await run(node, [vitest, 'run', engine], root)).toBe(0)
  },
  600_000,
)

/** Runs a program to its end; what it prints is shown, so that a failure can be read. */
async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<number> {
  const child = spawn(command, args, {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  })
  const [code]: unknown[] = await once(child, 'exit')
  return typeof code === 'number' ? code : 1
}
