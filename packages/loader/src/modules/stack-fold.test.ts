import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { codeFrame } from './code-frame.ts'
import { foldStack } from './stack-fold.ts'

let root = ''
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'mynah stack (1)-')))
  await mkdir(join(root, 'linked', 'dist'), { recursive: true })
  await writeFile(join(root, 'package.json'), '{ "name": "bot" }')
  await writeFile(join(root, 'linked', 'package.json'), '{ "name": "@mynah/core" }')
  await writeFile(join(root, 'dice.ts'), 'one\ntwo\nthree\nfour\nfive\n')
})
afterAll(() => rm(root, { recursive: true, force: true }))

const stack = (...frames: string[]): string =>
  ['Error: bang', ...frames.map((frame) => `    at ${frame}`)].join('\n')
const ours = (): string[] => [
  `CommandRunner.run (${root}/linked/dist/runner.js:76:17)`,
  `Scope.run (${root}/node_modules/@mynah/core/dist/scope.js:1:1)`,
  'process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
  'Array.map (<anonymous>)',
]

describe('a folded stack', () => {
  it('keeps the frames of the author and counts the others', () => {
    const [first = '', ...others] = ours()
    const text = stack(first, `roll (${root}/dice.ts:3:5)`, ...others, `async ${root}/dice.ts:4:1`)
    expect(foldStack(text).text.split('\n')).toEqual([
      'Error: bang',
      '    … 1 frame of the framework and packages',
      `    at roll (${root}/dice.ts:3:5)`,
      '    … 3 frames of the framework and packages',
      `    at async ${root}/dice.ts:4:1`,
    ])
  })

  it('keeps what an error was caused by', () => {
    const text = `${stack(`roll (${root}/dice.ts:3:5)`)}\ncaused by: ${stack(...ours())}`
    expect(foldStack(text).text).toContain('caused by: Error: bang\n    … 4 frames')
  })

  it('stays whole where no frame is the author’s', () => {
    expect(foldStack(stack(...ours()))).toEqual({ place: undefined, text: stack(...ours()) })
  })

  it.each([
    ['a call', (file: string) => `roll (${file}:3:5)`],
    ['the top of a module', (file: string) => `${file}:3:5`],
    ['an async arrow', (file: string) => `async ${file}:3:5`],
    ['a renamed method', (file: string) => `Dice.roll [as action] (${file}:3:5)`],
    ['an address', (file: string) => `roll (file://${encodeURI(file)}:3:5)`],
    ['a compiled module with a query', (file: string) => `roll (${file}?t=17:3:5)`],
  ])('finds the place of the author in %s, whatever the folder is called', (_, frame) => {
    const file = join(root, 'dice.ts')
    expect(foldStack(stack(...ours(), frame(file))).place).toEqual({ file, line: 3, column: 5 })
  })

  it('is made in a time that grows with its length', () => {
    const line = `    at ${'(/a:1 '.repeat(60_000)}`
    const start = performance.now()
    foldStack(stack(line, line, `${':1'.repeat(100_000)}x`))
    expect(performance.now() - start).toBeLessThan(300)
  })
})

describe('a code frame', () => {
  it('shows the line with its neighbours and marks the column', () => {
    expect(codeFrame({ file: join(root, 'dice.ts'), line: 2, column: 3 })).toBe(
      ['', '  1 | one', '> 2 | two', '    |   ^', '  3 | three', '  4 | four'].join('\n'),
    )
  })

  it('is empty for a file that is gone, and for a line that is not there', () => {
    expect(codeFrame({ file: join(root, 'gone.ts'), line: 2, column: 3 })).toBe('')
    expect(codeFrame({ file: join(root, 'dice.ts'), line: 90, column: 3 })).toBe('')
  })
})
