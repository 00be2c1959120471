// `npm start`: the basic template as `bot dev`, a chat in the terminal.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { root, setup } from './setup.mjs'

await setup()
const cli = join(root, 'packages', 'cli', 'dist', 'bin.js')
const template = join(root, 'templates', 'basic')
// In this process, so that signals need not be passed on.
process.argv.splice(1, 1, cli, 'dev', '--cwd', template)
await import(pathToFileURL(cli).href)
