// `npm test`: everything that has to hold before a change is taken. Arguments go to vitest.
import { bin, run, setup } from './setup.mjs'

await setup()
/** @type {[name: string, command: string, args: string[]][]} */
const checks = [
  ['formatting', bin('oxfmt'), ['--check', '.']],
  ['lint', bin('oxlint'), ['--type-aware', '--deny-warnings']],
  ['types', bin('tsc'), ['--noEmit']],
  ['unused code', bin('knip'), []],
  ['published packages', process.execPath, ['scripts/check-packages.mjs']],
  ['tests', bin('vitest'), ['run', ...process.argv.slice(2)]],
]
for (const [name, command, args] of checks) {
  const start = performance.now()
  console.log(`\n▶ ${name}`)
  const code = await run(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${code === 0 ? '✔' : '✘'} ${name} (${seconds} s)`)
  if (code !== 0) process.exit(code)
}
