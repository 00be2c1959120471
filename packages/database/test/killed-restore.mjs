/** Restores a backup, and is killed before a step that changes files. Says `done` where it comes to its end. */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const [from, to, killAt] = process.argv.slice(2)
let left = Number(killAt)

function killBefore(module, names) {
  for (const name of names) {
    const real = module[name]
    module[name] = (...parameters) => {
      left -= 1
      if (left === 0) process.kill(process.pid, 'SIGKILL')
      return real(...parameters)
    }
  }
}

killBefore(fs, ['copyFileSync', 'linkSync', 'renameSync', 'rmSync', 'writeFileSync'])
syncBuiltinESMExports()

const { restore } = await import('@mynah/database/tools')
await restore({ from, to, replace: true })
process.stdout.write('done')
