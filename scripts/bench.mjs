// `pnpm bench [name]`: side-by-side benchmarks on built packages.
import { join } from 'node:path'

import { root, run, setup } from './setup.mjs'

await setup()
const name = process.argv[2] ?? 'onebot'
process.exitCode = await run(process.execPath, ['--import', 'tsx', join(root, 'bench', name, 'main.ts')], {
  cwd: join(root, 'bench'),
  stdio: 'inherit',
})
