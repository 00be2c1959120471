import { fileURLToPath } from 'node:url'

import { expect, it } from 'vitest'

import { Program } from './program.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

it('answers piped lines on stdout, logs on stderr, and exits with 0', async () => {
  await using program = new Program('npm', ['start', '--silent'], { cwd: root, env: process.env })
  program.endInput('/ping\n/help\n')
  expect(await program.exited(), program.stderr).toBe(0)

  const [answer, heading, ...help] = program.stdout.split('\n')
  const commands = help.map((line) => /^ {2}(\/\w+) /.exec(line)?.[1])
  expect([answer, heading]).toEqual(['pong', 'Commands:'])
  expect(commands).toEqual(['/help', '/ping', '/roll', undefined, undefined])
  expect(help.slice(-2)).toEqual([expect.stringContaining('/help <command>'), ''])
  expect(program.stderr).toContain('"msg":"ready: type /ping"')
}, 120_000)
