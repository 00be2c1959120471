// `npm test`: everything that has to hold before a change is taken. Arguments go to vitest.
import { bin, run, setup } from './setup.mjs'

await setup()
const chosen = process.argv.slice(2)
/** @typedef {[name: string, command: string, args: string[], env?: NodeJS.ProcessEnv]} Check */
/**
 * Suites that run again with everything copied that crosses the wall; `LOOP_BACK=1 pnpm vitest run` takes any.
 *
 * @type {Check}
 */
const overTheWall = [
  'tests over the wall between accounts and plugins',
  bin('vitest'),
  ['run', 'packages/core/test', 'packages/testing/src', 'contract.test.ts', 'chat.test.ts'],
  { LOOP_BACK: '1' },
]
/** @type {Check[]} */
const checks = [
  ['formatting', bin('oxfmt'), ['--check', '.']],
  ['lint', bin('oxlint'), ['--type-aware', '--deny-warnings']],
  ['types', bin('tsc'), ['--noEmit']],
  ['unused code', bin('knip'), []],
  ['published packages', process.execPath, ['scripts/check-packages.mjs']],
  ['tests', bin('vitest'), ['run', ...chosen]],
  ...(chosen.length > 0 ? [] : [overTheWall]),
]
for (const [name, command, args, env] of checks) {
  const start = performance.now()
  console.log(`\n▶ ${name}`)
  const code = await run(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  })
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${code === 0 ? '✔' : '✘'} ${name} (${seconds} s)`)
  if (code !== 0) process.exit(code)
}
