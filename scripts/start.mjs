// `npm start`: the basic template as `bot dev`, a chat in the terminal.
import { spawn } from 'node:child_process'
import { join } from 'node:path'

import { root, setup } from './setup.mjs'

await setup()
const cli = join(root, 'packages', 'cli', 'dist', 'bin.js')
const template = join(root, 'templates', 'basic')
const bot = spawn(process.execPath, [cli, 'dev', '--cwd', template, ...process.argv.slice(2)], {
  stdio: 'inherit',
})
// A terminal sends Ctrl+C to both processes by itself; this one waits for the other's end.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => bot.kill('SIGTERM'))
bot.once('exit', (code) => {
  process.exitCode = code ?? 1
})
