// `npm start`: the basic template as `bot dev`, a chat in the terminal.
import { join } from 'node:path'

import { root, run, setup } from './setup.mjs'

await setup()
const cli = join(root, 'packages', 'cli', 'dist', 'bin.js')
const template = join(root, 'templates', 'basic')
// Signals reach the bot too, as it is in the same process group; this process only waits for its end.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {})
process.exitCode = await run(process.execPath, [cli, 'dev', '--cwd', template, ...process.argv.slice(2)], {
  stdio: 'inherit',
  shell: false,
})
