// `pnpm bench [name] [--against <commit>]`: benchmarks on built packages; with --against, five alternating rounds of
// this tree and of a commit, and for each figure the interval of what became of it.
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { compare } from './bench-against.mjs'
import { root, run, setup } from './setup.mjs'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { against: { type: 'string' }, rounds: { type: 'string', default: '5' } },
})
const name = positionals[0] ?? 'onebot'
await setup()
if (values.against === undefined) {
  process.exitCode = await run(process.execPath, ['--import', 'tsx', join(root, 'bench', name, 'main.ts')], {
    cwd: join(root, 'bench'),
    stdio: 'inherit',
  })
} else {
  await compare({ name, commit: values.against, rounds: Number(values.rounds) })
}
