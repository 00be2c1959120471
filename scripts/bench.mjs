// `pnpm bench [name] [--against <commit>] [--json <file>]`: benchmarks on built packages; with --against, five
// alternating rounds of this tree and of a commit, and for each figure the interval of what became of it. --json writes
// the figures into a file, where the benchmark knows that (database).
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

import { compare } from './bench-against.mjs'
import { root, run, setup } from './setup.mjs'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    against: { type: 'string' },
    json: { type: 'string' },
    rounds: { type: 'string', default: '5' },
  },
})
const name = positionals[0] ?? 'onebot'
await setup()
if (values.against === undefined) {
  process.exitCode = await run(process.execPath, ['--import', 'tsx', join(root, 'bench', name, 'main.ts')], {
    cwd: join(root, 'bench'),
    stdio: 'inherit',
    env: values.json === undefined ? process.env : { ...process.env, BENCH_JSON: resolve(values.json) },
  })
} else {
  await compare({ name, commit: values.against, rounds: Number(values.rounds) })
}
