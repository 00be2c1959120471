import { describe, expect, it } from 'vitest'

import { isPathName, packageNames, parseEntryName } from './names.ts'

describe('the name of an entry', () => {
  it.each([
    ['dice', 'dice'],
    ['dice:second', 'dice'],
    ['dice2:second', 'dice2'],
    ['@scope/dice:second', '@scope/dice'],
    ['./plugins/dice.ts', './plugins/dice.ts'],
    ['./plugins/dice.ts:second', './plugins/dice.ts'],
    ['C:\\bots\\dice', 'C:\\bots\\dice'],
    ['C:/bots/dice:second', 'C:/bots/dice'],
  ])('%s stands for %s', (key, name) => {
    expect(parseEntryName(key)).toEqual({ key, name })
  })

  it.each([
    ['plugin', 'dice', ['@mynah/plugin-dice', 'mynah-plugin-dice']],
    ['adapter', 'onebot', ['@mynah/adapter-onebot', 'mynah-adapter-onebot']],
    ['plugin', 'alice/dice', ['@alice/mynah-plugin-dice']],
    ['plugin', '@alice/dice', ['@alice/dice']],
    ['adapter', 'mynah-adapter-x', ['mynah-adapter-x']],
  ] as const)('of a %s, %s, may be that of %j', (kind, name, packages) => {
    expect(packageNames(kind, name)).toEqual(packages)
  })

  it.each([
    ['./x', true],
    ['../x', true],
    ['/x', true],
    ['C:\\x', true],
    ['x', false],
    ['@a/x', false],
    ['.x', false],
  ])('%s is a path: %j', (name, isPath) => {
    expect(isPathName(name)).toBe(isPath)
  })
})
