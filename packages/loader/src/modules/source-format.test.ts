import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { TemporaryFolder } from '../../test/temporary-folder.ts'
import { needsCompiler } from './needs-compiler.ts'
import { hasModuleSyntax, isCommonJs } from './source-format.ts'

describe('module syntax', () => {
  it.each([
    "import x from 'x'",
    "import 'x'",
    "import{a}from'x'",
    'import * as x from "x"',
    'export default {}',
    'export{a}',
    'export * from "x"',
    '  export const a = 1',
    '"use strict"\n\nexport const a = 1',
  ])('is seen in %j', (source) => {
    expect(hasModuleSyntax(source)).toBe(true)
  })

  it.each([
    'exports.a = 1',
    'module.exports = {}',
    "const a = import('x')",
    "import('x')",
    'exported()',
    'important = 1',
    '',
  ])('is not seen in %j', (source) => {
    expect(hasModuleSyntax(source)).toBe(false)
  })

  it('is looked for in linear time', () => {
    const time = (size: number): number => {
      const begin = performance.now()
      hasModuleSyntax('import '.repeat(size))
      hasModuleSyntax(' \n'.repeat(size))
      hasModuleSyntax(' '.repeat(size))
      return performance.now() - begin
    }
    expect(time(256_000)).toBeLessThan(300)
  })
})

it.each<[string, string, string, boolean]>([
  ['a.cjs', 'export {}', '{ "type": "module" }', true],
  ['a.js', 'exports.a = 1', '{}', true],
  ['a.js', 'exports.a = 1', '{ "type": "commonjs" }', true],
  ['a.js', 'exports.a = 1', '{ "type": "module" }', false],
  ['a.js', 'export const a = 1', '{}', false],
  ['a.mjs', '', '{}', false],
  ['a.ts', 'exports.a = 1', '{}', false],
])('%s with %j beside a package.json of %s is CommonJS: %s', async (name, source, manifest, expected) => {
  await using folder = await TemporaryFolder.create({ 'package.json': manifest, [`lib/${name}`]: source })
  expect(isCommonJs(join(folder.path, 'lib', name))).toBe(expected)
})

it.each<[string, Readonly<Record<string, string>>, boolean]>([
  [
    'plain JavaScript',
    { 'a.js': "import { b } from './b.js'\nimport x from 'ws'", 'b.js': 'export const b = 1' },
    false,
  ],
  ['TypeScript', { 'a.ts': '' }, true],
  [
    'TypeScript behind JavaScript',
    { 'a.js': "export * from './b.js'", 'b.js': "import './c.ts'", 'c.ts': '' },
    true,
  ],
  ['JSON', { 'a.js': "import b from './b.json'", 'b.json': '{}' }, true],
  ['an import without an extension', { 'a.js': "import './b'", 'b.js': '' }, true],
  [
    'a name of tsconfig.json',
    { 'a.js': "import '@lib/b'", 'tsconfig.json': '{ "compilerOptions": { "paths": {} } }' },
    true,
  ],
  ['a module that imports itself', { 'a.js': "import './a.js'" }, false],
])('what %s needs of the compiler is known before it is imported', async (_, files, expected) => {
  await using folder = await TemporaryFolder.create({ 'package.json': '{ "type": "module" }', ...files })
  const [entry = ''] = Object.keys(files)
  expect(needsCompiler(join(folder.path, entry), folder.path, new Set())).toBe(expected)
})
