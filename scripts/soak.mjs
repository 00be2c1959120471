// `pnpm soak [name]`: the long form of what CI does shortly, such as a platform that is away for 30 s.
// `name` is a file of packages/cli/test/soak; MYNAH_SOAK_MS says how long things are away, in ms.
import { bin, run, setup } from './setup.mjs'

await setup()
const name = process.argv[2] ?? ''
process.exitCode = await run(bin('vitest'), ['run', `packages/cli/test/soak/${name}`], {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { MYNAH_SOAK_MS: '30000', ...process.env },
})
