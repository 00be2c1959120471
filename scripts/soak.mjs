// `pnpm soak [name]`: the long form of what CI does shortly, such as a platform that is away for 30 s, or a bot that is
// killed 200 times. `name` is a file of packages/cli/test/soak; MYNAH_SOAK_MS says how long things are away, in ms, and
// MYNAH_SOAK_KILLS how often something is killed.
import { bin, run, setup } from './setup.mjs'

await setup()
const name = process.argv[2] ?? ''
process.exitCode = await run(bin('vitest'), ['run', `packages/cli/test/soak/${name}`], {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { MYNAH_SOAK_MS: '30000', MYNAH_SOAK_KILLS: '200', ...process.env },
})
