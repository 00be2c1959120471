import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { expect, it } from 'vitest'

import { exitCodes } from '../src/exit-codes.ts'
import { TestProject } from './bot-process.ts'

it('a program of its own lives from the start of its app to the stop, though it only waits', async () => {
  await using project = await TestProject.create({
    'main.mjs': `import { App, definePlugin } from '@mynah/core'
const app = new App()
app.plugin(definePlugin({
  name: 'clockwork',
  setup(ctx) {
    ctx.setTimeout(() => { console.log('waited'); void app.stop().then(() => console.log('stopped')) }, 300)
  },
}))
await app.start()
`,
  })
  const program = spawn(process.execPath, [join(project.root, 'main.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  createInterface(program.stdout).on('line', (line) => lines.push(line))
  const [code] = (await once(program, 'close')) as [number | null]
  expect(lines).toEqual(['waited', 'stopped'])
  expect(code).toBe(0)
})

const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url))

it.each([
  [['--version'], 0],
  [['--help'], 0],
  [['help', 'dev'], 0],
  [[], exitCodes.failed],
  [['frobnicate'], exitCodes.failed],
  [['start', '--cwd', '/nowhere/at/all'], exitCodes.failed],
  [['start', '--cwd', fileURLToPath(new URL('.', import.meta.url))], exitCodes.config],
])('bot %j exits with %i', (args, code) => {
  expect(spawnSync(process.execPath, [bin, ...args]).status).toBe(code)
})
